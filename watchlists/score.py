"""The score of a query against an item, 0–100: the slow, obvious matcher. It is the documentation of the score.

    query ─plan→ ideas with weights      item ─read→ words of title and summary
                     └──────── meet ────────┘   each idea finds its places: the same word, its stem, a near
                                 │              spelling, an alias, a headline's word for it
                               choose           of its places the best that stands near the others
                                 │
                    score = 100 × Σ weight × quality

The score of an item depends on nothing but the query, the item and the tables that ship with the program.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

from rapidfuzz.distance import OSA

from watchlists import aliases, text, words
from watchlists.ideas import Form, Idea, Part, Plan, plan
from watchlists.model import Evidence, Field, How, Item, Match
from watchlists.query import Query
from watchlists.terms import Scope

THRESHOLDS = {"": 67, "strict": 80, "loose": 55}
SUMMARY = 0.88  # what a word of the summary is worth beside one of the title
TITLE_CHARACTERS, SUMMARY_CHARACTERS = 500, 1000  # what follows is no headline or summary any more
STEM = 0.97
JOINED = 0.97  # written as one word, or as two
SPELLING = (0.93, 0.88)  # by edits
LISTED = 2.6  # Zipf frequency from which on a word is no misspelling of another
LOOSE, LOOSE_PLACE = 0.25, 0.6  # the least that a word of a name is worth alone
LOOSE_COMMON = 5.5
RARE, COMMON = 3.0, 5.0  # Zipf frequencies between which distance comes to matter
NEAR_WORDS, FAR_WORDS = 3, 12
FAR = 0.75  # what distance leaves of a common word
FIELDS: tuple[Field, ...] = ("title", "summary")
_SURE = frozenset({"exact", "stem", "phrase"})


@dataclass(frozen=True, slots=True)
class Reading:
    """An item as the matcher reads it: the folded words of each field, and the language to read them in."""

    item: Item
    fields: dict[Field, list[text.Token]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an idea is met: words `first` to `last` of a field, how, and how well (0–1)."""

    field: Field
    first: int
    last: int
    quality: float
    how: How
    hint: bool = False


@dataclass(frozen=True, slots=True)
class _Step:
    """So many words of the watch stand as so many words of the item, this well."""

    words: int
    tokens: int
    quality: float
    how: How


def read(item: Item) -> Reading:
    """The item's words."""
    summary = text.tokens(item.summary[:SUMMARY_CHARACTERS])
    return Reading(item, {"title": text.tokens(item.title[:TITLE_CHARACTERS]), "summary": summary})


def score(query: Query, item: Item) -> Match | None:
    """The match if the item hits the query, else None."""
    return judge(plan(query), read(item))


def explain(query: Query, item: Item) -> Match:
    """Score, threshold and evidence also of an item that does not hit; 0 if a scope, plus or minus forbids it."""
    return weigh(plan(query), read(item))


def judge(ready: Plan, reading: Reading) -> Match | None:
    """`score` for a query and an item that are made ready."""
    match = weigh(ready, reading)
    return match if match.score >= match.threshold else None


def weigh(ready: Plan, reading: Reading) -> Match:
    """`explain` for a query and an item that are made ready."""
    chosen = list(zip(ready.ideas, _choose(ready, _find(ready, reading)), strict=True))
    met = sum(idea.weight * place.quality for idea, place in chosen if place)
    allowed = (
        all(place for idea, place in chosen if idea.clause.sign == "+")
        and not any(_excludes(idea, reading) for idea in ready.exclusions)
        and _in_scope(ready.query.scopes, reading.item)
    )
    evidence = tuple(_evidence(idea, place, reading) for idea, place in chosen if place)
    return Match(min(100, int(100 * met + 0.5)) if allowed else 0, THRESHOLDS[ready.query.strictness], evidence)


def _find(ready: Plan, reading: Reading) -> list[list[Place]]:
    """For each idea the places that meet it: by itself, or in a joint with others."""
    found = [list(_idea_places(idea, reading)) for idea in ready.ideas]
    for joint in ready.joints:
        together = [place for form in joint.forms for place in _form_places(form, reading)]
        for member in joint.members:
            if joint.name:
                found[member] = [_loose(place, ready.ideas[member]) for place in found[member]]
            found[member] += together
    return found


def _loose(place: Place, idea: Idea) -> Place:
    """A word of a name without the rest of the name: worth as much as it is rare, a place's name some more."""
    least = LOOSE_PLACE if aliases.is_name(idea.options[0][0].term.words) else LOOSE
    return replace(place, quality=place.quality * max(least, 1 - _between(idea.zipf, RARE, LOOSE_COMMON)))


def _choose(ready: Plan, found: list[list[Place]]) -> list[Place | None]:
    """For each idea its best place, distance considered; a hint only beside ideas that are met outright."""
    outright = [[place for place in places if not place.hint] for places in found]
    chosen: list[Place | None] = []
    for number, idea in enumerate(ready.ideas):
        others = list(chain.from_iterable(outright[:number] + outright[number + 1 :]))
        rest = all(places for i, places in enumerate(outright) if i != number) and len(ready.ideas) > 1
        fit = (_near(place, others, idea.zipf) for place in found[number] if rest or not place.hint)
        chosen.append(max(fit, key=lambda place: (place.quality, -place.first, place.field), default=None))
    return chosen


def _near(place: Place, others: list[Place], zipf: float) -> Place:
    """A common word says little where it stands far from the rest of the watch."""
    if not others:
        return place
    same = (other for other in others if other.field == place.field)
    gap = min((max(0, other.first - place.last, place.first - other.last) for other in same), default=FAR_WORDS)
    common = _between(zipf, RARE, COMMON)
    return replace(place, quality=place.quality * (1 - (1 - FAR) * common * _between(gap, NEAR_WORDS, FAR_WORDS)))


def _between(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high` on, and even in between."""
    return max(0.0, min(1.0, (value - low) / (high - low)))


def _idea_places(idea: Idea, reading: Reading) -> Iterator[Place]:
    """Each place of an option of one part; of an option of several parts the weakest of their best places."""
    for option in idea.options:
        each = [list(_part_places(part, reading, idea.clause.title)) for part in option]
        if len(each) == 1:
            yield from each[0]
        elif all(each):
            yield min((max(places, key=lambda p: p.quality) for places in each), key=lambda p: p.quality)


def _part_places(part: Part, reading: Reading, title: bool) -> Iterator[Place]:
    for form in part.forms:
        for place in _form_places(form, reading):
            if place.field == "title" or not title:
                yield place


def _form_places(form: Form, reading: Reading) -> Iterator[Place]:
    """Where the words of a form stand, one behind the other."""
    for field in FIELDS:
        tokens = reading.fields[field]
        worth = form.quality * (1.0 if field == "title" else SUMMARY)
        for first in range(len(tokens)):
            run = _run(form, tokens, first, reading.item.lang)
            if run:
                last, quality, how = run
                yield Place(field, first, last, worth * quality, how, form.hint)


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
    for size in (2, 3):
        if here == "".join(form.words[number : number + size]) and number + size <= len(form.words):
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


@lru_cache(maxsize=1 << 18)
def alike(word: str, other: str, language: str | None, spelling: bool = True) -> tuple[float, How]:
    """How well a word of the item stands for a word of the watch (0–1), and how. Numbers only as they are."""
    if word == other:
        return 1.0, "exact"
    if not (word.isalpha() and other.isalpha()):
        return 0.0, "exact"
    if text.stem(word, language) == text.stem(other, language):
        return STEM, "stem"
    if spelling and word[0] == other[0] and len(word) >= 5 and len(other) >= 5:
        edits = 1 if len(word) < 9 else 2
        distance = OSA.distance(word, other, score_cutoff=edits)
        if distance <= edits and words.zipf(other, text.word_language(other, language)) < LISTED:
            return SPELLING[distance - 1], "spelling"
    return 0.0, "exact"


def _excludes(idea: Idea, reading: Reading) -> bool:
    """Whether an exclusion is met; a near spelling or another word is not enough to hide news."""

    def met(part: Part) -> bool:
        return any(place.how in _SURE for place in _part_places(part, reading, idea.clause.title))

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


def _evidence(idea: Idea, place: Place, reading: Reading) -> Evidence:
    tokens = reading.fields[place.field]
    start, end = tokens[place.first].start, tokens[place.last].end
    printed = reading.item.title if place.field == "title" else reading.item.summary
    return Evidence(
        str(idea.clause).lstrip("+"),
        printed[start:end],
        place.how,
        place.field,
        start,
        end,
        round(idea.weight, 4),
        round(place.quality, 4),
    )
