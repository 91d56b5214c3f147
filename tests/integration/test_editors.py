"""Editors: whoever was given a list edits that one, from the next message on and until it is taken away."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bot.store import Store
from tests.desk import open_desk
from tests.fakes_lists import add_list, watchlist
from watchlists.editing import Editing
from watchlists.errors import ListError
from watchlists.list_files import write_watchlist
from watchlists.ports_roles import Grant
from watchlists.roles import Roles

OWNER, FOLLOWER = 424_242, 77


@pytest.fixture
async def desk(tmp_path: Path):
    """Ann was made editor of `ferries` by the owner; there is another list, which is private."""
    async with open_desk(tmp_path, OWNER) as made:
        await made.storage.run(lambda store: add_list(store, watchlist("ferries", "ferry strike"), FOLLOWER))
        await made.storage.run(lambda store: add_list(store, watchlist("harbours", "harbour fire"), FOLLOWER))
        await give(made)
        yield made


async def give(desk, *, take: bool = False) -> None:
    def change(store) -> None:
        its = Grant(desk.box.ann.id, store.lists.find("ferries").id)
        assert store.roles.remove(its) if take else store.roles.add(its, OWNER)

    await desk.storage.run(change)


def editing(store: Store, user_id: int) -> Editing:
    """As that person edits."""
    return Editing(store, user_id, partial(Roles(store, {OWNER}).may_edit, user_id))


async def watches(desk, slug: str) -> int:
    return await desk.storage.run(lambda store: len(store.lists.find(slug).content.watches))


async def test_an_editor_edits_the_own_list_and_no_other(desk):
    """Every command of editors is there; whether it may touch a list is decided for each."""
    assert "version 2" in await desk.say("/listadd ferries ferry sank // it did")
    assert "You are no editor of the list harbours" in await desk.say("/listadd harbours quay")
    assert (await watches(desk, "ferries"), await watches(desk, "harbours")) == (2, 1)


async def test_an_editor_makes_a_list_and_edits_it(desk):
    """It is theirs until that is taken away, or they take the list back; the lists of others stay closed."""
    assert "Only editors see it yet" in await desk.say("/newlist locks Locks and weirs")
    assert "version 2" in await desk.say("/listadd locks lock repair")
    assert "You are no editor of the list harbours" in await desk.say("/listadd harbours quay")
    await give(desk, take=True)
    assert "version 3" in await desk.say("/listadd locks weir repair")


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private"])
async def test_the_name_of_anothers_list_is_refused_in_the_same_words_whatever_it_is(desk, visibility):
    """Whoever edits one list learns nothing of another but that its name is not to be had, and which one is free."""

    def hide(store) -> None:
        its = store.lists.find("harbours")
        store.lists.change(its, replace(its.content, visibility=visibility, aliases=("ports",)), OWNER, "set")

    await desk.storage.run(hide)
    for command in ("/listset ferries slug {}", "/listset ferries aliases {}", "/newlist {} Ports"):
        for name in ("harbours", "ports"):
            said = await desk.say(command.format(name))
            assert said == f"The name {name} cannot be taken here; {name}-2 can.", command
    file = write_watchlist(watchlist("ports", "quay"))
    with pytest.raises(ListError, match="ports cannot be taken here; ports-2 can"):
        await desk.storage.run(lambda store: editing(store, desk.box.ann.id).take(file, "That file"))
    with pytest.raises(ListError, match="ports is another name of the list harbours"):
        await desk.storage.run(lambda store: editing(store, OWNER).take(file, "That file"))
    assert "version 2" in await desk.say("/listset ferries slug ports-2")
    assert "ports cannot be taken here; ports-3 can" in await desk.say("/listset ports-2 slug ports")


async def test_a_private_list_is_for_others_as_if_it_were_not_there(desk):
    """By none of the ways to name a list."""

    def hide(store) -> None:
        its = store.lists.find("harbours")
        store.lists.change(its, replace(its.content, visibility="private"), OWNER, "set")

    await desk.storage.run(hide)
    commands = ("listadd {} quay", "listdel {} 1", "listset {} title A", "listlog {}", "undo {}", "listexport {}")
    for command in (*commands, "follow {}", "unfollow {}", "lists {}", "start list_{}"):
        answers = [(await desk.say(f"/{command.format(name)}")).replace(name, "") for name in ("harbours", "zzports")]
        assert answers[0] == answers[1], command


async def test_who_is_no_editor_any_more_has_no_such_commands(desk):
    """From the next message on."""
    await give(desk, take=True)
    assert "I do not know /listadd" in await desk.say("/listadd ferries ferry sank")
    assert await watches(desk, "ferries") == 1


async def test_an_edit_leaves_a_line_in_the_record(desk):
    """Who, what, which version, and why."""
    await desk.say("/listadd ferries ferry sank // it did")
    (act,) = await desk.storage.run(lambda store: list(store.audit.since(0)))
    assert (act["user"], act["act"], act["subject"]) == (desk.box.ann.id, "list_add", "ferries")
    assert (act["detail"], act["why"]) == ({"version": 2, "before": 1}, "it did")


async def test_a_banned_editor_edits_nothing(desk):
    """Whatever was given before."""
    await desk.storage.run(lambda store: store.bans.add(desk.box.ann.id, OWNER, ""))
    desk.box.telegram.say(desk.box.ann, desk.box.chat, "/listadd ferries ferry sank")
    await desk.handle()
    assert await watches(desk, "ferries") == 1


async def test_a_removed_list_keeps_its_editor_from_none_that_comes_later(desk):
    """Ids of lists are given once: a new list of that name is another one."""
    await desk.storage.run(lambda store: store.lists.remove(store.lists.find("ferries")))
    await desk.storage.run(lambda store: add_list(store, watchlist("ferries", "ferry strike"), FOLLOWER))
    assert "You are no editor of the list ferries" in await desk.say("/listadd ferries ferry sank")


async def test_only_who_made_a_list_takes_it_away(desk):
    """An editor who sends the data of that button by hand, at the first version, leaves it and its followers alone."""
    await desk.say("/listlog ferries")
    message = await desk.shown()
    desk.box.telegram.press(desk.box.ann, desk.box.chat, message, "list_undo:ferries:0:1", forged=True)
    await desk.handle()
    assert await desk.storage.run(lambda store: store.follows.count(store.lists.find("ferries").id)) == 1
