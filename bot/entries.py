"""From what a feed says to items: the rules that do not depend on the format.

    feedparser or JSON ─► RawFeed, RawEntry (plain text, unchecked) ─normalise─► ParsedFeed, Item (checked)

Links are absolute and http(s), dates are plausible or None, texts are short enough to store and to match, and
every item has a key (`watchlists.identity`).
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

from bot.languages import first_fitting, language
from watchlists.clean import clean, shorten
from watchlists.identity import canonical_link, item_key, site
from watchlists.model import Details, Item

T = TypeVar("T")
MAX_ITEMS = 500  # a feed that shows more is an archive; this bounds the transaction that stores a first poll
TITLE_LIMIT = 500  # characters; the longest headlines seen are under 300
SUMMARY_LIMIT = 2_000  # characters; whole articles add noise to matching and weight to the database
_FALLBACK_TITLE = 120
_NAME_LIMIT, _AUTHORS, _CATEGORIES = 80, 5, 15  # characters of a name, and names of a kind
_URL_LIMIT = 2_048
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the web: a default of some program, not a date
_LATEST = timedelta(days=1)  # after now: a wrong zone is forgiven, a wrong year is not


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One entry as its format tells it: texts are plain text already, nothing else is checked.

    `publisher` is a link of the entry's original publisher, where an aggregator names one. The rest becomes
    `model.Details`.
    """

    guid: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    published: datetime | None = None
    lang: str = ""
    publisher: str = ""
    authors: Sequence[str] = ()
    categories: Sequence[str] = ()
    updated: datetime | None = None
    image: str = ""
    enclosure: str = ""
    enclosure_type: str = ""


@dataclass(frozen=True, slots=True)
class RawFeed:
    """A whole feed as its format tells it; `ttl` in seconds, `hub` and `topic` as in `ParsedFeed`, the others as in
    `cadence.Hints`."""

    kind: str
    title: str = ""
    link: str = ""
    lang: str = ""
    ttl: float | None = None
    entries: Sequence[RawEntry] = ()
    skip_hours: Set[int] = frozenset()
    skip_days: Set[int] = frozenset()
    whole: bool = True
    hub: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed and its items in the feed's own order; at most `MAX_ITEMS`, from both ends.

    `kind` is feedparser's name of the format (`rss20`, `atom10`), `json10` or `json11`; `ttl` is how long the
    feed asks to be left alone, in seconds, and `skip_hours` and `skip_days` when (see `cadence.Hints`). Not `whole`
    is a document that was cut off; its `items` are those before the cut. `hub` pushes what is new in the feed that it
    knows as `topic` (WebSub); empty where the feed names none.
    """

    title: str
    link: str
    lang: str | None
    ttl: float | None
    kind: str
    items: tuple[Item, ...]
    skip_hours: Set[int] = frozenset()
    skip_days: Set[int] = frozenset()
    whole: bool = True
    hub: str = ""
    topic: str = ""


def normalise(raw: RawFeed, url: str, now: datetime, languages: Sequence[str] = ()) -> ParsedFeed:
    """The feed and its items, checked. `url` is where it came from (empty for a file); `now` is aware.

    `languages` are tags that others give the feed; they count where its own are missing or cannot be.
    """
    link = web_link(raw.link, url)
    bases = [base for base in (url, link) if base]
    entries = ends(raw.entries)
    links = [web_link(entry.link, *bases) for entry in entries]
    links = ["" if entry_link == url else entry_link for entry_link in links]  # what an empty link resolves to
    keys = _keys(entries, links, link)
    items = (
        replace(
            _item(key, entry, entry_link, (raw.lang, *languages), site(link) or site(url), now),
            details=_details(entry, bases, now),
        )
        for key, entry, entry_link in zip(keys, entries, links, strict=True)
    )
    return ParsedFeed(
        title=shorten(clean(raw.title), TITLE_LIMIT),
        link=link,
        lang=language(raw.lang),
        ttl=raw.ttl if raw.ttl and raw.ttl > 0 else None,
        kind=raw.kind,
        items=tuple(item for item in items if item.title),
        skip_hours=raw.skip_hours,
        skip_days=raw.skip_days,
        whole=raw.whole,
        hub=web_link(raw.hub, url),
        topic=web_link(raw.topic, url),
    )


def _item(key: str, entry: RawEntry, link: str, languages: Sequence[str], home: str, now: datetime) -> Item:
    summary = shorten(clean(entry.summary), SUMMARY_LIMIT)
    # Microblogs have no titles; what is nothing but a link is known by it. No title at all: nothing to show.
    title = clean(entry.title) or shorten(summary, _FALLBACK_TITLE) or link.partition("://")[2]
    source = site(link) or home
    if source == "news.google.com":
        source = site(entry.publisher) or source
    return Item(
        id=key,
        title=shorten(title, TITLE_LIMIT),
        summary=summary,
        url=link,
        source=source,
        published=plausible(entry.published, now),
        lang=first_fitting((entry.lang, *languages), f"{title} {summary}"),
    )


def _details(entry: RawEntry, bases: Sequence[str], now: datetime) -> Details:
    updated = plausible(entry.updated, now)
    enclosure = web_link(entry.enclosure, *bases)
    return Details(
        authors=_names(entry.authors, _AUTHORS),
        categories=_names(entry.categories, _CATEGORIES),
        updated=None if updated == entry.published else updated,
        image=web_link(entry.image, *bases),
        enclosure=enclosure,
        enclosure_type=shorten(clean(entry.enclosure_type), _NAME_LIMIT).lower() if enclosure else "",
    )


def _names(names: Sequence[str], limit: int) -> tuple[str, ...]:
    """The first of the names, each once and short."""
    cleaned = (shorten(clean(name), _NAME_LIMIT) for name in names)
    return tuple(islice(dict.fromkeys(filter(None, cleaned)), limit))


def ends(entries: Sequence[T]) -> list[T]:
    """As many as are taken, of each end half: most feeds begin with what is new, and some end with it."""
    half = MAX_ITEMS // 2
    return [*entries] if len(entries) <= MAX_ITEMS else [*entries[:half], *entries[-half:]]


def _keys(entries: Sequence[RawEntry], links: Sequence[str], home: str) -> list[str]:
    """A key for each entry. Where one guid or link stands for entries that differ, it is no identity.

    Status pages give every entry the link of the page; some programs give every entry the same guid.
    """
    forms = [canonical_link(link) for link in links]
    by_guid: dict[str, list[tuple[str, str]]] = {}
    by_link: dict[str, set[str]] = {}
    for entry, form in zip(entries, forms, strict=True):
        by_guid.setdefault(entry.guid, []).append((form, entry.title))
        if not entry.guid:
            by_link.setdefault(form, set()).add(entry.title)
    vague_links = {form for form, titles in by_link.items() if len(titles) > 1} | {canonical_link(home)}
    vague_guids = {guid for guid, seen in by_guid.items() if _differ(seen)}
    keys = []
    for entry, link, form in zip(entries, links, forms, strict=True):
        guid = "" if entry.guid in vague_guids else entry.guid
        own_link = "" if form in vague_links else link
        keys.append(item_key(guid, own_link, entry.title, entry.summary, entry.published))
    return keys


def _differ(seen: Sequence[tuple[str, str]]) -> bool:
    """Whether entries, as (link, title), are not one entry in several versions: those share link or title."""
    links, titles = {link for link, _ in seen}, {title for _, title in seen}
    return len(titles) > 1 and (len(links) > 1 or links == {""})


def web_link(link: str, *bases: str) -> str:
    """`link` as an absolute http(s) URL, resolved against the first base that makes it one; else empty."""
    link = clean(link).replace(" ", "%20")
    if not link:
        return ""
    for base in ("", *bases):
        try:
            candidate = urljoin(base, link)
            parts = urlsplit(candidate)
            if parts.scheme in ("http", "https") and parts.hostname and len(candidate) <= _URL_LIMIT:
                return candidate
        except ValueError:
            continue
    return ""


def plausible(moment: datetime | None, now: datetime) -> datetime | None:
    """`moment`, or None outside of [1990, now + 1 day]."""
    return moment if moment is not None and _EARLIEST <= moment <= now + _LATEST else None
