"""An alert as a subscriber reads it on a phone: the headline as a link, the words that met in bold.

    Trump expected to *host* Zelensky at *Mar-a-Lago* on Sunday        (a link)
    harbour-wire.example · 14:32 UTC
    The beginning of the summary …
    also: Leaders meet at Mar-a-Lago · wire.example                    (a link; later reports, added by edits)
    🔔 Mar-a-Lago meeting

Text is cut before it is rendered and escaped piece by piece, so the HTML is always whole.
"""

from collections.abc import Iterable
from html import escape

from bot.plain import cut
from handlers.inert import inert
from watchlists import dates, zones
from watchlists.delivery import age_shown
from watchlists.i18n import _, ngettext
from watchlists.model import Alert, Evidence, Field, Item, Look

MAX_TITLE = 300
MAX_SUMMARY = 280
MAX_ALSO = 160
MAX_WATCHES = 8
MAX_QUERY = 120
MAX_URL = 2000
MAX_SOURCE = 100
MAX_BOLD = 40  # in each field: Telegram takes 100 marked parts in a message


def alert(alert: Alert) -> str:
    """The message for one chat about one story, as HTML of at most 4096 UTF-16 units after parsing."""
    item = alert.item
    evidence = [piece for hit in alert.hits for piece in hit.match.evidence]
    title = _marked(item.title, MAX_TITLE, evidence, "title") or _("(no headline)")
    lines = [linked(title, item), _origin(alert)]
    summary = _summary(item, evidence)
    if summary:
        lines.append(summary)
    lines += [_also(other) for other in alert.also]
    if alert.more:
        lines.append(ngettext("+{n} more source", "+{n} more sources", alert.more))
    names = [hit.watch.credited(escape(inert(cut(hit.watch.text, MAX_QUERY)))) for hit in alert.hits[:MAX_WATCHES]]
    more = len(alert.hits) - len(names)
    watches = "🔔 " + ", ".join(names)
    lines.append(_("{watches} and {count} more").format(watches=watches, count=more) if more else watches)
    return framed("\n".join(lines), alert.look)


def framed(html: str, look: Look) -> str:
    """The HTML between the chat's own header and footer."""
    return "\n".join(filter(None, (escape(look.header), html, escape(look.footer))))


def linked(html: str, item: Item) -> str:
    """The HTML as a link to the item; only the web is linked to."""
    is_web_link = item.url.startswith(("http://", "https://")) and len(item.url) <= MAX_URL
    return f'<a href="{escape(item.url)}">{html}</a>' if is_web_link else html


def _also(item: Item) -> str:
    """A later report of the story, in one line."""
    line = _("also: {headline}").format(headline=linked(escape(inert(cut(item.title, MAX_ALSO))), item))
    return f"{line} · {escape(inert(cut(item.source, MAX_SOURCE)))}" if item.source else line


def _origin(alert: Alert) -> str:
    """Source, time in the chat's zone, and the age where the item was not fresh when the alert was made."""
    item, zone = alert.item, zones.zone(alert.zone)
    moment, seen = (item.published or alert.first_seen).astimezone(zone), alert.first_seen.astimezone(zone)
    when = f"{moment:%H:%M}" + (" UTC" if alert.zone == zones.UTC_NAME else "")
    if moment.date() != seen.date():
        day = dates.short(moment) if moment.year == seen.year else dates.full(moment)
        when = f"{day}, {when}"
    source = escape(inert(cut(item.source, MAX_SOURCE)))
    return " · ".join(part for part in (source, when, age_shown(item, seen)) if part)


def _summary(item: Item, evidence: list[Evidence]) -> str:
    """The beginning of the summary; nothing where it only repeats the headline."""
    if not item.summary or (item.title and item.summary.casefold().startswith(item.title.casefold()[:60])):
        return ""
    return f"<i>{_marked(item.summary, MAX_SUMMARY, evidence, 'summary')}</i>"


def _marked(whole: str, limit: int, evidence: Iterable[Evidence], field: Field) -> str:
    """The beginning of a field, escaped, with the words that met in bold."""
    text = cut(whole, limit)
    length = len(text) if text == whole else len(text) - 1  # the ellipsis is no part of a word
    pieces: list[str] = []
    end = 0
    for start, stop in _spans(evidence, field, text, length)[:MAX_BOLD]:
        pieces += [escape(inert(text[end:start])), f"<b>{escape(inert(text[start:stop]))}</b>"]
        end = stop
    return "".join([*pieces, escape(inert(text[end:]))])


def _spans(evidence: Iterable[Evidence], field: Field, text: str, length: int) -> list[tuple[int, int]]:
    """The places of the matched words that the cut left whole, joined where they touch or overlap."""
    spans: list[tuple[int, int]] = []
    # The publisher may have edited the words since.
    found = sorted(
        (e.start, e.end)
        for e in evidence
        if e.field == field and e.start < e.end <= length and text[e.start : e.end] == e.found
    )
    for start, end in found:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans
