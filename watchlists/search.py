"""What stored items have to have so that a query may hit them, and which of those it does hit.

    query ─plan→ ideas ─Spellings→ words of stored items that meet each ─→ a demand: words, joined by all and any
                                                                                │ the items that meet it
    hits  ←──── judge, at the words that may begin something ←──────────────────┘

The matcher reads an item and asks which words of watches it may stand for; here it is the other way round. A store
keeps, for each item, its `terms`, and for each word in use its `keys`. The demand is met by every item that the query
hits and by few others; which of them it hits is said by `score.judge`, so that both ways agree, item for item.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from watchlists import places, score, sound, text
from watchlists.ideas import Form, Idea, Joint, Part, pairs, plan
from watchlists.model import Item, Match
from watchlists.places import Place, Reading
from watchlists.terms import Query, Strictness

RUN = 3  # words that may be written as one
_HALF = 3  # letters of each of two words that without a hyphen may be one (see `places.one_word`)
_LONGEST = 32  # letters of a word that is two words written as one


class Spelling(NamedTuple):
    """A word of stored items, and the language of those; empty where it makes no difference to the matcher."""

    word: str
    lang: str


class Keys(NamedTuple):
    """By what a `Spelling` is found: language and stem, sound across scripts, sound within one; empty for none."""

    stem: str
    across: str
    within: str


class Spellings(Protocol):
    """The words that stored items have."""

    def with_keys(self, stems: Collection[str], across: str, within: str) -> Iterable[Spelling]:
        """Those that have one of these keys; an empty one is nobody's."""

    def beginning(self, letters: str, shortest: int, longest: int) -> Iterable[Spelling]:
        """Those that begin with these letters and are so long."""


@dataclass(frozen=True, slots=True)
class Each:
    """A demand that is met where each of the parts is."""

    parts: tuple["Demand", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """A demand that is met where one of the parts is; without parts, nowhere."""

    parts: tuple["Demand", ...]


Demand = str | Each | Either  # a term, or terms joined


def terms(item: Item) -> tuple[set[str], set[Spelling]]:
    """What an item is found by: its words and what hyphens join, as one; and the words that others may stand for."""
    lang = item.lang if item.lang in text.LANGUAGES else ""
    found: set[str] = set()
    for tokens in places.read(item).fields.values():
        found.update([token.text for token in tokens])
        for first in range(len(tokens) - 1):
            letters = tokens[first].text
            for token in tokens[first + 1 : first + RUN]:
                if not token.joined:
                    break
                letters += token.text
                found.add(letters)
    return found, {Spelling(word, lang or "") for word in found if word.isalpha()}


def keys(spelling: Spelling) -> Keys:
    """By what a word of stored items is found."""
    word, lang = spelling
    return Keys(f"{lang}:{text.stem(word, lang or None)}", sound.across(word), sound.within(word))


class Search:
    """A query among stored items."""

    def __init__(self, query: Query, spellings: Spellings) -> None:
        self.plan = plan(query)
        self._spellings = spellings
        self._alike: dict[tuple[str, bool], frozenset[str]] = {}
        self._starts: dict[str, list[tuple[str, Form]]] = {}  # word of items → (key, form) that may begin there
        self._unions: dict[str, list[tuple[str, str]]] = {}  # word of items → words that stand there as one
        self._demands: dict[str, Demand] = {}
        self._ideas = self._read()

    def demand(self, ideas: Collection[int]) -> Demand:
        """What an item has that meets all of the ideas with these numbers."""
        return Each(tuple([self._ideas[number] for number in sorted(ideas)]))

    def reach(self, ideas: Collection[int]) -> int:
        """The highest score of an item that meets no more than the ideas with these numbers."""
        ready = self.plan
        if any(idea.clause.sign == "+" and number not in ideas for number, idea in enumerate(ready.ideas)):
            return 0
        weights = [idea.weight / ready.total for idea in ready.ideas]
        left = sum(weights[number] for number in ideas)
        left -= score.MISSING * sum(each**2 for number, each in enumerate(weights) if number not in ideas)
        if ready.happenings and not any(number in ideas for number in ready.happenings):
            left *= score.NAMES_ALONE
        return int(100 * left + 0.5 + 1e-6)

    def must(self, least: int) -> frozenset[int]:
        """The ideas without which no item reaches this score."""
        every = frozenset(range(len(self.plan.ideas)))
        return frozenset(number for number in every if self.reach(every - {number}) < least)

    def others(self, must: Collection[int], least: int) -> Iterator[tuple[int, bool]]:
        """The ideas besides `must`, the rarest first. From one on (False) they and `must` do not reach the score."""
        left = {number for number in range(len(self.plan.ideas)) if number not in must}
        for number in sorted(left, key=lambda number: self.plan.ideas[number].zipf):
            yield number, self.reach({*must, *left}) >= least
            left.discard(number)

    def judge(self, item: Item, strictness: Strictness) -> Match | None:
        """What `score.score` says of the item and the query, if that were so strict."""
        reading = places.read(item)
        sight = _Sight(reading, self._starts, self._unions)
        return score.judge(self.plan._replace(strictness=strictness), reading, sight)

    def _read(self) -> list[Demand]:
        """What each idea asks of an item, by itself, in a name, or as one word with another."""
        ready = self.plan
        asked: list[list[Demand]] = [[self._idea(idea)] for idea in ready.ideas]
        for joint in ready.joints:
            for member in joint.members:
                asked[member].append(self._part(joint))
        for i, one, j, other in pairs(ready, lambda _word: True):
            written = self._written_as_one(one, other)
            asked[i] += written
            asked[j] += written
        for idea in ready.exclusions:
            self._idea(idea)
        return [Either(tuple(each)) for each in asked]

    def _idea(self, idea: Idea) -> Demand:
        return Either(tuple([Each(tuple([self._part(part) for part in option])) for option in idea.options]))

    def _part(self, part: Part | Joint) -> Demand:
        if part.key not in self._demands:
            alone = len(self.plan.ideas) == 1  # hints count only beside other ideas
            forms = [form for form in part.forms if not (alone and form.hint)]
            self._demands[part.key] = Either(tuple([self._form(part.key, form) for form in forms]))
        return self._demands[part.key]

    def _form(self, key: str, form: Form) -> Demand:
        """Each word of the form by itself, or as one with those around it, or as two."""
        asked = []
        for number, word in enumerate(form.words):
            ways: set[str] = {word} if form.how == "phrase" else {*self._like(word, form.how == "exact")}
            for size in range(2, RUN + 1):
                for first in range(max(0, number - size + 1), min(number, len(form.words) - size) + 1):
                    ways.add("".join(form.words[first : first + size]))
            halves = _halves(word)
            asked.append(Either((*ways, *[Each(pair) for pair in halves])))
            if number == 0:
                for start in {*ways, *[word[:end] for end in range(1, len(word))]}:
                    self._starts.setdefault(start, []).append((key, form))
        return Each(tuple(asked))

    def _like(self, word: str, spelling: bool) -> frozenset[str]:
        """The words of items that stand for one of the query's, and that word."""
        known = self._alike.get((word, spelling))
        if known is None:
            near = self._near(word, spelling) if word.isalpha() else ()
            stand = [other for other, lang in near if places.alike(word, other, lang or None, spelling)[0]]
            known = self._alike[word, spelling] = frozenset([word, *stand])
        return known

    def _near(self, word: str, spelling: bool) -> set[Spelling]:
        """Words that may be `places.alike`. Slips that are more than so many edits sound the same: letters doubled."""
        stems = [f"{lang}:{text.stem(word, lang or None)}" for lang in ("", *text.LANGUAGES)]
        # Words in Cyrillic may be cases of one name, also where spellings do not count.
        across = sound.across(word) if spelling or not word.isascii() else ""
        found = set(self._spellings.with_keys(stems, across, sound.within(word) if spelling else ""))
        if not spelling or len(word) < places.SHORTEST:
            return found
        edits = places.edits(len(word))
        others = [*self._spellings.beginning(word[0], len(word) - edits, len(word) + edits)]
        words = [other.word for other in others]
        scored = process.extract(word, words, scorer=OSA.distance, score_cutoff=edits, limit=None)
        found.update(others[number] for _, _, number in scored)
        return found

    def _written_as_one(self, one: str, other: str) -> list[str]:
        """The words of items that are the first word and then the second or a word of its stem."""
        found = [
            word
            for word, lang in self._spellings.beginning(one, len(one) + 1, _LONGEST)
            if places.alike(other, word[len(one) :], lang or None, False)[0]
        ]
        for word in {one + other, *found}:
            self._unions.setdefault(word, []).append((one, other))
        return [one + other, *found]


class _Sight:
    """The sight (see `places.Sight`) that looks only where something may begin."""

    def __init__(
        self,
        reading: Reading,
        starts: dict[str, list[tuple[str, Form]]],
        unions: dict[str, list[tuple[str, str]]],
    ) -> None:
        self._found: dict[str, list[Place]] = {}
        self._unions: dict[tuple[str, str], list[Place]] = {}
        for field, tokens in reading.fields.items():
            for number, token in enumerate(tokens):
                for key, form in starts.get(token.text, ()):
                    place = places.place_at(form, reading, field, number)
                    if place:
                        self._found.setdefault(key, []).append(place)
                for pair in unions.get(token.text, ()):
                    place = places.union_at(pair, reading, field, number)
                    if place:
                        self._unions.setdefault(pair, []).append(place)
        self._halves = {word for pair in self._unions for word in pair}

    def places(self, part: Part | Joint) -> list[Place]:
        """Every place where one of the forms stands."""
        return self._found.get(part.key, [])

    def may_be_half(self, word: str) -> bool:
        """Whether `as_one` may give anything for the word with another."""
        return word in self._halves

    def as_one(self, first: str, second: str) -> list[Place]:
        """Every place where the two words stand, written as one."""
        return self._unions.get((first, second), [])


def _halves(word: str) -> Sequence[tuple[str, str]]:
    return [(word[:cut], word[cut:]) for cut in range(_HALF, len(word) - _HALF + 1)]
