"""The sandbox's news: what each sample feed shows at a given time. Pure; `news.toml` holds the stories.

    at < 0       there from the start: the first poll finds these and alerts nothing
    0 to 600 s   the timeline: one diplomatic story in several outlets and languages, and a news day around it
    after that   everyday notes made from templates, without end

Times are seconds after the start at speed 1. Links keep the outlets' own invented hosts, such as
`harbour-wire.example`, which can never exist, and do not lead to the local server: the host of a link is
what an alert names as its source and what `source:` matches, so an alert in the sandbox reads as it does in
earnest. Whoever shows the chat in a browser can turn a link into a page of the local server with
`FeedServer.article_url`.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import resources
from typing import Any, Literal

ENTRIES_SHOWN = 30
# Prime, and no divisor of the number of titles times places: a note repeats only after all combinations.
_NUMBERS = 89
_FIRST_NUMBER = 3

Format = Literal["rss", "atom", "json"]


@dataclass(frozen=True, slots=True)
class SampleFeed:
    """An invented outlet and the one feed it has."""

    id: str
    title: str
    host: str
    lang: str
    format: Format


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as a feed shows it. `at` is when it appeared, `updated` when it last changed, in seconds."""

    feed: str
    guid: str
    at: float
    updated: float
    title: str
    summary: str
    link: str
    lang: str


@dataclass(frozen=True, slots=True)
class Edit:
    """From `at` on, the story has this title and this summary, under the same guid."""

    at: float
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class Story:
    """An entry as it first appears, and the edits that follow, in order of time."""

    entry: Entry
    edits: tuple[Edit, ...] = ()

    def told(self, elapsed: float) -> Entry | None:
        """The entry as it reads now; None before its time."""
        if elapsed < self.entry.at:
            return None
        past = [edit for edit in self.edits if edit.at <= elapsed]
        if not past:
            return self.entry
        return replace(self.entry, title=past[-1].title, summary=past[-1].summary, updated=past[-1].at)


@dataclass(frozen=True, slots=True)
class Templates:
    """Everyday notes of one language; titles hold `{place}` and `{number}`, the summary `{place}`."""

    titles: tuple[str, ...]
    places: tuple[str, ...]
    summary: str

    def note(self, count: int) -> tuple[str, str]:
        """Title and summary of note `count`; no two of the first titles × places × 89 are equal."""
        title = self.titles[count % len(self.titles)]
        place = self.places[count // len(self.titles) % len(self.places)]
        number = _FIRST_NUMBER + count % _NUMBERS
        return title.format(place=place, number=number), self.summary.format(place=place)


@dataclass(frozen=True, slots=True)
class Everyday:
    """The notes after the timeline: one every `every` seconds from `start` on, each feed in its turn."""

    start: float
    every: float
    templates: dict[str, Templates] = field(hash=False)

    def entry(self, number: int, feed: SampleFeed) -> Entry:
        """Note `number`, counted over all feeds."""
        title, summary = self.templates[feed.lang].note(number)
        slug = f"everyday-{number}"
        at = self.start + number * self.every
        return Entry(feed.id, f"{feed.id}:{slug}", at, at, title, summary, link_to(feed, slug), feed.lang)


@dataclass(frozen=True)
class Newsroom:
    """All sample feeds and what they will say."""

    feeds: tuple[SampleFeed, ...]
    stories: tuple[Story, ...] = ()
    everyday: Everyday | None = None

    def feed(self, feed: str) -> SampleFeed:
        """The feed of that id, or LookupError."""
        found = next((known for known in self.feeds if known.id == feed), None)
        if found is None:
            raise LookupError(f"There is no sample feed {feed!r}.")
        return found

    def entries_at(self, feed: str, moment: float, *, limit: int = ENTRIES_SHOWN) -> tuple[Entry, ...]:
        """What the feed shows `moment` seconds after the start, newest first, edits applied."""
        shown = self.feed(feed)
        told = [story.told(moment) for story in self._stories_of.get(feed, ())]
        entries = [entry for entry in told if entry] + list(self._notes(shown, moment, limit))
        return tuple(sorted(entries, key=lambda entry: -entry.at)[:limit])

    def find(self, link: str, moment: float) -> Entry | None:
        """The entry behind a link that has been told by now, however old; what follows `?` does not count."""
        bare = link.partition("?")[0]
        told = (story.told(moment) for story in self.stories)
        found = next((entry for entry in told if entry and entry.link.partition("?")[0] == bare), None)
        note = re.fullmatch(r"https://[^/]+/everyday-(\d{1,9})", bare)
        if found or self.everyday is None or note is None:
            return found
        number = int(note[1])
        entry = self.everyday.entry(number, self.feeds[number % len(self.feeds)])
        return entry if entry.link == bare and entry.at <= moment else None

    def silent(self) -> "Newsroom":
        """The same feeds with nothing to say: for those who publish their own items."""
        return Newsroom(self.feeds)

    def _notes(self, feed: SampleFeed, moment: float, limit: int) -> Iterator[Entry]:
        """The last `limit` everyday notes of the feed: time goes on without end, the work does not grow."""
        if self.everyday is None or moment < self.everyday.start:
            return
        turn, turns = self.feeds.index(feed), len(self.feeds)
        newest = int((moment - self.everyday.start) // self.everyday.every)
        newest -= (newest - turn) % turns
        for number in range(newest, max(-1, newest - limit * turns), -turns):
            yield self.everyday.entry(number, feed)

    @cached_property
    def _stories_of(self) -> dict[str, list[Story]]:
        by_feed: dict[str, list[Story]] = {}
        for story in self.stories:
            by_feed.setdefault(story.entry.feed, []).append(story)
        return by_feed


def load() -> Newsroom:
    """The newsroom of `news.toml`, which ships with the program."""
    text = resources.files("bot.sandbox").joinpath("news.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    feeds = tuple(SampleFeed(**table) for table in document["feeds"])
    by_id = {feed.id: feed for feed in feeds}
    stories = tuple(_story(table, by_id[table["feed"]]) for table in document["stories"])
    return Newsroom(feeds, stories, _everyday(document["everyday"]))


def _story(table: dict[str, Any], feed: SampleFeed) -> Story:
    slug, at = table["slug"], float(table["at"])
    entry = Entry(
        feed=feed.id,
        guid=f"{feed.id}:{slug}",
        at=at,
        updated=at,
        title=table["title"],
        summary=table["summary"],
        link=table.get("link", link_to(feed, slug)),
        lang=table.get("lang", feed.lang),
    )
    edits = [
        Edit(float(edit["at"]), edit.get("title", entry.title), edit.get("summary", entry.summary))
        for edit in table.get("edits", [])
    ]
    return Story(entry, tuple(sorted(edits, key=lambda edit: edit.at)))


def _everyday(table: dict[str, Any]) -> Everyday:
    templates = {
        lang: Templates(tuple(one["titles"]), tuple(one["places"]), one["summary"])
        for lang, one in table["templates"].items()
    }
    return Everyday(float(table["start"]), float(table["every"]), templates)


def link_to(feed: SampleFeed, slug: str) -> str:
    """Where the outlet would publish it."""
    return f"https://{feed.host}/{slug}"
