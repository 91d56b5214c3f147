"""What a change of a list would bring its followers, counted over stored items. The headlines are invented."""

from datetime import timedelta

import pytest

from tests.fakes import NOON, MemoryStore, item
from tests.fakes_lists import watchlist
from watchlists.effect import MOST, Counting
from watchlists.preview import DAY

HOUR = timedelta(hours=1)


@pytest.fixture
def store():
    """Four days of news: six stories of the harbour, two of ferries, one of both."""
    made = MemoryStore()
    made.archive.take(1, NOON - 4 * DAY, item("Orchestra cancels its tour"))
    for number in range(2, 8):
        made.archive.take(number, NOON - number * HOUR, item(f"Harbour fire: day {number}"))
    made.archive.take(8, NOON - HOUR, item("Ferry strike goes on"))
    made.archive.take(9, NOON - HOUR, item("Ferry strike begins after harbour fire"))
    made.archive.take(9, NOON, item("Harbour fire: ferry strike begins"))
    return made


def test_stories_are_counted_by_the_day(store):
    """Of all watches together each story once; of a single watch all that it would tell."""
    one, both = watchlist("ports", "harbour fire"), watchlist("ports", "harbour fire", "ferry strike")
    found = Counting(store).effect(one, both)
    assert (found.before, found.after, found.days, found.partly) == (7 / 4, 8 / 4, 4.0, False)
    assert found.each == {both.watches[1].query.key: 2 / 4}
    back = Counting(store).effect(both, one)
    assert (back.before, back.after, back.each) == (found.after, found.before, found.each)


def test_less_than_a_day_is_no_rate(store):
    """What an hour brought is not told as a day's times 24."""
    store.archive.rows = store.archive.rows[-2:]
    found = Counting(store).effect(watchlist("ports", "ferry strike"), watchlist("ports", "orchestra"))
    assert (found.before, found.after) == (1, 0)
    assert 0 < found.days < 1


def test_of_a_long_list_only_what_changes_is_counted(store):
    """It says so."""
    names = [f"word{number}" for number in range(MOST)]
    found = Counting(store).effect(watchlist("ports", *names), watchlist("ports", *names, "ferry strike"))
    assert (found.before, found.after, found.partly) == (0, 2 / 4, True)


def test_nothing_stored_is_no_news():
    """On the first day."""
    found = Counting(MemoryStore()).effect(watchlist("ports", "ferry"), watchlist("ports", "fire"))
    assert (found.before, found.after, found.days) == (0, 0, 0)
