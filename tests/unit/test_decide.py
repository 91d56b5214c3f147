"""Whether a hit becomes an alert: every combination, each with its reason."""

import pytest

from watchlists.decide import Reason, decide


@pytest.mark.parametrize(
    ("first_poll", "chat_active", "already_alerted", "reason"),
    [
        (False, True, False, Reason.ALERT),
        (False, True, True, Reason.DUPLICATE_STORY),
        (False, False, False, Reason.CHAT_INACTIVE),
        (False, False, True, Reason.CHAT_INACTIVE),
        (True, True, False, Reason.FIRST_POLL),
        (True, True, True, Reason.FIRST_POLL),
        (True, False, False, Reason.FIRST_POLL),
        (True, False, True, Reason.FIRST_POLL),
    ],
)
def test_the_first_reason_that_applies_is_given(first_poll, chat_active, already_alerted, reason):
    """What stands in a feed at its first poll is no news to anybody; then the chat; then the story."""
    assert decide(first_poll=first_poll, chat_active=chat_active, already_alerted=already_alerted) is reason


def test_every_reason_is_a_sentence_for_people():
    """Reasons are shown to those who ask why."""
    assert all(str(reason) == reason.value and reason.value for reason in Reason)
