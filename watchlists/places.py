"""Where the words of a watch stand in an item, and how well they are met there.

A word of the item stands for one of the watch when it is the same, has its stem, or is a near spelling; two words
may be written as one, and one as two. A form of several words stands where they follow one another.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Protocol

from rapidfuzz.distance import OSA

from watchlists import aliases, sound, text, words
from watchlists.ideas import Form, Joint, Part
from watchlists.model import Field, How, Item

SUMMARY = 0.88  # what a word of the summary is worth beside one of the title
TITLE_CHARACTERS, SUMMARY_CHARACTERS = 500, 1000  # what follows is no headline or summary any more
TITLE_WORDS, SUMMARY_WORDS = 100, 200  # likewise; the limit of characters is for long words, this one for short
STEM = 0.97
JOINED = 0.97  # written as one word, or as two
SPELLING = (0.93, 0.88)  # by edits
SLIP = 0.85  # a short word of the watch mistyped: too little to count without the rest of the watch
SOUND = 0.95  # in another script, or written by other rules
FREQUENT = 3.3  # Zipf frequency from which on a word is not another one written by other rules
SHORTEST, LONG = 5, 9  # letters from which on a word may have one, and two, wrong
LISTED = 2.6  # Zipf frequency from which on a word is no misspelling of another
SLIP_SHORTEST, SLIP_LONGER = 6, 2  # letters of a slip, and how many it may have more or less than it should
SLIP_RARE, SLIP_GAP = 2.9, 1.0  # Zipf frequency that a slip does not reach, and how far below the right word's it is
_TWICE = re.compile(r"(.)\1")
_VOWELS = frozenset("aeiouy")
WORTH: dict[Field, float] = {"title": 1.0, "summary": SUMMARY}


@dataclass(frozen=True, slots=True)
class Reading:
    """An item as the matcher reads it: the folded words of each field, and the language to read them in."""

    item: Item
    fields: dict[Field, list[text.Token]]


class Place(NamedTuple):
    """Where an idea is met: words `first` to `last` of a field, how, and how well (0–1)."""

    field: Field
    first: int
    last: int
    quality: float
    how: How
    hint: bool = False


def read(item: Item) -> Reading:
    """The item's words."""
    title = text.tokens(item.title[:TITLE_CHARACTERS])[:TITLE_WORDS]
    return Reading(item, {"title": title, "summary": text.tokens(item.summary[:SUMMARY_CHARACTERS])[:SUMMARY_WORDS]})


class Sight(Protocol):
    """What is seen of an item: where the words of a watch stand in it (see `Everywhere`). Nobody changes its lists."""

    def places(self, part: Part | Joint) -> list[Place]:
        """Every place where one of the forms stands."""

    def may_be_half(self, word: str) -> bool:
        """Whether `as_one` may give anything for the word with another."""

    def as_one(self, first: str, second: str) -> list[Place]:
        """Every place where the two words stand, written as one."""


class Everywhere:
    """The sight that looks for every form at every word."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def places(self, part: Part | Joint) -> list[Place]:
        found = (place_at(form, self._reading, *there) for form in part.forms for there in self._words())
        return [place for place in found if place]

    def may_be_half(self, word: str) -> bool:
        return True

    def as_one(self, first: str, second: str) -> list[Place]:
        found = (union_at((first, second), self._reading, *there) for there in self._words())
        return [place for place in found if place]

    def _words(self) -> Iterator[tuple[Field, int]]:
        return ((field, number) for field, tokens in self._reading.fields.items() for number in range(len(tokens)))


def place_at(form: Form, reading: Reading, field: Field, first: int) -> Place | None:
    """The place that begins with a word of the item and where the words of a form stand, one behind the other."""
    run = _run(form, reading.fields[field], first, reading.item.lang)
    if not run:
        return None
    last, quality, how = run
    return Place(field, first, last, form.quality * WORTH[field] * quality, how, form.hint or quality <= SLIP)


def goes_on(form: Form, number: int, reading: Reading, field: Field, at: int) -> bool:
    """Whether a word of a form, by its number, stands there, or several of the form or of the item as one."""
    return _step(form, number, reading.fields[field], at, reading.item.lang) is not None


def place_by(form: Form, field: Field, first: int, last: int, quality: float, how: How) -> Place | None:
    """What `place_at` gives for a form of one word that is met there so well (see `alike`, `JOINED`), and so."""
    union = last > first
    if form.how != "exact":
        if (form.how == "phrase" and quality < 1 and not union) or (how == "spelling" and not union):
            return None
        how, quality = form.how, 1.0 if form.how == "phrase" else quality
    return Place(field, first, last, form.quality * WORTH[field] * quality, how, form.hint or quality <= SLIP)


def union_at(words_: tuple[str, str], reading: Reading, field: Field, number: int) -> Place | None:
    """The place of a word of the item that is the first word and then the second or a word of its stem."""
    written = reading.fields[field][number].text
    if not written.startswith(words_[0]):
        return None
    quality, _ = alike(words_[1], written[len(words_[0]) :], reading.item.lang, False)
    return Place(field, number, number, WORTH[field] * quality, "spelling") if quality else None


@dataclass(frozen=True, slots=True)
class _Step:
    """So many words of the watch stand as so many words of the item, this well."""

    words: int
    tokens: int
    quality: float
    how: How


def _run(form: Form, tokens: list[text.Token], first: int, language: str | None) -> tuple[int, float, How] | None:
    """The last word of the run from `first` that meets the form word by word, how well, and how."""
    number, at = 0, first
    quality, how = 1.0, form.how
    while number < len(form.words):
        step = _step(form, number, tokens, at, language)
        if step is None:
            return None
        number += step.words
        at += step.tokens
        if step.quality < quality:
            quality, how = step.quality, step.how if form.how == "exact" else form.how
    return at - 1, quality, how


def _step(form: Form, number: int, tokens: list[text.Token], at: int, language: str | None) -> _Step | None:
    """How the next words of the item meet the next words of the form: one for one, or written as one or as two."""
    if at >= len(tokens):
        return None
    word, here = form.words[number], tokens[at].text
    if word == here:
        return _Step(1, 1, 1.0, "exact")
    exact = form.how == "phrase"
    if here.startswith(word) or word.startswith(here):
        for size in (2, 3):
            if here == "".join(form.words[number : number + size]):
                return _Step(size, 1, 1.0 if exact else JOINED, "spelling")
            if word == "".join(token.text for token in tokens[at : at + size]) and one_word(tokens[at : at + size]):
                return _Step(1, size, 1.0 if exact else JOINED, "spelling")
    quality, how = (0.0, form.how) if exact else alike(word, here, language, form.how == "exact")
    return _Step(1, 1, quality, how) if quality else None


def one_word(tokens: list[text.Token]) -> bool:
    """Whether words that follow one another may be one: joined by hyphens, or two of three letters or more."""
    if all(token.joined for token in tokens[1:]):
        return True
    return len(tokens) == 2 and min(len(token.text) for token in tokens) >= 3


@lru_cache(maxsize=1 << 12)
def alike(word: str, other: str, language: str | None, spelling: bool = True) -> tuple[float, How]:
    """How well a word of the item stands for a word of the watch (0–1), and how. Numbers only as they are."""
    if word == other:
        return 1.0, "exact"
    if not (word.isalpha() and other.isalpha()):
        return 0.0, "exact"
    if text.stem(word, language) == text.stem(other, language) or _same_case_apart(word, other):
        return STEM, "stem"
    if spelling and same_sound(word, other, language):
        return SOUND, "spelling"
    if spelling and word[0] == other[0] and may_be_misspelt(word, other, language):
        distance = OSA.distance(word, other, score_cutoff=edits(len(word)))
        if distance <= edits(len(word)):
            return SPELLING[distance - 1], "spelling"
    if spelling and is_slip(word, other, language):
        sure = len(word) >= LONG or _once(word) == _once(other)
        return SPELLING[0] if sure else SLIP, "spelling"
    return 0.0, "exact"


def _same_case_apart(word: str, other: str) -> bool:
    """Whether two words in Cyrillic differ in case: a stemmer takes the ending of a surname for one (see `sound`)."""
    if word.isascii() or other.isascii():
        return False
    key = sound.across(word)
    return bool(key) and key == sound.across(other)


def same_sound(word: str, other: str, language: str | None) -> bool:
    """Whether a word of the item is one of the watch in another script or by other rules of writing."""
    if word.isascii() != other.isascii():
        key = sound.across(word)
        return bool(key) and key == sound.across(other)
    if min(len(word), len(other)) < SHORTEST:
        return False
    if words.zipf(other, text.word_language(other, language)) >= FREQUENT:
        return False
    key = sound.within(word)
    return bool(key) and key == sound.within(other)


def may_be_misspelt(word: str, other: str, language: str | None) -> bool:
    """Whether a word of an item may be meant for one of a watch, or that one was meant for it.

    Not if they are short, or names that are known; nor if the word is in use, unless the watch's own hardly is.
    """
    if min(len(word), len(other)) < SHORTEST or (aliases.is_name((word,)) and aliases.is_name((other,))):
        return False
    return is_unlisted(other, language) or (len(word) >= LONG and is_unlisted(word, language))


def is_slip(word: str, other: str, language: str | None) -> bool:
    """Whether a word of a watch is a much more frequent one with a letter left out, put in, doubled or exchanged.

    The first and the last letter are as they should be.
    """
    if word[0] != other[0] or word[-1] != other[-1] or abs(len(word) - len(other)) > SLIP_LONGER:
        return False
    if not may_be_slip(word) or not may_have_slips(other, language):
        return False
    if words.zipf(other, text.word_language(other, language)) < _own_zipf(word) + SLIP_GAP:
        return False
    if _once(word) == _once(other):
        return True
    if OSA.distance(word, other, score_cutoff=1) > 1 or (aliases.is_name((word,)) and aliases.is_name((other,))):
        return False
    wrong = {letter for pair in zip(word, other, strict=False) for letter in pair if pair[0] != pair[1]}
    return len(word) != len(other) or sorted(word) == sorted(other) or wrong <= _VOWELS


def _once(word: str) -> str:
    """The word without doubled letters."""
    return _TWICE.sub(r"\1", word)


def may_be_slip(word: str) -> bool:
    """Whether a word of a watch may be mistyped. *Goverment* and *Isreal* are frequent enough to be listed."""
    return len(word) >= SLIP_SHORTEST and _own_zipf(word) < SLIP_RARE


def may_have_slips(other: str, language: str | None) -> bool:
    """Whether a word of an item is so frequent that a watch may have it mistyped."""
    zipf = words.zipf(other, text.word_language(other, language))
    return len(other) >= SLIP_SHORTEST and zipf >= words.UNLISTED + SLIP_GAP


def _own_zipf(word: str) -> float:
    """The frequency of a watch's word whatever the item's language."""
    return words.zipf(word, text.word_language(word, None))


def is_unlisted(word: str, language: str | None) -> bool:
    """Whether a word is hardly in use, so that it may be a misspelling."""
    return words.zipf(word, text.word_language(word, language)) < LISTED


def edits(length: int) -> int:
    """How many letters of a word so long may be wrong."""
    return 1 if length < LONG else 2
