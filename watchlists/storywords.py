"""What a headline says, as the story index compares it: words brought to one form, and what kind of headline it is.

    "Zelenskyy says Kyiv hit by 15 missiles"  →  =zelensky  say  =kyiv(@ukraine)  hit(@27)  #15  missil

Names that are listed (`aliases.toml`) stand for all their spellings and for their people; words that no table has are
most likely names, and stand for what sounds the same; happenings (`thesaurus.toml`) and seats of governments
(`stories.toml`) also mean what others say in other words.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from typing import Any, NamedTuple

from watchlists import aliases, sound, text, words
from watchlists.model import Item
from watchlists.text import Token

NAMES = ("=", "~")  # what the keys of names begin with: listed ones, and words that no table has
NUMBER = "#"
EMPTY_WORDS = 6.0  # Zipf frequency from which on a word says nothing of what a headline is about: of, in, after, new
HEADLINE_WORDS = 12  # of a usual headline: how much likelier a word is in a headline than at any one place
_NUMBER_ZIPF = 5.0  # no number is more telling than this in general use, where numbers are hardly listed
_SHORT = 4  # words of a headline that says so little that the summary has to help
_SUMMARY = 120  # characters of it that are read then
_LONGEST = 80  # words that are read
_WRITTEN_SO: dict[str, tuple[str, ...]] = {"IS": ("isis",)}  # initials that are common words in small letters

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(
    r"(jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)$|(janu|febru)ary|march|april|may|june|july|august"
    r"|(septem|octo|novem|decem)ber"
)
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?$")
_FULL_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.(?:20)?\d\d$")


class Word(NamedTuple):
    """A word of a headline: its key, how it is `shown` there, and what else it means (`kinds`).

    `share` is how many of all headlines have it, 0–1, going by its frequency in general use.
    """

    key: str
    shown: str
    share: float
    kinds: tuple[str, ...] = ()


class Headline(NamedTuple):
    """A headline: each of its words once, in order, the name it leads with (or ""), the dates it gives.

    `series`: the kind of those that come every day under much the same words, if it is one (or "").
    """

    words: tuple[Word, ...]
    lead: str
    dates: frozenset[str]
    series: str


def is_name(key: str) -> bool:
    """Whether a key is that of a name."""
    return key[0] in NAMES


def read(item: Item) -> Headline:
    """The headline of an item; where that is very short, with the beginning of the summary."""
    found = _read(item.title, item.lang)
    if len(found.words) < _SHORT and item.summary:
        longer = _read(f"{item.title}: {item.summary[:_SUMMARY]}", item.lang)
        return longer._replace(series=found.series)
    return found


@lru_cache(maxsize=1 << 10)
def _read(title: str, language: str | None) -> Headline:
    tokens = text.tokens(title)[:_LONGEST]
    found: dict[str, Word] = {}
    for word in _words(title, tokens, language):
        known = found.get(word.key)
        if known is None or word.share < known.share:
            found[word.key] = word
    lead = next((key for key in found if is_name(key)), "")
    return Headline(tuple(found.values()), lead, frozenset(_dates(tokens)), _series(tokens))


def _words(title: str, tokens: list[Token], language: str | None) -> Iterator[Word]:
    shouted = title.isupper()
    longest = _name_lengths()
    place = 0
    while place < len(tokens):
        token = tokens[place]
        written = title[token.start : token.end]
        name = _WRITTEN_SO.get(written) if not shouted else None
        size = 1
        if name is None and token.text in longest:
            name = _name_at(tokens[place : place + longest[token.text]])
            size = len(name) if name else 1
        if name:
            yield _name(name, title[token.start : tokens[place + size - 1].end])
        else:
            word = _word(token.text, written, language)
            if word:
                yield word
        place += size


def _name_at(tokens: list[Token]) -> tuple[str, ...] | None:
    """The longest listed name that begins these words."""
    folded = tuple(token.text for token in tokens)
    return next((folded[:size] for size in range(len(folded), 0, -1) if aliases.name_of(folded[:size])), None)


@lru_cache(maxsize=1 << 12)
def _name(folded: tuple[str, ...], shown: str) -> Word:
    name = aliases.name_of(folded) or folded
    zipf = min(words.zipf(word, "en") for word in folded)
    seat = _seats().get(name)
    return Word("=" + " ".join(name), shown, _share(zipf), (seat,) if seat else ())


@lru_cache(maxsize=1 << 14)
def _word(folded: str, written: str, language: str | None) -> Word | None:
    number = _table("numbers").get(folded) or (folded if any(sign.isdigit() for sign in folded) else "")
    language = text.word_language(folded, language)
    zipf = words.zipf(folded, language)
    if number:
        return Word(NUMBER + number, written, _share(min(zipf, _NUMBER_ZIPF)))
    if zipf >= EMPTY_WORDS:
        return None
    name = sound.within(folded) if zipf <= words.UNLISTED and folded.isalpha() else ""
    if name:
        return Word("~" + name, written, _share(zipf))
    stem = text.stem(folded, language)
    kinds = tuple(f"@{number}" for number in aliases.happenings(stem)) if language == "en" else ()
    return Word(stem, written, _share(zipf), kinds)


def _share(zipf: float) -> float:
    """The share of headlines with a word of this frequency in a billion words."""
    return min(0.5, float(HEADLINE_WORDS * 10 ** (zipf - 9)))


def _dates(tokens: list[Token]) -> Iterator[str]:
    """Days that are named: *Dec. 28*, *28 December*, *28.12.2025*, *Day 38*."""
    for place, token in enumerate(tokens):
        if not token.text[0].isdigit():
            continue
        before, after = (tokens[other].text if 0 <= other < len(tokens) else "" for other in (place - 1, place + 1))
        if before == "day":
            yield f"day {token.text}"
        day = _DAY.match(token.text)
        for month in (before, after):
            if day and _MONTH.match(month):
                yield f"{_MONTHS.index(month[:3]) + 1}-{int(day[1])}"
        if _FULL_DATE.match(token.text):
            day_of_month, month_of_year, _ = token.text.split(".")
            yield f"{int(month_of_year)}-{int(day_of_month)}"


def _series(tokens: list[Token]) -> str:
    said = ("^", *(token.text for token in tokens), "$")
    phrases = _phrases()
    for place, word in enumerate(said):
        for phrase, kind in phrases.get(word, ()):
            if said[place : place + len(phrase)] == phrase:
                return kind
    return ""


@cache
def _phrases() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """First word → the phrases of series that begin with it, each with its kind; `^` and `$` are the ends."""
    found: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {}
    for kind, phrases in _table("series").items():
        for phrase in phrases:
            words_of = tuple(phrase.replace("^", "^ ").replace("$", " $").split())
            found[words_of[0]] = (*found.get(words_of[0], ()), (words_of, kind))
    return found


@cache
def _name_lengths() -> dict[str, int]:
    """First word of listed names → words of the longest."""
    found: dict[str, int] = {}
    for name in aliases.names():
        found[name[0]] = max(found.get(name[0], 0), len(name))
    return found


@cache
def _seats() -> dict[tuple[str, ...], str]:
    """Name of a seat of government, or of its country → what both mean."""
    found = {}
    for country, seats in _table("seats").items():
        for one in (country, *seats):
            folded = tuple(token.text for token in text.tokens(one))
            found[aliases.name_of(folded) or folded] = "@" + country
    return found


@cache
def _table(name: str) -> Any:
    return tomllib.loads(resources.files("watchlists").joinpath("stories.toml").read_text(encoding="utf-8"))[name]
