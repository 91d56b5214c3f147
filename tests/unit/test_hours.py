"""Quiet hours and digest times in a zone, on ordinary days and on both nights when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlists.errors import BadTime
from watchlists.hours import (
    Digest,
    Quiet,
    instant,
    next_digest,
    next_morning,
    quiet_until,
    read_digest,
    read_quiet,
)

KYIV, LONDON = ZoneInfo("Europe/Kyiv"), ZoneInfo("Europe/London")
# In Kyiv the clock goes from 03:00 to 04:00 on 29 March 2026, and from 04:00 to 03:00 on 25 October 2026.
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
ANY_TIME = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
AROUND = st.integers(0, 220 * 1440).map(lambda minutes: datetime(2026, 3, 25, tzinfo=UTC) + timedelta(minutes=minutes))
ZONES = st.sampled_from([KYIV, LONDON, ZoneInfo("Asia/Kolkata"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")])


def kyiv(day: date, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, fold=fold), KYIV).astimezone(UTC)


def until(text: str, now: datetime, zone: ZoneInfo = KYIV) -> datetime | None:
    quiet = read_quiet(text)
    return quiet_until(quiet, zone, now) if quiet else None


@pytest.mark.parametrize(
    ("hour", "minute", "ends"),
    [(21, 59, None), (22, 0, 7), (23, 59, 7), (0, 0, 7), (6, 59, 7), (7, 0, None), (12, 0, None)],
)
def test_quiet_hours_past_midnight(hour, minute, ends):
    """The first minute is quiet, the last is not; after midnight the evening's hours still hold."""
    now = kyiv(date(2026, 5, 5), hour, minute)
    day = date(2026, 5, 6) if hour >= 22 else date(2026, 5, 5)
    assert until("22:00-07:00", now) == (kyiv(day, ends) if ends else None)


def test_quiet_hours_within_a_day():
    """From noon to three, and the evening is free."""
    day = date(2026, 5, 5)
    assert until("12:00-15:00", kyiv(day, 14)) == kyiv(day, 15)
    assert until("12:00-15:00", kyiv(day, 15)) is None
    assert until("12:00-15:00", kyiv(day, 23)) is None


def test_equal_ends_are_never_quiet():
    """Elsewhere such hours silenced everything."""
    assert read_quiet("07:00-07:00") is None
    assert quiet_until(Quiet(time(7), time(7)), KYIV, kyiv(SPRING, 7)) is None


def test_the_short_night_has_one_hour_less():
    """22:00-07:00 over the night to 29 March: eight hours, and over at seven as the new clock shows it."""
    start = kyiv(SPRING - timedelta(days=1), 22)
    assert until("22:00-07:00", start) == start + timedelta(hours=8) == kyiv(SPRING, 7)


def test_the_long_night_has_one_hour_more():
    """Over the night to 25 October: ten hours."""
    start = kyiv(AUTUMN - timedelta(days=1), 22)
    assert until("22:00-07:00", start) == start + timedelta(hours=10) == kyiv(AUTUMN, 7)


def test_an_end_that_the_clock_shows_twice_means_the_first():
    """Quiet until 03:30 on the long night: it does not begin anew when 03:00 comes again."""
    first = kyiv(AUTUMN, 3, 30)
    assert until("22:00-03:30", first - timedelta(minutes=1)) == first
    assert until("22:00-03:30", kyiv(AUTUMN, 3, 15, fold=1)) is None


def test_an_end_that_the_clock_leaves_out_comes_so_much_later():
    """03:30 does not exist on the short night: it is 04:30."""
    assert until("22:00-03:30", kyiv(SPRING, 2)) == kyiv(SPRING, 4, 30)


def test_quiet_hours_are_those_of_the_zone():
    """Seven in Kyiv is five in London."""
    now = kyiv(date(2026, 5, 5), 6, 30)
    assert until("22:00-07:00", now, LONDON) == kyiv(date(2026, 5, 5), 9)


@given(ANY_TIME, ANY_TIME, ZONES, AROUND)
def test_the_end_of_quiet_hours_is_ahead_and_not_quiet_itself(start, end, zone, now):
    """Whatever the hours: they end within 26 hours, and then they are over."""
    ends = quiet_until(Quiet(start, end), zone, now)
    if ends is not None:
        assert now < ends <= now + timedelta(hours=26)
        assert quiet_until(Quiet(start, end), zone, ends) is None


@pytest.mark.parametrize(
    "text", ["22:00-07:00", "22-7", "22:00 – 07:00", "22.00 to 7", "22h00—7", " 22:00-07:00 ", "10pm-7am"]
)
def test_quiet_hours_are_read_as_people_write_them(text):
    """All kinds of dashes, with and without minutes."""
    assert str(read_quiet(text)) == "22:00-07:00"


@pytest.mark.parametrize(
    "text", ["", "22", "22:00-", "25-7", "22:60-7", "a-b", "22-7-9", "13pm-7", "0am-7", "-1-5", "1" * 300]
)
def test_what_is_no_span_is_a_sentence(text):
    """It names an example."""
    with pytest.raises(BadTime, match=r"22:00"):
        read_quiet(text)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("hourly", "hourly"),
        ("DAILY", "daily 08:00"),
        ("daily 18:00 8", "daily 08:00 18:00"),
        ("daily 8:00, 18:00, 8:00", "daily 08:00 18:00"),
        ("weekly", "weekly mon 08:00"),
        ("weekly Sunday 9:30", "weekly sun 09:30"),
        ("8:00 18:00", "daily 08:00 18:00"),
        ("6pm, 12am 12PM", "daily 00:00 12:00 18:00"),
        ("monday 8am", "weekly mon 08:00"),
        ("sun", "weekly sun 08:00"),
        ("off", "None"),
        ("none", "None"),
    ],
)
def test_a_digest_is_read_and_written_back(text, canonical):
    """What is stored reads as the same."""
    assert str(read_digest(text)) == canonical
    if canonical != "None":
        assert read_digest(canonical) == read_digest(text)


@pytest.mark.parametrize(
    "text", ["", "sometimes", "monthly", "hourly 5", "daily noon", "weekly 08:00", "off 5", "daily " + "1 " * 13]
)
def test_what_is_no_digest_is_a_sentence(text):
    """With what to write instead."""
    with pytest.raises(BadTime, match=r"\.|off"):
        read_digest(text)


def moments(digest: Digest, after: datetime, count: int) -> list[datetime]:
    found: list[datetime] = []
    for _ in range(count):
        found.append(next_digest(digest, KYIV, found[-1] if found else after))
    return found


@pytest.mark.parametrize(("night", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_a_daily_digest_keeps_its_hour_when_the_clocks_change(night, hours):
    """The day between has 23 or 25 hours."""
    before, after = moments(Digest("day", (time(8),)), kyiv(night - timedelta(days=1), 7), 2)
    assert (before, after) == (kyiv(night - timedelta(days=1), 8), kyiv(night, 8))
    assert after - before == timedelta(hours=hours)


def test_a_digest_at_a_time_that_comes_twice_comes_once():
    """At 03:30 on the long night: at the first; the next is tomorrow's."""
    first, second = moments(Digest("day", (time(3, 30),)), kyiv(AUTUMN, 2), 2)
    assert first == kyiv(AUTUMN, 3, 30)
    assert second == kyiv(AUTUMN + timedelta(days=1), 3, 30)


def test_a_digest_at_a_time_that_is_left_out_comes_all_the_same():
    """At 03:30 on the short night: at half past four, once."""
    first, second = moments(Digest("day", (time(3, 30),)), kyiv(SPRING, 2), 2)
    assert first == kyiv(SPRING, 4, 30)
    assert second == kyiv(SPRING + timedelta(days=1), 3, 30)


def test_a_digest_several_times_a_day_and_once_a_week():
    """In order; a digest that is due now is not the next."""
    monday = date(2026, 5, 4)
    assert moments(Digest("day", (time(8), time(18))), kyiv(monday, 8), 2) == [
        kyiv(monday, 18),
        kyiv(monday + timedelta(days=1), 8),
    ]
    assert moments(Digest("week", (time(9),), 0), kyiv(monday, 9), 1) == [kyiv(monday + timedelta(days=7), 9)]


def test_an_hourly_digest_comes_at_the_full_hour_of_the_zone():
    """In India at half past UTC's."""
    now = datetime(2026, 5, 5, 12, 10, 5, 77, tzinfo=UTC)
    assert next_digest(Digest("hour"), KYIV, now) == datetime(2026, 5, 5, 13, tzinfo=UTC)
    assert next_digest(Digest("hour"), ZoneInfo("Asia/Kolkata"), now) == datetime(2026, 5, 5, 12, 30, tzinfo=UTC)


@given(st.lists(ANY_TIME, min_size=1, max_size=3), ZONES, AROUND)
def test_the_next_digest_is_ahead_within_a_day(times, zone, now):
    """Never now, never later than the longest day."""
    assert now < next_digest(Digest("day", tuple(times)), zone, now) <= now + timedelta(hours=26)


def test_tomorrow_morning_is_what_people_mean():
    """In the evening the next date's, at three in the night this date's."""
    assert next_morning(KYIV, kyiv(date(2026, 5, 5), 21)) == kyiv(date(2026, 5, 6), 8)
    assert next_morning(KYIV, kyiv(date(2026, 5, 6), 3)) == kyiv(date(2026, 5, 6), 8)
    assert instant(SPRING, time(8), KYIV) == kyiv(SPRING, 8)
