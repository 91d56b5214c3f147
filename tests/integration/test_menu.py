"""The menus of commands that Telegram's clients show."""

import pytest
from telegram import BotCommandScopeChat

from bot import menu
from handlers import COMMANDS, rights
from tests.botapi import running

NOBODY = 424_242


async def test_every_language_has_its_menu_and_admins_have_more_in_it():
    """Whoever speaks another language gets the English one; no description is too long for Telegram."""
    async with running() as box:
        await menu.offer(box.bot, [box.chat.id])
        said = {}
        for code in (None, "es", "uk", "ru"):
            everyones = await box.bot.get_my_commands(language_code=code)
            assert [command.command for command in everyones] == [
                each.name for each in COMMANDS if rights.COMMANDS[each.name] not in (rights.ADMIN, rights.EDIT)
            ]
            said[code] = everyones[0].description
            admins = await box.bot.get_my_commands(BotCommandScopeChat(box.chat.id), code)
            assert [command.command for command in admins] == [each.name for each in COMMANDS]
        assert said[None] == "what this bot does"
        assert said["es"] == "qué hace este bot"
        assert len(set(said.values())) == 4


async def test_an_admin_without_a_chat_keeps_no_menu_from_the_others(caplog: pytest.LogCaptureFixture):
    """Telegram knows no chat of somebody who has never written to the bot: one line, not one for each language."""
    async with running() as box:
        await menu.offer(box.bot, [NOBODY, box.chat.id])
        assert caplog.text.count(str(NOBODY)) == 1
        assert await box.bot.get_my_commands(BotCommandScopeChat(box.chat.id), "ru")
