"""What the bot says about the settings of a chat and of its watches. HTML, escaped here."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from handlers import replies_delivery
from handlers.context import Button, Context, Reply
from watchlists import zones
from watchlists.clean import shorten
from watchlists.i18n import N_, _
from watchlists.model import Level, Watch
from watchlists.preferences import Overview

_SHOWN = 30  # watches by name
_ON_BUTTONS = 20
_LEVELS: dict[Level, str] = {"normal": N_("Normal"), "urgent": N_("Urgent"), "silent": N_("Silent")}
_MEANS: dict[Level, str] = {
    "normal": N_("Normal: alerts as the chat's settings say"),
    "urgent": N_("Urgent: passes quiet hours, digests and /snooze"),
    "silent": N_("Silent: comes without a sound"),
}
LEVEL_USAGE = {
    "urgent": N_(
        "Which watch shall pass quiet hours and digests? Write its number from /watches: <code>/urgent 2</code>"
    ),
    "silent": N_("Which watch shall come without a sound? Write its number from /watches: <code>/silent 2</code>"),
}
_DIGEST_NAMES = {
    "": N_("As the chat"),
    "off": N_("At once"),
    "hourly": N_("Hourly"),
    "daily 08:00": N_("Daily 8:00"),
    "weekly mon 08:00": N_("Weekly"),
}


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
        _("Time zone: {zone}").format(zone=_zone(found)),
        _("Quiet hours: {hours}").format(hours=habits.quiet) if habits.quiet else _("Quiet hours: off"),
        _("Digest: {times}").format(times=replies_delivery.digest_shown(habits.digest))
        if habits.digest
        else _("Digest: off, alerts come at once"),
    ]
    snoozed = "; ".join(replies_delivery.snoozes(found)[:5])
    lines.append(_("Snoozed: {what}").format(what=snoozed) if snoozed else _("Snoozed: nothing"))
    waiting = replies_delivery.waiting(found)
    lines += [waiting] if waiting else []
    special = [watch for watch in found.watches if watch.level != "normal" or watch.digest]
    lines += [f"{watch.number}. {escape(shorten(watch.text, 60))}: {_how(watch)}" for watch in special[:_SHOWN]]
    rows: list[tuple[Button, ...]] = [
        ((_("Quiet hours"), "settings:1"), (_("Digest"), "settings:2")),
        ((_("Time zone"), "settings:3"), (_("Snooze"), "settings:4")),
    ]
    rows += [((_("Watches"), "settings:5"),)] if found.watches else []
    return Reply("\n".join(lines), tuple(rows))


def _zone(found: Overview) -> str:
    time = f"{found.now.astimezone(found.habits.zone):%H:%M}"
    return _("{zone} (it is {time})").format(zone=found.habits.zone_name, time=time)


def _how(watch: Watch) -> str:
    parts = [_(_LEVELS[watch.level])] if watch.level != "normal" or not watch.digest else []
    if watch.digest:
        parts.append(_("At once") if watch.digest == "off" else replies_delivery.digest_shown(watch.digest))
    return ", ".join(parts)


def quiet_page(found: Overview, presets: Sequence[str]) -> Reply:
    """The quiet hours with a few to choose from."""
    text = _(
        "Quiet hours: <b>{hours}</b>, in the zone {zone}.\n"
        "Alerts are kept meanwhile and come as one summary. Other hours: <code>/quiet 22:30-06:45</code>"
    ).format(hours=found.habits.quiet or _("off"), zone=_zone(found))
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


def watches_page(found: Overview) -> Reply:
    """The watches, each a button to its page."""
    rows = [((shorten(f"{w.number}. {w.text}", 40), f"watch_page:{w.id}"),) for w in found.watches[:_ON_BUTTONS]]
    text = _(
        "Which watch? Others than these: <code>/urgent 2</code>, <code>/silent 2</code>, <code>/digest 2 hourly</code>"
    )
    return Reply(text, (*rows, (_back(),)))


def watch_page(watch: Watch) -> Reply:
    """How a watch alerts, with what may be changed."""
    lines = [f"{watch.number}. <b>{escape(shorten(watch.text, 256))}</b>", _(_MEANS[watch.level])]
    if watch.digest == "off":
        lines.append(_("Digest: off, alerts come at once"))
    elif watch.digest:
        lines.append(_("Digest: {times}").format(times=replies_delivery.digest_shown(watch.digest)))
    levels = [
        (("✓ " if level == watch.level else "") + _(name), f"watch_level:{watch.id}:{number}")
        for number, (level, name) in enumerate(_LEVELS.items())
    ]
    digests = [
        (("✓ " if text == watch.digest else "") + _(name), f"watch_digest:{watch.id}:{number}")
        for number, (text, name) in enumerate(_DIGEST_NAMES.items())
    ]
    back = (_("« Watches"), "settings:5")
    return Reply("\n".join(lines), (tuple(levels), tuple(digests[:3]), tuple(digests[3:]), (back,)))


def watch_set(watch: Watch, before: Watch) -> Reply:
    """What came of a command that changed one watch, with the way back."""
    page = watch_page(watch)
    undo: list[tuple[Button, ...]] = []
    if watch.level != before.level:
        undo.append(((_("Undo"), f"watch_level:{watch.id}:{[*_LEVELS].index(before.level)}"),))
    elif before.digest in _DIGEST_NAMES:
        undo.append(((_("Undo"), f"watch_digest:{watch.id}:{[*_DIGEST_NAMES].index(before.digest)}"),))
    return replace(page, buttons=(*undo, *page.buttons))
