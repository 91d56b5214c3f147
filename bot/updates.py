"""Our own loop over `getUpdates`: an update is stored, with the offset, before anything is done with it.

python-telegram-bot's polling is not used: it confirms an update before its handler runs, so that a crash
loses the command, and one update that it cannot parse stops it for ever.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.botapi import answered, attempt
from bot.store import Storage, Store

log = logging.getLogger(__name__)

# Named, because Telegram remembers an earlier list, and an empty one leaves out kinds that are needed.
ALLOWED = ("message", "callback_query", "my_chat_member")
LONG_POLL = 25  # seconds
READ_SLACK = 10.0
BACKOFF_FIRST, BACKOFF_MOST = 0.5, 60.0
CONFLICT_PAUSE = 10.0
QUICK = 1.0  # seconds; a long poll that ends sooner without news has not waited
IDLE_MOST = 5.0  # the longest pause between two such answers: how late a command may be noticed then
MAX_ID = 2**63 - 2  # what the database can keep, and one more for the offset


def backoff(failures: int, most: float = BACKOFF_MOST) -> float:
    """Seconds to wait after so many failures in a row."""
    return min(most, BACKOFF_FIRST * 2.0 ** min(failures, 10))


class UpdateLoop:
    """Fetches updates into the inbox and calls `arrived` when there are new ones."""

    def __init__(
        self,
        storage: Storage,
        bot: Bot,
        arrived: Callable[[], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._storage = storage
        self._bot = bot
        self._arrived = arrived
        self._sleep = sleep
        self._monotonic = monotonic
        self._failures = 0
        self._told = False

    async def run(self) -> None:
        """Fetch until cancelled. Raises `InvalidToken`; every other trouble passes."""
        while True:
            began = self._monotonic()
            try:
                new = await self.step()
            except TelegramError as error:
                await self._sleep(await self._pause_after(error))
            else:
                if new or self._monotonic() - began >= QUICK:
                    self._failures = 0
                else:
                    await self._sleep(self._pause_after_nothing())

    async def step(self) -> int:
        """One long poll: what comes is stored in one transaction, which also is the new offset. How many were new."""
        updates = await answered(self._fetch(await self._storage.run(lambda store: store.inbox.offset())))
        if not isinstance(updates, list):
            raise NetworkError("Telegram's answer to getUpdates is no list")
        new = await self._storage.run(lambda store: _keep(store, updates))
        if new:
            self._arrived()
        return new

    async def _fetch(self, offset: int) -> Any:
        # As a form in the body, like every other call: not every server reads the query of a POST.
        asked = {"offset": offset, "timeout": LONG_POLL, "allowed_updates": ALLOWED}
        form = RequestData([RequestParameter.from_input(name, value) for name, value in asked.items()])
        # Not `Bot.get_updates`, which gives up all updates of an answer for one that it cannot parse.
        url = f"{self._bot.base_url}/getUpdates"
        return await self._bot.request.post(url, form, read_timeout=LONG_POLL + READ_SLACK)

    async def _pause_after(self, error: TelegramError) -> float:
        """Seconds to wait. Raises `InvalidToken` where Telegram stands by it."""
        if isinstance(error, RetryAfter):
            wait = error.retry_after
            return float(wait if isinstance(wait, int | float) else wait.total_seconds()) + 0.5
        if isinstance(error, Conflict) and "webhook" in str(error).lower():
            await attempt("the webhook that keeps updates away could not be removed", self._bot.delete_webhook())
        elif isinstance(error, Conflict):
            log.error("another program fetches updates with this token; commands may go there: %s", error)
            return CONFLICT_PAUSE
        elif isinstance(error, InvalidToken):  # a 404 of a proxy or of a server that lacks the method, too
            await refuse_wrong_token(self._bot)
        pause = self._grown(BACKOFF_MOST)
        log.warning("no updates from Telegram (%s); next try in %.0f s", error, pause)
        return pause

    def _pause_after_nothing(self) -> float:
        """The server does not wait for updates, or repeats old ones: without a pause it would be asked in a loop."""
        if not self._told:
            log.warning("getUpdates brings nothing new and does not wait: it is asked every %.0f s", IDLE_MOST)
            self._told = True
        return self._grown(IDLE_MOST)

    def _grown(self, most: float) -> float:
        self._failures += 1
        return backoff(self._failures, most)


def _keep(store: Store, updates: list[Any]) -> int:
    store.progress.mark("updates")
    return keep(store, updates)


def keep(store: Store, updates: list[Any]) -> int:
    """Store what Telegram has sent, as it is; return how many were new."""
    new = 0
    for update in updates:
        update_id = update.get("update_id") if isinstance(update, dict) else None
        if isinstance(update_id, int) and 0 <= update_id <= MAX_ID:
            new += store.inbox.add(update_id, update)
        else:
            log.error("Telegram sent an update without an id; skipped")
    return new


async def refuse_wrong_token(bot: Bot) -> None:
    """Raise `InvalidToken` where Telegram stands by it: only `getMe` is known to every server."""
    try:
        await answered(bot.get_me())
    except InvalidToken:
        raise
    except TelegramError as error:
        log.debug("whether the token is right is not known: %s", error)
