"""The words that watches hold, found by what an item may have in their place.

A word of an item is looked up once and then known. Words that are added later are tried against it when it is next
asked for, so that adding a watch does not cost what was learnt.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from watchlists import places, sound, text
from watchlists.model import How
from watchlists.words import zipf

_KNOWN = 1 << 15  # words of items that are remembered, and as many of those before them
_NEWS = 1 << 10  # words added after which it is cheaper to start afresh
_FEW = 16  # words added after which it is cheaper to look a word up again than to try it against each
_PART = 3  # letters that each of two words has which stand as one

# A word of a watch for which a word of an item stands, how well, and how (see `places.alike`).
Partner = tuple[str, float, How]
# What a word of an item stands for: words, and pairs of words that it has as one.
# Plain tuples of plain values, because the garbage collector leaves those alone: there are many, for long.
Seen = tuple[tuple[Partner, ...], tuple[tuple[str, str], ...]]
_UNSEEN: Seen = (), ()


class _Groups:
    """Those of the words that `holds` holds for, by a key; in no group if that is None.

    A group of one is a plain string, as most are: the garbage collector has to look through every list.
    """

    def __init__(
        self, words: Iterable[str], key: Callable[[str], Hashable], holds: Callable[[str], bool] = str.isalpha
    ) -> None:
        self._key = key
        self._holds = holds
        self._groups: dict[Hashable, str | list[str]] = {}
        for word in words:
            self.add(word)

    def of(self, word: str) -> list[str]:
        """The group that the word would be in, if it were held."""
        return self.at(self._key(word)) if self._groups else []

    def at(self, key: Hashable) -> list[str]:
        """The group of a key."""
        group = self._groups.get(key)
        return [] if group is None else [group] if isinstance(group, str) else group

    def add(self, word: str) -> None:
        key = self._key(word) if self._holds(word) else None
        if key is None:
            return
        group = self._groups.setdefault(key, word)
        if isinstance(group, list):
            group.append(word)
        elif group is not word:
            self._groups[key] = [group, word]

    def remove(self, word: str) -> None:
        key = self._key(word) if self._holds(word) else None
        group = self._groups.get(key)
        if isinstance(group, list):
            group.remove(word)
        elif group is not None:
            del self._groups[key]


class Vocabulary:
    """A set of folded words, found by their stems, their sounds (see `sound`) and their shapes."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        self._in_ascii = _Groups(self.words, _across, lambda word: word.isascii() and word.isalpha())
        self._in_others = _Groups(self.words, _across, lambda word: not word.isascii() and word.isalpha())
        self._within = _Groups(self.words, _within)
        self._long = _Groups(self.words, _shape, _is_long)
        self._openings = _Groups(self.words, _opening, _is_short)
        self._endings = _Groups(self.words, _ending, _is_short)
        self._slips = _Groups(self.words, _outline, _may_be_slip)
        self._stems: dict[str, _Groups] = {}  # by language
        self._long_listed: dict[str, _Groups] = {}  # by language: what a word in use may be meant for
        self._known: dict[tuple[str, str], tuple[int, Seen]] = {}  # with the length of `_added` then
        self._known_before: dict[tuple[str, str], tuple[int, Seen]] = {}
        self._nothing: tuple[int, Seen] = (0, _UNSEEN)  # of most words that are rare: one for all
        self._added: list[str] = []

    def add(self, word: str) -> None:
        """Adds a word that is not there."""
        self.words.add(word)
        if self._known:
            self._added.append(word)
        for groups in self._groups():
            groups.add(word)

    def remove(self, word: str) -> None:
        """Removes a word that is there. `look_up` may go on naming it."""
        self.words.discard(word)
        for groups in self._groups():
            groups.remove(word)

    def look_up(self, written: str, language: str | None) -> Seen:
        """The words for which `written` may stand in an item of the language (see `places.alike`)."""
        if len(self._added) > _NEWS:
            self._known, self._known_before, self._added = {}, {}, []
        asked = written, language or "en"
        known = self._known.get(asked)
        if known and known[0] == len(self._added):
            return known[1]
        if len(self._known) >= _KNOWN:
            self._known, self._known_before = {}, self._known
        seen = self._seen(*asked, known or self._known_before.get(asked))
        if seen != _UNSEEN:
            self._known[asked] = len(self._added), seen
            return seen
        if self._nothing[0] != len(self._added):
            self._nothing = len(self._added), _UNSEEN
        self._known[asked] = self._nothing
        return seen

    def _groups(self) -> Iterator[_Groups]:
        yield from (self._in_ascii, self._in_others, self._within, self._long, self._openings, self._endings)
        yield from (self._slips, *self._stems.values(), *self._long_listed.values())

    def _seen(self, written: str, language: str, known: tuple[int, Seen] | None) -> Seen:
        """What a word stands for, from what was known of it if that is not long ago."""
        if known is None or len(self._added) - known[0] > _FEW:
            return tuple(_partners(self._like(written, language), written, language)), self._pairs(written, language)
        if known[0] == len(self._added):
            return known[1]
        partners = known[1][0]
        fresh = (set(self._added[known[0] :]) - {word for word, _, _ in partners}) & self.words
        return (*partners, *_partners(fresh, written, language)), self._pairs(written, language)

    def _like(self, written: str, language: str) -> set[str]:
        """The words that may be `places.alike`."""
        found = {written} & self.words
        if written.isalpha():
            found.update(self._of_stem(written, language))
            found.update(self._in_others.of(written))
            if not written.isascii():
                found.update(self._in_ascii.of(written))
            if zipf(written, text.word_language(written, language)) < places.FREQUENT:
                found.update(self._within.of(written))
            found.update(self._misspelt(written, language))
        return found

    def _of_stem(self, written: str, language: str) -> list[str]:
        if language not in self._stems:
            self._stems[language] = _Groups(self.words, lambda word: text.stem(word, language))
        return self._stems[language].of(written)

    def _misspelt(self, written: str, language: str) -> Iterator[str]:
        if len(written) < places.SHORTEST:
            return
        if places.may_have_slips(written, language):
            for length in range(len(written) - places.SLIP_LONGER, len(written) + places.SLIP_LONGER + 1):
                yield from self._slips.at((written[0], written[-1], length))
        unlisted = places.is_unlisted(written, language)
        for length in range(len(written) - 2, len(written) + 3):
            edits = places.edits(length)
            if abs(length - len(written)) <= edits and (unlisted or length >= places.LONG):
                words = self._of_shape(written, length, "" if unlisted else language)
                found = process.extract(written, words, scorer=OSA.distance, score_cutoff=edits, limit=None)
                yield from [word for word, _, _ in found]

    def _of_shape(self, written: str, length: int, listed: str) -> list[str]:
        """The words of a length for which one with some letters wrong may be meant, which is perhaps in use.

        Where one letter is wrong and the first is right, either the second is right too or the last two are.
        """
        if length < places.LONG:
            return [*self._openings.at((written[:2], length)), *self._endings.at((written[0], written[-2:], length))]
        if not listed:
            return self._long.at((written[0], length))
        if listed not in self._long_listed:
            self._long_listed[listed] = _Groups(self.words, _shape, lambda word: _is_rare(word, listed))
        return self._long_listed[listed].at((written[0], length))

    def _pairs(self, written: str, language: str) -> tuple[tuple[str, str], ...]:
        found = []
        for cut in range(_PART, len(written) - _PART + 1):
            if written[:cut] in self.words:
                rest = written[cut:]
                stands = {rest, *self._of_stem(rest, language)} & self.words
                found += [(written[:cut], word) for word in stands if places.alike(word, rest, language, False)[0]]
        return tuple(found)


def _across(word: str) -> str | None:
    return sound.across(word) or None


def _within(word: str) -> str | None:
    return sound.within(word) or None


def _shape(word: str) -> tuple[str, int]:
    return word[0], len(word)


def _opening(word: str) -> tuple[str, int]:
    return word[:2], len(word)


def _ending(word: str) -> tuple[str, str, int]:
    return word[0], word[-2:], len(word)


def _is_long(word: str) -> bool:
    return word.isalpha() and len(word) >= places.LONG


def _is_short(word: str) -> bool:
    return word.isalpha() and places.SHORTEST <= len(word) < places.LONG


def _outline(word: str) -> tuple[str, str, int]:
    return word[0], word[-1], len(word)


def _may_be_slip(word: str) -> bool:
    return word.isalpha() and places.may_be_slip(word)


def _is_rare(word: str, language: str) -> bool:
    return word.isalpha() and len(word) >= places.LONG and places.is_unlisted(word, language)


def _partners(near: set[str], written: str, language: str) -> Iterator[Partner]:
    for word in sorted(near):
        quality, how = places.alike(word, written, language)
        if quality:
            yield word, quality, how
