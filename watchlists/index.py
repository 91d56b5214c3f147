"""All watches, and which of them an item hits: the same hits as `score`, pair for pair, without trying each.

    item ─→ its words ─→ words of watches ─→ ideas that are met ─→ watches two of whose ideas are ─→ bound ─→ judge

Watches have ideas in common, so ideas are what is looked for: one look-up per word of the item tells which are met
and how well at most. A watch is filed under two ideas both of which every hit meets, the rarer first (prefix
filtering, as in set-similarity joins); where there are no two such, under several pairs, or under one idea alone.
What is filed under ideas that are met is judged if its weights can reach its threshold.
"""

from collections.abc import Container, Iterator
from functools import lru_cache
from itertools import combinations, product
from math import ceil

from watchlists import places, score, text
from watchlists.ideas import Form, Joint, Part, Plan, plan
from watchlists.model import Field, How, Item, Match
from watchlists.places import Place, Reading
from watchlists.query import Query, parse
from watchlists.vocabulary import Seen, Vocabulary

_ALONE = ""  # in place of the second idea of a watch that is filed under one
_LONGEST_UNION = 3  # words, see `places.one_word`
_READY = 1 << 10  # plans that are kept ready: more would only make work for the garbage collector
_STEPS = 255  # of weights, which are kept as bytes, rounded up

# The least sum of weight × quality that rounds to the threshold.
_NEEDED = {strictness: (threshold - 0.5) / 100 - 1e-9 for strictness, threshold in score.THRESHOLDS.items()}
_NEEDED_STEPS = {strictness: _STEPS * needed for strictness, needed in _NEEDED.items()}

_Names = tuple[str, ...]  # keys of the parts and joints that meet one idea
_Opened = tuple[str, Form]  # the key of a part or joint, and one of its forms


# A watch as it is kept, in types that the garbage collector need not follow: its text, the keys of what meets each of
# its ideas, the ideas' weights in steps, and the least sum of weight × quality that hits, in steps.
_Entry = tuple[str, tuple[str | _Names, ...], bytes, float]


class Index:
    """Queries by key. Any number of keys may hold equal queries."""

    def __init__(self) -> None:
        self._entries: dict[int, _Entry] = {}
        self._uses: dict[str, int] = {}  # key of a part or joint → how many ideas it is for
        self._filed: dict[str, dict[str, int | set[int]]] = {}
        self._opened: dict[str, tuple[_Opened, ...]] = {}  # word → forms that begin with it
        self._vocabulary = Vocabulary()

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, key: int, query: Query) -> None:
        """Adds the query, as `parse` made it, in place of the one that the key had."""
        self.remove(key)
        ready = plan(query)
        meets = [tuple(_meets(ready, number)) for number in range(len(ready.ideas))]
        wanted = tuple(tuple(self._use(one) for one in each) for each in meets)
        self._entries[key] = _entry(ready, wanted)
        for first, second in _filing(ready, meets):
            filed = self._filed.setdefault(first, {})
            there = filed.get(second)
            if there is None:
                filed[second] = key
            elif isinstance(there, set):
                there.add(key)
            else:
                filed[second] = {there, key}

    def remove(self, key: int) -> None:
        """Removes a key; one that is not there is no error."""
        entry = self._entries.pop(key, None)
        if entry is None:
            return
        ready = plan(parse(entry[0]))
        meets = [tuple(_meets(ready, number)) for number in range(len(ready.ideas))]
        for first, second in set(_filing(ready, meets)):
            filed = self._filed[first]
            there = filed[second]
            if isinstance(there, set):
                there.discard(key)
            if not isinstance(there, set) or not there:
                del filed[second]
            if not filed:
                del self._filed[first]
        for one in (one for each in meets for one in each):
            self._disuse(one)

    def hits(self, item: Item) -> list[tuple[int, Match]]:
        """The keys whose queries hit the item, in ascending order, each with its match."""
        reading = places.read(item)
        glance = _Glance(reading, self._vocabulary, self._opened, self._uses)
        met = glance.met
        keys: set[int] = set()
        for first in self._filed.keys() & met.keys():
            filed = self._filed[first]
            for second in filed.keys() & met.keys():
                there = filed[second]
                keys.update(there if isinstance(there, set) else (there,))
        entries = ((key, self._entries[key]) for key in sorted(keys))
        judged = (
            (key, score.judge(_ready(entry[0]), reading, glance)) for key, entry in entries if _may_hit(entry, met)
        )
        return [(key, match) for key, match in judged if match]

    def _use(self, one: Part | Joint) -> str:
        """Counts a use of a part or joint; files its forms at the first. Gives back its key."""
        uses = self._uses.get(one.key, 0)
        self._uses[one.key] = uses + 1
        if not uses:
            for form in one.forms:
                for word in _starts(form):
                    if word not in self._opened:
                        self._vocabulary.add(word)
                    self._opened[word] = (*self._opened.get(word, ()), (one.key, form))
        return one.key

    def _disuse(self, one: Part | Joint) -> None:
        self._uses[one.key] -= 1
        if self._uses[one.key]:
            return
        del self._uses[one.key]
        for form in one.forms:
            for word in _starts(form):
                self._opened[word] = tuple(other for other in self._opened[word] if other != (one.key, form))
                if not self._opened[word]:
                    del self._opened[word]
                    self._vocabulary.remove(word)


@lru_cache(maxsize=_READY)
def _ready(written: str) -> Plan:
    return plan(parse(written))


def _entry(ready: Plan, wanted: tuple[_Names, ...]) -> _Entry:
    weights = bytes(min(_STEPS, ceil(_STEPS * idea.weight)) for idea in ready.ideas)
    slim = tuple(names[0] if len(names) == 1 else names for names in wanted)
    return ready.query.text, slim, weights, _NEEDED_STEPS[ready.query.strictness]


def _may_hit(entry: _Entry, met: dict[str, float]) -> bool:
    """Whether ideas that are met so well at most can reach the threshold."""
    reach = 0.0
    for names, weight in zip(entry[1], entry[2], strict=True):
        if isinstance(names, str):
            reach += weight * met.get(names, 0.0)
        else:
            reach += weight * max(met.get(name, 0.0) for name in names)
    return reach >= entry[3]


def _starts(form: Form) -> set[str]:
    """What the first word of the item may be where the form stands: its first word, alone or as one with the next."""
    return {"".join(form.words[:size]) for size in range(1, min(_LONGEST_UNION, len(form.words)) + 1)}


def _meets(ready: Plan, number: int) -> Iterator[Part | Joint]:
    """All that meets an idea, by itself or with others. Of an option of several parts the rarest has to be met."""
    for option in ready.ideas[number].options:
        yield option[0] if len(option) == 1 else min(option, key=lambda part: part.zipf)
    for joint in ready.joints:
        if number in joint.members:
            yield joint


def _filing(ready: Plan, meets: list[tuple[Part | Joint, ...]]) -> Iterator[tuple[str, str]]:
    """The pairs of keys to file a watch under: every hit meets both of one of them."""
    if len(meets) == 1:
        yield from ((one.key, _ALONE) for one in meets[0])
        return
    often = [sum(one.often for one in each) for each in meets]
    for first, second in _pairs(ready, sorted(range(len(meets)), key=lambda number: often[number])):
        seconds = [one.key for one in meets[second]] if second is not None else [_ALONE]
        yield from product([one.key for one in meets[first]], seconds)


def _pairs(ready: Plan, order: list[int]) -> list[tuple[int, int | None]]:
    """The pairs of ideas (rarer first) of one of which every hit meets both; None: an idea alone."""
    weights, needed = [idea.weight for idea in ready.ideas], _NEEDED[ready.query.strictness]
    must = [n for n in order if ready.ideas[n].clause.sign == "+" or 1 - weights[n] < needed]
    if len(must) > 1:
        return [(must[0], must[1])]
    if must and weights[must[0]] >= needed:
        return [(must[0], None)]
    if must:
        rest = [number for number in order if number != must[0]]
        most = weights[must[0]]
        return [(must[0], second) for second in rest[: _enough(rest, weights, most, needed)]]
    chosen = order[: _enough(order, weights, max(weights), needed)]
    return list(combinations(chosen, 2))


def _enough(order: list[int], weights: list[float], most: float, needed: float) -> int:
    """How many of the ideas in their order it takes until the others, and `most`, do not reach the threshold."""
    reach = most + sum(weights[number] for number in order)
    for count, number in enumerate(order):
        if reach < needed:
            return count
        reach -= weights[number]
    return len(order)


# Where a word of watches is met by words first to last of a field, how well, and how.
_Spot = tuple[Field, int, int, float, How]


class _Glance:
    """The sight (see `places.Sight`) that looks only where words stand that the forms begin with.

    `met` has the keys of all parts and joints that may be met, and how well at most.
    """

    def __init__(
        self, reading: Reading, vocabulary: Vocabulary, opened: dict[str, tuple[_Opened, ...]], filed: Container[str]
    ) -> None:
        self._reading = reading
        self._opened = opened
        self._filed = filed
        self._forms: dict[str, list[Form]] = {}  # key of a part or joint → forms of it that may stand somewhere
        self._found: dict[str, list[Place]] = {}
        self._spots: dict[str, list[_Spot]] = {}  # word of watches → where
        self._unions: dict[tuple[str, str], list[tuple[Field, int]]] = {}
        self._halves: dict[str, float] = {}  # word of a union → what it is worth
        for field, tokens in reading.fields.items():
            for number, token in enumerate(tokens):
                self._look(field, number, vocabulary.look_up(token.text, reading.item.lang))
                if number + 1 < len(tokens) and (tokens[number + 1].joined or len(token.text) >= 3):
                    self._look_at_union(field, number, tokens, vocabulary)
        self.has_unions = bool(self._unions)
        self.met = self._bounds()

    def places(self, part: Part | Joint) -> list[Place]:
        """Every place where one of the forms stands."""
        found = self._found.get(part.key)
        if found is None:
            forms = self._forms.get(part.key, []) if part.key in self._filed else part.forms
            found = self._found[part.key] = [place for form in forms for place in self._search(form)]
        return found

    def as_one(self, first: str, second: str) -> Iterator[Place]:
        """Every place where the two words stand, written as one."""
        for field, number in self._unions.get((first, second), ()):
            place = places.union_at((first, second), self._reading, field, number)
            if place:
                yield place

    def _look(self, field: Field, number: int, seen: Seen) -> None:
        """Notes what the word there stands for."""
        for word, quality, how in seen.partners:
            self._spots.setdefault(word, []).append((field, number, number, quality, how))
        for pair in seen.pairs:
            self._unions.setdefault(pair, []).append((field, number))
            for word in pair:
                self._halves[word] = max(self._halves.get(word, 0.0), places.WORTH[field])

    def _look_at_union(self, field: Field, number: int, tokens: list[text.Token], vocabulary: Vocabulary) -> None:
        """Notes what the word there and those behind it stand for as one, which goes before what it is alone."""
        for size in range(2, _LONGEST_UNION + 1):
            run = tokens[number : number + size]
            union = "".join(token.text for token in run)
            if len(run) == size and union in vocabulary and places.one_word(run):
                spots = self._spots.setdefault(union, [])
                if spots and spots[-1][:2] == (field, number):
                    spots.pop()
                spots.append((field, number, number + size - 1, places.JOINED, "spelling"))

    def _bounds(self) -> dict[str, float]:
        met = {_ALONE: 1.0}
        for word, spots in self._spots.items():
            best = 0.0
            for field, first, last, quality, _ in spots:
                best = max(best, places.WORTH[field] * (1.0 if last > first else quality))  # a phrase is met as one
            for key, form in self._opened.get(word, ()):
                if len(form.words) == 1 or self._search(form):
                    self._forms.setdefault(key, []).append(form)
                    met[key] = max(met.get(key, 0.0), form.quality * best)
        for word, worth in self._halves.items():
            met[word] = max(met.get(word, 0.0), worth)
        return met

    def _search(self, form: Form) -> list[Place]:
        """Every place of a form."""
        if len(form.words) == 1 and form.words[0] in self._opened:
            spots = self._spots.get(form.words[0], ())
            return [place for place in (places.place_by(form, *spot) for spot in spots) if place]
        starts = _starts(form)
        if starts <= self._opened.keys():
            where = {spot[:2] for word in starts for spot in self._spots.get(word, ())}
        else:
            where = {(field, number) for field, tokens in self._reading.fields.items() for number in range(len(tokens))}
        found = (places.place_at(form, self._reading, field, first) for field, first in where)
        return [place for place in found if place]
