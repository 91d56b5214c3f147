"""The menu of commands in Telegram's clients: in each language, for each kind of chat, and with more for admins."""

from collections.abc import Collection, Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
)

from bot.botapi import attempt
from handlers import Command, offered, rights
from handlers.rights import Place
from watchlists.i18n import LANGUAGES, _, speaking


async def offer(bot: Bot, admins: Collection[int]) -> None:
    """Tell Telegram the commands; what cannot be told is a line of the log, and the commands work without it."""
    everyones = offered(Place.PRIVATE, is_admin=False, is_editor=False)
    if not await _offer(bot, "the menu of commands could not be set", None, everyones):
        return
    of_groups = offered(Place.GROUP, is_admin=False, is_editor=False)
    reading = [each for each in of_groups if not rights.needs_administrator(rights.COMMANDS[each.name], Place.GROUP)]
    await _offer(bot, "the menu of groups could not be set", BotCommandScopeAllGroupChats(), reading)
    scope = BotCommandScopeAllChatAdministrators()
    await _offer(bot, "the menu of administrators could not be set", scope, of_groups)
    all_commands = offered(Place.PRIVATE, is_admin=True, is_editor=True)
    for admin in sorted(admins):  # an admin who has never written to the bot has no chat with it yet
        await _offer(bot, f"the menu of admin {admin} could not be set", BotCommandScopeChat(admin), all_commands)


async def _offer(bot: Bot, otherwise: str, scope: BotCommandScope | None, commands: Sequence[Command]) -> bool:
    """The menu of one scope. The one without a language is for all whose language we do not speak."""
    for language in LANGUAGES:
        code = None if language == "en" else language
        with speaking(language):
            menu = [BotCommand(command.name, _(command.help)) for command in commands]
        if not await attempt(otherwise, bot.set_my_commands(menu, scope, code)):
            return False
    return True
