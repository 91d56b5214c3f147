"""All watches, and which of them an item hits: the same hits as `score`, pair for pair, without trying each.

    item ─→ its words ─→ words of watches ─→ ideas that are met ─→ watches two of whose ideas are ─→ bound ─→ judge

Watches have ideas in common, so ideas are what is looked for: one look-up per word of the item tells which are met
and how well at most. A watch is filed under two ideas both of which every hit meets, the rarer first (prefix
filtering, as in set-similarity joins); where there are no two such, under several pairs, or under one idea alone.
What is filed under ideas that are met is judged if its weights can reach its threshold.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations

from watchlists import places, score
from watchlists.drawers import Drawer
from watchlists.forms import Forms
from watchlists.glance import ALONE, Glance
from watchlists.ideas import Joint, Part, Plan, plan
from watchlists.model import Item, Match
from watchlists.terms import Query

_SHARDS = 1 << 10  # of the plans: a dict that grows is copied at once, and the copy of a million entries takes 30 ms

# The least sum of weight × quality that rounds to the threshold.
_NEEDED = {strictness: (threshold - 0.5) / 100 - 1e-9 for strictness, threshold in score.THRESHOLDS.items()}

_Gates = list[tuple[Part | Joint, ...]]  # for each idea, all that meets it, by itself or with others


class Index:
    """Queries by key. Any number of keys may hold equal queries. Many are added `in_bulk`."""

    def __init__(self) -> None:
        self._plans: tuple[dict[int, Plan], ...] = tuple([{} for _ in range(_SHARDS)])
        self._drawers = {ALONE: Drawer(0)}  # by the keys of parts and joints
        self._free: list[int] = []  # numbers of drawers that are no more
        self._forms = Forms()

    def __len__(self) -> int:
        return sum(map(len, self._plans))

    def add(self, key: int, query: Query) -> None:
        """Adds the query, as `parse` made it, in place of the one that the key had."""
        self.remove(key)
        ready = plan(query)
        self._plans[key % _SHARDS][key] = ready
        gates = _gates(ready)
        for each in gates:
            for one in each:
                self._use(one)
        for first, second in _filing(ready, gates):
            self._drawers[first].put(self._drawers[second].number, key)

    def remove(self, key: int) -> None:
        """Removes a key; one that is not there is no error."""
        ready = self._plans[key % _SHARDS].pop(key, None)
        if ready is None:
            return
        gates = _gates(ready)
        for first, second in _filing(ready, gates):
            self._drawers[first].take(self._drawers[second].number, key)
        for each in gates:
            for one in each:
                self._disuse(one)

    def hits(self, item: Item) -> list[tuple[int, Match]]:
        """The keys whose queries hit the item, in ascending order, each with its match."""
        reading = places.read(item)
        glance = Glance(reading, self._forms, self._drawers)
        found = []
        for key in sorted(self._candidates(glance.met)):
            ready = self._plans[key % _SHARDS][key]
            match = score.judge(ready, reading, glance) if _may_hit(ready, glance.met) else None
            if match:
                found.append((key, match))
        return found

    def _candidates(self, met: dict[str, float]) -> set[int]:
        """The keys that are filed under two of what is met."""
        keys: set[int] = set()
        drawers = [self._drawers[one] for one in met]
        numbers = {drawer.number for drawer in drawers}
        for drawer in drawers:
            for second in numbers.intersection(drawer.seconds) if drawer.filed else ():
                there = drawer.filed[second]
                if isinstance(there, set):
                    keys |= there
                else:
                    keys.add(there)
        return keys

    def _use(self, one: Part | Joint) -> None:
        """Counts a use of a part or joint; files its forms at the first."""
        drawer = self._drawers.get(one.key)
        if drawer is None:
            number = self._free.pop() if self._free else len(self._drawers)
            drawer = self._drawers[one.key] = Drawer(number)
            for form in one.forms:
                self._forms.add(one.key, form)
        drawer.uses += 1

    def _disuse(self, one: Part | Joint) -> None:
        drawer = self._drawers[one.key]
        drawer.uses -= 1
        if drawer.uses:
            return
        del self._drawers[one.key]
        self._free.append(drawer.number)
        for form in one.forms:
            self._forms.remove(one.key, form)


@contextmanager
def in_bulk() -> Iterator[None]:
    """Where many watches are added. The garbage collector rests, and from then on leaves alone all that there is.

    All that is made there stays: to look through it again and again would take half as long as to make it. It looks
    before, when there is little, and the next time when a quarter more has come: not while a few watches are added.
    """
    was_enabled = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()


def _may_hit(ready: Plan, met: dict[str, float]) -> bool:
    """Whether ideas that are met so well at most can reach the threshold."""
    reach = missing = 0.0
    for number, idea in enumerate(ready.ideas):
        if idea.part and not ready.joints:  # nearly all
            best = met.get(idea.part.key, 0.0)
        else:
            best = max([met.get(one.key, 0.0) for one in _gates(ready)[number]])
        if best:
            reach += idea.weight * best
        else:
            missing += idea.weight**2
    return reach - score.MISSING * missing / ready.total >= _NEEDED[ready.strictness] * ready.total


def _gates(ready: Plan) -> _Gates:
    if not ready.joints:
        return [idea.gates for idea in ready.ideas]
    return [
        (*idea.gates, *[joint for joint in ready.joints if number in joint.members])
        for number, idea in enumerate(ready.ideas)
    ]


def _rank(one: Part | Joint) -> tuple[float, str]:
    return one.often, one.key


def _filing(ready: Plan, gates: _Gates) -> list[tuple[str, str]]:
    """The pairs of keys, the rarer first, to file a watch under: every hit meets both of one of them."""
    filing: list[tuple[str, str]] = []
    for first, second in _pairs(ready, gates):
        if second is None:
            filing += [(one.key, ALONE) for one in gates[first]]
            continue
        for one in gates[first]:
            for other in gates[second]:
                filing.append((one.key, other.key) if _rank(one) < _rank(other) else (other.key, one.key))
    return filing


def _pairs(ready: Plan, gates: _Gates) -> list[tuple[int, int | None]]:
    """The pairs of ideas (rarer first) of one of which every hit meets both; None: an idea alone."""
    if len(gates) == 1:
        return [(0, None)]
    weights, needed = [idea.weight / ready.total for idea in ready.ideas], _NEEDED[ready.strictness]
    often = [each[0].often if len(each) == 1 else sum([one.often for one in each]) for each in gates]
    order = sorted(range(len(gates)), key=often.__getitem__)
    must = [n for n in order if n in ready.musts or 1 - weights[n] - score.MISSING * weights[n] ** 2 < needed]
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
