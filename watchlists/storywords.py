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
from itertools import pairwise
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
_WRITTEN_SO = {"IS": ("isis",)}  # initials that are common words in small letters

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

    `series`: it is one of those that come every day under much the same words.
    """

    words: tuple[Word, ...]
    lead: str
    dates: frozenset[str]
    series: bool


def is_name(key: str) -> bool:
    """Whether a key is that of a name."""
    return key[0] in NAMES


def read(item: Item) -> Headline:
    """The headline of an item; where that is very short, with the beginning of the summary."""
    found = _read(item.title, item.lang)
    if len(found.words) < _SHORT and item.summary:
        longer = _read(f"{item.title}: {item.summary[:_SUMMARY]}", item.lang)
        return longer._replace(series=found.series, lead=found.lead or longer.lead)
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
    return Headline(tuple(found.values()), lead, frozenset(_dates(tokens)), _is_series(tokens))


def _words(title: str, tokens: list[Token], language: str | None) -> Iterator[Word]:
    shouted = title.isupper()
    place = 0
    while place < len(tokens):
        token = tokens[place]
        written = title[token.start : token.end]
        meant = None if shouted else _WRITTEN_SO.get(written)
        size = 1 if meant else _longest_name(tokens, place)
        if size:
            folded = meant or tuple(one.text for one in tokens[place : place + size])
            yield _name(folded, title[token.start : tokens[place + size - 1].end])
        else:
            word = _word(token.text, written, language)
            if word:
                yield word
        place += size or 1


def _longest_name(tokens: list[Token], place: int) -> int:
    """How many words of a listed name begin here."""
    most = _name_lengths().get(tokens[place].text, 0)
    for size in range(min(most, len(tokens) - place), 0, -1):
        if aliases.name_of(tuple(token.text for token in tokens[place : place + size])):
            return size
    return 0


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
    for one, other in pairwise(tokens):
        if one.text == "day" and other.text.isdigit():
            yield f"day {int(other.text)}"
        for month, day in ((one.text, other.text), (other.text, one.text)):
            number = _DAY.match(day)
            if number and _MONTH.match(month):
                yield f"{_MONTHS.index(month[:3]) + 1}-{int(number[1])}"
    for token in tokens:
        if _FULL_DATE.match(token.text):
            day, month, _ = token.text.split(".")
            yield f"{int(month)}-{int(day)}"


def _is_series(tokens: list[Token]) -> bool:
    if not tokens:
        return False
    said = f" {' '.join(token.text for token in tokens)} "
    edges = _table("edges")
    return tokens[0].text in edges or tokens[-1].text in edges or any(phrase in said for phrase in _phrases())


@cache
def _phrases() -> tuple[str, ...]:
    return tuple(f" {phrase} " for phrase in _table("series"))


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
