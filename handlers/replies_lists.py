"""What the bot says about lists to whoever follows them, or may. HTML, escaped here."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Literal

from handlers.context import Button, Reply
from handlers.inert import inert
from handlers.replies import fitting
from handlers.replies_delivery import digest_shown
from handlers.replies_watch import DIGESTS, LEVEL_NAMES
from watchlists.clean import shorten
from watchlists.following import ListNews, Shown
from watchlists.i18n import N_, _, ngettext
from watchlists.model import Level, Watch

A_PAGE, A_ROW, MOST_NUMBERS = 8, 6, 90
# Buttons carry the place in this row, so only its end may grow.
LEVELS: tuple[Level | Literal[""], ...] = ("", "normal", "urgent", "silent")
UNFOLLOW_USAGE = N_("You follow no list. /lists shows what there is.")
NO_LISTS = N_("There are no lists to follow yet.")
DELIVERY = N_(
    "<b>How shall the alerts of {title} come?</b>\nBy command: <code>/follow {slug} urgent</code>, "
    "<code>silent</code>, <code>normal</code>, <code>digest hourly</code>, <code>digest off</code>, "
    "<code>as the list</code>"
)
OFFER = N_("Follow it, and I tell you when the news says one of these. Tap a number to hear of that watch alone.")
WITHOUT = N_("Leave something out: <code>/follow {slug} without -golf</code>")
IS_WITHOUT = N_("Left out: {text} · all in again: <code>/follow {slug} without</code>")
NEWS = N_("Hear in your digests what is new in the list: <code>/follow {slug} news on</code>")
IS_NEWS = N_("Your digests tell what is new in this list · no more: <code>/follow {slug} news off</code>")


def lists(found: Sequence[Shown], page: int = 0, edits: int | None = None) -> Reply:
    """The answer to `/lists`: a page of them, each with a button that opens it."""
    if not found:
        return Reply(_(NO_LISTS), edits=edits, notice=_("OK"))
    pages = -(-len(found) // A_PAGE)
    page = min(page, pages - 1)
    shown = found[page * A_PAGE : (page + 1) * A_PAGE]
    heading = _("<b>Lists of watches that you can follow</b>") + (f" ({page + 1}/{pages})" if pages > 1 else "")
    lines = [heading, *map(_line, shown)]
    buttons = [((_mark(one) + title(one, 40), f"list:{one.stored.content.slug}"),) for one in shown]
    turns = ((("‹", f"lists:{page - 1}"),) if page else ()) + (
        (("›", f"lists:{page + 1}"),) if page + 1 < pages else ()
    )
    return Reply(fitting(lines), (*buttons, *([turns] if turns else [])), edits, notice=_("OK"))


def _line(one: Shown) -> str:
    content = one.stored.content
    parts = [f"{_mark(one)}<b>{escape(title(one))}</b> – <code>{content.slug}</code>"]
    parts.append(ngettext("{n} watch", "{n} watches", len(one.watches)))
    return " · ".join(parts) + f"\n{escape(inert(shorten(content.description.shown, 160)))}"


def _mark(one: Shown) -> str:
    return "✓ " if one.follow else ""


def title(one: Shown, most: int = 100) -> str:
    """The title of a list as plain text."""
    return shorten(inert(one.stored.content.title.shown), most)


def page(one: Shown, edits: int | None = None, said: str = "", undo: Button | None = None) -> Reply:
    """One list with its watches, and what may be done with it; `said` is what has just been done."""
    content = one.stored.content
    lines = [said, ""] if said else []
    lines += [f"<b>{escape(title(one))}</b> – <code>{content.slug}</code>"]
    lines += [escape(inert(content.description.shown))] if content.description.shown else []
    lines += [escape(" ".join(f"#{tag}" for tag in map(inert, content.tags)))] if content.tags else []
    notes = {watch.query.text: watch.note for watch in content.watches}
    lines += [*_settings(one), "", *(_watch(one, watch, notes.get(watch.text, "")) for watch in one.watches)]
    rows: list[tuple[Button, ...]] = [(undo,)] if undo else []
    rows += _numbers(one)
    rows += _actions(one)
    return Reply(fitting(lines), tuple(rows), edits, notice=said and _("OK"))


def _watch(one: Shown, watch: Watch, note: str) -> str:
    mark = "🔔 " if one.hears(watch) else "🔇 " if one.follow else ""
    text = f"{mark}{watch.number}. {escape(inert(shorten(watch.text, 120)))}"
    marks = [_(LEVEL_NAMES[watch.level])] if watch.level != "normal" else []
    marks += [digest_shown(watch.digest)] if watch.digest not in ("", "off") else []
    return " · ".join([text, *marks]) + (f" – <i>{escape(inert(note))}</i>" if note else "")


def _settings(one: Shown) -> list[str]:
    follow, slug = one.follow, one.stored.content.slug
    if follow is None:
        return [_(OFFER)] if one.watches else []
    return [
        _("Delivery: {value}").format(value=_delivery(one)),
        _(IS_WITHOUT if follow.without else WITHOUT).format(slug=slug, text=escape(inert(follow.without))),
        _(IS_NEWS if follow.news else NEWS).format(slug=slug),
        _("Tap a number to mute that watch, or to hear it again."),
    ]


def _delivery(one: Shown) -> str:
    follow = one.follow
    if follow is None or not (follow.level or follow.digest):
        return _("as the list has it")
    parts = [_(LEVEL_NAMES[follow.level])] if follow.level else []
    if follow.digest:
        parts.append(_("At once") if follow.digest == "off" else digest_shown(follow.digest))
    return ", ".join(parts)


def _numbers(one: Shown) -> list[tuple[Button, ...]]:
    slug = one.stored.content.slug
    buttons = [(str(watch.number), f"list_watch:{slug}:{watch.id}") for watch in one.watches[:MOST_NUMBERS]]
    return [tuple(buttons[start : start + A_ROW]) for start in range(0, len(buttons), A_ROW)]


def _actions(one: Shown) -> list[tuple[Button, ...]]:
    slug, back = one.stored.content.slug, [(_("« Lists"), "lists:0")]
    back += [(_("Share"), f"list_share:{slug}")] if one.can_be_shared else []
    if one.follow is None:
        return [((_("Follow"), f"list_follow:{slug}"), *back)]
    row = [(_("Delivery"), f"list_menu:{slug}"), (_("Stop following"), f"list_unfollow:{slug}")]
    row += [(_("Hear all"), f"list_follow:{slug}")] if one.follow.some else []
    return [tuple(row), tuple(back)]


def shared(one: Shown, payload: str, bot_name: str) -> Reply:
    """The link that opens the list in a private chat with the bot; without the bot's name, what it sends there."""
    name = f"<b>{escape(title(one))}</b>"
    if bot_name:
        text = _("Pass this link on. Whoever opens it sees the list {title}, and can follow it:").format(title=name)
        text += f"\nhttps://t.me/{escape(bot_name)}?start={payload}"
    else:
        text = _(
            "Pass this on. Whoever sends it to this bot sees the list {title}, and can follow it:\n"
            "<code>/start {payload}</code>"
        ).format(title=name, payload=payload)
    return Reply(text, notice=_("OK"))


def followed(one: Shown, edits: int | None = None) -> Reply:
    """The answer to `/follow`."""
    if one.follow and one.follow.some:
        heard = sum(map(one.hears, one.watches))
        text = ngettext("You hear of {n} watch of this list.", "You hear of {n} watches of this list.", heard)
    else:
        text = _("You follow this list: its alerts come like those of your own watches.")
    return page(one, edits, f"✅ {text}")


def unfollowed(one: Shown, edits: int | None = None) -> Reply:
    """The answer to `/unfollow`."""
    slug = one.stored.content.slug
    text = _("You no longer follow {title}.").format(title=f"<b>{escape(title(one))}</b>")
    return Reply(text, (((_("Undo"), f"list_again:{slug}"),),), edits, notice=_("Stopped"))


def also_followed(reply: Reply, lists: int) -> Reply:
    """The chat's own watches, and how many lists it follows beside them."""
    if not lists:
        return reply
    line = ngettext("You follow {n} list: /lists", "You follow {n} lists: /lists", lists)
    return replace(reply, text=f"{reply.text}\n{line}")


def menu(one: Shown, edits: int | None) -> Reply:
    """How the alerts of a list may come; what holds now has a tick."""
    follow, slug = one.follow, one.stored.content.slug

    def button(place: int, label: str, ticked: bool) -> Button:
        return (("✓ " if ticked else "") + label, f"list_set:{slug}:{place}")

    names = {"": N_("As the list"), **LEVEL_NAMES}
    levels = [button(n, _(names[each]), bool(follow and follow.level == each)) for n, each in enumerate(LEVELS)]
    digests = [
        button(len(LEVELS) + n, _digest(each), bool(follow and follow.digest == each)) for n, each in enumerate(DIGESTS)
    ]
    text = _(DELIVERY).format(title=escape(title(one)), slug=slug)
    rows = (tuple(levels), tuple(digests[:3]), tuple(digests[3:]), ((_("« Back"), f"list:{slug}"),))
    return Reply(text, rows, edits, notice=_("OK"))


def _digest(digest: str) -> str:
    if not digest:
        return _("As the list")
    return _("At once") if digest == "off" else digest_shown(digest)


def news(found: Sequence[ListNews]) -> str:
    """What is new in the lists that a chat follows, as a message beside its digest."""
    lines = [_("<b>What is new in lists that you follow</b>")]
    for one in found:
        content = one.stored.content
        lines.append(f"<b>{escape(inert(content.title.shown))}</b> – <code>{content.slug}</code>")
        if one.is_gone:
            lines.append(_("There is no list {slug} any more.").format(slug=f"<code>{content.slug}</code>"))
        lines += [f"➕ {_name(watch.query.text)}" for watch in one.diff.added]
        lines += [f"✏️ {_name(old.query.text)} → {_name(new.query.text)}" for old, new in one.diff.changed]
        lines += [f"➖ {_name(watch.query.text)}" for watch in one.diff.removed]
    return fitting(lines)


def _name(text: str) -> str:
    return escape(inert(shorten(text, 100)))
