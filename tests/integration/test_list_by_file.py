"""A list that comes as a file in the chat: from whom it is the list, and from whom a file of watches like others."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.looking import opened
from watchlists.ports_roles import Grant

OWNER = 424_242
FILE = """slug = "{slug}"
title = "Ferries"
visibility = "public"

[[watches]]
query = "ferry {word}"
"""


@pytest.fixture
async def world(tmp_path: Path):
    async with opened(tmp_path, OWNER) as made:
        yield made


async def grant(world, slug: str | None) -> None:
    """Ann becomes an editor of a list, or an admin."""

    def give(store) -> None:
        list_id = store.lists.find(slug).id if slug else None
        store.roles.add(Grant(world.desk.box.ann.id, list_id), OWNER)

    await world.desk.storage.run(give)


async def send(world, slug: str, word: str) -> str:
    return await world.send_list(FILE.format(slug=slug, word=word).encode(), "list.toml")


async def texts(world, slug: str) -> list[str]:
    """The watches of a list."""
    return await world.desk.storage.run(
        lambda store: [watch.query.text for watch in store.lists.find(slug).content.watches]
    )


async def test_an_admin_brings_a_list_and_an_editor_changes_theirs_alone(world):
    """Somebody else's list stays as it is, and the answer says so."""
    await grant(world, None)
    for slug in ("ferries", "harbours"):
        assert "version 1" in await send(world, slug, "strike")
    await world.desk.storage.run(lambda store: store.roles.remove(Grant(world.desk.box.ann.id, None)))
    await grant(world, "ferries")
    await send(world, "ferries", "delay")
    await send(world, "harbours", "delay")
    assert await texts(world, "ferries") == ["ferry delay"]
    assert await texts(world, "harbours") == ["ferry strike"]


async def test_from_anybody_else_it_is_a_file_of_watches(world):
    """No list comes of it."""
    await send(world, "ferries", "strike")
    assert await world.desk.rows("SELECT 1 FROM lists WHERE slug = 'ferries'") == []


async def test_who_edits_a_private_list_brings_a_file_that_follows_it(world):
    """As they may by command; for others it is left out."""
    await grant(world, None)
    await send(world, "ferries", "strike")

    def hide(store) -> None:
        its = store.lists.find("ferries")
        store.lists.change(its, replace(its.content, visibility="private"), OWNER, "set")

    await world.desk.storage.run(hide)
    file = b'[[watches]]\nquery = "gold"\n[[follows]]\nlist = "ferries"\n'
    assert "1 list followed" in await world.send_list(file, "wirewatch.toml")
    await world.desk.storage.run(lambda store: store.roles.remove(Grant(world.desk.box.ann.id, None)))
    await world.desk.storage.run(lambda store: store.follows._write("DELETE FROM follows"))
    assert "Left out" in await world.send_list(file, "wirewatch.toml")
