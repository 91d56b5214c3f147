"""What hubs send (WebSub): here they verify what we asked of them, and push what is new in feeds.

    GET  …/websub/PATH   is this wanted? the challenge comes back (§5.3) ─→ row of `subscriptions`
    POST …/websub/PATH   a feed's new document, signed with that row's secret (§8) ─parse→ ingest, as after a poll

Whoever does not know a path gets 404 and nothing else; whoever cannot sign changes nothing. A push has the limits of
a poll: its size, its parser, its time; and only two are in memory at a time. Meant to stand behind a proxy with TLS.
"""

import asyncio
import hashlib
import hmac
import logging
import re

from aiohttp import web

from bot.door import PLAIN, Door
from bot.fetch import Fetched
from bot.store import Storage
from bot.visit import Visitor

log = logging.getLogger(__name__)

DAY = 86_400.0
_AT_ONCE = 2
_PATIENCE = 20.0  # seconds for a push to arrive whole, its turn included
_PATH = r".*/websub/([\w-]{20,100})"  # however a proxy in front has changed what is before it
_METHODS = ("sha1", "sha256", "sha384", "sha512")  # those of the specification; large hubs still sign with the first
_GONE = 410  # tells a hub that nobody listens here any more


class Pushes:
    """What hubs ask and bring. `open` to them where they can reach it."""

    def __init__(self, storage: Storage, visitor: Visitor) -> None:
        self._storage = storage
        self._visitor = visitor
        self._turns = asyncio.Semaphore(_AT_ONCE)

    def open(self, door: Door) -> None:
        """Let hubs in here."""
        door.serve("GET", _PATH, self._verify)
        door.serve("POST", _PATH, self._take)

    async def _verify(self, request: web.Request, path: str) -> web.Response:
        asked = request.query
        mode, topic = asked.get("hub.mode", ""), asked.get("hub.topic", "")
        if mode == "denied":
            denied = await self._storage.run(lambda store: store.subscriptions.deny(path, topic))
            log.info("a hub does not push %s: %s", topic, asked.get("hub.reason", "no reason given"))
            return web.Response(status=200 if denied else 404)
        if mode != "subscribe" or not asked.get("hub.challenge"):
            return web.Response(status=404)
        lease = _seconds(asked.get("hub.lease_seconds", ""))
        if not await self._storage.run(lambda store: store.subscriptions.verify(path, topic, lease)):
            return web.Response(status=404)
        log.info("%s is pushed for the next %.0f s", topic, lease)
        return web.Response(text=asked["hub.challenge"], headers=PLAIN)

    async def _take(self, request: web.Request, path: str) -> web.Response:
        secret = await self._storage.run(lambda store: store.subscriptions.secret(path))
        if not secret:
            return web.Response(status=_GONE)
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            return web.Response(status=415)
        try:
            await asyncio.wait_for(self._turns.acquire(), _PATIENCE)
        except TimeoutError:
            return web.Response(status=503)
        try:
            async with asyncio.timeout(_PATIENCE):
                body = await request.read()
            if _is_signed(body, request.headers.get("X-Hub-Signature", ""), secret):
                await self._hand_on(path, body, request.headers.get("Content-Type", ""))
            else:
                log.warning("a push to %s… is not signed as it should be, and is ignored", path[:6])
        except TimeoutError:
            return web.Response(status=408)
        finally:
            self._turns.release()
        return web.Response(status=202)  # also for a wrong signature: nobody learns whether it was right (§8)

    async def _hand_on(self, path: str, body: bytes, content_type: str) -> None:
        feed = await self._storage.run(lambda store: store.subscriptions.pushed(path))
        if feed is not None:
            await self._visitor.pushed(feed, Fetched(200, feed.url, body, content_type))


def _seconds(text: str) -> float:
    return float(text) if re.fullmatch(r"[0-9]{1,9}", text) else DAY


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    method, _, given = signature.strip().partition("=")
    if method not in _METHODS:
        return False
    expected = hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()
    return hmac.compare_digest(expected.encode(), given.strip().lower().encode())
