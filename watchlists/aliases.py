"""Other words for the words of a watch: spellings of names, demonyms, and what headlines say instead.

`aliases.toml` holds names that mean the same; `thesaurus.toml` holds headline words, each with what it is worth.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from watchlists import text

Words = tuple[str, ...]  # folded, in order

SAME = 0.97
DEMONYM = 0.93
SYNONYM = 0.85
WITHIN = 0.85  # a capital or a town in place of its country
HINT = 0.65


@dataclass(frozen=True, slots=True)
class Alias:
    """Words that may stand for others. A `hint` counts only where the rest of the watch is there too."""

    words: Words
    quality: float
    hint: bool = False


# What is filed of an alias: plain values in plain tuples, which the garbage collector leaves alone.
_Plain = tuple[Words, float, bool]
_Found = defaultdict[Words, dict[Words, _Plain]]


def of(words: Words) -> tuple[Alias, ...]:
    """What may stand for these folded words, the best first. Looks a word up as written and by its stem."""
    table = _table()
    return tuple([Alias(*plain) for plain in table.get(words) or table.get(_key(words), ())])


def is_set_phrase(words: Words) -> bool:
    """Whether words that follow one another are listed together, as a name or a set phrase."""
    return len(words) > 1 and (words in _table() or _key(words) in _table())


@lru_cache(maxsize=1 << 15)
def begins_a_phrase(word: str) -> bool:
    """Whether `is_set_phrase` may hold for words of which this is the first."""
    return word in _beginnings() or text.stem(word, None) in _beginnings()


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(words[0] for words in _table() if len(words) > 1)


def is_name(words: Words) -> bool:
    """Whether the words are listed as a name of a person, place or institution."""
    return words in _names()


@cache
def _names() -> frozenset[Words]:
    listed = _load("aliases.toml")
    return frozenset(_split(one) for group in listed["same"] + listed["people"] for one in group)


def name_of(words: Words) -> Words | None:
    """The one name that stands for all spellings of a listed name and for its people; None for other words."""
    return _name_of().get(words)


def names() -> Iterable[Words]:
    """All words that `name_of` knows."""
    return _name_of()


@cache
def _name_of() -> dict[Words, Words]:
    listed = _load("aliases.toml")
    found: dict[Words, Words] = {}
    for group in listed["same"] + listed["people"] + [[name] for name in listed["names"]]:
        forms = [_split(one) for one in group]
        known = {found[form] for form in forms if form in found}
        first = min(known, default=forms[0])
        for form in forms:
            found[form] = first
        for form, name in found.items():  # groups that share a form are one name
            if name in known:
                found[form] = first
    return found


def happenings(stem: str) -> tuple[int, ...]:
    """The numbers of the lines of events in `thesaurus.toml` that have the stem of an English word."""
    return _happenings().get(stem, ())


@cache
def _happenings() -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for number, group in enumerate(_load("thesaurus.toml")["events"]):
        for words in {_key(_split(one)) for one in group}:
            if len(words) == 1:
                found[words[0]] = (*found.get(words[0], ()), number)
    return found


def is_event(words: Words) -> bool:
    """Whether the words are listed as a happening."""
    return _key(words) in _events()


@cache
def _events() -> frozenset[Words]:
    return frozenset(_key(_split(one)) for group in _load("thesaurus.toml")["events"] for one in group)


@lru_cache(maxsize=1 << 10)
def _key(words: Words) -> Words:
    return tuple(text.stem(word, None) for word in words)


@cache
def _table() -> dict[Words, tuple[_Plain, ...]]:
    """Words → what may stand for them. A name without other spellings stands there with nothing."""
    found: _Found = defaultdict(dict)
    listed, thesaurus = _load("aliases.toml"), _load("thesaurus.toml")
    groups = (
        [(group, SAME) for group in listed["same"] + listed["spellings"]]
        + [(group, DEMONYM) for group in listed["people"]]
        + [([name], SAME) for name in listed["names"]]
        + [(group, SYNONYM) for group in thesaurus["events"] + thesaurus["things"]]
    )
    for group, quality in groups:
        forms = [_split(one) for one in group]
        for head in forms:
            _add(found, head, [(other, quality, False) for other in forms])
    for kind, quality in (("narrower", SYNONYM), ("hints", HINT)):
        for heads, others in thesaurus[kind].items():
            for head in heads.split(","):
                _add(found, _split(head), [(_split(other), quality, kind == "hints") for other in others])
    spellings = {_split(one): [_split(other) for other in group] for group in listed["same"] for one in group}
    for head, places in listed["within"].items():
        for place in map(_split, places):
            _add(found, _split(head), [(one, WITHIN, False) for one in spellings.get(place, [place])])
    return {
        head: tuple(sorted(others.values(), key=lambda plain: (-plain[1], plain[0]))) for head, others in found.items()
    }


def _add(found: _Found, head: Words, others: list[_Plain]) -> None:
    """Files others under a head, as written and by its stems; of one alias the best quality counts."""
    for key in (head, _key(head)):
        for plain in others:
            words, quality, _ = plain
            known = found[key].get(words)
            if words not in (head, key) and (known is None or known[1] < quality):
                found[key][words] = plain


@lru_cache(maxsize=1 << 12)
def _split(written: str) -> Words:
    return tuple(token.text for token in text.tokens(written))


@cache
def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("watchlists").joinpath(name).read_text(encoding="utf-8"))
