"""Whether a hit becomes an alert: one named reason, for the log, the tests and the people who ask why."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a chat did or did not get an alert about an item that one of its watches hit."""

    ALERT = "alert"
    FIRST_POLL = "first poll of the feed: what is in it already is not news"
    DUPLICATE_STORY = "the chat already has an alert about this story"
    CHAT_INACTIVE = "the chat cannot be reached"


def decide(*, first_poll: bool, chat_active: bool, already_alerted: bool) -> Reason:
    """The first reason that applies, in this order."""
    if first_poll:
        return Reason.FIRST_POLL
    if not chat_active:
        return Reason.CHAT_INACTIVE
    if already_alerted:
        return Reason.DUPLICATE_STORY
    return Reason.ALERT
