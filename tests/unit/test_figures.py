"""The figures of `status`: everything adds up, and a loop that stands still is named."""

import json
from datetime import timedelta

import pytest

from bot.clock import from_epoch, to_epoch, utc_now
from bot.figures import MAX_TROUBLED, figures
from bot.store.outbox import Outgoing
from bot.store.status import LOOPS, STALLED_AFTER
from tests.fakes import NOON, FakeClock, Tables
from watchlists.query import parse


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def store(clock):
    return Tables(clock)


def test_an_empty_database_has_figures(store):
    """All of them, as plain values; every loop counts as stalled until it has got round once."""
    found = figures(store())
    assert json.loads(json.dumps(found)) == found
    assert found["feeds"] == {"total": 0, "ok": 0, "failing": 0, "stopped": 0, "waiting": 0}
    assert found["outbox"]["enqueued"] == 0
    assert found["outbox_adds_up"] is True
    assert found["stalled"] == list(LOOPS)
    assert (found["troubled_feeds"], found["pushed_feeds"]) == ([], 0)


def test_what_there_is_is_counted(store):
    """Chats, watches, messages by state, updates by state, feeds with their trouble."""
    store().chats.ensure(7, "private")
    store().chats.ensure(8, "private")
    store().chats.deactivate(8, "blocked")
    store().watches.add(7, parse("fire"))
    store().outbox.add(Outgoing("a", 7, "reply", "x"))
    store().outbox.add(Outgoing("b", 7, "reply", "x"))
    store().outbox.claim(1)
    store().inbox.add(5, {})
    for number in range(MAX_TROUBLED + 2):
        store().feeds.add(f"https://{number:03}.example/rss")
        store().feeds.failed(number + 1, "HTTP 500", NOON, stopped=number == 0)
    found = figures(store())
    assert found["chats"] == {"total": 2, "active": 1}
    assert (found["watches"], found["items"], found["stories"], found["alerts"]) == (1, 0, 0, 0)
    assert (found["outbox"]["enqueued"], found["outbox"]["queued"], found["outbox"]["sending"]) == (2, 1, 1)
    assert found["inbox"] == {"new": 1, "done": 0, "skipped": 0, "failed": 0}
    assert (found["feeds"]["failing"], found["feeds"]["stopped"]) == (MAX_TROUBLED + 1, 1)
    assert len(found["troubled_feeds"]) == MAX_TROUBLED
    assert found["troubled_feeds"][0] == {
        "url": "https://000.example/rss",
        "state": "stopped",
        "since": "2026-03-02T12:00:00+00:00",
        "failures": 1,
        "stopped": True,
        "error": "HTTP 500",
    }


def test_a_feed_that_nobody_gets_troubles_nobody(store):
    """As the counts have it."""
    store().feeds.add("https://a.example/rss")
    store().feeds.failed(1, "HTTP 500", NOON)
    assert len(figures(store())["troubled_feeds"]) == 1
    store().chat_feeds.unshare(1)
    assert figures(store())["troubled_feeds"] == []


def test_a_message_that_has_vanished_is_noticed(store):
    """The sum of the states is compared with the number ever enqueued."""
    store().chats.ensure(7, "private")
    for key in "ab":
        store().outbox.add(Outgoing(key, 7, "reply", "x"))
    store.database.execute("DELETE FROM outbox WHERE id = 1")
    assert figures(store())["outbox_adds_up"] is False


def test_a_loop_that_stands_still_is_named(store, clock):
    """Two minutes without progress, exactly two are still well."""
    for name in LOOPS:
        store().progress.mark(name)
    clock.advance(STALLED_AFTER.total_seconds())
    assert store().figures.stalled() == []
    store().progress.mark("updates")
    clock.advance(1)
    assert store().figures.stalled() == ["polling", "delivery"]
    assert figures(store())["progress"]["updates"] == (clock.now - timedelta(seconds=1)).isoformat(timespec="seconds")


def test_times_are_seconds_and_come_back_with_their_zone():
    """What the database keeps is what was meant."""
    assert from_epoch(to_epoch(NOON)) == NOON
    assert utc_now().utcoffset() == timedelta()
