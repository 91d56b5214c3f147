"""A look at a feed: its latest items, and how often it publishes by the dates of its items."""

from datetime import timedelta

import pytest

from tests.fakes import NOON, item
from watchlists.sample import FeedSample, Rhythm, rhythm, sample


def at(*hours: float):
    return [item(f"n{hour}", published=NOON - timedelta(hours=hour)) for hour in hours]


@pytest.mark.parametrize(
    ("hours", "per_day"),
    [
        ([0, 12, 24], 3.0),
        ([1, 2, 3, 4, 5, 6], 24.0),
        ([240, 360, 480], 0.15),
        ([0, 0, 0], 72.0),
        ([-5, 0, 24], 3.0),
    ],
)
def test_items_a_day(hours, per_day):
    """From the oldest item to now, silence at the end included; never over less than an hour."""
    found = rhythm(at(*hours), NOON)
    assert found.per_day == pytest.approx(per_day)
    assert found.newest == min(NOON, NOON - timedelta(hours=min(hours)))


def test_few_dates_tell_nothing():
    """Fewer than three, or none."""
    assert rhythm(at(1, 2), NOON) == Rhythm(None, NOON - timedelta(hours=1))
    assert rhythm([item("undated")] * 5, NOON) == Rhythm(None, None)


def test_the_latest_are_the_newest_by_date():
    """Whatever the feed's order; without dates, the first in the feed."""
    found = sample("https://a.example/rss", "A", at(30, 1, 3, 2), NOON)
    assert (found.url, found.title, found.latest) == ("https://a.example/rss", "A", ("n1", "n2", "n3"))
    assert sample("u", "", [item("a"), item("b"), item("c"), item("d")], NOON).latest == ("a", "b", "c")
    assert sample("u", "", [], NOON) == FeedSample("u")
