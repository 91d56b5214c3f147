"""Our own loop over `getUpdates`: an update is stored, with the offset, before anything is done with it.

python-telegram-bot's polling is not used: it confirms an update before its handler runs, so that a crash
loses the command, and one update that it cannot parse stops it for ever.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.store import Storage, Store

log = logging.getLogger(__name__)

# Named, because Telegram remembers an earlier list, and an empty one leaves out kinds that are needed.
ALLOWED = ("message", "callback_query", "my_chat_member")
LONG_POLL = 25  # seconds
READ_SLACK = 10.0
BACKOFF_FIRST, BACKOFF_MOST = 0.5, 60.0
CONFLICT_PAUSE = 10.0
MAX_ID = 2**63 - 2  # what the database can keep, and one more for the offset


class UpdateLoop:
    """Fetches updates into the inbox and calls `arrived` when there are new ones."""

    def __init__(
        self,
        storage: Storage,
        request: BaseRequest,
        base_url: str,
        arrived: Callable[[], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._storage = storage
        self._request = request
        self._url = f"{base_url}/getUpdates"
        self._arrived = arrived
        self._sleep = sleep
        self._failures = 0

    async def run(self) -> None:
        """Fetch until cancelled. Raises `InvalidToken`; every other trouble passes."""
        while True:
            try:
                await self.step()
                self._failures = 0
            except InvalidToken:
                raise
            except TelegramError as error:
                await self._sleep(self._pause_after(error))

    async def step(self) -> None:
        """One long poll: what comes is stored in one transaction, which also is the new offset."""
        offset = await self._storage.run(lambda store: store.inbox.offset())
        query = urlencode({"offset": offset, "timeout": LONG_POLL, "allowed_updates": json.dumps(ALLOWED)})
        try:
            updates = await self._request.post(f"{self._url}?{query}", read_timeout=LONG_POLL + READ_SLACK)
        except (KeyError, TypeError, AttributeError):
            # python-telegram-bot looks for the result in `200 {"ok": false}`, and in JSON that is no object
            updates = None
        if not isinstance(updates, list):
            raise NetworkError("Telegram's answer to getUpdates is no list")
        kept = await self._storage.run(lambda store: self._keep(store, updates))
        if kept:
            self._arrived()
        elif updates:
            # Without an id there is no offset behind it: asked again at once, Telegram would say the same at once.
            raise NetworkError("no update in Telegram's answer has an id")

    def _keep(self, store: Store, updates: list[Any]) -> int:
        store.progress.mark("updates")
        kept = 0
        for update in updates:
            update_id = update.get("update_id") if isinstance(update, dict) else None
            if isinstance(update_id, int) and 0 <= update_id <= MAX_ID:
                store.inbox.add(update_id, update)
                kept += 1
            else:
                log.error("Telegram sent an update without an id; skipped")
        return kept

    def _pause_after(self, error: TelegramError) -> float:
        if isinstance(error, RetryAfter):
            wait = error.retry_after
            return float(wait if isinstance(wait, int | float) else wait.total_seconds()) + 0.5
        if isinstance(error, Conflict):
            log.error("another program fetches updates with this token; commands may go there: %s", error)
            return CONFLICT_PAUSE
        self._failures += 1
        pause = min(BACKOFF_MOST, BACKOFF_FIRST * 2.0 ** min(self._failures, 10))
        log.warning("no updates from Telegram (%s); next try in %.0f s", error, pause)
        return pause
