"""What a query asks for, weighed: the words it holds, how much each counts, and which of them belong together.

    Bank of Japan interest rates
    │       │     │        └ ideas "interest", "rates": each its share of the weight
    └───────┴─────┴ joint: a name, one after the other; it may also stand as BOJ

An idea is one clause of the query. It weighs by how rare its words are in general use, so that *of* hardly counts
and *Darfur* counts much, but less than rarity alone would have it (`POWER`): the rare word of a pair must not carry
it alone. A place or person weighs more than a word as frequent (`PLACE`): an event elsewhere is another event; and so
does what happened (`EVENT`): a watch for a crash is not met by news without one. The words of a name together weigh
little more than its rarest (`NAMED`). The figures were fitted, with phrases left out, on judged pairs.

A joint is a set of ideas that one place of the item can meet together: a name in its order, its initials, its other
spellings. Any two other words may also stand there written as one (*cease fire*, *ceasefire*; see `pairs`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple

from watchlists import aliases, text, words
from watchlists.model import How
from watchlists.terms import Clause, Query, Term

CEILING = 7.0  # Zipf frequency from which on a word weighs next to nothing
LEAST = 0.05
POWER = 0.55
PLACE = 1.3
EVENT = 1.15
COMPOUND, NAMED = 4, 4  # the other words of a compound, and of a name, count this many times less
LONGEST_NAME = 5


@dataclass(frozen=True, slots=True)
class Form:
    """Words that meet an idea where they stand in this order; `quality` is what that is worth, 0–1.

    A `hint` counts only where the rest of the watch is there too.
    """

    words: tuple[str, ...]
    quality: float
    how: How
    hint: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One term of the query, all the forms that meet it, the Zipf frequency of its rarest, and how often it is met.

    `key` is equal for parts that have the same forms.
    """

    key: str
    term: Term
    forms: tuple[Form, ...]
    zipf: float
    often: float


class Idea(NamedTuple):
    """One clause: any of the options, each of parts that all have to be met. `weight` is its share of 1.

    `zipf` is the frequency of the rarest word of its most frequent option.
    """

    clause: Clause
    options: tuple[tuple[Part, ...], ...]
    zipf: float
    weight: float


@dataclass(frozen=True, slots=True)
class Joint:
    """A name: the ideas numbered `members` are met together where one of `forms` stands. `key`: see `Part`."""

    key: str
    members: tuple[int, ...]
    forms: tuple[Form, ...]
    often: float


class Plan(NamedTuple):
    """A query made ready for matching.

    `happenings` are the numbers of the ideas that are happenings, if all the others are names; else it is empty.
    """

    query: Query
    ideas: tuple[Idea, ...]
    joints: tuple[Joint, ...]
    exclusions: tuple[Idea, ...]
    happenings: tuple[int, ...] = ()


def plan(query: Query) -> Plan:
    """The ideas, joints and exclusions of a query. Depends on nothing but the query and the shipped tables."""
    wanted = query.ideas
    language = words.language_of(tuple([word for clause in wanted for word in _words(clause)]))
    joints = _joints(wanted)
    weighed = [_weighed(clause.options, language) for clause in wanted]
    weights = [weight for weight, _, _ in weighed]
    for joint in joints:
        _lighten(weights, joint.members)
    total = sum(weights)
    ideas = tuple(
        Idea(clause, options, zipf, weight / total)
        for clause, (_, options, zipf), weight in zip(wanted, weighed, weights, strict=True)
    )
    excluded = [Idea(clause, *_weighed(clause.options, language)[1:], 0.0) for clause in query.exclusions]
    return Plan(query, ideas, joints, tuple(excluded), _happenings(ideas, joints))


def pairs(ready: Plan) -> Iterator[tuple[int, str, int, str]]:
    """Any two ideas of one word of three letters or more, outside names, in either order: number, word, number, word.

    Where an item has them written as one word, it has met both.
    """
    named = {member for joint in ready.joints for member in joint.members}
    singles = []
    for number, idea in enumerate(ready.ideas):
        term = _plain(idea.clause)
        if number not in named and term and len(term.words) == 1 and len(term.words[0]) >= 3:
            singles.append((number, term.words[0]))
    for (i, one), (j, other) in permutations(singles, 2):
        yield i, one, j, other


def _happenings(ideas: tuple[Idea, ...], joints: tuple[Joint, ...]) -> tuple[int, ...]:
    named = {member for joint in joints for member in joint.members}
    happenings = []
    for number, idea in enumerate(ideas):
        term = idea.options[0][0].term
        if aliases.is_event(term.words) and number not in named:
            happenings.append(number)
        elif number not in named and not aliases.is_name(term.words):
            return ()
    return tuple(happenings)


def _words(clause: Clause) -> list[str]:
    return [word for option in clause.options for term in option for word in term.words]


@lru_cache(maxsize=1 << 15)
def _weighed(options: tuple[tuple[Term, ...], ...], language: str) -> tuple[float, tuple[tuple[Part, ...], ...], float]:
    """The weight, the parts and the Zipf frequency of a clause: watches have words in common.

    Of alternatives the lightest counts, of words that have to be met together the sum.
    """
    weight = min(sum(_term_weight(term, language) for term in option) for option in options)
    parts = tuple(tuple(_part(term, language) for term in option) for option in options)
    return weight, parts, max(min(part.zipf for part in option) for option in parts)


def _term_weight(term: Term, language: str) -> float:
    each = sorted((max(LEAST, CEILING - words.zipf(word, language)) ** POWER for word in term.words), reverse=True)
    whole: float = each[0] + sum(each[1:]) / (2 if term.phrase else COMPOUND)
    if aliases.is_name(term.words):
        return whole * PLACE
    return whole * EVENT if aliases.is_event(term.words) else whole


def _lighten(weights: list[float], members: tuple[int, ...]) -> None:
    """Makes the words of a name weigh together what one word that is a name would."""
    each = sorted((weights[member] for member in members), reverse=True)
    share = PLACE * (each[0] + sum(each[1:]) / NAMED) / sum(each)
    for member in members:
        weights[member] *= share


def _part(term: Term, language: str) -> Part:
    zipf = min(words.zipf(word, language) for word in term.words)
    forms = (Form(term.words, 1.0, "phrase"),) if term.phrase else _forms(term.words)
    return Part(term.key, term, forms, zipf, _often(forms))


def _often(forms: tuple[Form, ...]) -> float:
    """How often, in a billion words, one of the forms may be met."""
    return sum(10 ** min(words.zipf(word, text.word_language(word, None)) for word in form.words) for form in forms)


def _forms(written: tuple[str, ...]) -> tuple[Form, ...]:
    """The words as they are, and what may stand for them: for all, or in a compound for one."""
    others = [Form(alias.words, alias.quality, "alias", alias.hint) for alias in aliases.of(written)]
    if len(written) > 1:
        for number, word in enumerate(written):
            same = [alias for alias in aliases.of((word,)) if alias.quality == aliases.SAME]
            others += [
                Form((*written[:number], *alias.words, *written[number + 1 :]), alias.quality, "alias")
                for alias in same
            ]
    return (Form(written, 1.0, "exact"), *others)


def _joints(wanted: tuple[Clause, ...]) -> tuple[Joint, ...]:
    """The names that are listed, longest first."""
    plain = [_plain(clause) for clause in wanted]
    if not any(term and aliases.begins_a_phrase(term.words[0]) for term in plain[:-1]):
        return ()
    joints: list[Joint] = []
    taken: set[int] = set()
    for size in range(min(LONGEST_NAME, len(plain)), 1, -1):
        for first in range(len(plain) - size + 1):
            members = range(first, first + size)
            run = tuple(word for term in plain[first : first + size] for word in (term.words if term else ()))
            if all(plain[first : first + size]) and taken.isdisjoint(members) and aliases.is_set_phrase(run):
                forms = _name_forms(run)
                joints.append(Joint(" ".join(run), tuple(members), forms, _often(forms)))
                taken.update(members)
    return tuple(joints)


@lru_cache(maxsize=1 << 10)
def _name_forms(name: tuple[str, ...]) -> tuple[Form, ...]:
    """A name as written, its aliases, and its initials if it has three words or more."""
    forms = _forms(name)
    if len(name) >= 3:
        forms += (Form(("".join(word[0] for word in name),), 0.95, "alias"),)
    return forms


def _plain(clause: Clause) -> Term | None:
    """The only term of a clause, unless that is a phrase or the clause is bound to the title."""
    if len(clause.options) == 1 and len(clause.options[0]) == 1 and not clause.title:
        term = clause.options[0][0]
        return None if term.phrase else term
    return None
