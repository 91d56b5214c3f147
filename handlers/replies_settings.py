"""What the bot says about the settings of a chat and of its watches. HTML, escaped here."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from handlers import replies_delivery, replies_watch
from handlers.context import Button, Context, Reply
from watchlists import zones
from watchlists.clean import shorten
from watchlists.i18n import LANGUAGES, _
from watchlists.preferences import Overview

_SHOWN = 30  # watches by name


def in_place(context: Context, page: Reply, notice: str = "") -> Reply:
    """A page in place of the message whose button was pressed."""
    return replace(page, edits=context.message_id, notice=notice or _("OK"))


def _back() -> Button:
    return (_("« Settings"), "settings:0")


def overview(found: Overview) -> Reply:
    """Everything that is set, and the buttons to change it."""
    habits = found.habits
    lines = [
        _("<b>Settings of this chat</b>"),
        _("Language: {language}").format(language=LANGUAGES[habits.language]),
        _("Time zone: {zone}").format(zone=_zone(found)),
        _("Quiet hours: {hours}").format(hours=habits.quiet) if habits.quiet else _("Quiet hours: off"),
        _("Digest: {times}").format(times=replies_delivery.digest_shown(habits.digest))
        if habits.digest
        else _("Digest: off, alerts come at once"),
    ]
    if habits.look.header or habits.look.footer:
        lines += _frame(found)
    elif habits.look.kind != "private":
        lines.append(_("Words of yours around each alert: none · <code>/settings header Our news</code>"))
    snoozed = "; ".join(replies_delivery.snoozes(found)[:5])
    lines.append(_("Snoozed: {what}").format(what=snoozed) if snoozed else _("Snoozed: nothing"))
    waiting = replies_delivery.waiting(found)
    lines += [waiting] if waiting else []
    special = [watch for watch in found.watches if watch.level != "normal" or watch.digest]
    lines += [
        f"{watch.number}. {escape(shorten(watch.text, 60))}: {replies_watch.delivery(watch)}"
        for watch in special[:_SHOWN]
    ]
    if habits.look.kind == "private":  # whose id is that of the person
        lines.append(_("Your number, should whoever runs this bot ask for it: {id}").format(id=found.chat_id))
    rows: list[tuple[Button, ...]] = [
        ((_("Quiet hours"), "settings:1"), (_("Digest"), "settings:2")),
        ((_("Time zone"), "settings:3"), (_("Snooze"), "settings:4")),
    ]
    watches: list[Button] = [(_("Watches"), "settings:5")] if found.watches else []
    rows.append((("🌐 " + _("Language"), "settings:6"), *watches))
    if habits.look.kind != "channel":  # which get none, since many read them
        told = _("Operator's messages: on") if found.broadcasts else _("Operator's messages: off")
        rows.append(((told, f"broadcasts:{int(not found.broadcasts)}"),))
    return Reply("\n".join(lines), tuple(rows))


def _frame(found: Overview) -> list[str]:
    look, nothing = found.habits.look, _("none")
    header = _("Above each alert: {text}").format(text=escape(look.header) or nothing)
    return [header, _("Below each alert: {text}").format(text=escape(look.footer) or nothing)]


def frame_usage(found: Overview) -> Reply:
    """What stands above and below each alert, and how to set it."""
    usage = _(
        "Set them with <code>/settings header Our news</code> and <code>/settings footer Discuss below</code>; "
        "<code>off</code> instead of the words takes them away."
    )
    return Reply("\n".join([*_frame(found), usage]))


def frame_set(before: Overview, found: Overview) -> Reply:
    """What stands there now, and what did."""
    was = []
    for name in ("header", "footer"):
        old, new = getattr(before.habits.look, name), getattr(found.habits.look, name)
        if old != new:
            was.append(_("Back: <code>/settings {name} {text}</code>").format(name=name, text=escape(old) or "off"))
    return Reply("\n".join([*_frame(found), *was]))


def _zone(found: Overview) -> str:
    time = f"{found.now.astimezone(found.habits.zone):%H:%M}"
    return _("{zone} (it is {time})").format(zone=found.habits.zone_name, time=time)


def quiet_page(found: Overview, presets: Sequence[str]) -> Reply:
    """The quiet hours with a few to choose from."""
    if found.habits.quiet:
        first = _("Quiet hours: <b>{hours}</b>, in the zone {zone}.")
    else:
        first = _("Quiet hours: <b>off</b>. The zone is {zone}.")
    kept = _("Alerts are kept meanwhile and come as one summary. Other hours: <code>/quiet 22:30-06:45</code>")
    text = first.format(hours=found.habits.quiet, zone=_zone(found)) + "\n" + kept
    labels = [_("off") if preset == "off" else preset for preset in presets]
    return Reply(text, (*_rows("quiet_set", labels, presets, str(found.habits.quiet or "off")), (_back(),)))


def quiet_set(before: Overview, found: Overview, guesses: Sequence[str]) -> Reply:
    """What came of `/quiet`, with the opposite, and with time zones where none is set yet."""
    was = _("It was {hours}: <code>/quiet {hours}</code>").format(hours=before.habits.quiet)
    if found.habits.quiet is None:
        parts = [_("No quiet hours: alerts come at any time.")]
    else:
        set_now = _("Quiet hours are <b>{hours}</b>, every day in the zone {zone}.")
        parts = [set_now.format(hours=found.habits.quiet, zone=_zone(found))]
    text = " ".join([*parts, was] if before.habits.quiet else parts)
    if found.habits.quiet is None:
        return Reply(text, ((_back(),),))
    rows: list[tuple[Button, ...]] = [((_("Turn off"), "quiet_set:0"), _back())]
    if found.habits.zone_name == zones.UTC_NAME:
        text += "\n" + _("Is that your time? If not, choose your zone:")
        rows += _zone_rows([name for name in guesses if name != zones.UTC_NAME])
    return Reply(text, tuple(rows))


def digest_page(found: Overview, presets: Sequence[str]) -> Reply:
    """The digest of the chat with a few to choose from."""
    habits = found.habits
    if habits.digest:
        now = _("Digest: <b>{times}</b>, in the zone {zone}.")
        first = now.format(times=replies_delivery.digest_shown(habits.digest), zone=_zone(found))
    else:
        first = _("Digest: <b>off</b>, alerts come at once. The zone is {zone}.").format(zone=_zone(found))
    others = _("Other times: <code>/digest daily 07:30 12:00</code>; of one watch: <code>/digest 2 hourly</code>")
    labels = [replies_delivery.digest_shown(preset) for preset in presets]
    rows = _rows("digest_set", labels, presets, str(habits.digest or "off"))
    return Reply(f"{first}\n{others}", (*rows, (_back(),)))


def digest_set(before: Overview, found: Overview) -> Reply:
    """What came of `/digest`, with the opposite."""
    parts = []
    if found.habits.digest is None:
        parts.append(_("No digest: alerts come at once."))
    else:
        now = _("Alerts come together: <b>{times}</b>, in the zone {zone}.")
        parts.append(now.format(times=replies_delivery.digest_shown(found.habits.digest), zone=_zone(found)))
    if before.habits.digest:
        was = _("It was {times}: <code>/digest {command}</code>")
        times = replies_delivery.digest_shown(before.habits.digest)
        parts.append(was.format(times=times, command=before.habits.digest))
    off: list[Button] = [(_("Turn off"), "digest_set:0")] if found.habits.digest else []
    return Reply(" ".join(parts), ((*off, _back()),))


def zone_page(found: Overview, guesses: Sequence[str]) -> Reply:
    """The time zone with a few guesses."""
    text = _(
        "Time zone: <b>{zone}</b>.\nAnother one: <code>/settings timezone Europe/Kyiv</code> or a city's name."
    ).format(zone=_zone(found))
    return Reply(text, (*_zone_rows(guesses), (_back(),)))


def zone_set(found: Overview) -> Reply:
    """What came of `/settings timezone`."""
    text = _("Time zone: <b>{zone}</b>. Is that your clock?").format(zone=_zone(found))
    return Reply(text, (((_("Another one"), "settings:3"), _back()),))


def _zone_rows(names: Sequence[str]) -> list[tuple[Button, ...]]:
    buttons = [(name.rpartition("/")[2].replace("_", " "), f"zone_set:{zones.OFFERED.index(name)}") for name in names]
    return [tuple(buttons[start : start + 3]) for start in range(0, len(buttons), 3)]


def _rows(action: str, labels: Sequence[str], presets: Sequence[str], current: str) -> list[tuple[Button, ...]]:
    buttons = [
        (("✓ " if preset == current else "") + label, f"{action}:{number}")
        for number, (label, preset) in enumerate(zip(labels, presets, strict=True))
    ]
    return [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
