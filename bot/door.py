"""A small HTTP server for the few requests that come to this program: pushes, updates, metrics.

Whoever asks for anything that is not served gets 404 and nothing else. Strangers cannot use up what the program may
have open, nor fill the log with what is no HTTP.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.config import ConfigurationError

_CONNECTIONS = 100  # at a time
PLAIN = {"X-Content-Type-Options": "nosniff"}
Handler = Callable[[web.Request, str], Awaitable[web.Response]]


class Door:
    """Listens on `host` (None: everywhere), at the port of `setting`. `serve` first, then `start`; in the end `close`.

    `largest` is how many bytes a body may have that a handler reads at once.
    """

    def __init__(self, setting: str, port: int, host: str | None = None, *, largest: int = 0) -> None:
        self._setting = setting
        self._host, self._port = host, port
        self._rooms: list[tuple[re.Pattern[str], str, Handler]] = []
        app = web.Application(client_max_size=largest)
        app.router.add_route("*", "/{tail:.*}", self._open)
        http_log = logging.getLogger(f"{__name__}.http")
        http_log.addFilter(_is_our_fault)
        # Bodies stay as they came: they are signed so, and nobody may send a bomb.
        self._runner = web.AppRunner(app, logger=http_log, access_log=None, auto_decompress=False, shutdown_timeout=1.0)
        self._listener: asyncio.Server | None = None

    def serve(self, method: str, path: str, handler: Handler) -> None:
        """Let requests for `path`, a regular expression, go to `handler`, which also gets the path's first group."""
        self._rooms.append((re.compile(path, re.ASCII), method, handler))

    async def start(self) -> None:
        """Listen; raise `ConfigurationError` where the port cannot be had."""
        await self._runner.setup()
        try:
            loop = asyncio.get_running_loop()
            self._listener = await loop.create_server(self._connection, self._host, self._port)
        except OSError as error:
            await self._runner.cleanup()
            raise ConfigurationError(
                f"{self._setting}: port {self._port} cannot be listened on ({error.strerror or error})."
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

    async def _open(self, request: web.Request) -> web.Response:
        for path, method, handler in self._rooms:
            found = path.fullmatch(request.path)
            if found and method == request.method:
                return await handler(request, found[1] if path.groups else "")
        raise web.HTTPNotFound


class _Refusal(asyncio.Protocol):
    """Ends a connection at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


def _is_our_fault(record: logging.LogRecord) -> bool:
    """Whether to log an error of aiohttp's: not what strangers send that is no HTTP."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))
