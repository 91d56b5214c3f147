"""The score of a query against an item, 0–100: the slow, obvious matcher. It is the documentation of the score.

    query ─plan→ ideas with weights      item ─read→ words of title and summary
                     └──────── meet ────────┘   each idea finds its places: the same word, its stem, a near
                                 │              spelling, an alias, a headline's word for it
                               choose           of its places the best that stands near the others
                                 │
                    score = 100 × (Σ weight × quality − MISSING × Σ weight² of what is not met)
                            × NAMES_ALONE where a watch for names and a happening has only names met

The score of an item depends on nothing but the query, the item and the tables that ship with the program.
"""

from watchlists import text
from watchlists.ideas import Idea, Part, Plan, pairs, plan
from watchlists.model import Evidence, Field, How, Item, Match
from watchlists.places import Everywhere, Place, Reading, Sight, read
from watchlists.terms import Query, Scope

# On 1,896 judged pairs of 37 phrases: precision 0.974 at recall 0.931; strict 0.983 at 0.856 (above 0.98 from 66 on, on
# other phrases above 0.95 from 78 on); loose 0.894 at 0.960.
THRESHOLDS = {"": 61, "strict": 78, "loose": 50}
MISSING = 0.7  # what an idea that is not met takes away besides, times the square of its weight
NAMES_ALONE = 0.8  # what is left where a watch for names and a happening has only names met: other news of theirs
LOOSE, LOOSE_PLACE = 0.25, 0.6  # the least that a word of a name is worth alone
LOOSE_COMMON = 5.5
HINT_REST = 0.45  # what the rest of a watch has to weigh for a hint to count beside it
MOST = 20  # places of an idea that are looked at, the best first: no headline or summary has more
RARE, COMMON = 3.0, 5.0  # Zipf frequencies between which distance comes to matter
NEAR_WORDS, FAR_WORDS = 3, 12
FAR = 0.75  # what distance leaves of a common word
_SURE = frozenset({"exact", "stem", "phrase"})


def score(query: Query, item: Item) -> Match | None:
    """The match if the item hits the query, else None."""
    return judge(plan(query), read(item))


def explain(query: Query, item: Item) -> Match:
    """Score, threshold and evidence also of an item that does not hit; 0 if a scope, plus or minus forbids it."""
    return weigh(plan(query), read(item))


def judge(ready: Plan, reading: Reading, sight: Sight | None = None) -> Match | None:
    """`score` for a query and an item that are made ready, perhaps with a sight that is faster and sees the same."""
    seen = sight or Everywhere(reading)
    chosen = _choose(ready, _find(ready, seen))
    total = _total(ready, chosen)
    if total < THRESHOLDS[ready.strictness] or not _allows(ready, chosen, reading, seen):
        return None
    return _match(ready, chosen, reading, total)


def weigh(ready: Plan, reading: Reading) -> Match:
    """`explain` for a query and an item that are made ready."""
    seen = Everywhere(reading)
    chosen = _choose(ready, _find(ready, seen))
    return _match(ready, chosen, reading, _total(ready, chosen) if _allows(ready, chosen, reading, seen) else 0)


def forbids(query: Query, item: Item) -> bool:
    """Whether an exclusion or a scope of the query keeps the item out, whatever else the query wants."""
    ready, reading = plan(query), read(item)
    seen = Everywhere(reading)
    return any(_excludes(idea, seen) for idea in ready.exclusions) or not _in_scope(ready.scopes, item)


def _total(ready: Plan, chosen: list[Place | None]) -> int:
    """All ideas met half well say more than two of three met well: what is missing is often what tells the news."""
    met = lost = 0.0
    named = {member for joint in ready.joints for member in joint.members} if ready.joints else ()
    for number, place in enumerate(chosen):
        weight = ready.ideas[number].weight / ready.total
        if place:
            met += weight * place.quality
        elif number not in named:
            lost += weight**2
    for joint in ready.joints:  # a name is missing as a whole
        outcome = [(ready.ideas[member].weight / ready.total, chosen[member]) for member in joint.members]
        lost += sum([weight * (1 - (place.quality if place else 0)) for weight, place in outcome]) ** 2
    left = met - MISSING * lost
    if ready.happenings and not any([chosen[number] for number in ready.happenings]):
        left *= NAMES_ALONE
    return max(0, min(100, int(100 * left + 0.5)))


def _allows(ready: Plan, chosen: list[Place | None], reading: Reading, seen: Sight) -> bool:
    """Whether all that has to be there is, and nothing that must not."""
    return (
        all([chosen[number] for number in ready.musts])
        and not any([_excludes(idea, seen) for idea in ready.exclusions])
        and (not ready.scopes or _in_scope(ready.scopes, reading.item))
    )


def _match(ready: Plan, chosen: list[Place | None], reading: Reading, total: int) -> Match:
    evidence = [
        _evidence(idea, idea.weight / ready.total, place, reading)
        for idea, place in zip(ready.ideas, chosen, strict=True)
        if place
    ]
    return Match(total, THRESHOLDS[ready.strictness], tuple(evidence))


def _find(ready: Plan, seen: Sight) -> list[list[Place]]:
    """For each idea the places that meet it: by itself, or together with others."""
    found = [seen.places(idea.part) if idea.part else _idea_places(idea, seen) for idea in ready.ideas]
    for joint in ready.joints:
        together = seen.places(joint)
        for member in joint.members:
            found[member] = [_loose(place, ready.ideas[member]) for place in found[member]] + together
    for i, one, j, other in pairs(ready, seen.may_be_half):
        both = seen.as_one(one, other)
        found[i], found[j] = found[i] + both, found[j] + both
    return [places if len(places) <= MOST else sorted(places, key=_rank, reverse=True)[:MOST] for places in found]


def _loose(place: Place, idea: Idea) -> Place:
    """A word of a name without the rest of the name: worth as much as it is rare, a place's name some more."""
    least = LOOSE_PLACE if idea.is_name else LOOSE
    return place._replace(quality=place.quality * max(least, 1 - _between(idea.zipf, RARE, LOOSE_COMMON)))


def _choose(ready: Plan, found: list[list[Place]]) -> list[Place | None]:
    """For each idea its best place, distance considered; a hint only beside ideas that are met outright."""
    outright = [[place for place in places if not place.hint] for places in found]
    met = len(found) - outright.count([])
    chosen: list[Place | None] = []
    for number, idea in enumerate(ready.ideas):
        fit = outright[number]
        others = met - 1 if fit else met
        if others and others == len(found) - 1 and len(fit) < len(found[number]):
            rest_weighs = 1 - idea.weight / ready.total
            fit = found[number] if rest_weighs >= HINT_REST else [*filter(_no_mere_hint, found[number])]
        if fit and others and idea.zipf > RARE:
            rest = outright[:number] + outright[number + 1 :]
            fit = [_near(place, rest, idea.zipf) for place in fit]
        chosen.append(max(fit, key=_rank) if len(fit) > 1 else fit[0] if fit else None)
    return chosen


def _no_mere_hint(place: Place) -> bool:
    """Whether a place says more than another word that hints: a slip is the watch's own word."""
    return not place.hint or place.how == "spelling"


def _rank(place: Place) -> tuple[float, int, Field, int, How, bool]:
    """The best place; of equals the earliest, in the title rather than the summary."""
    return place.quality, -place.first, place.field, -place.last, place.how, not place.hint


def _near(place: Place, rest: list[list[Place]], zipf: float) -> Place:
    """A common word says little where it stands far from the rest of the watch."""
    field, first, last, quality, how, hint = place
    gap = FAR_WORDS
    for others in rest:
        for other in others:
            apart = other.first - last if other.first > last else first - other.last
            if apart < gap and other.field == field:
                gap = apart
    if gap <= NEAR_WORDS:
        return place
    worth = 1 - (1 - FAR) * _between(zipf, RARE, COMMON) * _between(gap, NEAR_WORDS, FAR_WORDS)
    return Place(field, first, last, quality * worth, how, hint)


def _between(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high` on, and even in between."""
    return 0.0 if value <= low else 1.0 if value >= high else (value - low) / (high - low)


def _idea_places(idea: Idea, seen: Sight) -> list[Place]:
    """Each place of an option of one part; of an option of several parts the weakest of their best places."""
    found: list[Place] = []
    for option in idea.options:
        each = [_part_places(part, seen, idea.clause.title) for part in option]
        if len(each) == 1:
            found += each[0]
        elif all(each):
            found.append(min((max(places, key=_rank) for places in each), key=_rank))
    return found


def _part_places(part: Part, seen: Sight, title: bool) -> list[Place]:
    found = seen.places(part)
    return [place for place in found if place.field == "title"] if title else found


def _excludes(idea: Idea, seen: Sight) -> bool:
    """Whether an exclusion is met; a near spelling or another word is not enough to hide news."""

    def met(part: Part) -> bool:
        return any(place.how in _SURE for place in _part_places(part, seen, idea.clause.title))

    return any(all(met(part) for part in option) for option in idea.options)


def _in_scope(scopes: tuple[Scope, ...], item: Item) -> bool:
    """Of the scopes of one field one has to hold; a negated one must not."""
    for field in ("source", "lang"):
        held = [(scope.negated, _holds(scope, item)) for scope in scopes if scope.field == field]
        wanted = [holds for negated, holds in held if not negated]
        if any(holds for negated, holds in held if negated) or (wanted and not any(wanted)):
            return False
    return True


def _holds(scope: Scope, item: Item) -> bool:
    """`source:reuters` holds for reuters.com and uk.reuters.com, `source:rt.com` not for art.com."""
    if scope.field == "lang":
        return text.fold(item.lang or "").split("-")[0] == scope.value.split("-")[0]
    return f".{scope.value}." in f".{text.fold(item.source)}."


def _evidence(idea: Idea, weight: float, place: Place, reading: Reading) -> Evidence:
    field, first, last, quality, how, _ = place
    tokens, printed = reading.fields[field], reading.item.title if field == "title" else reading.item.summary
    start, end = tokens[first].start, tokens[last].end
    return Evidence(idea.shown, printed[start:end], how, field, start, end, _rounded(weight), _rounded(quality))


def _rounded(share: float) -> float:
    """To four places. `round` takes several times as long, and there are thousands."""
    return int(share * 10_000 + 0.5) / 10_000
