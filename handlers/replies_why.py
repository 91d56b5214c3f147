"""What `/why` says. HTML, escaped here."""

from datetime import timedelta
from html import escape

from handlers.context import Button, Reply
from handlers.inert import inert
from handlers.replies import CUT, fitting
from handlers.replies_delivery import at
from watchlists import dates, zones
from watchlists.clean import shorten
from watchlists.decide import Reason
from watchlists.delivery import Wait
from watchlists.i18n import N_, _, ngettext, quoted
from watchlists.model import Alert, Evidence, Field, Hit, Report
from watchlists.why import PAGE, Page, Why, missing

USAGE = N_(
    "Reply with /why to an alert and I say what it met, or tap its number in /recent. For something that you did not "
    "get, write its link behind the command:\n<code>/why https://…</code>"
)
MAX_HITS, MAX_TITLE, MAX_WORDS = 5, 120, 60
MAX_STORY = 3600  # characters of HTML, most of them in links, which count for nothing
_HOW = {
    "exact": N_("the same word"),
    "stem": N_("another form"),
    "spelling": N_("another spelling"),
    "alias": N_("another word for it"),
    "phrase": N_("these words in this order"),
}
_SHARED = (N_("same link"), N_("same names"), N_("same numbers"), N_("same words"))
_WHERE: dict[Field, str] = {"title": N_("in the title"), "summary": N_("in the summary")}
# What kept an alert, while it does and afterwards.
_WAITS = {
    Reason.SNOOZED: N_("⏸ Kept until {when}, since you snoozed it."),
    Reason.QUIET_HOURS: N_("⏸ Kept until {when} because of your quiet hours."),
    Reason.DIGEST: N_("⏸ Kept for your digest at {when}."),
    Reason.STALE: N_("⏸ Too late to come singly: it comes in a list."),
    Reason.UNSURE: N_("⏸ Telegram did not say whether it arrived: it comes in a list, too."),
}
_CAME = {
    Reason.SNOOZED: N_("⏸ It came in a list after your snooze."),
    Reason.QUIET_HOURS: N_("⏸ It came in a list after your quiet hours."),
    Reason.DIGEST: N_("⏸ It came with your digest."),
    Reason.STALE: N_("⏸ It came in a list, since it was too late to come singly."),
    Reason.UNSURE: N_("⏸ Telegram did not say whether it arrived, so it came in a list, too."),
    Reason.BURST: N_("⏸ It came in one message with others, since many came at once."),
}


def why(found: Why) -> Reply:
    """The answer to `/why`: what became of it, watches, words and scores, then the story, then how long it took."""
    if found.alert is None:
        lines = [_("<b>Why you did not get this</b>"), _headline(found.report), "", escape(found.reason)]
        lines += _hit(found.nearest) if found.nearest else []
        return Reply("\n".join([*lines, "", *_story(found)]))
    lines = _later(found, found.alert) if found.is_later else _became(found, found.alert)
    for hit in found.alert.hits[:MAX_HITS]:
        lines += _hit(hit)
    is_whole = len(found.reports) == found.total and not _told(found).endswith(CUT)
    rows = () if is_whole or found.alert_id is None else ((_turn(found.alert_id, 0, found.total),),)
    return Reply("\n".join([*lines, "", *_story(found), _path(found)]), rows)


def brief(found: Why) -> str:
    """Why an alert came, in the 200 characters that Telegram shows where a button was pressed. No HTML."""
    hits = found.alert.hits if found.alert else ()
    met = "; ".join(f"{hit.watch.text}: {', '.join(piece.found for piece in hit.match.evidence)}" for hit in hits)
    text = _("It met {what}").format(what=inert(met))
    more = _("More: reply /why")
    return f"{shorten(text, 199 - len(more))}\n{more}"


def reports(page: Page, edits: int | None) -> Reply:
    """A page of all reports of a story."""
    first, last = page.skip + 1, page.skip + len(page.reports)
    lines = [_heading(page.total), *(_report(report, page) for report in page.reports)]
    back = (_turn(page.alert_id, max(0, page.skip - PAGE), page.total),) if page.skip else ()
    on = (_turn(page.alert_id, last, page.total),) if first <= last < page.total else ()
    return Reply("\n".join(lines), ((*back, *on),) if back or on else (), edits, _("OK"))


def _turn(alert_id: int, skip: int, total: int) -> Button:
    """A button to a page, named by the numbers of its reports, which need no translation."""
    return f"{skip + 1}–{min(skip + PAGE, total)} / {total}", f"reports:{alert_id}:{skip}"


def _later(found: Why, alert: Alert) -> list[str]:
    """A report that joined the story of an alert."""
    listed = _("It is a later report of a story that you know. It is listed under this alert:")
    other = _("You know its story by this alert. The report is the same article, or hit no watch of yours:")
    return [
        _("<b>Why this came as no alert of its own</b>"),
        _headline(found.report),
        "",
        listed if found.is_listed else other,
        _headline(Report(alert.item, alert.first_seen)),
    ]


def _became(found: Why, alert: Alert) -> list[str]:
    """What became of the alert; no more than the heading where it came as it should."""
    if found.wait:
        is_kept = found.wait.until is not None
        heading = _("<b>Why you have not got this yet</b>") if is_kept else _("<b>Why you got this</b>")
        return [heading, _waiting(alert, found.wait)]
    if found.fate.state == "waiting":
        return [_("<b>Why you have not got this yet</b>"), _("It waits to be sent.")]
    if found.fate.state == "lost":
        sentence = _("It could not be sent: {reason}").format(reason=escape(inert(found.fate.reason)))
        return [_("<b>Why you did not get this</b>"), sentence]
    shown = [_("You saw it in the list of the last 24 hours that you asked for.")]
    return [_("<b>Why you got this</b>"), *(shown if found.fate.state == "shown" else [])]


def _waiting(alert: Alert, wait: Wait) -> str:
    """Why it had, or has, no message of its own."""
    if wait.until is None:
        return _(_CAME[wait.reason])
    zone = zones.zone(alert.zone)
    local, seen = wait.until.astimezone(zone), alert.first_seen.astimezone(zone)
    when = f"{local:%H:%M}" if local - seen < timedelta(hours=24) else f"{dates.short(local)} {local:%H:%M}"
    return _(_WAITS[wait.reason]).format(when=when)


def _hit(hit: Hit) -> list[str]:
    """The watch with its score, what met each of its ideas, and what was missing."""
    head = _("🔔 {watch}: score {score}, {threshold} needed") if hit.match.threshold else _("🔔 {watch}: score {score}")
    name = hit.watch.credited(escape(inert(shorten(hit.watch.text, MAX_TITLE))))
    lines = [head.format(watch=name, score=hit.match.score, threshold=hit.match.threshold)]
    lines += [_evidence(piece) for piece in hit.match.evidence]
    absent = _("• {term}: not found")
    lines += [absent.format(term=escape(inert(shorten(term, MAX_WORDS)))) for term in missing(hit)]
    return lines


def _evidence(piece: Evidence) -> str:
    term, words = (escape(inert(shorten(text, MAX_WORDS))) for text in (piece.term, piece.found))
    parts = [f"{quoted(words)} {_(_WHERE[piece.field])}", _(_HOW[piece.how])]
    if piece.quality <= 0.99:
        parts.append(_("counted {share}").format(share=f"{piece.quality:.0%}"))
    return f"• {term} ({piece.weight:.0%}): {', '.join(parts)}"


def _story(found: Why) -> list[str]:
    return [_heading(found.total), _told(found)]


def _heading(total: int) -> str:
    return ngettext("<b>The story so far, {n} report</b>", "<b>The story so far, {n} reports</b>", total)


def _told(found: Why) -> str:
    return fitting([_report(report, found) for report in found.reports], MAX_STORY)


def _report(report: Report, found: Why | Page) -> str:
    line = f"{at(report.seen, found.habits, found.now)} {_headline(report)}"
    if not report.joined:
        return line
    joined = _("joined by {words}").format(words=escape(inert(shorten(_shared(report.joined), MAX_TITLE))))
    return f"{line} – {joined}"


def _shared(evidence: str) -> str:
    """What two reports share, `same link; same names: Najib`, which is kept in English."""
    pieces = (piece.partition(": ") for piece in evidence.split("; "))
    return "; ".join((_(what) if what in _SHARED else what) + colon + words for what, colon, words in pieces)


def _headline(report: Report) -> str:
    item = report.item
    title = escape(inert(shorten(item.title or _("(its text is forgotten by now)"), MAX_TITLE)))
    is_web_link = item.url.startswith(("http://", "https://"))
    linked = f'<a href="{escape(item.url)}">{title}</a>' if is_web_link else title
    return f"{linked} · {escape(inert(item.source))}" if item.source else linked


def _path(found: Why) -> str:
    """published → seen → sent, each with what it took."""
    seen, published = found.report.seen, found.report.item.published
    steps = [_("seen {time}").format(time=at(seen, found.habits, found.now))]
    if published:
        steps = [
            _("published {time}").format(time=at(published, found.habits, found.now)),
            _("seen {span} later").format(span=_lag(seen - published)),
        ]
    if found.sent and not found.is_later:
        steps.append(_("sent {span} after that").format(span=_lag(found.sent - seen)))
    elif found.fate.state in ("kept", "waiting"):
        steps.append(_("not sent yet"))
    return "\n" + " → ".join(steps)


def _lag(span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    if seconds < 120:
        return _("{count} s").format(count=seconds)
    if seconds < 7200:
        return _("{count} min").format(count=seconds // 60)
    if seconds < 172_800:
        return _("{count} h").format(count=seconds // 3600)
    return ngettext("{n} day", "{n} days", seconds // 86_400)
