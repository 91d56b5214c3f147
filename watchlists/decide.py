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
    FIRST_POLL = "first poll of the feed: what is in it already is not news"
    CHAT_INACTIVE = "the chat cannot be reached"


@dataclass(frozen=True, slots=True)
class Told:
    """What a chat has been told of a story or a series: the last alert, its age, and how many within the hour."""

    last: int
    age: timedelta
    within_hour: int


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
