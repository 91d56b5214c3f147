"""What `/why` says. HTML, escaped here."""

from datetime import UTC, datetime, timedelta
from html import escape

from handlers.context import Reply
from handlers.inert import inert
from handlers.replies import fitting
from watchlists.clean import shorten
from watchlists.model import Evidence, Hit, Report
from watchlists.why import Why, missing

USAGE = (
    "Reply with /why to an alert and I say what it met. For something that you did not get, "
    "write its link behind the command:\n<code>/why https://…</code>"
)
MAX_HITS, MAX_TITLE, MAX_WORDS = 5, 120, 60
MAX_STORY = 3600  # characters of HTML, most of them in links, which count for nothing
_HOW = {
    "exact": "the same word",
    "stem": "another form",
    "spelling": "another spelling",
    "alias": "another word for it",
    "phrase": "these words in this order",
}


def why(found: Why) -> Reply:
    """The answer to `/why`: watches, words and scores, then the story, then how long it took."""
    if found.alert:
        lines = ["<b>Why you got this</b>"]
        for hit in found.alert.hits[:MAX_HITS]:
            lines += _hit(hit)
    else:
        lines = ["<b>Why you did not get this</b>", _headline(found.report), escape(found.reason)]
        if found.nearest:
            lines += _hit(found.nearest)
    lines += ["", *_story(found)]
    if found.alert:
        lines.append(_path(found))
    return Reply("\n".join(lines))


def _hit(hit: Hit) -> list[str]:
    """The watch with its score, what met each of its ideas, and what was missing."""
    score = f"score {hit.match.score}" + (f", {hit.match.threshold} needed" if hit.match.threshold else "")
    lines = [f"🔔 {escape(inert(shorten(hit.watch.text, MAX_TITLE)))}: {score}"]
    lines += [_evidence(piece) for piece in hit.match.evidence]
    lines += [f"• {escape(inert(shorten(term, MAX_WORDS)))}: not found" for term in missing(hit)]
    return lines


def _evidence(piece: Evidence) -> str:
    term, words = (escape(inert(shorten(text, MAX_WORDS))) for text in (piece.term, piece.found))
    quality = "" if piece.quality > 0.99 else f", counted {piece.quality:.0%}"
    return f"• {term} ({piece.weight:.0%}): “{words}” in the {piece.field}, {_HOW[piece.how]}{quality}"


def _story(found: Why) -> list[str]:
    reports = found.reports
    title = "The story so far, 1 report" if len(reports) == 1 else f"The story so far, {len(reports)} reports"
    return [f"<b>{title}</b>", fitting([_report(report) for report in reports], MAX_STORY)]


def _report(report: Report) -> str:
    joined = f" – joined by {escape(inert(shorten(report.joined, MAX_TITLE)))}" if report.joined else ""
    return f"{_time(report.seen)} {_headline(report)}{joined}"


def _headline(report: Report) -> str:
    item = report.item
    title = escape(inert(shorten(item.title or "(its text is forgotten by now)", MAX_TITLE)))
    is_web_link = item.url.startswith(("http://", "https://"))
    linked = f'<a href="{escape(item.url)}">{title}</a>' if is_web_link else title
    return f"{linked} · {escape(inert(item.source))}" if item.source else linked


def _path(found: Why) -> str:
    """published → seen → sent, each with what it took."""
    seen = found.report.seen
    steps = [f"seen {_time(seen)}"]
    if found.report.item.published:
        published = found.report.item.published
        steps = [f"published {_time(published)}", f"seen {_lag(seen - published)} later"]
    steps.append(f"sent {_lag(found.sent - seen)} after that" if found.sent else "not sent yet")
    return "\n" + " → ".join(steps)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%H:%M} UTC"


def _lag(span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7200:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 172_800 else f"{seconds // 86_400} days"
