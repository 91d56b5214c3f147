"""Chats and what came from them: known, given up, moved, and every update once."""

import pytest

from bot.clock import to_epoch
from bot.store.inbox import Received
from bot.store.outbox import Outgoing
from bot.watching import WatchIndex
from tests.fakes import FakeClock, Tables, item
from watchlists.query import parse

DAY = 86_400.0


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def tables(clock):
    made = Tables(clock)
    made().chats.ensure(7, "private")
    return made


def test_whoever_writes_can_be_written_to(tables):
    """A chat that was given up is back as soon as it says something."""
    assert tables().chats.active([7])
    assert not tables().chats.active([8])
    tables().chats.deactivate(7, "blocked")
    assert not tables().chats.active([7])
    assert tables().chats.counts() == {"total": 1, "active": 0}
    tables().chats.ensure(7, "private")
    assert tables().chats.active([7])
    assert tables().chats.counts() == {"total": 1, "active": 1}


def test_a_pause_is_never_shortened(tables, clock):
    """Two refusals in a row: the longer rules."""
    now = to_epoch(clock.now)
    tables().outbox.add(Outgoing("a", 7, "reply", "x"))
    tables().chats.pause(7, now + 60)
    tables().chats.pause(7, now + 5)
    assert tables().outbox.next_wake() == now + 60


def test_a_moved_group_keeps_everything(tables):
    """Watches, their numbers, alerts, messages: all of it under the new id, and doing it twice changes nothing."""
    tables().chats.ensure(-5, "group")
    tables().watches.add(-5, parse("fire"))
    tables().watches.add(-5, parse("harbour"))
    tables().outbox.add(Outgoing("a", -5, "alert", "x"))
    for _ in range(2):
        tables().chats.move(-5, -1005)
        assert [(watch.number, watch.text) for watch in tables().watches.active(-1005)] == [(1, "fire"), (2, "harbour")]
        assert tables().watches.active(-5) == []
        (head,) = tables().outbox.heads([], 10)
        assert (head.chat_id, head.chat_kind) == (-1005, "supergroup")
        assert tables().chats.active([-5, -1005]) == {-1005}
    tables().chats.move(-6, -1006)
    assert tables().chats.counts() == {"total": 3, "active": 2}


def test_a_moved_group_goes_on_to_be_alerted(tables):
    """The index learns that the watches belong to the new chat: or it would alert one that is gone."""
    tables().chats.ensure(-5, "group")
    tables().watches.add(-5, parse("fire"))
    index = WatchIndex()
    index.refresh(tables().watches)
    assert list(index.hits(item("Fire in the harbour"))) == [-5]
    tables().chats.move(-5, -1005)
    index.refresh(tables().watches)
    assert list(index.hits(item("Fire in the harbour"))) == [-1005]


def test_a_group_moved_into_a_known_one_loses_no_watch(tables):
    """The new id may have been heard from first: equal watches are one, equal numbers give way."""
    tables().chats.ensure(-5, "group")
    tables().chats.ensure(-1005, "supergroup")
    for text in ("fire", "harbour"):
        tables().watches.add(-5, parse(text))
    for text in ("earthquake", "FIRE"):
        tables().watches.add(-1005, parse(text))
    tables().chats.move(-5, -1005)
    mine = tables().watches.active(-1005)
    assert [(watch.number, watch.text) for watch in mine] == [(1, "earthquake"), (2, "FIRE"), (3, "harbour")]
    index = WatchIndex()
    index.refresh(tables().watches)
    assert list(index.hits(item("Fire in the harbour"))) == [-1005]


def test_an_update_is_kept_once_and_handled_in_order(tables):
    """However often Telegram sends it, and whatever became of it."""
    for update_id in (12, 11, 12):
        tables().inbox.add(update_id, {"update_id": update_id, "text": "ü\ud83d"})
    assert [received.update_id for received in tables().inbox.waiting()] == [11, 12]
    tables().inbox.begin(11)
    tables().inbox.begin(11)
    assert tables().inbox.waiting(1) == [Received(11, {"update_id": 11, "text": "ü\ud83d"}, 2)]
    tables().inbox.finish(11, "done")
    tables().inbox.add(11, {})
    assert [received.update_id for received in tables().inbox.waiting()] == [12]
    assert tables().inbox.counts() == {"new": 1, "done": 1, "skipped": 0, "failed": 0}


def test_the_offset_is_behind_the_newest_update(tables, clock):
    """Nothing yet: 0. Numbers that begin anew lower down are followed."""
    assert tables().inbox.offset() == 0
    tables().inbox.add(900, {})
    assert tables().inbox.offset() == 901
    clock.advance(5)
    tables().inbox.add(20, {})
    tables().inbox.add(21, {})
    assert tables().inbox.offset() == 22


def test_after_six_quiet_days_the_question_is_open(tables, clock):
    """Telegram goes on from a random number after a week: a high offset would wait for ever."""
    tables().inbox.add(900, {})
    clock.advance(6 * DAY)
    assert tables().inbox.offset() == 901
    clock.advance(1)
    assert tables().inbox.offset() == 0


def test_an_old_update_that_comes_again_is_confirmed(tables, clock):
    """Not stored twice, but heard now: or the same answer would come back at once, again and again."""
    tables().inbox.add(900, {"first": 1})
    tables().inbox.finish(900, "done")
    clock.advance(7 * DAY)
    tables().inbox.add(900, {"second": 1})
    assert tables().inbox.offset() == 901
    assert tables().inbox.waiting() == []


def test_a_clock_that_goes_back_does_not_bring_old_updates_back(tables, clock):
    """The order in which updates came is not the order of a clock that was set back."""
    tables().inbox.add(900, {})
    clock.advance(-DAY)
    tables().inbox.add(901, {})
    assert tables().inbox.offset() == 902


def test_handled_updates_are_forgotten(tables, clock):
    """After a while; one that waits is never forgotten."""
    for update_id in (1, 2):
        tables().inbox.add(update_id, {})
    tables().inbox.finish(1, "skipped", "no sense")
    assert tables().inbox.prune(to_epoch(clock.now)) == 0
    assert tables().inbox.prune(to_epoch(clock.now) + 1) == 1
    assert [received.update_id for received in tables().inbox.waiting()] == [2]
