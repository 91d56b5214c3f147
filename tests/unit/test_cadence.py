"""The laws of polling: polite to publishers, never faster than allowed, never slower than a day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cadence import DAY, Hints, Intervals, Polled, delay, next_poll

SECONDS = st.none() | st.floats(min_value=0, max_value=1e12)
HINTS = st.builds(Hints, SECONDS, SECONDS, st.frozensets(st.integers(0, 23)), st.frozensets(st.integers(0, 6)))
POLLED = st.builds(Polled, st.integers(0, 10_000), SECONDS, HINTS)
ROLLS = st.floats(min_value=0, max_value=1, exclude_max=True)


@pytest.mark.parametrize(
    ("polled", "seconds"),
    [
        (Polled(), 600),  # news or 304: the usual interval
        (Polled(failures=1), 600),  # one failure may be ours …
        (Polled(failures=2), 1_200),  # … each further one in a row doubles the wait
        (Polled(failures=4), 4_800),
        (Polled(hints=Hints(max_age=60)), 600),  # a wish for more polls than the operator's is not heard
        (Polled(failures=1, hints=Hints(max_age=3_600, ttl=3_600)), 600),  # how long an answer holds: there was none
        (Polled(failures=1, retry_after=3_600), 3_600),
    ],
)
def test_the_wait_is_the_interval_doubled_by_failures(polled: Polled, seconds: float) -> None:
    """In the middle of the spread the wait is exactly the interval times two to the failures."""
    assert delay(Intervals(), polled, 0.0 if polled.retry_after else 0.5) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "wish", [Polled(retry_after=3_600), Polled(hints=Hints(max_age=3_600)), Polled(hints=Hints(ttl=3_600))]
)
def test_a_publisher_is_not_asked_before_the_time_it_named(wish: Polled) -> None:
    """Retry-After, max-age and ttl are lower bounds, whatever the roll; the spread goes upward."""
    assert delay(Intervals(), wish, 0.0) == pytest.approx(3_600)
    assert delay(Intervals(), wish, 0.999) == pytest.approx(3_960, rel=0.01)


def test_polls_spread_by_a_tenth() -> None:
    """Two feeds added in the same second drift apart: the roll moves the poll by up to 10 % either way."""
    assert delay(Intervals(), Polled(), 0.0) == pytest.approx(540)
    assert delay(Intervals(), Polled(), 0.999_999) == pytest.approx(660, rel=0.001)


def test_ever_failing_feeds_are_asked_once_a_day_and_not_in_step() -> None:
    """The wait stops growing at a day, and still spreads there."""
    assert delay(Intervals(), Polled(failures=500), 0.999_999) == pytest.approx(DAY, rel=0.001)
    assert delay(Intervals(), Polled(failures=500), 0.0) == pytest.approx(0.9 * DAY)


def test_short_intervals_come_from_the_settings() -> None:
    """An operator who sets one second gets one second: no limit is written in stone."""
    quick = Intervals(usual=1.0, minimum=0.5)
    assert delay(quick, Polled(), 0.5) == pytest.approx(1.0)


@given(POLLED, ROLLS, st.sampled_from([Intervals(), Intervals(1.0, 1.0), Intervals(7_200.0, 300.0)]))
def test_every_wait_is_within_the_limits(polled: Polled, roll: float, intervals: Intervals) -> None:
    """No answer, however odd, takes a feed below the minimum or above the maximum."""
    assert intervals.minimum <= delay(intervals, polled, roll) <= intervals.maximum


@given(POLLED.filter(lambda polled: polled.failures), ROLLS)
def test_one_failure_more_never_shortens_the_wait(polled: Polled, roll: float) -> None:
    """Backoff only grows."""
    worse = replace(polled, failures=polled.failures + 1)
    assert delay(Intervals(), worse, roll) >= delay(Intervals(), polled, roll) * (1 - 1e-9)


def test_the_next_poll_counts_from_now() -> None:
    """`next_poll` is now plus the delay."""
    now = datetime(2026, 1, 2, tzinfo=UTC)
    assert next_poll(now, Intervals(), Polled(), 0.5) == now + timedelta(seconds=600)


@pytest.mark.parametrize(
    ("hours", "days", "now", "expected"),
    [
        (set(), set(), "2026-01-02T10:55", "2026-01-02T11:05"),
        ({11}, set(), "2026-01-02T10:45", "2026-01-02T10:55"),  # before the hour begins
        ({11}, set(), "2026-01-02T10:55", "2026-01-02T12:05"),
        ({22, 23, 0, 1}, set(), "2026-01-02T21:55", "2026-01-03T02:05"),
        (set(), {5}, "2026-01-02T23:55", "2026-01-03T23:55"),  # a Saturday: skipped for a day, and not for longer
        ({23}, {5}, "2026-01-02T22:55", "2026-01-03T22:55"),
        (set(range(24)), set(), "2026-01-02T10:55", "2026-01-02T11:05"),  # never is a mistake, not a wish
        (set(), set(range(7)), "2026-01-02T10:55", "2026-01-02T11:05"),
    ],
)
def test_hours_and_days_that_are_to_be_skipped_are_skipped(hours: set, days: set, now: str, expected: str) -> None:
    """In UTC, some minutes after the full hour, and a day later at the latest."""
    polled = Polled(hints=Hints(skip_hours=hours, skip_days=days))
    start = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert next_poll(start, Intervals(), polled, 0.5) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda moment: moment.year < 9_990), POLLED, ROLLS)
def test_the_next_poll_is_within_a_day(now: datetime, polled: Polled, roll: float) -> None:
    """Whatever is asked for, and never before the minimum."""
    wait = (next_poll(now, Intervals(), polled, roll) - now).total_seconds()
    assert Intervals().minimum <= wait <= DAY
