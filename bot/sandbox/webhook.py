"""Bringing updates to a bot that has set a webhook: one after the other, each until it is taken.

Only to this machine, and therefore also without TLS, which a local Bot API server allows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.telegram_state import Telegram

HERE = frozenset({"127.0.0.1", "localhost", "::1"})
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - its name, not its value
_AGAIN = 0.5  # seconds after an update that was not taken
_PATIENCE = aiohttp.ClientTimeout(total=60)


class Webhook:
    """`start` it and, in the end, `stop` it. `sleep` is the pause before an update is brought again."""

    def __init__(self, telegram: Telegram, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._telegram = telegram
        self._sleep = sleep
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        telegram.updates.on_new.append(self._news.set)

    def start(self) -> None:
        """Begin to bring."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Bring nothing more."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def wake(self) -> None:
        """The webhook has been set or deleted."""
        self._news.set()

    async def _run(self) -> None:
        async with aiohttp.ClientSession(timeout=_PATIENCE) as session:
            while True:
                self._news.clear()
                url, waiting = self._telegram.bot.webhook, self._telegram.updates.peek(1)
                if not waiting or urlsplit(url).hostname not in HERE:
                    await self._news.wait()
                elif await self._bring(session, url, waiting[0]):
                    self._telegram.updates.confirm(int(str(waiting[0]["update_id"])) + 1)
                else:
                    await self._sleep(_AGAIN)

    async def _bring(self, session: aiohttp.ClientSession, url: str, update: Mapping[str, object]) -> bool:
        bot = self._telegram.bot
        headers = {SECRET_HEADER: bot.webhook_secret} if bot.webhook_secret else {}
        try:
            async with session.post(url, json=update, headers=headers) as answer:
                taken = answer.ok
                error = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError):
            taken, error = False, "Connection refused"
        if not taken:
            bot.webhook_error = (int(self._telegram.now()), error)
        return taken
