"""The use-cases, on a store in memory: what people can do, and what they are told when they cannot."""

import pytest

from tests.fakes import NOON, MemoryStore, item
from watchlists.errors import QueryError, QuotaExceeded, UnknownNumber
from watchlists.model import Watch
from watchlists.service import MAX_WATCHES, Service

ANN, BOB = 7, 8


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def service(store):
    return Service(store)


def texts(service: Service, chat: int = ANN) -> list[str]:
    return [f"{watch.number} {watch.text}" for watch in service.watches(chat)]


def test_a_watch_is_stored_as_written_under_the_next_number(service):
    """Stripped, and in the words of the person; each chat counts for itself."""
    first = service.watch(ANN, "  Mar-a-Lago meeting ")
    second = service.watch(ANN, "Donbas withdrawal")
    service.watch(BOB, "golf")
    assert first.watch == Watch(1, ANN, 1, "Mar-a-Lago meeting")
    assert second.watch.number == 2
    assert texts(service) == ["1 Mar-a-Lago meeting", "2 Donbas withdrawal"]
    assert texts(service, BOB) == ["1 golf"]


@pytest.mark.parametrize("same", ["Donbas withdrawal", "donbas  WITHDRAWAL", "withdrawal donbas"])
def test_a_second_watch_of_the_same_is_not_stored(service, same):
    """Case, spaces and order make no other watch; another chat's does not count."""
    service.watch(BOB, same)
    first = service.watch(ANN, "Donbas withdrawal").watch
    again = service.watch(ANN, same)
    assert (again.dialogue, again.watch) == (None, first)
    assert len(texts(service)) == 1


@pytest.mark.parametrize("bad", ["", "   ", "x" * 300, '"peace plan', "-golf", "…"])
def test_a_query_that_cannot_be_read_stores_nothing(service, bad):
    """Nothing, too much, an open quote, only exclusions, no word."""
    with pytest.raises(QueryError):
        service.watch(ANN, bad)
    assert texts(service) == []


def test_a_chat_has_a_quota(service):
    """The two hundred and first watch is refused; naming an old one again is no new one; others are free."""
    for number in range(MAX_WATCHES):
        service.watch(ANN, f"thing{number}")
    with pytest.raises(QuotaExceeded, match=str(MAX_WATCHES)):
        service.watch(ANN, "one more")
    assert service.watch(ANN, "thing7").dialogue is None
    service.watch(BOB, "one more")
    stopped = service.unwatch(ANN, 7)
    service.watch(ANN, "one more")
    with pytest.raises(QuotaExceeded):
        service.undo_unwatch(ANN, stopped.id)


def test_unwatch_takes_the_number_that_was_shown(service):
    """Numbers do not shift when others go, and a freed number at the end is given again."""
    for text in ("one", "two", "three"):
        service.watch(ANN, text)
    assert service.unwatch(ANN, 2).text == "two"
    assert texts(service) == ["1 one", "3 three"]
    assert service.watch(ANN, "four").watch.number == 4


def test_a_number_that_is_not_there_is_answered_with_those_that_are(service):
    """None at all, or another; another chat's number is not there."""
    service.watch(BOB, "two")
    with pytest.raises(UnknownNumber, match="You have no watches"):
        service.unwatch(ANN, 1)
    service.watch(ANN, "one")
    with pytest.raises(UnknownNumber, match=r"no watch number 7. Yours: 1\."):
        service.unwatch(ANN, 7)


def test_both_commands_can_be_undone_any_number_of_times(service):
    """Watch, undo, undo the undo: each press ends in the state that its label names."""
    watch = service.watch(ANN, "one").watch
    for _ in range(2):
        assert service.undo_watch(ANN, watch.id) == watch
        assert texts(service) == []
    for _ in range(2):
        assert service.undo_unwatch(ANN, watch.id) == watch
        assert texts(service) == ["1 one"]


def test_a_restored_watch_gives_way(service):
    """Its number is taken by now: it gets the next; the same words are watched by now: that watch stands."""
    service.watch(ANN, "one")
    old = service.watch(ANN, "two").watch
    service.unwatch(ANN, 2)
    service.watch(ANN, "three")
    assert service.undo_unwatch(ANN, old.id).number == 3
    service.unwatch(ANN, 3)
    anew = service.watch(ANN, "TWO").watch
    assert service.undo_unwatch(ANN, old.id) == anew
    assert len(texts(service)) == 3


def test_another_chats_watch_does_not_exist(service):
    """Button data comes from a client: an id of somebody else's undoes nothing."""
    watch = service.watch(BOB, "one").watch
    assert service.undo_watch(ANN, watch.id) is None
    assert service.undo_unwatch(ANN, watch.id) is None
    assert service.undo_watch(ANN, 0) is None
    assert texts(service, BOB) == ["1 one"]


def test_a_new_watch_says_what_it_would_have_told():
    """It is stored, and the dialogue about it knows it; one that was there before has none."""
    store = MemoryStore()
    store.archive.take(1, NOON, item("Ceasefire talks"))
    service = Service(store)
    made = service.watch(ANN, "ceasefire")
    assert made.dialogue.watch == made.watch
    assert made.dialogue.preview.day.items == 1
    assert service.watch(ANN, "Ceasefire").dialogue is None


def test_a_preview_of_what_is_watched_is_that_watch():
    """Nothing begins; else nothing is stored but the dialogue."""
    service = Service(MemoryStore())
    made = service.watch(ANN, "ceasefire")
    assert service.preview(ANN, "CEASEFIRE").watch == made.watch
    assert service.preview(ANN, "golf").watch is None
    assert texts(service) == ["1 ceasefire"]
    with pytest.raises(QueryError):
        service.preview(ANN, '"open')
