"""Items as JSON lines, the form in which the command line reads and prints them (UTF-8, one object a line)."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from watchlists.model import Item


class BadLineError(Exception):
    """A line that holds no item; its text says why, as the end of a sentence."""


def item_to_dict(item: Item) -> dict[str, Any]:
    """The fields of an item as JSON values; `published` is ISO 8601 or None."""
    return {
        "id": item.id,
        "title": item.title,
        "summary": item.summary,
        "url": item.url,
        "source": item.source,
        "published": item.published.isoformat() if item.published else None,
        "lang": item.lang,
    }


def to_line(values: Mapping[str, Any]) -> str:
    """One JSON line, with letters as they are; escaped where they cannot be encoded (names of files)."""
    line = json.dumps(values, ensure_ascii=False)
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(values)
    return line


def item_from_line(line: bytes) -> Item:
    """The item of one line; unknown fields are ignored, missing ones empty. Raise `BadLineError` if it is none.

    An item needs an `id`, and a `title` or a `summary`. A time without a zone counts as UTC, one that cannot be
    read as none.
    """
    try:
        values = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadLineError("is not UTF-8 text") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadLineError(f"is not JSON ({getattr(error, 'msg', 'nested too deep')})") from None
    if not isinstance(values, dict):
        raise BadLineError("is not a JSON object")
    identity = values.get("id")
    if isinstance(identity, bool) or not isinstance(identity, str | int) or not str(identity).strip():
        raise BadLineError('has no "id" (a text)')
    title, summary = _text(values, "title"), _text(values, "summary")
    if not title.strip() and not summary.strip():
        raise BadLineError('has no "title"')
    return Item(
        id=_scrubbed(str(identity)),
        title=title,
        summary=summary,
        url=_text(values, "url"),
        source=_text(values, "source"),
        published=_published(values.get("published")),
        lang=_text(values, "lang").strip().lower() or None,
    )


def numbered(file: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that are not empty, each with its number from 1."""
    return ((number, line) for number, line in enumerate(file, start=1) if line.strip())


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadLineError(f'has a "{key}" that is not a text')
    return _scrubbed(value)


def _scrubbed(value: str) -> str:
    """Text without lone surrogates, which JSON can express and nothing can print."""
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _published(value: object) -> datetime | None:
    """The time, or None for what is no time in ISO 8601: an item is worth reading without one."""
    try:
        published = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return published.replace(tzinfo=UTC) if published and not published.tzinfo else published
