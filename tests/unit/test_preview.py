"""What a query would have told, counted over stored items. The headlines are invented."""

from datetime import timedelta

import pytest

from tests.fakes import NOON, MemoryStore, item
from watchlists.preview import DAY, LOUD_STORIES, Count, last_day, preview
from watchlists.query import parse

ANN = 7
HOUR = timedelta(hours=1)


@pytest.fixture
def store():
    made = MemoryStore()
    made.archive.take(1, NOON - 6 * DAY, item("Gaza ceasefire talks fail", source="a.example"))
    made.archive.take(2, NOON - 3 * HOUR, item("Gaza ceasefire holds", source="a.example"))
    made.archive.take(2, NOON - 2 * HOUR, item("Truce in Gaza holds for a day", source="b.example"))
    made.archive.take(3, NOON - HOUR, item("Golf: the final is today"))
    return made


def test_items_and_stories_are_counted_for_a_day_and_a_week(store):
    """Two reports of one event are one story; what is older than a week counts for nothing."""
    store.archive.take(9, NOON - 8 * DAY, item("Gaza ceasefire begins"))
    found = preview(store, ANN, parse("Gaza ceasefire"))
    assert (found.day, found.week) == (Count(2, 1), Count(3, 2))
    assert found.read_since == NOON - 8 * DAY
    assert not found.is_loud


def test_each_strictness_has_its_count_and_the_asked_one_is_the_weeks(store):
    """Looser never tells less."""
    store.archive.take(4, NOON - HOUR, item("Gaza: aid arrives"))
    for text in ("Gaza ceasefire", "strict: Gaza ceasefire", "loose: Gaza ceasefire"):
        found = preview(store, ANN, parse(text))
        counts = [found.strictnesses[each].items for each in ("strict", "", "loose")]
        assert counts == sorted(counts)
        assert found.week == found.strictnesses[found.query.strictness]


def test_the_best_of_each_story_is_shown_the_surest_first(store):
    """At most three; of equals the newest."""
    for number in range(5, 9):
        store.archive.take(number, NOON - number * HOUR, item(f"Gaza ceasefire: day {number}"))
    best = preview(store, ANN, parse("Gaza ceasefire")).best
    assert [one.story_id for one in best] == [2, 5, 6]


def test_words_that_many_hits_have_may_be_excluded(store):
    """Not those of the query."""
    for number in range(10, 14):
        store.archive.take(number, NOON - HOUR, item(f"Gaza ceasefire: hostages freed, part {number}"))
    assert "hostages" in preview(store, ANN, parse("Gaza ceasefire")).words


def test_a_query_that_waits_for_sources_counts_stories_that_have_them(store):
    """As its alerts will."""
    one = preview(store, ANN, parse("Gaza ceasefire"))
    store.items.rows = [item("x", source="a.example"), item("y", source="b.example")]
    assert preview(store, ANN, parse("Gaza ceasefire sources:2")).week == one.week
    assert preview(store, ANN, parse("Gaza ceasefire sources:3")).week == Count()


def test_more_than_was_counted_is_said(store):
    """Where not all was judged back to the day, or to the week; a day that is not whole is loud."""
    store.archive.complete = NOON - 2 * HOUR
    found = preview(store, ANN, parse("Gaza ceasefire"))
    assert (found.day.more, found.week.more, found.is_loud) == (True, True, True)
    store.archive.complete = NOON - 2 * DAY
    found = preview(store, ANN, parse("Gaza ceasefire"))
    assert (found.day.more, found.week.more, found.is_loud) == (False, True, False)


def test_many_stories_in_a_day_are_loud(store):
    """So many, not one less."""
    for number in range(100, 100 + LOUD_STORIES - 2):
        store.archive.take(number, NOON - HOUR, item(f"Gaza ceasefire: day {number}"))
    assert not preview(store, ANN, parse("Gaza ceasefire")).is_loud
    store.archive.take(99, NOON - HOUR, item("Gaza ceasefire ends"))
    assert preview(store, ANN, parse("Gaza ceasefire")).is_loud


def test_nothing_stored_hits_nothing():
    """On the first day."""
    found = preview(MemoryStore(), ANN, parse("Gaza"))
    assert (found.week, found.best, found.words, found.read_since) == (Count(), [], (), None)


def test_the_last_day_has_each_story_once_by_its_first_hit(store):
    """The newest story first, however late its last report comes; further reports are counted."""
    store.archive.take(5, NOON - HOUR, item("Gaza ceasefire: aid arrives"))
    store.archive.take(2, NOON, item("Gaza ceasefire goes on"))
    told, more = last_day(store, ANN, parse("Gaza ceasefire"))
    assert [(one.found.story_id, one.more) for one in told] == [(5, 0), (2, 2)]
    assert told[1].found.seen == NOON - 3 * HOUR
    assert not more
    store.archive.complete = NOON - HOUR
    assert last_day(store, ANN, parse("Gaza ceasefire"))[1]


def test_what_only_a_loose_watch_would_hit_is_not_of_the_last_day(store):
    """The threshold is the query's own."""
    for text in ("strict: Gaza ceasefire aid", "Gaza ceasefire aid", "loose: Gaza ceasefire aid"):
        query = parse(text)
        past = store.archive.hits(ANN, query, NOON - DAY)
        enough = {one.story_id for one in past.found if one.match.score >= one.match.threshold}
        assert {one.found.story_id for one in last_day(store, ANN, query)[0]} == enough
