"""The one door to the outside: hubs verify here what we asked of them, and push what is new in feeds (WebSub).

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
from aiohttp.http_exceptions import HttpProcessingError

from bot.config import ConfigurationError
from bot.fetch import MAX_BYTES, Fetched
from bot.store import Storage
from bot.visit import Visitor

log = logging.getLogger(__name__)

DAY = 86_400.0
_AT_ONCE = 2
_CONNECTIONS = 100  # at a time; strangers must not use up what the program may have open
_PATIENCE = 20.0  # seconds for a push to arrive whole, its turn included
_PATH = re.compile(r".*/websub/([\w-]{20,100})", re.ASCII)
_METHODS = ("sha1", "sha256", "sha384", "sha512")  # those of the specification; large hubs still sign with the first
_GONE = 410  # tells a hub that nobody listens here any more
_PLAIN = {"X-Content-Type-Options": "nosniff"}


class Pushes:
    """A small HTTP server on all addresses, or those of `host`. `start` it, and at the end `close` it."""

    def __init__(self, storage: Storage, visitor: Visitor, port: int, host: str | None = None) -> None:
        self._storage = storage
        self._visitor = visitor
        self._host, self._port = host, port
        self._turns = asyncio.Semaphore(_AT_ONCE)
        app = web.Application(client_max_size=MAX_BYTES)
        app.router.add_get("/{tail:.*}", self._verify, allow_head=False)
        app.router.add_post("/{tail:.*}", self._take)
        http_log = logging.getLogger(f"{__name__}.http")
        http_log.addFilter(_is_our_fault)
        # Bodies stay as they came: they are signed so, and no hub may send a bomb.
        self._runner = web.AppRunner(app, logger=http_log, access_log=None, auto_decompress=False, shutdown_timeout=1.0)
        self._listener: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; raise `ConfigurationError` where the port cannot be had."""
        await self._runner.setup()
        try:
            loop = asyncio.get_running_loop()
            self._listener = await loop.create_server(self._connection, self._host, self._port)
        except OSError as error:
            await self._runner.cleanup()
            raise ConfigurationError(
                f"WIREWATCH_WEBSUB_PORT: port {self._port} cannot be listened on ({error.strerror or error})."
            ) from None

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.sockets[0].getsockname()[1]) if self._listener else 0

    async def close(self) -> None:
        """Take no more."""
        if self._listener:
            self._listener.close()
        await self._runner.cleanup()

    def _connection(self) -> asyncio.BaseProtocol:
        server = self._runner.server
        return server() if server and len(server.connections) < _CONNECTIONS else _Refusal()

    async def _verify(self, request: web.Request) -> web.Response:
        path, asked = _path(request), request.query
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
        return web.Response(text=asked["hub.challenge"], headers=_PLAIN)

    async def _take(self, request: web.Request) -> web.Response:
        path = _path(request)
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


class _Refusal(asyncio.Protocol):
    """Ends a connection at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


def _is_our_fault(record: logging.LogRecord) -> bool:
    """Whether to log an error of aiohttp's: not what strangers send that is no HTTP."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def _path(request: web.Request) -> str:
    """The part of the address that names the subscription, however a proxy in front has changed what is before it."""
    found = _PATH.fullmatch(request.path)
    if found is None:
        raise web.HTTPNotFound
    return found[1]


def _seconds(text: str) -> float:
    return float(text) if re.fullmatch(r"[0-9]{1,9}", text) else DAY


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    method, _, given = signature.strip().partition("=")
    if method not in _METHODS:
        return False
    expected = hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()
    return hmac.compare_digest(expected.encode(), given.strip().lower().encode())
