"""The buttons below a list, on a store in memory."""

from dataclasses import dataclass, replace

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
     "list_menu:ports", "list_set:ports:1", "list_share:ports"],
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


@pytest.mark.parametrize("visibility", ["public", "unlisted"])
async def test_a_list_that_others_find_can_be_passed_on(chat, visibility):
    """By the link that shows it; under the page of the list and under the answer to /follow."""
    chat.store.lists.add(watchlist("locks", "lock gate", visibility=visibility), 0, "new")
    for said in ("/lists locks", "/follow locks"):
        buttons = [data for row in (await chat.say(said)).buttons for _label, data in row]
        assert "list_share:locks" in buttons
    link = await chat.press("list_share:locks")
    assert link.text.endswith("\nhttps://t.me/zz_bot?start=list_locks")
    assert link.edits is None
    assert "Locks" in (await chat.say("/start list_locks", 8)).text
    chat.bot_name = ""
    assert "<code>/start list_locks</code>" in (await chat.press("list_share:locks")).text


async def test_a_private_list_is_not_passed_on(chat):
    """Also not by whoever follows it, or keeps an old button."""
    await chat.say("/follow ports")
    its = chat.store.lists.find("ports")
    chat.store.lists.change(its, replace(its.content, visibility="private"), 0, "set")
    reply = await chat.say("/lists ports")
    assert not [data for row in reply.buttons for _label, data in row if data.startswith("list_share")]
    assert "t.me" not in (await chat.press("list_share:ports")).text
