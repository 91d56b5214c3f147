"""Deleting a whole list: who may, what is asked first, and what stays."""

import re
from functools import partial
from pathlib import Path

import pytest

from handlers import replies_lists
from tests.desk import Desk, open_desk
from tests.fakes_lists import add_list, watchlist
from watchlists.editing import Editing
from watchlists.list_files import write_watchlist
from watchlists.ports_lists import Follow
from watchlists.ports_roles import Grant
from watchlists.roles import Roles
from watchlists.service import Service

OWNER, FOLLOWER = 424_242, 77
FERRIES = watchlist("ferries", "ferry strike", "ferry sank")


@pytest.fixture
async def desk(tmp_path: Path):
    """Ann is an admin; two chats follow a list that came with the program."""
    async with open_desk(tmp_path, OWNER) as made:
        await made.storage.run(lambda store: store.roles.add(Grant(made.box.ann.id, None), OWNER))
        await made.storage.run(lambda store: add_list(store, FERRIES, FOLLOWER, 78))
        yield made


async def press(desk: Desk, data: str) -> None:
    """Press a button with this data under the newest message."""
    await desk.say("/lists")
    message = 0
    while await desk.storage.run(lambda store: store.outbox.heads([], 1)):
        desk.box.clock.advance(2)
        message = await desk.shown()
    desk.box.telegram.press(desk.box.ann, desk.box.chat, message, data, forged=True)
    await desk.handle()


async def remove(desk: Desk, slug: str, version: int) -> None:
    """Press "Delete it" as it stands under the question about the list of this slug."""
    (row,) = await desk.rows(f"SELECT list_id FROM list_names WHERE name = '{slug}'")
    await press(desk, f"list_remove:{row['list_id']}:{version}")


async def version(desk: Desk, slug: str = "ferries") -> int:
    found = await desk.storage.run(lambda store: store.lists.find(slug))
    return found.version if found else 0


async def test_an_admin_deletes_a_list_after_a_question_that_counts_its_followers(desk):
    """Whatever its version; nobody follows or edits it then, its name is free, and its versions are kept."""
    await desk.say("/listadd ferries harbour fire")
    await desk.storage.run(lambda store: store.roles.add(Grant(5, store.lists.find("ferries").id), OWNER))
    said = await desk.say("/listdel ferries")
    assert "<b>Ferries</b> – <code>ferries</code>?\nIt has 3 watches.\n2 chats follow it." in said
    assert await version(desk) == 2
    await remove(desk, "ferries", 2)
    assert "There is no list <code>ferries</code> any more" in (await desk.outbox())[-1]["text"]
    assert await version(desk) == 0
    assert not await desk.storage.run(lambda store: store.follows.of_chat(FOLLOWER))
    assert await desk.storage.run(lambda store: [grant.list_id for grant in store.roles.all()]) == [None]
    assert await desk.rows("SELECT count(*) AS n FROM list_versions") == [{"n": 2}]
    *_, act = await desk.storage.run(lambda store: list(store.audit.since(0)))
    assert (act["act"], act["subject"], act["detail"]["followers"]) == ("list_remove", "ferries", 2)
    assert "version 1" in await desk.say("/newlist ferries")


async def test_a_list_that_was_changed_since_the_question_stays(desk):
    """So does one that is kept, and one that a button names wrongly."""
    await desk.say("/listdel ferries")
    await press(desk, "list_keep")
    await desk.say("/listadd ferries harbour fire")
    for data in ("list_remove:1:1", "list_remove:1", "list_remove:1:0", "list_remove:ferries:2", "list_remove:9:2"):
        await press(desk, data)
    assert await version(desk) == 2


async def test_the_button_deletes_no_other_list_that_has_the_name_by_then(desk):
    """The question was about the one that is gone."""
    question = (await desk.say("/listdel ferries"), (await desk.outbox())[-1]["buttons"])[1]
    (data,) = re.findall(r"list_remove:[\w:-]+", question)
    await press(desk, data)
    await desk.say("/newlist ferries")
    await press(desk, data)
    assert await version(desk) == 1


async def test_the_undo_of_an_import_asks_where_somebody_follows_the_list_by_then(desk):
    """They would lose it; a list that nobody follows goes at once."""

    def take(store):
        editing = Editing(store, desk.box.ann.id, partial(Roles(store, {OWNER}).may_edit, desk.box.ann.id))
        return editing.take(write_watchlist(watchlist("locks", "lock gate")), "That file").stored

    stored = await desk.storage.run(take)
    await desk.storage.run(lambda store: store.follows.put(Follow(stored.id, FOLLOWER)))
    await press(desk, "list_undo:locks:0:1")
    assert "1 chat follows it" in (await desk.outbox())[-1]["text"]
    assert await version(desk, "locks") == 1
    await remove(desk, "locks", 1)
    assert await version(desk, "locks") == 0
    await desk.storage.run(take)
    await press(desk, "list_undo:locks:0:1")
    assert await version(desk, "locks") == 0


async def test_an_editor_deletes_what_they_have_made_and_nothing_else(desk):
    """At any version; to edit a list is not to take it from all others."""

    def demote(store) -> None:
        store.roles.remove(Grant(desk.box.ann.id, None))
        store.roles.add(Grant(desk.box.ann.id, store.lists.find("ferries").id), OWNER)

    await desk.storage.run(demote)
    assert "Only admins of this bot and whoever has made" in await desk.say("/listdel ferries")
    await remove(desk, "ferries", 1)
    assert await version(desk) == 1
    await desk.say("/newlist locks")
    await desk.say("/listadd locks lock gate")
    assert "Delete the list" in await desk.say("/listdel locks")
    await remove(desk, "locks", 2)
    assert await version(desk, "locks") == 0


async def test_a_follower_who_wants_news_of_the_list_is_told_once_that_it_is_gone(desk):
    """Others are not, nor whoever has left it before, and nothing is said of a list that has its name by then."""

    def follow(store) -> None:
        listed = store.lists.find("ferries")
        for chat_id in (FOLLOWER, 79):
            store.chats.ensure(chat_id, "private")
            store.follows.put(Follow(listed.id, chat_id, news=True, told=listed.version))
        store.follows.remove(79, listed.id)

    def told(store) -> list[str]:
        news = [Service(store).following().changes(chat_id) for chat_id in (FOLLOWER, 78, 79, FOLLOWER)]
        return [replies_lists.news(each) for each in news if each]

    await desk.storage.run(follow)
    desk.box.clock.advance(5)
    await remove(desk, "ferries", 1)
    await desk.say("/newlist ferries")
    (said,) = await desk.storage.run(told)
    assert said.endswith("There is no list <code>ferries</code> any more.\n➖ ferry strike\n➖ ferry sank")
