"""Whether a hit becomes an alert: one named reason, for the log, the tests and the people who ask why."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

TOLD_ENOUGH = 3  # alerts about one story or series within an hour: what follows is listed under the last of them


class Reason(StrEnum):
    """Why a chat did or did not get an alert about an item that one of its watches hit."""

    ALERT = "alert"
    FOLLOW_UP = "the story goes on: a further alert, in reply to the first"
    FOLDED = "listed under the alert that the chat has about this story"
    SAME_ARTICLE = "the chat knows this article: another feed has brought it"
    GROUPED = "listed under an alert: the same headline with other numbers came too often"
    HELD = "waiting until more sources tell the story"
    SNOOZED = "kept for a summary: snoozed"
    QUIET_HOURS = "kept for a summary: quiet hours"
    DIGEST = "kept for the next digest"
    STALE = "kept for a summary: too old to come singly"
    UNSURE = "kept for a summary: it went out twice, and each time the answer was lost"
    RAISED = "the alert that was kept comes now: another watch may alert at once"
    BURST = "listed in one message: too many alerts came at once"
    FIRST_POLL = "first poll of the feed: what is in it already is not news"
    CHAT_INACTIVE = "the chat cannot be reached"


NEW = frozenset({Reason.ALERT, Reason.FOLLOW_UP})
KNOWN = frozenset({Reason.FOLLOW_UP, Reason.FOLDED, Reason.SAME_ARTICLE, Reason.GROUPED})


@dataclass(frozen=True, slots=True)
class Told:
    """What a chat has been told of a story or a series: the last alert, its age, and how many within the hour.

    `kept`: the last one still waits for a summary or a digest, so that nobody has read it.
    """

    last: int
    age: timedelta
    within_hour: int
    kept: bool = False


def decide(
    *,
    first_poll: bool,
    chat_active: bool,
    enough_sources: bool,
    told: Told | None,
    grows: timedelta,
    same_article: bool,
    new_facts: bool,
    series: Told | None,
) -> Reason:
    """The first reason that applies, in this order. `grows`: how long an alert takes in what follows."""
    if first_poll:
        return Reason.FIRST_POLL
    if not chat_active:
        return Reason.CHAT_INACTIVE
    if not enough_sources:
        return Reason.HELD
    if told is None:
        return Reason.GROUPED if series and series.within_hour >= TOLD_ENOUGH else Reason.ALERT
    if same_article:
        return Reason.SAME_ARTICLE
    if told.age > grows or (new_facts and told.within_hour < TOLD_ENOUGH):
        return Reason.FOLLOW_UP
    return Reason.FOLDED


def timed(reason: Reason, *, hold: Reason | None, kept: bool, is_burst: bool) -> Reason:
    """What becomes of a decision now: `hold` keeps back what is new; `kept` says that so was what is known.

    Who has not read of a story yet reads of it as soon as one of the watches that it hits may speak.
    """
    if kept and hold is None and reason in KNOWN:
        return Reason.RAISED
    if reason in NEW and hold:
        return hold
    return Reason.BURST if reason in NEW and is_burst else reason
