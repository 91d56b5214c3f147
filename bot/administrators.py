"""Who administers a group or channel: asked of Telegram, remembered for a while, and nobody where it does not say."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from telegram import Bot, ChatMemberAdministrator
from telegram.error import TelegramError

from bot.botapi import answered
from bot.clock import to_epoch
from watchlists.channels import Channel

log = logging.getLogger(__name__)

REMEMBERED = 300.0  # seconds for which somebody who was found there counts as found
ASKED_AGAIN = 20.0  # for whom it does not name: they may have become one just now
PATIENCE = 5.0  # seconds for an answer: updates are handled one after the other
MOST = 10_000  # chats remembered


class Administrators:
    """The list of a chat's administrators, those who are anonymous there included."""

    def __init__(self, bot: Bot, clock: Callable[[], datetime]) -> None:
        self._bot = bot
        self._clock = clock
        self._known: dict[int, tuple[float, frozenset[int] | None]] = {}

    async def has(self, telegram_id: int, user_id: int) -> bool:
        """Whether the person is creator or administrator of the chat; False where Telegram does not tell."""
        return await self._says(telegram_id, user_id) is True

    async def lacks(self, telegram_id: int, user_id: int) -> bool:
        """Whether Telegram says that the person is none; False where it does not tell."""
        return await self._says(telegram_id, user_id) is False

    async def _says(self, telegram_id: int, user_id: int) -> bool | None:
        """None: it does not."""
        now = to_epoch(self._clock())
        asked, found = self._known.get(telegram_id, (0.0, None))
        if not 0 <= now - asked < (REMEMBERED if found and user_id in found else ASKED_AGAIN):
            if len(self._known) >= MOST:
                self._known.clear()
            found = await self._ask(telegram_id)
            self._known[telegram_id] = now, found
        return None if found is None else user_id in found

    async def channel(self, asked: str, user_id: int) -> Channel | None:
        """The channel with this @name or id, if the person is an administrator there and the bot may post."""
        try:
            async with asyncio.timeout(PATIENCE):
                chat = await answered(self._bot.get_chat(int(asked) if asked.lstrip("-").isdecimal() else asked))
                own = await answered(self._bot.get_chat_member(chat.id, self._bot.id))
        except (TelegramError, TimeoutError) as error:
            log.info("a channel that was asked for is not known: %r", error, extra={"chat": user_id})
            return None
        may_post = isinstance(own, ChatMemberAdministrator) and own.can_post_messages
        if chat.type != "channel" or not may_post:
            return None
        self.forget(chat.id)
        is_theirs = await self.has(chat.id, user_id)
        return Channel(chat.id, chat.title or "", chat.username or "") if is_theirs else None

    def forget(self, telegram_id: int) -> None:
        """What is remembered of the chat may be wrong."""
        self._known.pop(telegram_id, None)

    async def _ask(self, telegram_id: int) -> frozenset[int] | None:
        try:
            async with asyncio.timeout(PATIENCE):
                found = await answered(self._bot.get_chat_administrators(telegram_id))
        except (TelegramError, TimeoutError) as error:
            log.warning("the administrators of a chat are not known: %r", error, extra={"chat": telegram_id})
            return None
        return frozenset(member.user.id for member in found)
