"""How a chat follows a list, as a table of its file: see `watchlists.portable`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from watchlists import hours
from watchlists.errors import ListError
from watchlists.fields import quoted_text, tags_of, text_of, unknown
from watchlists.following import plain_exclusions
from watchlists.i18n import _
from watchlists.model import LEVELS, Level
from watchlists.query import parse

_KEYS = ("list", "only", "muted", "without", "level", "digest", "news")


@dataclass(frozen=True, slots=True)
class PortableFollow:
    """How a chat follows a list, by its slug; `named` are the texts of watches. See `ports_lists.Follow`."""

    slug: str
    named: tuple[str, ...] = ()
    some: bool = False
    without: str = ""
    level: Level | Literal[""] = ""
    digest: str = ""
    news: bool = False


def follow_lines(follow: PortableFollow) -> Iterator[str]:
    """The lines of its table."""
    yield f"list = {quoted_text(follow.slug)}"
    if follow.named or follow.some:
        yield f"{'only' if follow.some else 'muted'} = [{', '.join(map(quoted_text, follow.named))}]"
    for name, value in (("without", follow.without), ("level", follow.level), ("digest", follow.digest)):
        if value:
            yield f"{name} = {quoted_text(value)}"
    if follow.news:
        yield "news = true"


def read_follow(value: object) -> PortableFollow:
    """What a table says. Raises `WirewatchError`."""
    table: dict[str, Any] = value if isinstance(value, dict) else {"list": value}
    faults = [unknown(key, _KEYS) for key in table if key not in _KEYS]
    place = "[[follows]]"
    slug = text_of(table, ("list",), place, faults, required=True)
    without, level, digest = (text_of(table, (key,), place, faults) for key in ("without", "level", "digest"))
    some = "only" in table
    named = tags_of(table.get("only" if some else "muted", []), place, faults)
    if level not in ("", *LEVELS):
        faults.append(_("{key} should be one of {known}").format(key="level", known=", ".join(LEVELS)))
    if not isinstance(table.get("news", False), bool):
        faults.append(_("{key} should be one of {known}").format(key="news", known=", ".join(("true", "false"))))
    if faults:
        raise ListError("; ".join(faults))
    for query in named:
        parse(query)
    return PortableFollow(
        slug,
        named,
        some,
        plain_exclusions(without),
        next((each for each in LEVELS if each == level), ""),
        str(hours.read_digest(digest) or "off") if digest else "",
        bool(table.get("news")),
    )
