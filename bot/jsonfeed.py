"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) → plain values.

Lenient, as its version 1.1 asks of readers: ids may be numbers, unknown fields and values of a wrong type are
as if they were not there.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.entries import RawEntry, RawFeed
from watchlists.clean import clean, plain_text

_VERSIONS = {"https://jsonfeed.org/version/1": "json10", "https://jsonfeed.org/version/1.1": "json11"}


def looks_like_json(body: bytes) -> bool:
    """Whether `body` begins as a JSON object."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def read_json_feed(body: bytes) -> RawFeed | None:
    """The feed in `body`, or None where it is no JSON Feed."""
    try:
        document = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):  # ValueError: also a number of thousands of digits
        return None
    if not isinstance(document, dict):
        return None
    kind = _VERSIONS.get(_text(document, "version").replace("http://", "https://").rstrip("/"))
    if kind is None:
        return None
    return RawFeed(
        kind=kind,
        title=clean(_text(document, "title")),
        link=_text(document, "home_page_url"),
        lang=_text(document, "language"),
        entries=[_entry(item) for item in _objects(document, "items")],
        hub=next((_text(hub, "url") for hub in _objects(document, "hubs") if _text(hub, "type") == "WebSub"), ""),
        topic=_text(document, "feed_url"),
    )


def _entry(item: Mapping[str, Any]) -> RawEntry:
    attachments = _objects(item, "attachments")
    summary = clean(_text(item, "summary") or _text(item, "content_text"))
    return RawEntry(
        guid=_text(item, "id"),
        link=_text(item, "url") or _text(item, "external_url"),
        title=clean(_text(item, "title")),
        summary=summary or plain_text(_text(item, "content_html")),
        published=_moment(_text(item, "date_published")) or _moment(_text(item, "date_modified")),
        lang=_text(item, "language"),
        authors=[_text(author, "name") for author in (*_objects(item, "authors"), *_object(item, "author"))],
        categories=[tag for tag in _list(item, "tags") if isinstance(tag, str)],
        updated=_moment(_text(item, "date_modified")),
        image=_text(item, "image") or _text(item, "banner_image"),
        enclosure=next((_text(attached, "url") for attached in attachments), ""),
        enclosure_type=next((_text(attached, "mime_type") for attached in attachments), ""),
    )


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if isinstance(value, str):
        return value
    # Version 1.0 had writers with numeric ids: "a reader should coerce these to strings".
    return str(value) if isinstance(value, int | float) and name == "id" else ""


def _list(values: Mapping[str, Any], name: str) -> list[Any]:
    value = values.get(name)
    return value if isinstance(value, list) else []


def _objects(values: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [value for value in _list(values, name) if isinstance(value, dict)]


def _object(values: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The object as the only one of a list, or none: version 1.0 has one author where 1.1 has a list."""
    value = values.get(name)
    return [value] if isinstance(value, dict) else []


def _moment(text: str) -> datetime | None:
    """An RFC 3339 date; without a zone it is taken as UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
