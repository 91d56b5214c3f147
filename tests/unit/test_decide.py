"""Whether a hit becomes an alert: the first rule that applies, each with its reason."""

from datetime import timedelta

import pytest

from watchlists.decide import TOLD_ENOUGH, Reason, Told, decide

DAY = timedelta(hours=24)
FRESH, OLD = Told(1, timedelta(minutes=5), 1), Told(1, timedelta(hours=25), 0)
OFTEN = Told(1, timedelta(minutes=5), TOLD_ENOUGH)
PLAIN = {
    "first_poll": False,
    "chat_active": True,
    "enough_sources": True,
    "told": None,
    "grows": DAY,
    "same_article": False,
    "new_facts": False,
    "series": None,
}


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ({}, Reason.ALERT),
        ({"first_poll": True}, Reason.FIRST_POLL),
        ({"first_poll": True, "chat_active": False, "told": FRESH}, Reason.FIRST_POLL),
        ({"chat_active": False}, Reason.CHAT_INACTIVE),
        ({"chat_active": False, "told": FRESH, "new_facts": True}, Reason.CHAT_INACTIVE),
        ({"enough_sources": False}, Reason.HELD),
        ({"enough_sources": False, "told": OLD}, Reason.HELD),
        ({"told": FRESH}, Reason.FOLDED),
        ({"told": FRESH, "new_facts": True}, Reason.FOLLOW_UP),
        ({"told": OFTEN, "new_facts": True}, Reason.FOLDED),
        ({"told": Told(1, DAY, 0)}, Reason.FOLDED),
        ({"told": OLD}, Reason.FOLLOW_UP),
        ({"told": OLD, "same_article": True}, Reason.SAME_ARTICLE),
        ({"told": FRESH, "same_article": True, "new_facts": True}, Reason.SAME_ARTICLE),
        ({"series": FRESH}, Reason.ALERT),
        ({"series": OFTEN}, Reason.GROUPED),
        ({"series": OFTEN, "told": FRESH}, Reason.FOLDED),
    ],
)
def test_the_first_reason_that_applies_is_given(case, reason):
    """What stands in a feed at its first poll is no news to anybody; then the chat, the sources, what it was told."""
    assert decide(**{**PLAIN, **case}) is reason


def test_every_reason_is_a_sentence_for_people():
    """Reasons are shown to those who ask why."""
    assert all(str(reason) == reason.value and reason.value for reason in Reason)
