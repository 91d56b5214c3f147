"""The menus of commands that Telegram's clients show."""

import pytest
from telegram import BotCommandScopeAllChatAdministrators, BotCommandScopeAllGroupChats, BotCommandScopeChat

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


async def test_groups_have_two_menus_that_say_who_may_what():
    """Members see what they may read with, administrators all that there is in a group; nobody the admins' commands."""
    async with running() as box:
        await menu.offer(box.bot, [])
        shown = {}
        for scope in (BotCommandScopeAllGroupChats(), BotCommandScopeAllChatAdministrators()):
            for code in (None, "uk"):
                shown[scope.type, code] = {each.command for each in await box.bot.get_my_commands(scope, code)}
        members, administrators = shown["all_group_chats", None], shown["all_chat_administrators", None]
        assert {"watches", "why", "recent"} <= members < administrators
        assert "watch" in administrators - members
        assert not administrators & {"status", "channel", "listadd"}
        assert shown["all_group_chats", "uk"] == members


async def test_an_admin_without_a_chat_keeps_no_menu_from_the_others(caplog: pytest.LogCaptureFixture):
    """Telegram knows no chat of somebody who has never written to the bot: one line, not one for each language."""
    async with running() as box:
        await menu.offer(box.bot, [NOBODY, box.chat.id])
        assert caplog.text.count(str(NOBODY)) == 1
        assert await box.bot.get_my_commands(BotCommandScopeChat(box.chat.id), "ru")
