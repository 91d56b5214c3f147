"""What tests of the command line need beside the fixtures `place` and `call`: a server, and a database."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from aiohttp import web

from bot.clock import utc_now
from bot.db import Database
from bot.sandbox.server import BotApiServer
from bot.sandbox.telegram_state import Telegram
from bot.store import Storage


@contextmanager
def api(token: str, bodies: Mapping[str, bytes] | None = None) -> Iterator[BotApiServer]:
    """A server in a thread of its own, since a verb runs its own event loop.

    `bodies` has, by method, what it answers with status 200 whatever it was asked.
    """

    def extend(served: web.Application) -> None:
        for method, body in (bodies or {}).items():
            served.router.add_route("*", f"/bot{{token}}/{method}", _answering(body))

    server = BotApiServer(Telegram(token=token, clock=utc_now), extend=extend)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.start(), loop).result(10)
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _answering(body: bytes):
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=body)

    return answer


def make_database(place: Path, *loops: str) -> None:
    database = Database.open(place)
    Storage(database, utc_now).run_blocking(lambda store: [store.progress.mark(name) for name in loops])
    database.close()
