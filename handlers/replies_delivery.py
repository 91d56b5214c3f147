"""What the bot says about snoozes and watches that fire too often. HTML, escaped here."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from handlers.context import Button, Context, Reply
from watchlists import zones
from watchlists.clean import shorten
from watchlists.delivery import Habits, Snooze
from watchlists.model import Watch
from watchlists.preferences import Overview, Subject

TOO_OLD = "This button is too old to work. /settings shows what can be set."
_MAX_WORD = 24  # on a button


def too_old(context: Context) -> Reply:
    """A button whose alert or watch is not the chat's any more: it goes, and what stands above it stays."""
    return Reply("", edits=context.message_id, notice=TOO_OLD)


def at(moment: datetime, habits: Habits, now: datetime) -> str:
    """`14:32`, `Tue 08:00` or `3 Mar 08:00`, in the chat's zone."""
    zone: ZoneInfo = habits.zone
    local, days = moment.astimezone(zone), (moment.astimezone(zone).date() - now.astimezone(zone).date()).days
    day = (
        ""
        if days == 0
        else "tomorrow "
        if days == 1
        else f"{local:%a} "
        if 0 < days < 7
        else f"{local.day} {local:%b} "
    )
    return f"{day}{local:%H:%M}" + (" UTC" if habits.zone_name == zones.UTC_NAME else "")


def snooze_usage(found: Overview) -> Reply:
    """The answer to `/snooze` alone."""
    lines = [f"Snoozed: {line}" for line in snoozes(found)] or ["Nothing is snoozed."]
    if found.waiting:
        lines.append(waiting(found))
    lines += [
        "",
        "Write how long: <code>/snooze 2h</code>, <code>1d</code>, <code>until tomorrow</code>.",
        "Alerts that come meanwhile are kept: you get one summary afterwards.",
    ]
    rows = [_LENGTHS]
    if found.snoozes:
        rows.append((("Stop snoozing", "snooze_for:2"),))
    return Reply("\n".join(lines), tuple(rows), notice="Snooze")


_LENGTHS: tuple[Button, ...] = (("1 hour", "snooze_for:0"), ("Until tomorrow", "snooze_for:1"))


def snoozed(found: Overview, edits: int | None = None) -> Reply:
    """What came of `/snooze`: until when, or that alerts come again."""
    of_chat = [snooze for snooze in found.snoozes if snooze.kind == "chat"]
    if not of_chat:
        text = "Alerts come again."
        if found.waiting:
            text += f" What was kept ({found.waiting}) comes in a summary now, unless other settings keep it."
        return Reply(text, (_LENGTHS,), edits, notice="Alerts come again")
    until = at(of_chat[0].until, found.habits, found.now)
    text = f"💤 Snoozed until <b>{until}</b>. Then one summary lists what came. Urgent watches alert all the same."
    return Reply(text, ((("Stop snoozing", "snooze_for:2"),),), edits, notice=f"Snoozed until {until}")


def snoozes(found: Overview) -> list[str]:
    """What is snoozed and until when, one line each."""
    texts = {str(watch.id): watch.text for watch in found.watches}

    def named(snooze: Snooze) -> str:
        if snooze.kind == "watch":
            return f"“{escape(shorten(texts.get(snooze.what, 'a watch'), 60))}”"
        if snooze.kind == "source":
            return escape(shorten(snooze.what, 60))
        return "a story" if snooze.kind == "story" else "all alerts"

    return [f"{named(snooze)} until {at(snooze.until, found.habits, found.now)}" for snooze in found.snoozes]


def waiting(found: Overview) -> str:
    """How many alerts are kept; empty for none."""
    if not found.waiting:
        return ""
    return "1 alert waits for a summary." if found.waiting == 1 else f"{found.waiting} alerts wait for a summary."


def snooze_choices(context: Context, subject: Subject) -> Reply:
    """What may be snoozed, in place of the buttons under the alert."""
    alert_id, alert = subject.alert_id, subject.alert
    first = (("1 h", f"snooze_do:{alert_id}:0"), ("Until tomorrow", f"snooze_do:{alert_id}:1"))
    second: list[Button] = []
    if not subject.is_list:  # a list has many stories
        second.append(("This story", f"snooze_do:{alert_id}:2"))
        second.append(("This watch" if len(alert.hits) == 1 else "These watches", f"snooze_do:{alert_id}:3"))
        if alert.item.source:
            second.append(("This source", f"snooze_do:{alert_id}:4"))
    rows = [(*first, ("✕", f"snooze_close:{alert_id}")), *([tuple(second)] if second else [])]
    return Reply("", tuple(rows), context.message_id, notice="Snooze for how long, or what for a day?")


def snoozed_by_alert(context: Context, subject: Subject, number: int, until: datetime) -> Reply:
    """Until when, with the way back, in place of the buttons under the alert."""
    when = at(until, subject.habits, subject.now)
    names = ("all alerts", "all alerts", "this story", "this watch", subject.alert.item.source)
    undo = (f"💤 until {when} · Undo", f"snooze_undo:{subject.alert_id}:{number}")
    notice = f"Snoozed until {when}: {names[number]}. What comes is kept for a summary."
    return Reply("", ((undo,),), context.message_id, notice=notice)


def loud(watch: Watch, fired: int, words: Sequence[str]) -> Reply:
    """The note to the owner of a watch that fires too often."""
    text = (
        f"“<b>{escape(shorten(watch.text, 200))}</b>” has alerted you {fired} times within the hour. "
        "Shall it be calmer? Otherwise nothing changes, and I do not ask again."
    )
    rows: list[tuple[Button, ...]] = [
        (("Hourly digest", f"loud_digest:{watch.id}:0"), ("Daily digest", f"loud_digest:{watch.id}:1")),
        (("Surer hits only (strict)", f"loud_strict:{watch.id}"),),
    ]
    if words:
        buttons = [(f"Not: {shorten(word, _MAX_WORD)}", f"loud_without:{watch.id}:{n}") for n, word in enumerate(words)]
        rows.append(tuple(buttons))
    return Reply(text, tuple(rows))


def calmer(context: Context, watch: Watch) -> Reply:
    """The watch has a digest of its own now."""
    text = f"“<b>{escape(shorten(watch.text, 200))}</b>” comes as a digest now: {watch.digest}."
    undo = ("Undo: alerts at once", f"watch_set:{watch.id}:1:3")
    return Reply(text, ((undo,),), context.message_id, notice="Set")


def reworded(context: Context, watch: Watch) -> Reply:
    """The watch has other words now."""
    text = f"Now watching “<b>{escape(shorten(watch.text, 256))}</b>”: number {watch.number}."
    return Reply(text, ((("Undo", f"watch_undo:{watch.id}"),),), context.message_id, notice="Changed")
