"""The menu of commands in Telegram's clients: in each language, for each kind of chat, more for those with a role."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
)

from bot.botapi import attempt
from bot.clock import Clock
from bot.store import Storage
from handlers import Command, offered, rights
from handlers.rights import Place
from watchlists.i18n import LANGUAGES, _, speaking

LOOK = 5.0  # seconds between two looks at who has which role
AGAIN = timedelta(hours=1)  # after a menu that could not be told


async def offer(bot: Bot) -> None:
    """Tell Telegram everybody's menus; what cannot be told is a line of the log, and commands work without it."""
    everyones = offered(Place.PRIVATE, is_admin=False, is_editor=False)
    if not await _offer(bot, "the menu of commands could not be set", None, everyones):
        return
    of_groups = offered(Place.GROUP, is_admin=False, is_editor=False)
    reading = [each for each in of_groups if not rights.needs_administrator(rights.COMMANDS[each.name], Place.GROUP)]
    await _offer(bot, "the menu of groups could not be set", BotCommandScopeAllGroupChats(), reading)
    scope = BotCommandScopeAllChatAdministrators()
    await _offer(bot, "the menu of administrators could not be set", scope, of_groups)


class Menus:
    """The menus of those who have a role: they are told, and taken away from those who have it no more."""

    def __init__(self, storage: Storage, bot: Bot, owners: Collection[int], clock: Clock) -> None:
        self._storage = storage
        self._bot = bot
        self._owners = owners
        self._clock = clock
        self._told: dict[int, bool] = {}  # since the start: id of a person → whether it was the menu of an admin
        self._again: dict[int, datetime] = {}

    async def run(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Follow the roles until cancelled."""
        while True:
            await self.tick()
            await sleep(LOOK)

    async def tick(self) -> None:
        """Bring Telegram up to date."""
        wanted, former = await self._storage.run(lambda store: store.menus.changes(self._owners))
        for user_id, is_admin in sorted(wanted.items()):
            if self._told.get(user_id) is not is_admin and self._due(user_id):
                await self._tell(user_id, is_admin)
        for user_id in sorted(former):
            if self._due(user_id):
                await self._withdraw(user_id)

    def _due(self, user_id: int) -> bool:
        now = self._clock()
        return now >= self._again.get(user_id, now)

    async def _tell(self, user_id: int, is_admin: bool) -> None:
        await self._storage.run(lambda store: store.menus.add(user_id))
        self._again[user_id] = self._clock() + AGAIN
        commands = offered(Place.PRIVATE, is_admin=is_admin, is_editor=True)
        otherwise = "the menu of somebody with a role could not be set"
        if await _offer(self._bot, otherwise, BotCommandScopeChat(user_id), commands):
            self._told[user_id] = is_admin
            del self._again[user_id]

    async def _withdraw(self, user_id: int) -> None:
        self._told.pop(user_id, None)
        self._again[user_id] = self._clock() + AGAIN
        for language in LANGUAGES:
            call = self._bot.delete_my_commands(BotCommandScopeChat(user_id), _code(language))
            if not await attempt("the menu of somebody without a role could not be withdrawn", call):
                return
        await self._storage.run(lambda store: store.menus.remove(user_id))
        del self._again[user_id]


async def _offer(bot: Bot, otherwise: str, scope: BotCommandScope | None, commands: Sequence[Command]) -> bool:
    """The menu of one scope. The one without a language is for all whose language we do not speak."""
    for language in LANGUAGES:
        with speaking(language):
            menu = [BotCommand(command.name, _(command.help)) for command in commands]
        if not await attempt(otherwise, bot.set_my_commands(menu, scope, _code(language))):
            return False
    return True


def _code(language: str) -> str | None:
    return None if language == "en" else language
