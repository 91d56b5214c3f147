"""Updates that Telegram brings instead of being asked for them: stored in the same inbox, in one transaction each.

    POST …/telegram/PATH ─path, secret token, size─→ inbox ─committed─→ 200; anything else has Telegram bring it again

Path and secret are made anew at each start and are known to Telegram alone. Meant to stand behind a proxy with TLS.
https://core.telegram.org/bots/api#setwebhook
"""

import asyncio
import hmac
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web
from telegram import Bot, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.botapi import answered
from bot.clock import Clock
from bot.door import Door
from bot.store import Storage, Store
from bot.updates import ALLOWED, backoff, keep, refuse_wrong_token

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - its name, not its value
LARGEST = 1_000_000  # bytes of an update; the longest message has a hundredth of it
PATIENCE = 20.0  # seconds for an update to come whole and to be stored
CHECK = 50.0  # seconds between two looks at whether Telegram still brings them here
_PATH = r".*/telegram/([\w-]{20,100})"  # however a proxy in front has changed what is before it


class Webhook:
    """`open` it to Telegram, then `run` it. `arrived` is called after each new update."""

    def __init__(
        self,
        storage: Storage,
        bot: Bot,
        arrived: Callable[[], None],
        base: str,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._storage = storage
        self._bot = bot
        self._arrived = arrived
        self._clock = clock
        self._sleep = sleep
        self._path, self._secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self._url = f"{base}/telegram/{self._path}"
        self._failures = 0

    def open(self, door: Door) -> None:
        """Let Telegram in here."""
        door.serve("POST", _PATH, self._take)

    async def run(self) -> None:
        """See to it that Telegram brings updates here, until cancelled. Raises `InvalidToken`."""
        while True:
            try:
                await self.check()
                self._failures, pause = 0, CHECK
            except TelegramError as error:
                if isinstance(error, InvalidToken):  # a 404 of a proxy, or of a server that lacks the method, too
                    await refuse_wrong_token(self._bot)
                self._failures += 1
                pause = backoff(self._failures)
                log.warning("the webhook could not be set (%s); next try in %.0f s", error, pause)
            await self._sleep(pause)

    async def check(self) -> None:
        """Set the webhook where it is not ours, and show that it works. Raises `TelegramError`."""
        info = await answered(self._bot.get_webhook_info())
        if info.url != self._url:
            await answered(
                self._bot.set_webhook(
                    self._url,
                    allowed_updates=ALLOWED,
                    secret_token=self._secret,
                    max_connections=1,  # more would bring them out of order
                )
            )
            log.info("Telegram brings updates to the public address")
        elif self._is_failing(info):
            log.error(
                "Telegram cannot bring %d updates to the public address: %s",
                info.pending_update_count,
                info.last_error_message,
            )
            return
        await self._storage.run(lambda store: store.progress.mark("updates"))

    def _is_failing(self, info: WebhookInfo) -> bool:
        last = info.last_error_date
        return bool(info.pending_update_count and last and self._clock() - last < timedelta(seconds=2 * CHECK))

    async def _take(self, request: web.Request, path: str) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        right_path = hmac.compare_digest(path.encode(), self._path.encode())
        right_secret = hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._secret.encode())
        if not (right_path and right_secret):
            raise web.HTTPNotFound
        try:
            async with asyncio.timeout(PATIENCE):
                body = await _body(request)
                if body is None:
                    return web.Response(status=413)
                if await self._storage.run(lambda store: self._keep(store, body)):
                    self._arrived()
        except TimeoutError:  # the database cannot be written, most likely: Telegram keeps it meanwhile
            return web.Response(status=503)
        return web.Response()

    def _keep(self, store: Store, body: bytes) -> int:
        store.progress.mark("updates")
        try:
            return keep(store, [json.loads(body)])
        except (ValueError, RecursionError):  # once more would be no better
            log.error("Telegram brought an update that is no JSON; skipped")
            return 0


async def _body(request: web.Request) -> bytes | None:
    """What was sent; None where it is too long."""
    body = bytearray()
    async for part in request.content.iter_chunked(65_536):
        body += part
        if len(body) > LARGEST:
            return None
    return bytes(body)
