"""What runs in the parser's child process: a document → plain values.

feedparser raises on some broken feeds and needs minutes for a few made to hurt; here it may fail, because the
process around it can be killed (`bot.parse`). Nothing of feedparser leaves this module.
"""

import calendar
import io
import os
import re
import resource
import signal
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import feedparser

from bot.entries import ParsedFeed, RawEntry, RawFeed, ends, normalise
from bot.jsonfeed import looks_like_json, read_json_feed
from watchlists.clean import clean, plain_text

EXIT_MEMORY = 77
_INVENTED = "text/html"  # the type that feedparser gives a link without one
_BUSY = 0.8
_MARKUP_LIMIT = 200_000  # characters of one text that are looked at; a summary keeps far fewer
_ROOT = re.compile(rb"<(?:[\w-]{1,20}:)?(rss|feed|rdf|channel)\b([^>]{0,4000}/>)?", re.IGNORECASE)
_LIST_LIMIT = 2_000  # bytes of a list of hours or days
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_UNDECLARED = {
    re.compile(rb"(?:\xff\xfe)?<\x00[^?\x00]\x00"): "utf-16-le",
    re.compile(rb"(?:\xfe\xff)?\x00<\x00[^?\x00]"): "utf-16-be",
}
_DAYS = (b"monday", b"tuesday", b"wednesday", b"thursday", b"friday", b"saturday", b"sunday")
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes and what is known of them. `url` is empty for a file; `now` is aware; `languages` are tags."""

    body: bytes
    url: str
    content_type: str
    languages: tuple[str, ...]
    now: datetime


def start(memory_limit: int) -> None:
    """Limit this process for good: bytes of address space, and no core files."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_limit, memory_limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_within(wall_limit: float, document: Document) -> ParsedFeed | None:
    """`read`, or the end of this process.

    It ends when `wall_limit` seconds are over (the parent's clock may jump, the parent may be gone), and when
    the memory limit is hit (exit code `EXIT_MEMORY`): what is left of it then cannot be trusted. Where it has
    computed for most of these seconds the signal is SIGPROF, else SIGALRM: then the machine had no time for it.
    """
    limits = {signal.ITIMER_PROF: wall_limit * _BUSY, signal.ITIMER_REAL: wall_limit}
    for timer, seconds in limits.items():
        signal.setitimer(timer, seconds)  # its signal, not handled, ends the process even inside C
    try:
        return read(document)
    except MemoryError:
        os._exit(EXIT_MEMORY)
    finally:
        for timer in limits:
            signal.setitimer(timer, 0)


def read(document: Document) -> ParsedFeed | None:
    """The feed in `document`, or None where it is no feed. Raises whatever feedparser raises."""
    raw = read_json_feed(document.body) if looks_like_json(document.body) else _read_xml(document)
    return normalise(raw, document.url, document.now, document.languages) if raw else None


def _read_xml(document: Document) -> RawFeed | None:
    body, content_type = _readable(document)
    # Only a stream: given text or bytes, feedparser opens URLs and files. It is not told where the document came
    # from: it would make addresses of guids, which then change when the feed moves. `normalise` resolves links.
    parsed = feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-type": content_type},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    entries = ends(parsed["entries"])
    version = parsed.get("version")
    if not version and not entries:
        return None
    feed = parsed["feed"]
    return RawFeed(
        kind=version or "unknown",
        title=_text(feed, "title"),
        link=_link(feed),
        lang=feed.get("language") or "",
        ttl=_ttl(feed),
        entries=[_entry(entry) for entry in entries],
        skip_hours={int(hour) % 24 for hour in _listed(body, b"skiphours", b"hour") if hour.isdigit()},
        skip_days={_DAYS.index(day) for day in _listed(body, b"skipdays", b"day") if day in _DAYS},
        whole=_is_whole(body),
        hub=_related(feed, "hub"),
        topic=_related(feed, "self"),
    )


def _readable(document: Document) -> tuple[bytes, str]:
    """Bytes and their type, with UTF-16 that has no declaration made UTF-8: feedparser takes it for UTF-8."""
    for form, codec in _UNDECLARED.items():
        if form.match(document.body):
            text = document.body.decode(codec, "replace").removeprefix("\ufeff")
            return text.encode(), "application/xml"
    # Without a type feedparser would guess Latin-1; XML has its own rule for a document that does not say.
    return document.body, document.content_type or "application/xml"


def _entry(entry: Mapping[str, Any]) -> RawEntry:
    contents = (_text(content, "value") for content in entry.get("content", ()))
    source = entry.get("source") or {}
    image, enclosure, enclosure_type = _media(entry)
    return RawEntry(
        guid=clean(entry.get("id") or ""),
        # FeedBurner and its kin put a counting link in the feed and the article's own beside it.
        link=entry.get("feedburner_origlink") or _link(entry),
        title=_text(entry, "title"),
        summary=_text(entry, "summary") or next(filter(None, contents), ""),
        published=_first_moment(entry),
        lang=entry.get("language") or _language(entry, "title") or _language(entry, "summary"),
        publisher=source.get("href") or _link(source),
        authors=[_text(author, "name") for author in entry.get("authors", ())],
        categories=[_text(tag, "label") or _text(tag, "term") for tag in entry.get("tags", ())],
        updated=_moment(dict.get(entry, "updated_parsed")) if isinstance(entry, dict) else None,
        image=image,
        enclosure=enclosure,
        enclosure_type=enclosure_type,
    )


def _media(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    """The addresses of a picture and of something else, and the media type of this; empty where there is none."""
    pictures, others = [(entry.get("image") or {}).get("href")], []
    attached = [(link.get("href"), link) for link in entry.get("links", ()) if link.get("rel") == "enclosure"]
    attached += [(content.get("url"), content) for content in entry.get("media_content", ())]
    for address, more in attached:
        kind = more.get("type") or ""
        if more.get("medium") == "image" or kind.startswith("image/"):
            pictures.append(address)
        elif address:
            others.append((address, "" if kind == _INVENTED else kind))
    pictures += [thumbnail.get("url") for thumbnail in entry.get("media_thumbnail", ())]
    return next(filter(None, pictures), ""), *next(iter(others), ("", ""))


def _text(values: Mapping[str, Any], name: str) -> str:
    """The plain text of a title or a summary.

    Everything is read as markup, what Atom calls plain too: publishers mislabel far more often than a headline
    holds a real HTML tag, and words in angle brackets that are no tags stay.
    """
    return plain_text((values.get(name) or "")[:_MARKUP_LIMIT])


def _language(entry: Mapping[str, Any], name: str) -> str:
    detail = entry.get(f"{name}_detail")
    return (detail.get("language") or "") if isinstance(detail, Mapping) else ""


def _link(values: Mapping[str, Any]) -> str:
    """The alternate link, else any other that is a page, else the guid where it is an address."""
    link = values.get("link") or ""
    others = [other.get("href") or "" for other in values.get("links", ()) if other.get("rel") == "alternate"]
    if values.get("guidislink") and not any(others):
        # feedparser takes any guid for a link, and makes an address of it; most are none.
        link = values.get("id") or ""
        return link if _ADDRESS.match(link) else ""
    return link if link.startswith("http") else next(filter(None, others), link)


def _related(feed: Mapping[str, Any], relation: str) -> str:
    """The first link of the feed with this relation."""
    return next((link.get("href") or "" for link in feed.get("links", ()) if link.get("rel") == relation), "")


def _first_moment(entry: Mapping[str, Any]) -> datetime | None:
    # dict.get: feedparser's own warns and answers a missing date with another.
    names: Iterable[str] = ("published_parsed", "updated_parsed", "created_parsed")
    moments = (_moment(dict.get(entry, name)) for name in names if isinstance(entry, dict))
    return next((moment for moment in moments if moment), None)


def _moment(parsed: time.struct_time | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        return None


def _ttl(feed: Mapping[str, Any]) -> float | None:
    """Seconds between polls that the feed asks for: ttl (minutes), else the syndication module's period."""
    try:
        if feed.get("ttl"):
            return float(feed["ttl"]) * 60
        period = _PERIODS[str(feed.get("sy_updateperiod")).strip().lower()]
        return period / max(1.0, float(feed.get("sy_updatefrequency") or 1))
    except (KeyError, ValueError):
        return None


def _listed(body: bytes, outer: bytes, inner: bytes) -> list[bytes]:
    """What stands in the elements of a list that feedparser does not know, in lower case."""
    lower = body.lower()
    start = lower.find(b"<" + outer)
    end = lower.find(b"</" + outer, start)
    if start < 0 or not 0 <= end - start <= _LIST_LIMIT:
        return []
    return re.findall(rb"<%b>\s*(\w{1,9})\s*</%b>" % (inner, inner), lower[start:end])


def _is_whole(body: bytes) -> bool:
    """Whether the document's outermost element is closed; its last bracket may be missing, as it is in some feeds."""
    root = _ROOT.search(body)
    if root is None or root[2]:
        return True
    return re.search(rb"</(?:[\w-]{1,20}:)?%b\b" % root[1], body, re.IGNORECASE) is not None
