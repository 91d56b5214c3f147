"""The menus of commands that Telegram's clients show."""

import asyncio
from pathlib import Path

import pytest
from telegram import BotCommandScopeAllChatAdministrators, BotCommandScopeAllGroupChats, BotCommandScopeChat

from bot import menu
from bot.menu import Menus
from handlers import offered
from handlers.rights import Place
from tests.desk import open_desk
from watchlists.ports_roles import Grant

OWNER = 424_242
EVERYONES, EDITORS, ALL = (
    [each.name for each in offered(Place.PRIVATE, is_admin=role == "admin", is_editor=role != "")]
    for role in ("", "editor", "admin")
)


@pytest.fixture
async def desk(tmp_path: Path):
    """Ann has written to the bot; the owner has not."""
    async with open_desk(tmp_path) as made:
        await made.storage.run(lambda store: store.chats.ensure(made.box.ann.id, "private"))
        yield made


@pytest.fixture
def menus(desk) -> Menus:
    return Menus(desk.storage, desk.box.bot, {OWNER}, desk.box.clock)


async def grant(desk, *, take: bool = False) -> None:
    its = Grant(desk.box.ann.id, None)
    await desk.storage.run(lambda store: store.roles.remove(its) if take else store.roles.add(its, OWNER))


async def shown(desk, code: str | None = None) -> list[str]:
    """The menu of Ann's own chat."""
    told = await desk.box.bot.get_my_commands(BotCommandScopeChat(desk.box.ann.id), code)
    return [command.command for command in told]


async def test_every_language_has_its_menu_and_admins_have_more_in_it(desk, menus):
    """Whoever speaks another language gets the English one; no description is too long for Telegram."""
    await grant(desk)
    await menu.offer(desk.box.bot)
    await menus.tick()
    said = {}
    for code in (None, "es", "uk", "ru"):
        everyones = await desk.box.bot.get_my_commands(language_code=code)
        assert [command.command for command in everyones] == EVERYONES
        said[code] = everyones[0].description
        assert await shown(desk, code) == ALL
    assert said[None] == "what this bot does"
    assert said["es"] == "qué hace este bot"
    assert len(set(said.values())) == 4


async def test_groups_have_two_menus_that_say_who_may_what(desk):
    """Members see what they may read with, administrators all that there is in a group; nobody the admins' commands."""
    bot = desk.box.bot
    await menu.offer(bot)
    shown = {}
    for scope in (BotCommandScopeAllGroupChats(), BotCommandScopeAllChatAdministrators()):
        for code in (None, "uk"):
            shown[scope.type, code] = {each.command for each in await bot.get_my_commands(scope, code)}
    members, administrators = shown["all_group_chats", None], shown["all_chat_administrators", None]
    assert {"watches", "why", "recent"} <= members < administrators
    assert "watch" in administrators - members
    assert not administrators & {"status", "channel", "listadd"}
    assert shown["all_group_chats", "uk"] == members


async def test_a_menu_follows_its_role(desk, menus):
    """Given: told; taken: withdrawn in every language; given again: told again."""
    await menus.tick()
    assert await shown(desk) == []
    for _ in range(2):
        await grant(desk)
        await menus.tick()
        assert await shown(desk, "ru") == ALL
        await grant(desk, take=True)
        await menus.tick()
        assert [await shown(desk, code) for code in (None, "es", "uk", "ru")] == [[]] * 4


async def test_an_editor_who_becomes_an_admin_is_told_more(desk, menus):
    """And keeps the menu of editors when that is taken away."""
    await desk.storage.run(lambda store: store.roles.add(Grant(desk.box.ann.id, 1), OWNER))
    await menus.tick()
    assert await shown(desk) == EDITORS
    await grant(desk)
    await menus.tick()
    assert await shown(desk) == ALL
    await grant(desk, take=True)
    await menus.tick()
    assert await shown(desk) == EDITORS


async def test_what_has_not_changed_is_not_told_again(desk, menus):
    """Telegram is asked nothing at a look that finds nothing."""
    await grant(desk)
    await menus.tick()
    calls = len(desk.box.server.calls)
    await menus.tick()
    assert len(desk.box.server.calls) == calls


async def test_who_was_an_admin_before_a_restart_loses_the_menu_after_it(desk, menus):
    """Which menus were told stands in the database."""
    await grant(desk)
    await menus.tick()
    await grant(desk, take=True)
    await Menus(desk.storage, desk.box.bot, {OWNER}, desk.box.clock).tick()
    assert await shown(desk) == []


async def test_without_an_owner_no_admin_keeps_a_menu(desk, menus):
    """Since none is an admin then."""
    await grant(desk)
    await menus.tick()
    await Menus(desk.storage, desk.box.bot, frozenset(), desk.box.clock).tick()
    assert await shown(desk) == []


async def test_an_admin_without_a_chat_has_a_menu_with_the_first_message(desk, menus):
    """Telegram takes none before."""
    await grant(desk)
    await desk.storage.run(lambda store: store.chats.deactivate(desk.box.ann.id, "blocked"))
    await menus.tick()
    assert await shown(desk) == []
    await desk.storage.run(lambda store: store.chats.ensure(desk.box.ann.id, "private"))
    await menus.tick()
    assert await shown(desk) == ALL


async def test_a_menu_that_could_not_be_changed_is_tried_again_later(desk, menus, caplog):
    """An hour later, with one line in the log meanwhile."""
    await grant(desk)
    desk.box.server.faults.drop(method="setMyCommands")
    await menus.tick()
    await menus.tick()
    assert await shown(desk) == []
    assert caplog.text.count("the menu of somebody with a role could not be set") == 1
    desk.box.clock.advance(menu.AGAIN.total_seconds())
    await menus.tick()
    assert await shown(desk) == ALL
    await grant(desk, take=True)
    desk.box.server.faults.drop(method="deleteMyCommands")
    await menus.tick()
    assert await shown(desk) == ALL
    desk.box.clock.advance(menu.AGAIN.total_seconds())
    await menus.tick()
    assert await shown(desk) == []


async def test_the_loop_looks_again_and_again(desk, menus):
    """So that a change shows within seconds."""
    await grant(desk)
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await menus.run(sleep)
    assert pauses == [menu.LOOK] * 3
    assert await shown(desk) == ALL
