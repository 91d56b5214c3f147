"""What the bot says about a chat's watches: the list, and the page of each. HTML, escaped here."""

from collections.abc import Sequence
from html import escape

from handlers.context import Button, Reply
from handlers.replies_delivery import at, digest_shown
from watchlists.clean import shorten
from watchlists.i18n import N_, _, ngettext, quoted
from watchlists.managing import Card
from watchlists.model import Level, Watch
from watchlists.terms import Strictness
from watchlists.text import fold

A_PAGE = 8
# Buttons carry the place in these rows, so only their ends may grow.
STRICTNESS: tuple[Strictness, ...] = ("loose", "", "strict")
LEVELS: tuple[Level, ...] = ("normal", "urgent", "silent")
DIGESTS = ("", "off", "hourly", "daily 08:00", "weekly mon 08:00")
SOURCES = (1, 2, 3, 5)
SNOOZES = ("1h", "until tomorrow", "7d", "off")
MENUS = ("strictness", "delivery", "sources", "snooze")

_STRICTNESS = {"loose": N_("Loose"), "": N_("Balanced"), "strict": N_("Strict")}
LEVEL_NAMES = {"normal": N_("Normal"), "urgent": N_("Urgent"), "silent": N_("Silent")}
_DIGESTS = {
    "": N_("As the chat"),
    "off": N_("At once"),
    "hourly": N_("Hourly"),
    "daily 08:00": N_("Daily 8:00"),
    "weekly mon 08:00": N_("Weekly"),
}
_SNOOZES = {"1h": N_("1 hour"), "until tomorrow": N_("Until tomorrow"), "7d": N_("7 days"), "off": N_("Not snoozed")}
TAP = N_("Tap a number to change it. Stop one: <code>/unwatch 2</code>")
WHICH = {
    "unwatch": N_("Which watch should I stop?"),
    "urgent": N_("Which watch shall pass quiet hours and digests?"),
    "silent": N_("Which watch shall come without a sound?"),
}
MAX_LABEL = 40  # characters of a watch on a button
NO_WATCHES = N_("You watch nothing yet. Start with a few words:\n<code>/watch Donbas withdrawal</code>")
RENAME = N_(
    "Send the new words for “<b>{query}</b>”. Its number and its settings stay.\n"
    "By command: <code>/settings {number} words …</code>"
)
MENU_TEXTS = {
    "strictness": N_(
        "<b>How sure must a hit be?</b>\nLoose finds more, also what is only near; strict finds less, and is seldom "
        "wrong.\nBy command: <code>/settings {number} strict</code>, <code>loose</code>, <code>balanced</code>"
    ),
    "delivery": N_(
        "<b>How shall alerts come?</b>\nUrgent passes quiet hours, digests and /snooze; silent comes without a "
        "sound; a digest brings them together.\nBy command: <code>/settings {number} urgent</code>, "
        "<code>silent</code>, <code>normal</code>, <code>digest hourly</code>, <code>digest off</code>"
    ),
    "sources": N_(
        "<b>How many independent sources must tell a story before you hear of it?</b>\n"
        "By command: <code>/settings {number} sources 2</code>"
    ),
    "snooze": N_(
        "<b>Keep this watch's alerts for how long?</b> Then one summary lists them.\n"
        "By command: <code>/settings {number} snooze 3d</code>, <code>snooze off</code>"
    ),
}


def watches(cards: Sequence[Card], page: int = 0, edits: int | None = None) -> Reply:
    """The answer to `/watches`: a page of the list, each with a button that opens it."""
    if not cards:
        return Reply(_(NO_WATCHES), ((ask_button(),),), edits, notice=_("OK"))
    pages = -(-len(cards) // A_PAGE)
    page = min(page, pages - 1)
    shown = cards[page * A_PAGE : (page + 1) * A_PAGE]
    heading = ngettext("<b>You watch {n} thing</b>", "<b>You watch {n} things</b>", len(cards))
    if pages > 1:
        heading += f" ({page + 1}/{pages})"
    lines = [heading, *map(_line, shown), "", _(TAP)]
    numbers = [(str(card.watch.number), f"watch_page:{card.watch.id}") for card in shown]
    rows = [tuple(numbers[:4]), tuple(numbers[4:])]
    turns = ((("‹", f"watches:{page - 1}"),) if page else ()) + (
        (("›", f"watches:{page + 1}"),) if page + 1 < pages else ()
    )
    return Reply("\n".join(lines), (*[row for row in rows if row], *([turns] if turns else [])), edits, notice=_("OK"))


def found(cards: Sequence[Card], words: str) -> Reply:
    """The answer to `/watches fire`: those that have these words, however they are written."""
    wanted = fold(words)
    hits = [card for card in cards if wanted in fold(card.watch.text)]
    if not hits:
        text = _("None of your watches has {words}. /watches lists all of them.")
        return Reply(text.format(words=quoted(escape(shorten(words, 60)))))
    rest = len(hits) - A_PAGE
    more = [ngettext("… and {n} more", "… and {n} more", rest)] if rest > 0 else []
    numbers = [(str(card.watch.number), f"watch_page:{card.watch.id}") for card in hits[:A_PAGE]]
    lines = [*map(_line, hits[:A_PAGE]), *more, "", _(TAP)]
    return Reply("\n".join(lines), tuple(row for row in (tuple(numbers[:4]), tuple(numbers[4:])) if row))


def which(cards: Sequence[Card], command: str) -> Reply:
    """Asks which watch a command means: by a tap as long as they are few, by its number always."""
    if not cards:
        return Reply(_(NO_WATCHES), ((ask_button(),),))
    data = {"unwatch": "watch_delete:{id}"}.get(command) or f"watch_set:{{id}}:1:{LEVELS.index(command)}"
    few = cards if len(cards) <= A_PAGE else ()
    rows = [
        ((f"{card.watch.number}. {shorten(card.watch.text, MAX_LABEL)}", data.format(id=card.watch.id)),)
        for card in few
    ]
    how = _("Tap it, or send its number.") if few else _("Send its number; /watches shows them.")
    return Reply(f"{_(WHICH[command])} {how}", tuple(rows))


def ask_button() -> Button:
    """Asks for the words of a new watch."""
    return (_("Watch something"), "ask_watch")


def _line(card: Card) -> str:
    marks = [ngettext("{n} alert this week", "{n} alerts this week", card.alerts)] if card.alerts else []
    marks += [_(LEVEL_NAMES[card.watch.level])] if card.watch.level != "normal" else []
    marks += [_("snoozed")] if card.snoozed else []
    return " · ".join([f"{card.watch.number}. {escape(shorten(card.watch.text, 120))}", *marks])


def page(card: Card, edits: int | None = None, undo: Button | None = None, notice: str = "") -> Reply:
    """One watch, with what may be changed; `undo` takes the last change back."""
    watch = card.watch
    lines = [f"{watch.number}. <b>{escape(shorten(watch.text, 256))}</b>"]
    lines.append(
        ngettext("{n} alert in the last 7 days", "{n} alerts in the last 7 days", card.alerts)
        if card.alerts
        else _("No alert in the last 7 days")
    )
    lines.append(_("Strictness: {value}").format(value=_(_STRICTNESS[card.strictness])))
    lines.append(_("Delivery: {value}").format(value=delivery(watch)))
    if watch.sources > 1:
        lines.append(ngettext("Alerts when {n} source tells it", "Alerts when {n} sources tell it", watch.sources))
    if card.snoozed:
        lines.append(_("Snoozed until {time}").format(time=at(card.snoozed, card.habits, card.now)))
    rows: list[tuple[Button, ...]] = [(undo,)] if undo else []
    rows += [
        ((_("Strictness"), f"watch_menu:{watch.id}:0"), (_("Delivery"), f"watch_menu:{watch.id}:1")),
        ((_("Sources"), f"watch_menu:{watch.id}:2"), (_("Snooze"), f"watch_menu:{watch.id}:3")),
        ((_("New words"), f"watch_reword:{watch.id}"), (_("Delete"), f"watch_delete:{watch.id}")),
        ((_("« Watches"), "watches:0"),),
    ]
    return Reply("\n".join(lines), tuple(rows), edits, notice=notice or _("OK"))


def delivery(watch: Watch) -> str:
    """How a watch's alerts come: “Urgent, Hourly”."""
    parts = [_(LEVEL_NAMES[watch.level])] if watch.level != "normal" else []
    if watch.digest:
        parts.append(_("At once") if watch.digest == "off" else digest_shown(watch.digest))
    return ", ".join(parts) or _("as the chat's settings say")


def menu(card: Card, name: str, edits: int | None) -> Reply:
    """The choices of one setting of a watch; what holds now has a tick."""
    watch = card.watch
    number = MENUS.index(name)

    def button(place: int, label: str, ticked: bool) -> Button:
        return (("✓ " if ticked else "") + label, f"watch_set:{watch.id}:{number}:{place}")

    if name == "strictness":
        rows = [[button(n, _(_STRICTNESS[each]), each == card.strictness) for n, each in enumerate(STRICTNESS)]]
    elif name == "delivery":
        levels = [button(n, _(LEVEL_NAMES[each]), each == watch.level) for n, each in enumerate(LEVELS)]
        start = len(LEVELS)
        digests = [button(start + n, _(_DIGESTS[each]), each == watch.digest) for n, each in enumerate(DIGESTS)]
        rows = [levels, digests[:3], digests[3:]]
    elif name == "sources":
        rows = [[button(n, str(each), each == watch.sources) for n, each in enumerate(SOURCES)]]
    else:
        snoozes = [button(n, _(_SNOOZES[each]), False) for n, each in enumerate(SNOOZES[: 4 if card.snoozed else 3])]
        rows = [snoozes[:2], snoozes[2:]]
    text = f"{watch.number}. <b>{escape(shorten(watch.text, 256))}</b>\n" + _(MENU_TEXTS[name]).format(
        number=watch.number
    )
    back = ((_("« Back"), f"watch_page:{watch.id}"),)
    return Reply(text, (*map(tuple, rows), back), edits, notice=_("OK"))


def reword(card: Card) -> Reply:
    """Asks for the new words of a watch."""
    return Reply(
        _(RENAME).format(query=escape(shorten(card.watch.text, 256)), number=card.watch.number),
        notice=_("Send the words"),
    )
