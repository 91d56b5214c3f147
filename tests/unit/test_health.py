"""The states of a feed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes import NOON
from watchlists.health import Health, health
from watchlists.model import Feed

DAY = timedelta(days=1)
GOOD = Feed(
    id=1,
    url="https://a.example",
    title="A",
    next_poll=NOON,
    last_success=NOON,
    added=NOON - 100 * DAY,
    last_change=NOON - timedelta(hours=1),
    longest_pause=2 * DAY,
)


@pytest.mark.parametrize(
    ("others", "state"),
    [
        ({}, Health.OK),
        ({"took": 3.5}, Health.SLOW),
        ({"last_success": None}, Health.WAITING),
        ({"failures": 1, "failing_since": NOON}, Health.FAILING),
        ({"failures": 1, "last_success": None}, Health.FAILING),
        ({"failures": 3, "stopped": True}, Health.STOPPED),
        ({"failures": 1, "stopped": True, "gone": True}, Health.GONE),
        ({"last_change": NOON - 5 * DAY}, Health.OK),
        ({"last_change": NOON - 7 * DAY}, Health.SILENT),
        ({"last_change": NOON - 7 * DAY, "took": 3.5}, Health.SILENT),
        ({"last_change": NOON - 7 * DAY, "longest_pause": 7 * DAY}, Health.OK),  # a weekly
        ({"last_change": NOON - 2 * DAY, "longest_pause": timedelta(minutes=10)}, Health.OK),  # a long weekend
        ({"last_change": NOON - 4 * DAY, "longest_pause": timedelta(minutes=10)}, Health.SILENT),
        ({"last_change": NOON - 7 * DAY, "added": NOON - 20 * DAY}, Health.OK),  # its habit is not known yet
        ({"last_change": None}, Health.OK),
        ({"last_change": NOON - 90 * DAY, "longest_pause": timedelta()}, Health.OK),  # one change is no habit
    ],
)
def test_each_state_has_its_signs(others: dict[str, object], state: Health) -> None:
    """The worst that applies is the state."""
    assert health(replace(GOOD, **others), NOON) is state
