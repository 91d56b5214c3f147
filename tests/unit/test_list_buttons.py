"""The buttons below a list, on a store in memory."""

from dataclasses import dataclass

import pytest

from tests.fakes import MemoryStore
from tests.fakes_lists import MemoryLists, watchlist
from tests.talk import Chat
from watchlists.ports_lists import StoredList


@dataclass
class CountedLists(MemoryLists):
    """Counts how often a list is looked up by its name, which means reading its file."""

    looked: int = 0

    def find(self, name: str) -> StoredList | None:
        self.looked += 1
        return super().find(name)


@pytest.fixture
def chat() -> Chat:
    lists = CountedLists()
    lists.add(watchlist("ports", "ferry strike", "harbour fire"), 0, "new")
    return Chat(MemoryStore(lists=lists))


@pytest.mark.parametrize(
    "data",
    ["list:ports", "list_follow:ports", "list_unfollow:ports", "list_again:ports", "list_watch:ports:101",
     "list_menu:ports", "list_set:ports:1"],
)  # fmt: skip
async def test_a_press_looks_its_list_up_once(chat, data):
    """Whatever it does."""
    await chat.say("/follow ports")
    chat.store.lists.looked = 0
    await chat.press(data)
    assert chat.store.lists.looked == 1


async def test_the_buttons_follow_leave_and_take_back(chat):
    """As before: what was muted stays muted."""
    await chat.press("list_follow:ports")
    await chat.press("list_watch:ports:101")
    await chat.press("list_unfollow:ports")
    assert "🔔 2" in (await chat.press("list_again:ports")).text
    assert "🔇 1" in (await chat.press("list:ports")).text
