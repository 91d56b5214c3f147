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

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple

from watchlists import aliases, text, words
from watchlists.model import How
from watchlists.terms import Clause, Query, Scope, Strictness, Term

CEILING = 7.0  # Zipf frequency from which on a word weighs next to nothing
LEAST = 0.05
POWER = 0.55
PLACE = 1.3
EVENT = 1.15
COMPOUND, NAMED = 4, 4  # the other words of a compound, and of a name, count this many times less
LONGEST_NAME = 5
SHORTEST_HALF = 3  # letters of a word that may be written as one with another


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
    """One clause: any of the options, each of parts that all have to be met. Watches with equal clauses share it.

    `zipf` is the frequency of the rarest word of the most frequent option; `weight` becomes a share of 1 by the plan's
    `total`. `part` is the only one, if it may stand anywhere. `gates`: each option's rarest part, one of which is met
    wherever the idea is, unless by a joint or a pair.
    `single`: see `pairs`. `shown` is the clause as evidence names it. The rest tells of its words whether they are
    listed as English, as an event or as a name, and whether a listed name may begin with them.
    """

    clause: Clause
    shown: str
    options: tuple[tuple[Part, ...], ...]
    part: Part | None
    zipf: float
    weight: float
    gates: tuple[Part, ...]
    single: str
    is_english: bool
    is_event: bool
    is_name: bool
    opens: bool


@dataclass(frozen=True, slots=True)
class Joint:
    """A name: the ideas numbered `members` are met together where one of `forms` stands. `key`: see `Part`."""

    key: str
    members: tuple[int, ...]
    forms: tuple[Form, ...]
    often: float


class Plan(NamedTuple):
    """A query made ready for matching. `total` is the weight of all ideas, `musts` the numbers of those with a plus.

    `happenings` are the numbers of the ideas that are happenings, if all the others are names; else it is empty.
    """

    strictness: Strictness
    scopes: tuple[Scope, ...]
    ideas: tuple[Idea, ...]
    total: float
    musts: tuple[int, ...]
    joints: tuple[Joint, ...]
    exclusions: tuple[Idea, ...]
    happenings: tuple[int, ...]


def plan(query: Query) -> Plan:
    """The ideas, joints and exclusions of a query. Depends on nothing but the query and the shipped tables."""
    wanted, language = query.ideas, "en"
    ideas = [_idea(clause, str(clause), language) for clause in wanted]
    if not all([idea.is_english for idea in ideas]):
        language = words.language_of(tuple([word for clause in wanted for word in _words(clause)]))
        ideas = [_idea(clause, str(clause), language) for clause in wanted]
    joints = _joints(wanted) if any([idea.opens for idea in ideas[:-1]]) else ()
    for joint in joints:
        _lighten(ideas, joint.members)
    total = sum([idea.weight for idea in ideas])
    musts = tuple([number for number, clause in enumerate(wanted) if clause.sign == "+"])
    excluded = query.exclusions if len(wanted) < len(query.clauses) else ()
    exclusions = tuple([_idea(clause, str(clause), language) for clause in excluded])
    happenings = _happenings(ideas, joints)
    return Plan(query.strictness, query.scopes, tuple(ideas), total, musts, joints, exclusions, happenings)


def pairs(ready: Plan, may_be: Callable[[str], bool]) -> Iterable[tuple[int, str, int, str]]:
    """Any two ideas of a `single` word, outside names, in either order: number, word, number, word.

    Where an item has them written as one word, it has met both. Leaves out words that are no part of such a word.
    """
    singles = [(number, idea.single) for number, idea in enumerate(ready.ideas) if may_be(idea.single)]
    if len(singles) < 2:
        return ()
    named = {member for joint in ready.joints for member in joint.members}
    free = [(number, word) for number, word in singles if word and number not in named]
    return [(i, one, j, other) for (i, one), (j, other) in permutations(free, 2)]


def _happenings(ideas: list[Idea], joints: tuple[Joint, ...]) -> tuple[int, ...]:
    if not any([idea.is_event for idea in ideas]):
        return ()
    named = {member for joint in joints for member in joint.members}
    if not all([idea.is_event or idea.is_name or number in named for number, idea in enumerate(ideas)]):
        return ()
    return tuple([number for number, idea in enumerate(ideas) if idea.is_event and number not in named])


def _words(clause: Clause) -> list[str]:
    return [word for option in clause.options for term in option for word in term.words]


@lru_cache(maxsize=1 << 17)
def _idea(clause: Clause, written: str, language: str) -> Idea:
    """The idea of a clause. Of alternatives the lightest counts, of words that have to be met together the sum.

    `written` tells clauses that are equal but for the case of their letters apart: evidence names them as they are.
    """
    options = tuple([tuple([_part(term, language) for term in option]) for option in clause.options])
    part = options[0][0] if len(options) == len(options[0]) == 1 and not clause.title else None
    first, plain = clause.options[0][0].words, _plain(clause)
    return Idea(
        clause,
        written.lstrip("+"),
        options,
        part,
        zipf=max([min([part.zipf for part in option]) for option in options]),
        weight=min([sum([_term_weight(term, language) for term in option]) for option in clause.options]),
        gates=options[0] if part else tuple([min(option, key=lambda part: part.zipf) for option in options]),
        single=first[0] if plain and len(first) == 1 and len(first[0]) >= SHORTEST_HALF else "",
        is_english=words.are_english(_words(clause)),
        is_event=aliases.is_event(first),
        is_name=aliases.is_name(first),
        opens=plain is not None and aliases.begins_a_phrase(first[0]),
    )


def _term_weight(term: Term, language: str) -> float:
    each = sorted([max(LEAST, CEILING - words.zipf(word, language)) ** POWER for word in term.words], reverse=True)
    whole: float = each[0] + sum(each[1:]) / (2 if term.phrase else COMPOUND)
    if aliases.is_name(term.words):
        return whole * PLACE
    return whole * EVENT if aliases.is_event(term.words) else whole


def _lighten(ideas: list[Idea], members: tuple[int, ...]) -> None:
    """Makes the words of a name weigh together what one word that is a name would."""
    each = sorted((ideas[member].weight for member in members), reverse=True)
    share = PLACE * (each[0] + sum(each[1:]) / NAMED) / sum(each)
    for member in members:
        ideas[member] = ideas[member]._replace(weight=ideas[member].weight * share)


def _part(term: Term, language: str) -> Part:
    zipf = min([words.zipf(word, language) for word in term.words])
    forms = (Form(term.words, 1.0, "phrase"),) if term.phrase else _forms(term.words)
    return Part(term.key, term, forms, zipf, _often(forms))


def _often(forms: tuple[Form, ...]) -> float:
    """How often, in a billion words, one of the forms may be met."""
    return sum([10 ** min([words.zipf(word, text.word_language(word, None)) for word in form.words]) for form in forms])


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
