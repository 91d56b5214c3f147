"""Watchlists as values: what is in one, and what an edit changes. `watchlists.list_files` reads and writes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Literal

from watchlists.i18n import spoken
from watchlists.model import Level
from watchlists.terms import Query

Visibility = Literal["public", "unlisted", "private"]
VISIBILITIES: tuple[Visibility, ...] = ("public", "unlisted", "private")
MAX_SLUG = 40  # a deep link carries at most 64 characters, and the slug shares them with the verb
MAX_LISTED = 200  # watches
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"


@dataclass(frozen=True, slots=True)
class Texts:
    """One text in several languages: pairs of an ISO 639 code and the text, English first. `texts` makes it."""

    said: tuple[tuple[str, str], ...] = ()

    @property
    def shown(self) -> str:
        """In the language that is spoken now; else in English; else in the first that there is."""
        by_code = dict(self.said)
        return by_code.get(spoken()) or next(iter(by_code.values()), "")

    def put(self, code: str, text: str) -> "Texts":
        """With another text in one language; empty for none."""
        return texts({**dict(self.said), code: text})


def texts(said: Mapping[str, str]) -> Texts:
    """The text by its languages; empty ones are left out."""
    return Texts(tuple(sorted(((code, text) for code, text in said.items() if text), key=_english_first)))


def _english_first(pair: tuple[str, str]) -> tuple[bool, str]:
    return pair[0] != "en", pair[0]


@dataclass(frozen=True, slots=True)
class ListedWatch:
    """One watch of a watchlist; `note` tells followers what it is for. `level` and `digest` as `Watch` has them."""

    query: Query
    note: str = ""
    level: Level = "normal"
    digest: str = ""

    @property
    def written(self) -> tuple[str, str, str, str]:
        """All that stands in the file: equal for watches that are written the same."""
        return self.query.text, self.note, self.level, self.digest


@dataclass(frozen=True, slots=True)
class Watchlist:
    """A named, curated set of watches. No two of its watches mean the same; a watch's number is its place.

    `aliases` are further slugs by which it is found. Only `public` lists are shown in /lists; `unlisted` ones are
    followed by whoever knows the slug, `private` ones by editors alone.
    """

    slug: str
    title: Texts
    description: Texts = Texts()
    tags: tuple[str, ...] = ()
    watches: tuple[ListedWatch, ...] = ()
    aliases: tuple[str, ...] = ()
    visibility: Visibility = "public"


@dataclass(frozen=True, slots=True)
class Pair:
    """A watch before and after an edit; None where it was not, or is not, there."""

    old: ListedWatch | None
    new: ListedWatch | None


@dataclass(frozen=True, slots=True)
class Diff:
    """What an edit changes. `fields` are the names of the other fields of the list that it changes."""

    added: tuple[ListedWatch, ...] = ()
    removed: tuple[ListedWatch, ...] = ()
    changed: tuple[tuple[ListedWatch, ListedWatch], ...] = ()
    fields: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.fields)

    @property
    def is_large(self) -> bool:
        """Whether followers would notice: other watches, or other words."""
        return bool(self.added or self.removed) or any(old.query != new.query for old, new in self.changed)


def pairs(old: Iterable[ListedWatch], new: Iterable[ListedWatch]) -> list[Pair]:
    """The watches of two versions that are the same watch, in the order of the new, then those that are gone.

    The same is what means the same; and where one watch is gone and one is new at its place, that was reworded.
    """
    before, after = [*old], [*new]
    by_key = {watch.query.key: watch for watch in before}
    found = [Pair(by_key.pop(watch.query.key, None), watch) for watch in after]
    unmatched = [place for place, pair in enumerate(found) if pair.old is None]
    gone = [*by_key.values()]
    if len(unmatched) == len(gone) == 1 and before.index(gone[0]) == unmatched[0]:
        found[unmatched[0]] = Pair(gone.pop(), after[unmatched[0]])
    return [*found, *(Pair(watch, None) for watch in gone)]


def diff(old: Watchlist, new: Watchlist) -> Diff:
    """What leads from one version to another."""
    found = pairs(old.watches, new.watches)
    same = [(pair.old, pair.new) for pair in found if pair.old and pair.new]
    others = [each.name for each in fields(Watchlist) if each.name != "watches"]
    names = [name for name in others if getattr(old, name) != getattr(new, name)]
    keys = [[watch.query.key for watch in version.watches] for version in (old, new)]
    if sorted(keys[0]) == sorted(keys[1]) and keys[0] != keys[1]:
        names.append("order")
    return Diff(
        tuple(pair.new for pair in found if pair.new and not pair.old),
        tuple(pair.old for pair in found if pair.old and not pair.new),
        tuple((before, after) for before, after in same if before.written != after.written),
        tuple(names),
    )
