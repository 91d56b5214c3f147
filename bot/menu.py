"""The menu of commands in Telegram's clients: in each language, and with more of them for admins."""

from collections.abc import Collection

from telegram import Bot, BotCommand, BotCommandScopeChat

from bot.botapi import attempt
from handlers import offered
from handlers.rights import Place
from watchlists.i18n import LANGUAGES, _, speaking


async def offer(bot: Bot, admins: Collection[int]) -> None:
    """Tell Telegram the commands; what cannot be told is a line of the log, and the commands work without it."""
    if not await _offer(bot, "the menu of commands could not be set", None):
        return
    for admin in sorted(admins):  # an admin who has never written to the bot has no chat with it yet
        await _offer(bot, f"the menu of admin {admin} could not be set", BotCommandScopeChat(admin))


async def _offer(bot: Bot, otherwise: str, scope: BotCommandScopeChat | None) -> bool:
    """The menu of one scope. The one without a language is for all whose language we do not speak."""
    for language in LANGUAGES:
        code = None if language == "en" else language
        if not await attempt(otherwise, bot.set_my_commands(_menu(language, scope is not None), scope, code)):
            return False
    return True


def _menu(language: str, for_admins: bool) -> list[BotCommand]:
    with speaking(language):
        shown = offered(Place.PRIVATE, is_admin=for_admins, is_editor=for_admins)
        return [BotCommand(command.name, _(command.help)) for command in shown]
