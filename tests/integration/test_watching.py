"""The index of watches that follows the database. The headlines are invented."""

import gc

import pytest

from bot.watching import WatchIndex
from tests.fakes import FakeClock, Tables, item
from watchlists.query import parse


@pytest.fixture
def tables():
    made = Tables(FakeClock())
    made().chats.ensure(7, "private")
    made().chats.ensure(8, "private")
    return made


def test_equal_watches_of_different_chats_are_matched_once(tables):
    """Case, accents and spaces make no other watch; each chat is told of its own."""
    tables().watches.add(7, parse("Orbán  veto"))
    tables().watches.add(8, parse("orban VETO"))
    index = WatchIndex()
    index.refresh(tables().watches)
    assert len(index._index) == 1
    hits = index.hits(item("Orban repeats veto threat"))
    assert {chat: [hit.watch.text for hit in found] for chat, found in hits.items()} == {
        7: ["Orbán  veto"],
        8: ["orban VETO"],
    }


def test_the_order_of_words_can_make_another_watch(tables):
    """A name is its words in their order, so two orders are not one entry, though a chat may have only one."""
    tables().watches.add(7, parse("Red Sea ships"))
    tables().watches.add(8, parse("sea red ships"))
    index = WatchIndex()
    index.refresh(tables().watches)
    assert len(index._index) == 2


def test_a_removed_watch_hits_nothing_and_its_equal_goes_on(tables):
    """Removal is seen at the next refresh; the entry stays while another chat has it."""
    mine = tables().watches.add(7, parse("harbour fire"))
    tables().watches.add(8, parse("harbour fire"))
    index = WatchIndex()
    index.refresh(tables().watches)
    tables().watches.remove(mine)
    index.refresh(tables().watches)
    assert list(index.hits(item("Fire in the harbour"))) == [8]
    tables().watches.restore(mine)
    index.refresh(tables().watches)
    assert sorted(index.hits(item("Fire in the harbour"))) == [7, 8]


def test_each_of_several_equal_watches_can_go_first(tables):
    """Whichever of the chats that share an entry removes its watch, the others are told, and the last takes it away."""
    for chat in range(9, 12):
        tables().chats.ensure(chat, "private")
    mine = {chat: tables().watches.add(chat, parse("harbour fire")) for chat in range(7, 12)}
    index = WatchIndex()
    for chat in (7, 10, 8, 11, 9):
        index.refresh(tables().watches)
        assert sorted(index.hits(item("Fire in the harbour"))) == sorted(mine)
        tables().watches.remove(mine.pop(chat))
    index.refresh(tables().watches)
    assert index.hits(item("Fire in the harbour")) == {}
    assert len(index._index) == 0


def test_many_watches_are_kept_from_the_garbage_collector(tables):
    """After a start with many watches all are in, and a collection does not go through them again."""
    store = tables()
    for number in range(2_001):
        store.watches.add(7, parse(f"harbour {number}"))
    before = gc.get_freeze_count()
    index = WatchIndex()
    try:
        index.refresh(store.watches)
        assert gc.get_freeze_count() > before
        assert gc.isenabled()
        assert len(index._index) == 2_001
    finally:
        gc.unfreeze()
