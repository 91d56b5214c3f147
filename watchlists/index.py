"""All watches, and which of them an item hits: the same hits as `score`, pair for pair, without trying each.

    item ─→ its words ─→ words of watches ─→ ideas that are met ─→ watches two of whose ideas are ─→ bound ─→ judge

Watches have ideas in common, so ideas are what is looked for: one look-up per word of the item tells which are met
and how well at most. A watch is filed under two ideas both of which every hit meets, the rarer first (prefix
filtering, as in set-similarity joins); where there are no two such, under several pairs, or under one idea alone.
What is filed under ideas that are met is judged if its weights can reach its threshold.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, product
from math import ceil, inf

from watchlists import places, score
from watchlists.glance import ALONE, Glance, Opened, starts
from watchlists.ideas import Joint, Part, Plan, plan
from watchlists.model import Item, Match
from watchlists.query import parse
from watchlists.terms import Query
from watchlists.vocabulary import Vocabulary

_READY = 1 << 10  # plans that are kept ready: more would only make work for the garbage collector
_STEPS = 255  # of weights, which are kept as bytes, rounded up

# The least sum of weight × quality that rounds to the threshold.
_NEEDED = {strictness: (threshold - 0.5) / 100 - 1e-9 for strictness, threshold in score.THRESHOLDS.items()}
_NEEDED_STEPS = {strictness: _STEPS * needed for strictness, needed in _NEEDED.items()}

_Names = tuple[str, ...]  # keys of the parts and joints that meet one idea
_Rank = tuple[float, str]


# A watch as it is kept, in types that the garbage collector need not follow: its text, the keys of what meets each of
# its ideas, the ideas' weights in steps, and the least sum of weight × quality that hits, in steps.
_Entry = tuple[str, tuple[str | _Names, ...], bytes, float]


class Index:
    """Queries by key. Any number of keys may hold equal queries.

    A program that keeps many should call `gc.freeze` when they are in: they are all that its garbage collector sees.
    """

    def __init__(self) -> None:
        self._entries: dict[int, _Entry] = {}
        self._uses: dict[str, int] = {}  # key of a part or joint → how many ideas it is for
        self._ranks: dict[str, _Rank] = {ALONE: (inf, ALONE)}  # the same keys → the rarer, the lower
        self._filed: dict[str, dict[str, int | set[int]]] = {}
        self._opened: dict[str, tuple[Opened, ...]] = {}  # word → forms that begin with it
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
        glance = Glance(reading, self._vocabulary, self._opened, self._uses)
        met = glance.met
        keys: set[int] = set()
        oftener: dict[str, None] = {}  # the keys that a watch may be filed under behind the one in turn
        for first in sorted(met, key=self._ranks.__getitem__, reverse=True):
            oftener[first] = None
            filed = self._filed.get(first)
            if filed:
                for second in filed.keys() & oftener.keys():
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
            self._ranks[one.key] = _rank(one)
            for form in one.forms:
                for word in starts(form):
                    if word not in self._opened:
                        self._vocabulary.add(word)
                    self._opened[word] = (*self._opened.get(word, ()), (one.key, form))
        return one.key

    def _disuse(self, one: Part | Joint) -> None:
        self._uses[one.key] -= 1
        if self._uses[one.key]:
            return
        del self._uses[one.key], self._ranks[one.key]
        for form in one.forms:
            for word in starts(form):
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
        best = met.get(names, 0.0) if isinstance(names, str) else max(met.get(name, 0.0) for name in names)
        reach += weight * best if best else -score.MISSING * (weight - 1) ** 2 / _STEPS
    return reach >= entry[3]


def _meets(ready: Plan, number: int) -> Iterator[Part | Joint]:
    """All that meets an idea, by itself or with others. Of an option of several parts the rarest has to be met."""
    for option in ready.ideas[number].options:
        yield option[0] if len(option) == 1 else min(option, key=lambda part: part.zipf)
    for joint in ready.joints:
        if number in joint.members:
            yield joint


def _rank(one: Part | Joint) -> _Rank:
    return one.often, one.key


def _filing(ready: Plan, meets: list[tuple[Part | Joint, ...]]) -> Iterator[tuple[str, str]]:
    """The pairs of keys, the rarer first, to file a watch under: every hit meets both of one of them."""
    if len(meets) == 1:
        yield from ((one.key, ALONE) for one in meets[0])
        return
    often = [sum(one.often for one in each) for each in meets]
    for first, second in _pairs(ready, sorted(range(len(meets)), key=lambda number: often[number])):
        if second is None:
            yield from ((one.key, ALONE) for one in meets[first])
            continue
        for one, other in product(meets[first], meets[second]):
            yield (one.key, other.key) if _rank(one) < _rank(other) else (other.key, one.key)


def _pairs(ready: Plan, order: list[int]) -> list[tuple[int, int | None]]:
    """The pairs of ideas (rarer first) of one of which every hit meets both; None: an idea alone."""
    weights, needed = [idea.weight for idea in ready.ideas], _NEEDED[ready.query.strictness]
    must = [
        n
        for n in order
        if ready.ideas[n].clause.sign == "+" or 1 - weights[n] - score.MISSING * weights[n] ** 2 < needed
    ]
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
