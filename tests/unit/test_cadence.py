"""The laws of polling: polite to publishers, never faster than allowed, never slower than a day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cadence import DAY, HOUR, Habit, Hints, Intervals, Polled, delay, interval, learn, next_poll

SECONDS = st.none() | st.floats(min_value=0, max_value=1e12)
HINTS = st.builds(Hints, SECONDS, SECONDS, st.frozensets(st.integers(0, 23)), st.frozensets(st.integers(0, 6)))
POLLED = st.builds(Polled, st.none() | st.floats(1, 1e6), st.integers(0, 10_000), SECONDS, HINTS)
HABITS = st.builds(Habit, st.floats(0, 1e6), st.floats(0, 1e9))
ROLLS = st.floats(min_value=0, max_value=1, exclude_max=True)


@pytest.mark.parametrize(
    ("polled", "seconds"),
    [
        (Polled(), 600),  # news or 304: the usual interval
        (Polled(failures=1), 600),  # one failure may be ours …
        (Polled(failures=2), 1_200),  # … each further one in a row doubles the wait
        (Polled(failures=4), 4_800),
        (Polled(interval=1_800), 1_800),  # what the feed's habit suggests takes the place of the usual interval
        (Polled(interval=1_800, failures=3), 7_200),
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


def watched(gap: float, days: float, step: float = 600.0) -> Habit:
    """The habit of a feed that has changed every `gap` seconds for so many days, polled every `step` seconds."""
    habit, since = Habit(), 0.0
    for _ in range(int(days * DAY / step)):
        since += step
        changed = since >= gap
        since -= gap * changed
        habit = learn(habit, step, changed)
    return habit


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        (HOUR / 6, 300),  # at every poll: the minimum
        (HOUR, 600),
        (4 * HOUR, 1_200),  # with the square root
        (DAY, 2_900),
        (7 * DAY, 7_000),
        (1_000 * DAY, 19_300),  # never, so far
    ],
)
def test_the_interval_grows_with_the_root_of_the_time_between_changes(gap: float, expected: float) -> None:
    """Learnt from what the polls bring, whatever it was before they began."""
    assert interval(Intervals(), watched(gap, days=120), quiet=1e9) == pytest.approx(expected, rel=0.05)


def test_a_new_feed_is_polled_at_the_usual_interval() -> None:
    """Nothing is known of it; a day without a change makes it less than an hour."""
    assert interval(Intervals(), Habit(), quiet=float("inf")) == 600
    assert interval(Intervals(), watched(2 * DAY, days=1), quiet=float("inf")) < 3_000


def test_after_a_change_more_is_expected() -> None:
    """A feed that is mostly silent is polled as usual after a change, and then rarely again, as the quiet lasts."""
    habit = watched(7 * DAY, days=60)
    assert [interval(Intervals(), habit, quiet) for quiet in (0, 600, 1_200, 4_000)] == [600, 600, 1_200, 4_000]
    assert interval(Intervals(), habit, 30_000) < 10_000


def test_what_was_long_ago_counts_less() -> None:
    """A feed that wakes up, or falls asleep, is known by it within weeks."""
    asleep, awake = watched(30 * DAY, days=100), watched(HOUR, days=100)
    for _ in range(14 * 24):
        asleep, awake = learn(asleep, HOUR, True), learn(awake, HOUR, False)
    assert interval(Intervals(), asleep, 1e9) < 1_100
    assert interval(Intervals(), awake, 1e9) > 650


@given(HABITS, st.floats(0, 1e10), st.sampled_from([Intervals(), Intervals(1.0, 1.0), Intervals(50_000.0, 300.0)]))
def test_the_interval_is_within_the_limits(habit: Habit, quiet: float, intervals: Intervals) -> None:
    """Between the operator's minimum and six hours, or the usual interval where that is longer."""
    highest = max(intervals.slowest, intervals.usual)
    assert intervals.minimum <= interval(intervals, habit, quiet) <= highest


@given(HABITS, st.floats(0, 1e8), st.booleans(), st.floats(0, 1e10))
def test_a_change_never_makes_polls_rarer(habit: Habit, elapsed: float, changed: bool, quiet: float) -> None:
    """Of two feeds that differ in one change the livelier is polled no less often."""
    quieter, livelier = learn(habit, elapsed, False), learn(habit, elapsed, True)
    assert interval(Intervals(), livelier, 0.0) <= interval(Intervals(), quieter, quiet)
