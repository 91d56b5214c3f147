"""What the bot says about the settings of a chat and of its watches. HTML, escaped here."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from handlers import replies_delivery
from handlers.context import Button, Context, Reply
from watchlists import zones
from watchlists.clean import shorten
from watchlists.model import Watch
from watchlists.preferences import Overview

_SHOWN = 30  # watches by name
_AT_ONCE = "off: alerts come at once"
LEVEL_USAGE = {
    "urgent": "Which watch shall pass quiet hours and digests? Write its number from /watches: <code>/urgent 2</code>",
    "silent": "Which watch shall come without a sound? Write its number from /watches: <code>/silent 2</code>",
}
_BACK: Button = ("« Settings", "settings:0")


def in_place(context: Context, page: Reply, notice: str = "OK") -> Reply:
    """A page in place of the message whose button was pressed."""
    return replace(page, edits=context.message_id, notice=notice)


def overview(found: Overview) -> Reply:
    """Everything that is set, and the buttons to change it."""
    habits = found.habits
    lines = [
        "<b>Settings of this chat</b>",
        f"Time zone: {_zone(found)}",
        f"Quiet hours: {habits.quiet or 'off'}",
        f"Digest: {habits.digest or _AT_ONCE}",
        f"Snoozed: {'; '.join(replies_delivery.snoozes(found)[:5]) or 'no'}",
    ]
    waiting = replies_delivery.waiting(found)
    lines += [waiting] if waiting else []
    special = [watch for watch in found.watches if watch.level != "normal" or watch.digest]
    lines += [f"{watch.number}. {escape(shorten(watch.text, 60))}: {_how(watch)}" for watch in special[:_SHOWN]]
    rows: list[tuple[Button, ...]] = [
        (("Quiet hours", "settings:1"), ("Digest", "settings:2")),
        (("Time zone", "settings:3"), ("Snooze", "settings:4")),
    ]
    rows += [(("Watches", "settings:5"),)] if found.watches else []
    return Reply("\n".join(lines), tuple(rows))


def _zone(found: Overview) -> str:
    return f"{found.habits.zone_name} (it is {found.now.astimezone(found.habits.zone):%H:%M})"


def _how(watch: Watch) -> str:
    parts: list[str] = [watch.level] if watch.level != "normal" else []
    parts += ["at once" if watch.digest == "off" else watch.digest] if watch.digest else []
    return ", ".join(parts) or "normal"


def quiet_page(found: Overview, presets: Sequence[str]) -> Reply:
    """The quiet hours with a few to choose from."""
    lines = [f"Quiet hours: <b>{found.habits.quiet or 'off'}</b>, in the zone {_zone(found)}."]
    lines.append("Alerts are kept meanwhile and come as one summary. Other hours: <code>/quiet 22:30-06:45</code>")
    return Reply("\n".join(lines), (*_rows("quiet_set", presets, str(found.habits.quiet or "off")), (_BACK,)))


def quiet_set(before: Overview, found: Overview, guesses: Sequence[str]) -> Reply:
    """What came of `/quiet`, with the opposite, and with time zones where none is set yet."""
    was = f" It was {before.habits.quiet}: <code>/quiet {before.habits.quiet}</code>" if before.habits.quiet else ""
    if found.habits.quiet is None:
        return Reply(f"No quiet hours: alerts come at any time.{was}", ((_BACK,),))
    text = f"Quiet hours are <b>{found.habits.quiet}</b>, every day in the zone {_zone(found)}.{was}"
    rows: list[tuple[Button, ...]] = [(("Turn off", "quiet_set:0"), _BACK)]
    if found.habits.zone_name == zones.UTC_NAME:
        text += "\nIs that your time? If not, choose your zone:"
        rows += _zone_rows([name for name in guesses if name != zones.UTC_NAME])
    return Reply(text, tuple(rows))


def digest_page(found: Overview, presets: Sequence[str]) -> Reply:
    """The digest of the chat with a few to choose from."""
    lines = [
        f"Digest: <b>{found.habits.digest or _AT_ONCE}</b>, in the zone {_zone(found)}.",
        "Other times: <code>/digest daily 07:30 12:00</code>; of one watch: <code>/digest 2 hourly</code>",
    ]
    return Reply("\n".join(lines), (*_rows("digest_set", presets, str(found.habits.digest or "off")), (_BACK,)))


def digest_set(before: Overview, found: Overview) -> Reply:
    """What came of `/digest`, with the opposite."""
    was = f" It was {before.habits.digest}: <code>/digest {before.habits.digest}</code>" if before.habits.digest else ""
    if found.habits.digest is None:
        return Reply(f"No digest: alerts come at once.{was}", ((_BACK,),))
    text = f"Alerts come together: <b>{found.habits.digest}</b>, in the zone {_zone(found)}.{was}"
    return Reply(text, ((("Turn off", "digest_set:0"), _BACK),))


def zone_page(found: Overview, guesses: Sequence[str]) -> Reply:
    """The time zone with a few guesses."""
    text = (
        f"Time zone: <b>{_zone(found)}</b>.\nAnother one: <code>/settings timezone Europe/Kyiv</code> or a city's name."
    )
    return Reply(text, (*_zone_rows(guesses), (_BACK,)))


def zone_set(found: Overview) -> Reply:
    """What came of `/settings timezone`."""
    return Reply(f"Time zone: <b>{_zone(found)}</b>. Is that your clock?", ((("Another one", "settings:3"), _BACK),))


def _zone_rows(names: Sequence[str]) -> list[tuple[Button, ...]]:
    buttons = [(name.rpartition("/")[2].replace("_", " "), f"zone_set:{zones.OFFERED.index(name)}") for name in names]
    return [tuple(buttons[start : start + 3]) for start in range(0, len(buttons), 3)]


def _rows(action: str, presets: Sequence[str], current: str) -> list[tuple[Button, ...]]:
    buttons = [(("✓ " if text == current else "") + text, f"{action}:{number}") for number, text in enumerate(presets)]
    return [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
