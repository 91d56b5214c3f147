"""What the bot says about snoozes and watches that fire too often. HTML, escaped here."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from handlers.context import Button, Context, Reply
from handlers.inert import inert
from watchlists import dates, zones
from watchlists.clean import shorten
from watchlists.delivery import Habits, Snooze
from watchlists.hours import Digest, read_digest
from watchlists.i18n import N_, _, ngettext, quoted
from watchlists.model import Watch
from watchlists.preferences import Overview, Subject

TOO_OLD = N_("This button is too old to work. /settings shows what can be set.")
_MAX_WORD = 24  # on a button


def too_old(context: Context) -> Reply:
    """A button whose alert or watch is not the chat's any more: it goes, and what stands above it stays."""
    return Reply("", edits=context.message_id, notice=_(TOO_OLD), refusal=True)


def at(moment: datetime, habits: Habits, now: datetime) -> str:
    """`14:32`, `Tue 08:00` or `3 Mar 08:00`, in the chat's zone."""
    zone: ZoneInfo = habits.zone
    local, days = moment.astimezone(zone), (moment.astimezone(zone).date() - now.astimezone(zone).date()).days
    time = f"{local:%H:%M}" + (" UTC" if habits.zone_name == zones.UTC_NAME else "")
    if days == 0:
        return time
    if days == 1:
        return _("tomorrow {time}").format(time=time)
    return f"{dates.weekday(local) if 0 < days < 7 else dates.short(local)} {time}"


def digest_shown(digest: Digest | str) -> str:
    """When a digest comes, in words; a text is one that `hours.read_digest` reads."""
    read = read_digest(digest) if isinstance(digest, str) else digest
    if read is None:
        return _("off")
    if read.every == "hour":
        return _("every hour")
    times = ", ".join(f"{time:%H:%M}" for time in read.times)
    return (_("daily at {times}") if read.every == "day" else _(_WEEKLY[read.weekday])).format(times=times)


_WEEKLY = (
    N_("Mondays at {times}"),
    N_("Tuesdays at {times}"),
    N_("Wednesdays at {times}"),
    N_("Thursdays at {times}"),
    N_("Fridays at {times}"),
    N_("Saturdays at {times}"),
    N_("Sundays at {times}"),
)


NO_ALERT = N_("Send that as a reply to the alert of one story: I have to know which one you mean.")


def snooze_usage(found: Overview) -> Reply:
    """The answer to `/snooze` alone."""
    lines = [_("Snoozed: {what}").format(what=line) for line in snoozes(found)] or [_("Nothing is snoozed.")]
    if found.waiting:
        lines.append(waiting(found))
    lines += [
        "",
        _(
            "Write how long I shall keep all alerts: <code>/snooze 2h</code>, <code>1d</code>, "
            "<code>until tomorrow</code>; those of one watch: <code>/snooze 2 1d</code>."
        ),
        _(
            "In reply to an alert, <code>/snooze story</code>, <code>watch</code> or <code>source</code> keeps for "
            "a day what its story, its watch or its source brings."
        ),
        _("You get one summary of them afterwards."),
    ]
    rows = [_lengths()]
    if found.snoozes:
        rows.append(((_("Stop snoozing"), "snooze_for:2"),))
    return Reply("\n".join(lines), tuple(rows), notice=_("Snooze"))


def _lengths() -> tuple[Button, ...]:
    return ((_("1 hour"), "snooze_for:0"), (_("Until tomorrow"), "snooze_for:1"))


def snoozed(found: Overview, edits: int | None = None) -> Reply:
    """What came of `/snooze`: until when, or that alerts come again."""
    of_chat = [snooze for snooze in found.snoozes if snooze.kind == "chat"]
    if not of_chat:
        text = _("Alerts come again.")
        if found.waiting:
            kept = _("What was kept ({count}) comes in a summary now, unless other settings keep it.")
            text += " " + kept.format(count=found.waiting)
        return Reply(text, (_lengths(),), edits, notice=_("Alerts come again"))
    until = at(of_chat[0].until, found.habits, found.now)
    text = _("💤 Snoozed until <b>{when}</b>. Then one summary lists what came. Urgent watches alert all the same.")
    notice = _("Snoozed until {when}").format(when=until)
    return Reply(text.format(when=until), (((_("Stop snoozing"), "snooze_for:2"),),), edits, notice=notice)


def snoozes(found: Overview) -> list[str]:
    """What is snoozed and until when, one line each."""
    texts = {str(watch.id): watch.text for watch in found.watches}

    def line(snooze: Snooze) -> str:
        when = at(snooze.until, found.habits, found.now)
        if snooze.kind == "chat":
            return _("all alerts until {when}").format(when=when)
        if snooze.kind == "story":
            return _("a story until {when}").format(when=when)
        if snooze.kind == "watch" and snooze.what not in texts:
            return _("a watch until {when}").format(when=when)
        name = escape(shorten(texts[snooze.what] if snooze.kind == "watch" else snooze.what, 60))
        return _("{name} until {when}").format(name=quoted(name) if snooze.kind == "watch" else name, when=when)

    return [line(snooze) for snooze in found.snoozes]


def waiting(found: Overview) -> str:
    """How many alerts are kept; empty for none."""
    if not found.waiting:
        return ""
    return ngettext("{n} alert waits for a summary.", "{n} alerts wait for a summary.", found.waiting)


def snooze_choices(context: Context, subject: Subject) -> Reply:
    """What may be snoozed, in place of the buttons under the alert."""
    alert_id, alert = subject.alert_id, subject.alert
    first = ((_("1 h"), f"snooze_do:{alert_id}:0"), (_("Until tomorrow"), f"snooze_do:{alert_id}:1"))
    second: list[Button] = []
    if not subject.is_list:  # a list has many stories
        second.append((_("This story"), f"snooze_do:{alert_id}:2"))
        second.append((_("This watch") if len(alert.hits) == 1 else _("These watches"), f"snooze_do:{alert_id}:3"))
        if alert.item.source:
            second.append((_("This source"), f"snooze_do:{alert_id}:4"))
    rows = [(*first, ("✕", f"snooze_close:{alert_id}")), *([tuple(second)] if second else [])]
    return Reply("", tuple(rows), context.message_id, notice=_("Snooze for how long, or what for a day?"))


def snoozed_by_reply(subject: Subject, number: int, until: datetime) -> Reply:
    """The same as a message, to who has replied to an alert."""
    when = at(until, subject.habits, subject.now)
    said = _(_SNOOZED[number]).format(when=when, source=escape(inert(shorten(subject.alert.item.source, 60))))
    return Reply(said, (((_("Undo"), f"snooze_undo:{subject.alert_id}:{number}"),),))


def snoozed_by_alert(context: Context, subject: Subject, number: int, until: datetime) -> Reply:
    """Until when, with the way back, in place of the buttons under the alert."""
    when = at(until, subject.habits, subject.now)
    undo = (_("💤 until {when} · Undo").format(when=when), f"snooze_undo:{subject.alert_id}:{number}")
    notice = _(_SNOOZED[number]).format(when=when, source=shorten(subject.alert.item.source, 60))
    return Reply("", ((undo,),), context.message_id, notice=notice)


_SNOOZED = (  # by the button's place in the row
    N_("Snoozed until {when}: all alerts. What comes is kept for a summary."),
    N_("Snoozed until {when}: all alerts. What comes is kept for a summary."),
    N_("Snoozed until {when}: this story. What comes is kept for a summary."),
    N_("Snoozed until {when}: this watch. What comes is kept for a summary."),
    N_("Snoozed until {when}: {source}. What comes is kept for a summary."),
)


def loud(watch: Watch, fired: int, words: Sequence[str]) -> Reply:
    """The note to the owner of a watch that fires too often."""
    text = ngettext(
        "“<b>{text}</b>” has alerted you {n} time within the hour. "
        "Shall it be calmer? Otherwise nothing changes, and I do not ask again.",
        "“<b>{text}</b>” has alerted you {n} times within the hour. "
        "Shall it be calmer? Otherwise nothing changes, and I do not ask again.",
        fired,
    ).format(text=escape(shorten(watch.text, 200)))
    rows: list[tuple[Button, ...]] = [
        ((_("Hourly digest"), f"loud_digest:{watch.id}:0"), (_("Daily digest"), f"loud_digest:{watch.id}:1")),
        ((_("Surer hits only (strict)"), f"loud_strict:{watch.id}"),),
    ]
    if words:
        labels = [_("Not: {word}").format(word=shorten(word, _MAX_WORD)) for word in words]
        rows.append(tuple((label, f"loud_without:{watch.id}:{n}") for n, label in enumerate(labels)))
    return Reply(text, tuple(rows))


def calmer(context: Context, watch: Watch) -> Reply:
    """The watch has a digest of its own now."""
    text = _("“<b>{text}</b>” comes as a digest now: {times}.")
    text = text.format(text=escape(shorten(watch.text, 200)), times=digest_shown(watch.digest))
    undo = (_("Undo: alerts at once"), f"watch_set:{watch.id}:1:3")
    return Reply(text, ((undo,),), context.message_id, notice=_("Set"))


def reworded(context: Context, watch: Watch) -> Reply:
    """The watch has other words now."""
    text = _("Now watching “<b>{text}</b>”: number {number}.")
    text = text.format(text=escape(shorten(watch.text, 256)), number=watch.number)
    return Reply(text, (((_("Undo"), f"watch_undo:{watch.id}"),),), context.message_id, notice=_("Changed"))
