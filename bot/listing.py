"""Many alerts in one message: a summary of what was kept, a digest, a burst. Grouped by watch and story, with counts.

    While you snoozed: 7 stories
    🔔 Mar-a-Lago meeting · 5
    • Trump expected to host Zelensky · wire.example · 14:32 · +3 reports     (a link)
    …

Lines are cut before they are rendered, and a message ends before it is too long: the HTML is always whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import NamedTuple

from bot.plain import cut, to_plain, units
from bot.render import framed, linked
from handlers.inert import inert
from watchlists import dates, zones
from watchlists.i18n import _, ngettext
from watchlists.model import Alert

MAX_MESSAGES = 8
MAX_OF_WATCH = 25  # stories by name; the others are counted
MAX_TITLE, MAX_SOURCE, MAX_QUERY = 160, 60, 100
_ROOM = 3500  # UTF-16 units; the heading, and the chat's own header and footer, come on top
_MARKED = 90  # Telegram takes 100 marked parts in a message


@dataclass(frozen=True, slots=True)
class _Story:
    """A story as one line: its first alert, and how many more reports it has."""

    alert: Alert
    more: int


class _Line(NamedTuple):
    """A line and how many stories it stands for."""

    html: str
    stories: int


def messages(note: str, alerts: Sequence[Alert], now: datetime, most: int = MAX_MESSAGES) -> list[str]:
    """The alerts of one chat as at most `most` messages of HTML; `note` says why they come together. [] for none."""
    stories = _stories(alerts)
    lines = [line for group in _groups(stories) for line in _lines(group, now)]
    pages = _pages(lines)
    if len(pages) > most:
        rest = sum(line.stories for page in pages[most:] for line in page)
        pages = pages[:most]
        pages[-1].append(_and_more(rest))
    if not pages:
        return []
    heading = ngettext("{note}: {n} story", "{note}: {n} stories", len(stories)).format(note=note)
    headings = [f"<b>{escape(heading)}</b>"]
    if len(pages) > 1:
        headings = [f"{headings[0]} ({number}/{len(pages)})" for number in range(1, len(pages) + 1)]
    whole = ["\n".join([head, *(line.html for line in page)]) for head, page in zip(headings, pages, strict=True)]
    return [framed(text, alerts[0].look) for text in whole]


def _and_more(stories: int) -> _Line:
    return _Line(ngettext("… and {n} more", "… and {n} more", stories), stories)


def _stories(alerts: Iterable[Alert]) -> list[_Story]:
    """One for each story, the newest first; a story told in several alerts has so many reports more."""
    found: dict[int, list[Alert]] = {}
    for alert in alerts:
        found.setdefault(alert.story_id, []).append(alert)
    stories = [_Story(parts[0], sum(part.more for part in parts) + len(parts) - 1) for parts in found.values()]
    return sorted(stories, key=lambda story: story.alert.first_seen, reverse=True)


def _groups(stories: Iterable[_Story]) -> list[list[_Story]]:
    """The stories of each watch, in the order of the watches; under several watches a story stands once."""
    found: dict[tuple[str, int, str], list[_Story]] = {}
    for story in stories:
        watch = story.alert.hits[0].watch if story.alert.hits else None
        found.setdefault((watch.slug, watch.number, watch.text) if watch else ("", 0, ""), []).append(story)
    return [found[key] for key in sorted(found)]


def _lines(group: Sequence[_Story], now: datetime) -> list[_Line]:
    hits = group[0].alert.hits
    gone = _("(a watch that is gone)")
    name = hits[0].watch.credited(escape(inert(cut(hits[0].watch.text, MAX_QUERY)))) if hits else gone
    lines = [_Line(f"🔔 <b>{name}</b> · {len(group)}", 0)]
    lines += [_Line(_line(story, now), 1) for story in group[:MAX_OF_WATCH]]
    rest = len(group) - MAX_OF_WATCH
    return [*lines, _and_more(rest)] if rest > 0 else lines


def _line(story: _Story, now: datetime) -> str:
    item = story.alert.item
    parts = [linked(escape(inert(cut(item.title, MAX_TITLE))) or _("(no headline)"), item)]
    if item.source:
        parts.append(escape(inert(cut(item.source, MAX_SOURCE))))
    zone = zones.zone(story.alert.zone)
    moment, today = (item.published or story.alert.first_seen).astimezone(zone), now.astimezone(zone).date()
    parts.append(f"{moment:%H:%M}" if moment.date() == today else f"{dates.short(moment)} {moment:%H:%M}")
    if story.more:
        parts.append(ngettext("+{n} report", "+{n} reports", story.more))
    return "• " + " · ".join(parts)


def _pages(lines: Iterable[_Line]) -> list[list[_Line]]:
    """The lines of each message."""
    pages: list[list[_Line]] = []
    room = marked = 0
    for line in lines:
        length, marks = units(to_plain(line.html)) + 1, line.html.count("</")
        if not pages or length > room or marks > marked:
            pages.append([])
            room, marked = _ROOM, _MARKED
        pages[-1].append(line)
        room, marked = room - length, marked - marks
    return pages
