"""getUpdates: the long poll, and the one poller that Telegram allows at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from bot.sandbox.refusals import conflict
from bot.sandbox.telegram_state import Telegram

_TERMINATED = "terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
_LONGEST = 50  # seconds that a poll may wait


class Polling:
    """Waits for updates. `sleep` bounds the wait, so that a test can make it short."""

    def __init__(self, telegram: Telegram, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._telegram = telegram
        self._sleep = sleep
        self._current: asyncio.Future[bool] | None = None
        telegram.updates.on_new.append(self.wake)

    def wake(self) -> None:
        """Lets the waiting poll look again."""
        if self._current is not None and not self._current.done():
            self._current.set_result(True)

    async def poll(self, parameters: Mapping[str, object]) -> list[dict[str, object]]:
        """The updates from `offset` on; waits `timeout` seconds at most for the first. Raises ApiError."""
        if self._telegram.bot.webhook:
            raise conflict(_WEBHOOK)
        if self._current is not None and not self._current.done():
            self._current.set_result(False)
        updates = self._telegram.updates
        kinds = parameters.get("allowed_updates")
        if isinstance(kinds, list):
            updates.allow(str(kind) for kind in kinds)
        updates.confirm(_number(parameters, "offset", 0))
        limit = min(max(_number(parameters, "limit", 100), 1), 100)
        timeout = min(max(_number(parameters, "timeout", 0), 0), _LONGEST)
        if timeout and not updates.peek(limit):
            await self._wait(timeout)
        return list(updates.peek(limit))

    async def _wait(self, seconds: float) -> None:
        mine = self._current = asyncio.get_running_loop().create_future()
        timer = asyncio.ensure_future(self._sleep(seconds))
        try:
            await asyncio.wait({mine, timer}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
            if self._current is mine:
                self._current = None
        if mine.done() and mine.result() is False:
            raise conflict(_TERMINATED)


def _number(parameters: Mapping[str, object], name: str, default: int) -> int:
    value = parameters.get(name, default)
    return value if isinstance(value, int) else default
