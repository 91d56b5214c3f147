"""The words that watches hold, found by what an item may have in their place.

A word of an item is looked up once and then known. Words that are added later are tried against it when it is next
asked for, so that adding a watch does not cost what was learnt.
"""

from collections import defaultdict
from collections.abc import Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from watchlists import places, sound, text
from watchlists.model import How

_KNOWN = 1 << 14  # words of items that are remembered
_NEWS = 1 << 10  # words added after which it is cheaper to start afresh
_PART = 3  # letters that each of two words has which stand as one


# Plain tuples of plain values, because the garbage collector leaves those alone: there are many, for long.
# A word of a watch for which a word of an item stands, how well, and how (see `places.alike`).
Partner = tuple[str, float, How]
# What a word of an item stands for: words, and pairs of words that it has as one.
Seen = tuple[tuple[Partner, ...], tuple[tuple[str, str], ...]]


_UNSEEN: Seen = ((), ())


class Vocabulary:
    """A set of folded words, kept by stem and by shape."""

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._stems: dict[str | None, dict[str, tuple[str, ...]]] = {}  # language → stem → words
        self._shapes: defaultdict[tuple[str, int], set[str]] = defaultdict(set)  # first letter, length → words
        # First letter, last letter, length → words that may be mistyped
        self._slips: defaultdict[tuple[str, str, int], set[str]] = defaultdict(set)
        self._sounds: dict[str, tuple[str, ...]] = {}  # key (see `sound`) → words
        self._known: dict[tuple[str, str | None], tuple[int, Seen]] = {}  # with the length of `_added` then
        self._added: list[str] = []

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def add(self, word: str) -> None:
        """Adds a word that is not there."""
        self._words.add(word)
        if self._known:
            self._added.append(word)
        self._shapes[word[0], len(word)].add(word)
        if places.may_be_slip(word):
            self._slips[word[0], word[-1], len(word)].add(word)
        for key in _sounds(word):
            self._sounds[key] = (*self._sounds.get(key, ()), word)
        for language, stems in self._stems.items():
            stem = text.stem(word, language)
            stems[stem] = (*stems.get(stem, ()), word)

    def remove(self, word: str) -> None:
        """Removes a word that is there. `look_up` may go on naming it."""
        self._words.discard(word)
        self._shapes[word[0], len(word)].discard(word)
        self._slips[word[0], word[-1], len(word)].discard(word)
        for key in _sounds(word):
            self._sounds[key] = tuple(other for other in self._sounds[key] if other != word)
        for language, stems in self._stems.items():
            stem = text.stem(word, language)
            stems[stem] = tuple(other for other in stems[stem] if other != word)

    def look_up(self, written: str, language: str | None) -> Seen:
        """The words for which `written` may stand in an item of the language (see `places.alike`)."""
        if len(self._known) > _KNOWN or len(self._added) > _NEWS:
            self._known.clear()
            self._added.clear()
        stamp, seen = self._known.get((written, language), (-1, _UNSEEN))
        if stamp < 0:
            sounds = (word for key in _sounds(written) for word in self._sounds.get(key, ()))
            near = {written, *self._of_stem(written, language), *sounds, *self._near(written, language)} & self._words
            seen = tuple(_partners(near, written, language)), tuple(self._pairs(written, language))
        elif stamp < len(self._added):
            partners, pairs = seen
            fresh = set(self._added[stamp:]) & self._words - {word for word, _, _ in partners}
            halves = any(word[:_PART] in written for word in fresh)
            seen = (
                (*partners, *_partners(fresh, written, language)),
                tuple(self._pairs(written, language)) if halves else pairs,
            )
        else:
            return seen
        self._known[written, language] = len(self._added), seen
        return seen

    def _of_stem(self, written: str, language: str | None) -> tuple[str, ...]:
        stems = self._stems.get(language)
        if stems is None:
            stems = self._stems[language] = {}
            for word in self._words:
                stem = text.stem(word, language)
                stems[stem] = (*stems.get(stem, ()), word)
        return stems.get(text.stem(written, language), ())

    def _near(self, written: str, language: str | None) -> Iterator[str]:
        if len(written) < places.SHORTEST or not written.isalpha():
            return
        if places.may_have_slips(written, language):
            for longer in range(-places.SLIP_LONGER, places.SLIP_LONGER + 1):
                yield from self._slips.get((written[0], written[-1], len(written) + longer), ())
        least = places.SHORTEST if places.is_unlisted(written, language) else places.LONG
        for length in range(max(least, len(written) - 2), len(written) + 3):
            edits = places.edits(length)
            bucket = self._shapes.get((written[0], length))
            if bucket and abs(length - len(written)) <= edits:
                near = process.extract(written, bucket, scorer=OSA.distance, score_cutoff=edits, limit=None)
                yield from (word for word, _, _ in near)

    def _pairs(self, written: str, language: str | None) -> Iterator[tuple[str, str]]:
        for cut in range(_PART, len(written) - _PART + 1):
            if written[:cut] in self._words:
                rest = written[cut:]
                for word in {rest, *self._of_stem(rest, language)} & self._words:
                    if places.alike(word, rest, language, False)[0]:
                        yield written[:cut], word


def _sounds(word: str) -> set[str]:
    return {sound.across(word), sound.within(word)} - {""} if word.isalpha() else set()


def _partners(near: set[str], written: str, language: str | None) -> Iterator[Partner]:
    for word in sorted(near):
        quality, how = places.alike(word, written, language)
        if quality:
            yield word, quality, how
