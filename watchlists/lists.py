"""Files of feeds and of watches → values; and the files that ship with the program.

    feeds        TOML or OPML 1.0/2.0, told apart by content   → (FeedEntry, …)
    a watchlist  TOML with slug, title, description, tags and [[watches]]   → Watchlist

Text comes in, frozen values come out. A file is taken whole or not at all: every fault in it is reported in
one `ListError`, each with its place. Files of feeds are read tolerantly, because they come from other
programs; watchlists are our own form, so an unknown key there is a slip of the pen and is refused.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from watchlists.errors import ListError, QueryError
from watchlists.i18n import N_, _
from watchlists.opml import Outline, outlines
from watchlists.query import parse
from watchlists.terms import Query

MAX_URL = 2048
MAX_SLUG = 40  # a deep link carries at most 64 characters, and the slug shares them with the verb

_ADDRESS_KEYS = ("url", "href", "xml_url", "xmlUrl", "xmlurl", "link")
_TITLE_KEYS = ("title", "name", "text")
_LANGUAGE_KEYS = ("lang", "language")
_FORMS = N_('[[feeds]] tables with a url, a list feeds = ["https://…"], or a [feeds] table of name = "https://…"')


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A feed as a file names it. `lang` is a lower-case ISO 639 code, or None; `title` may be empty."""

    url: str
    title: str = ""
    lang: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedWatch:
    """One watch of a watchlist; `note` tells followers what it is for."""

    query: Query
    note: str = ""


@dataclass(frozen=True, slots=True)
class Watchlist:
    """A named, curated set of watches. No two of its watches mean the same."""

    slug: str
    title: str
    description: str
    tags: tuple[str, ...]
    watches: tuple[ListedWatch, ...]


def shipped_names() -> tuple[str, ...]:
    """The names of the files that ship with the program, in order: `feeds.toml` and the watchlists."""
    folder = resources.files("watchlists").joinpath("curated")
    return tuple(sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml")))


def shipped(name: str) -> str:
    """The text of one shipped file; only the names of `shipped_names` are known, so no path gets through."""
    if name not in shipped_names():
        message = _("There is no shipped file {name}; there are {names}.")
        raise ListError(message.format(name=repr(name), names=", ".join(shipped_names())))
    return resources.files("watchlists").joinpath("curated", name).read_text(encoding="utf-8")


def parse_feeds(text: str, name: str) -> tuple[FeedEntry, ...]:
    """The feeds of a TOML or OPML file, in its order; `name` is how messages call the file.

    A feed that stands there twice is one feed with the tags of both: OPML from other readers repeats a feed
    in each of its folders, so that is no fault.
    """
    text = text.removeprefix("\ufeff")
    faults: list[str] = []
    if text.lstrip().startswith("<"):
        entries = [_outline(outline, faults) for outline in _outlines(text, name)]
    else:
        entries = [_feed(value, place, faults) for place, value in _tables(_toml(text, name), name)]
    _refuse(name, faults)
    return _folded(entry for entry in entries if entry)


def parse_watchlist(text: str, name: str) -> Watchlist:
    """A watchlist from its TOML, each query checked; `name` is how messages call the file."""
    document = _toml(text.removeprefix("\ufeff"), name)
    faults = [
        _unknown(key, ("slug", "title", "description", "tags", "watches"))
        for key in document
        if key not in ("slug", "title", "description", "tags", "watches")
    ]
    place = _("the list")
    slug = _text(document, ("slug",), place, faults, required=True)
    if slug and not (re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) and len(slug) <= MAX_SLUG):
        message = _("the slug {slug} should be at most {most} small letters and digits, joined by hyphens")
        faults.append(message.format(slug=repr(slug), most=MAX_SLUG))
    title = _text(document, ("title",), place, faults, required=True)
    description = _text(document, ("description",), place, faults)
    tags = _tags(document.get("tags", []), place, faults)
    watches = _watches(document.get("watches"), faults)
    _refuse(name, faults)
    return Watchlist(slug, title, description, tags, watches)


# Watches


def _watches(value: object, faults: list[str]) -> tuple[ListedWatch, ...]:
    if not isinstance(value, list) or not value:
        faults.append(_("it has no watches: write each as a [[watches]] table with a query"))
        return ()
    watches: list[ListedWatch] = []
    numbers: dict[str, int] = {}
    for number, table in enumerate(value, start=1):
        watch = _watch(table, _("watch {number}").format(number=number), faults)
        if watch is None:
            continue
        first = numbers.setdefault(watch.query.key, number)
        if first != number:
            message = _("watch {number} ({text}) means the same as watch {first}")
            faults.append(message.format(number=number, text=watch.query.text, first=first))
        watches.append(watch)
    return tuple(watches)


def _watch(value: object, place: str, faults: list[str]) -> ListedWatch | None:
    table = {"query": value} if isinstance(value, str) else value
    if not isinstance(table, dict):
        faults.append(_("{place} should be a table with a query").format(place=place))
        return None
    faults.extend(f"{place}: {_unknown(key, ('query', 'note'))}" for key in table if key not in ("query", "note"))
    note = _text(table, ("note",), place, faults)
    text = _text(table, ("query",), place, faults, required=True)
    if not text:
        return None
    try:
        return ListedWatch(parse(text), note)
    except QueryError as error:
        message = _("{place} ({text}), at character {position}: {fault}")
        fault = str(error).rstrip(".")
        faults.append(message.format(place=place, text=text, position=error.position + 1, fault=fault))
        return None


# Feeds in TOML


def _tables(document: dict[str, Any], name: str) -> Iterator[tuple[str, object]]:
    """What the file lists as feeds, each with its place in words."""
    found = [document[key] for key in ("feeds", "feed") if key in document]
    if not found:
        raise ListError(_("{file} names no feeds: it should have {forms}.").format(file=name, forms=_(_FORMS)))
    number = 0
    for value in found:
        if isinstance(value, dict):
            value = [value] if any(key in value for key in _ADDRESS_KEYS) else _named(value)
        if not isinstance(value, list):
            message = _("{file} does not list its feeds: it should have {forms}.")
            raise ListError(message.format(file=name, forms=_(_FORMS)))
        for table in value:
            number += 1
            yield _("feed {number}").format(number=number), table


def _named(table: dict[str, Any]) -> list[Any]:
    """`[feeds]` with name = address, or with a table for each name, as a list of tables."""
    return [{"title": key, **(value if isinstance(value, dict) else {"url": value})} for key, value in table.items()]


def _feed(value: object, place: str, faults: list[str]) -> FeedEntry | None:
    table = {"url": value} if isinstance(value, str) else value
    if not isinstance(table, dict):
        faults.append(_("{place} should be an address or a table with a url").format(place=place))
        return None
    url = _text(table, _ADDRESS_KEYS, place, faults, required=True)
    title = _text(table, _TITLE_KEYS, place, faults)
    language = _text(table, _LANGUAGE_KEYS, place, faults)
    lang = _language(language)
    if language and not lang:
        message = _("{place}: the language {language} should be a code such as en or uk")
        faults.append(message.format(place=place, language=repr(language)))
    tags = _tags(table.get("tags", []), place, faults)
    fault = _address_fault(url)
    if url and fault:
        faults.append(f"{place}: {fault}")
    return None if not url or fault else FeedEntry(url, title, lang, tags)


# Feeds in OPML


def _outlines(text: str, name: str) -> list[Outline]:
    """The outlines of a file that has some: a file without is a mistake, such as an OPML of links."""
    found = outlines(text, name)
    if not found:
        raise ListError(_("{file} names no feeds: none of its outlines has an xmlUrl.").format(file=name))
    return found


def _outline(found: Outline, faults: list[str]) -> FeedEntry | None:
    fault = _address_fault(found.url)
    if fault:
        faults.append(_("line {number}").format(number=found.line) + f": {fault}")
        return None
    return FeedEntry(found.url, found.title, _language(found.language), found.tags)


# What both share


def _toml(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = _("{file} is not valid TOML: {reason}.")
        raise ListError(message.format(file=name, reason=str(error).rstrip("."))) from None


def _refuse(name: str, faults: list[str]) -> None:
    if faults:
        raise ListError(_("{file} cannot be used: {faults}.").format(file=name, faults="; ".join(faults)))


def _unknown(key: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    if near:
        return _("{key} is not known (did you mean {near}?)").format(key=repr(key), near=repr(near[0]))
    return _("{key} is not known; known are {known}").format(key=repr(key), known=", ".join(known))


def _text(
    table: dict[str, Any], keys: tuple[str, ...], place: str, faults: list[str], *, required: bool = False
) -> str:
    """The first of `keys` in the table, as one stripped line; empty where there is none or it is no text."""
    key = next((key for key in keys if key in table), keys[0])
    value = table.get(key, "")
    if not isinstance(value, str):
        faults.append(_("{place}: {key} should be text in quotation marks").format(place=place, key=key))
        return ""
    if required and not value.strip():
        faults.append(_("{place} has no {key}").format(place=place, key=key))
    return " ".join(value.split())


def _tags(value: object, place: str, faults: list[str]) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        faults.append(_('{place}: tags should be a list of words, such as ["world", "europe"]').format(place=place))
        return ()
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _language(code: str) -> str | None:
    """`en` of `en`, `en-US` and `EN_us`; None for anything that is no such code."""
    found = re.fullmatch(r"([a-z]{2,3})(?:[-_][a-z0-9_-]*)?", code.lower())
    return found[1] if found else None


def _address_fault(url: str) -> str:
    """What keeps `url` from being polled, in words; empty if nothing does."""
    shown = repr(url if len(url) <= 80 else url[:79] + "…")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return _("{address} is not an address that can be read").format(address=shown)
    if re.search(r"[\s\x00-\x20\x7f]", url) or len(url) > MAX_URL:
        return _("{address} has a space in it or more than {most} characters").format(address=shown, most=MAX_URL)
    if parts.scheme not in ("http", "https") or not host:
        return _("the address {address} should begin with https:// or http:// and name a host").format(address=shown)
    if parts.username:
        return _("the address of {host} holds a name or password, which is not supported").format(host=host)
    return ""


def _folded(entries: Iterable[FeedEntry]) -> tuple[FeedEntry, ...]:
    """Each address once, in the order of its first mention; scheme and host are the same in any case."""
    kept: dict[str, FeedEntry] = {}
    for entry in entries:
        parts = urlsplit(entry.url)
        key = parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/", fragment="").geturl()
        first = kept.get(key, entry)
        tags = tuple(dict.fromkeys(first.tags + entry.tags))
        kept[key] = replace(first, title=first.title or entry.title, lang=first.lang or entry.lang, tags=tags)
    return tuple(kept.values())
