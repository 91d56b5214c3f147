"""How likely two headlines are to tell the same story: the slow, obvious part of the story index.

    0 is as likely as not; each 1 is e times as likely

What speaks for it: words in common, against all that either says (`cosine`), and how much they tell by themselves
(`shared`: each bit of it would be a coincidence); the same name in the lead, which is mostly who acts. What speaks
against it: time between them; the same source, for a publisher seldom writes one story twice; and a difference that is
one of names and numbers above all: the same event somewhere else, to somebody else, or at another price.

The figures were fitted by logistic regression on judged pairs, with whole windows of days left out.
"""

from array import array
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from watchlists.storywords import NAMES, NUMBER

COSINE = 5.4  # for headlines that say the same
SHARED = 0.145  # for each unit (of natural logarithm) by which shared words narrow down what it is about
LEAD = 1.1
CONSTANT = -3.8
HOUR = 0.08
SOURCE = 2.2
SWAPPED = 2.0  # for a difference that is of names and numbers above all …
ANOTHER = 6.0  # … and for one of names alone
MOSTLY, ALONE = 0.5, 0.85  # shares of what either says beyond the other, by weight
NEVER = -20.0  # for what is another fact, however alike
KIND = 0.6  # of the weight of a word that what it means with others has
APART = 6.0  # hours from which on what a source says again, or what belongs to a series, is another story
LEAST_WORDS = 2  # of a headline, besides numbers, for which stories are looked for
_FACTS = (*NAMES, NUMBER)


class Member(NamedTuple):
    """A headline as the index keeps it: the keys of its words (the first `told`) and of what they also mean.

    `weights` belong to all of `keys`, their squares sum up to 1; `when` is in hours since 1970.
    """

    keys: tuple[str, ...]
    weights: "array[float]"
    told: int
    when: float
    source: str
    lead: str
    dates: frozenset[str]
    series: str


class Told(NamedTuple):
    """A headline that is compared with members: how telling each of its words is, and its keys with their weights."""

    member: Member
    bits: Mapping[str, float]
    vector: Mapping[str, float]


def says_too_little(told: Told) -> bool:
    """Whether a headline cannot be told from many others: it has a single word, or only numbers besides."""
    return sum(key[0] != NUMBER for key in told.bits) < LEAST_WORDS


def likeness(told: Told, member: Member) -> float:
    """How likely the two tell the same story."""
    mine, same_source = told.member, told.member.source == member.source
    if same_source and _is_another_edition(mine, member):
        return NEVER
    if mine.dates and member.dates and mine.dates.isdisjoint(member.dates):
        return NEVER
    cosine = shared = 0.0
    for key, weight in zip(member.keys, member.weights, strict=True):
        weight_here = told.vector.get(key)
        if weight_here is not None:
            cosine += weight_here * weight
            shared += told.bits.get(key, 0.0)
    score = CONSTANT + COSINE * cosine + SHARED * shared - HOUR * abs(mine.when - member.when)
    score -= SOURCE * same_source
    if mine.lead and mine.lead == member.lead:
        score += LEAD
    return score - _difference(told, member) if score > 0 else score


def _difference(told: Told, member: Member) -> float:
    """What is taken off where two likely headlines differ in names and numbers rather than in words."""
    theirs = dict(zip(member.keys, member.weights, strict=True))
    if any(key.startswith("@") and key[1].isalpha() and key in theirs for key in told.vector):
        return 0.0  # the government of one country, called by other names
    ours = [(key, bits) for key, bits in told.bits.items() if key not in theirs]
    rest = [(key, theirs[key]) for key in member.keys[: member.told] if key not in told.vector]
    if min(_share(ours, NAMES), _share(rest, NAMES)) > ALONE:
        return ANOTHER
    return SWAPPED if min(_share(ours, _FACTS), _share(rest, _FACTS)) > MOSTLY else 0.0


def _share(rest: Sequence[tuple[str, float]], signs: tuple[str, ...]) -> float:
    """The share of weight that keys with these signs have; 0 for nothing."""
    whole = sum(weight for _, weight in rest)
    return sum(weight for key, weight in rest if key[0] in signs) / whole if whole else 0.0


def _is_another_edition(mine: Member, other: Member) -> bool:
    """Whether a source says the same again with other numbers, or hours later: prices, tolls, what comes every day."""
    if _without_numbers(mine) != _without_numbers(other):
        return False
    return set(mine.keys) != set(other.keys) or abs(mine.when - other.when) >= APART


def _without_numbers(one: Member) -> list[str]:
    return [key for key in one.keys[: one.told] if key[0] != NUMBER]
