"""Files of feeds → values: TOML or OPML 1.0/2.0, told apart by content.

A file is taken whole or not at all: every fault in it is reported in one `ListError`, each with its place. It is read
tolerantly, because it comes from other programs.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from watchlists.errors import ListError
from watchlists.fields import refuse, tags_of, text_of, toml_of
from watchlists.i18n import N_, _
from watchlists.opml import Outline, outlines

MAX_URL = 2048

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
        entries = [_feed(value, place, faults) for place, value in _tables(toml_of(text, name), name)]
    refuse(name, faults)
    return _folded(entry for entry in entries if entry)


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
    url = text_of(table, _ADDRESS_KEYS, place, faults, required=True)
    title = text_of(table, _TITLE_KEYS, place, faults)
    language = text_of(table, _LANGUAGE_KEYS, place, faults)
    lang = _language(language)
    if language and not lang:
        message = _("{place}: the language {language} should be a code such as en or uk")
        faults.append(message.format(place=place, language=repr(language)))
    tags = tags_of(table.get("tags", []), place, faults)
    fault = _address_fault(url)
    if url and fault:
        faults.append(f"{place}: {fault}")
    return None if not url or fault else FeedEntry(url, title, lang, tags)


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
