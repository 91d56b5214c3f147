"""A file of watches and follows is taken as a whole or not at all."""

import pytest

from tests.fakes import MemoryStore
from tests.fakes_lists import watchlist
from watchlists.errors import QuotaExceeded
from watchlists.following import MAX_FOLLOWS
from watchlists.personal import Personal
from watchlists.query import parse

ANN = 7


@pytest.fixture
def store() -> MemoryStore:
    """Ann watches two things."""
    made = MemoryStore()
    for text in ("volcano", "ferry strike"):
        made.watches.add(ANN, parse(text))
    return made


def texts(store) -> list[str]:
    return [watch.text for watch in store.watches.active(ANN)]


def test_so_many_watches_and_not_one_more(store):
    """What the chat watches already, in whatever words, counts once."""
    found = Personal(store).import_file(ANN, "strike ferry\nharbour\nHarbour\ntide", 4)
    assert (found.added, found.known) == (2, ["strike ferry", "Harbour"])
    assert texts(store) == ["volcano", "ferry strike", "harbour", "tide"]
    with pytest.raises(QuotaExceeded, match="you would have 5 watches, and 4 is the most"):
        Personal(store).import_file(ANN, "gale\nvolcano", 4)
    assert len(texts(store)) == 4


def test_so_many_lists_and_not_one_more(store):
    """Those that the chat follows already count once."""
    for number in range(MAX_FOLLOWS + 1):
        store.lists.add(watchlist(f"list-{number}", "word"), 1, "new")
    file = "".join(f'[[follows]]\nlist = "list-{number}"\n' for number in range(MAX_FOLLOWS))
    for _again in range(2):
        Personal(store).import_file(ANN, file, 4)
        assert len(store.follows.of_chat(ANN)) == MAX_FOLLOWS
    with pytest.raises(QuotaExceeded, match=f"{MAX_FOLLOWS} is the most"):
        Personal(store).import_file(ANN, f'[[follows]]\nlist = "list-{MAX_FOLLOWS}"', 4)
    assert len(store.follows.of_chat(ANN)) == MAX_FOLLOWS
