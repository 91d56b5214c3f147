"""`python -m tests.benchmarks.sender outbox|limiter URL` sends what stdin says and prints how much CPU that took.

stdin is JSON: {"chats": [...], "asked": [[seconds, chat], ...]}: a message to each of the chats at once, and replies to
people who ask something in the meantime. `outbox` is ours; `limiter` is python-telegram-bot with its `AIORateLimiter`.
"""

import asyncio
import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from telegram import Bot
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.clock import utc_now
from bot.db import Database
from bot.deliver import IDLE, IN_FLIGHT, Deliverer
from bot.store import Storage, Store
from bot.store.outbox import Outgoing

TEXT = '<a href="https://wire.example/1">Fire in the <b>harbour</b> closes the terminal</a>\nwire.example · 14:32'
Ask = Callable[[int], Awaitable[None]]


async def ask_in_time(asked: list[tuple[float, int]], ask: Ask) -> dict[int, float]:
    """Reply to each chat at its time; when that was, by the clock that all processes share."""
    began, moments = time.monotonic(), {}
    for when, chat in asked:
        await asyncio.sleep(max(0.0, began + when - time.monotonic()))
        moments[chat] = time.monotonic()
        await ask(chat)
    return moments


async def outbox(url: str, chats: list[int], asked: list[tuple[float, int]]) -> dict[int, float]:
    """Our way: stored first, each result recorded."""
    news = asyncio.Event()
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(Path(folder) / "bench.db")
        storage = Storage(database, utc_now)

        def write(store: Store) -> None:
            for chat in {*chats, *(chat for _when, chat in asked)}:
                store.chats.ensure(chat, "private")
            store.outbox.add_all(Outgoing(f"alert {chat}", chat, "alert", TEXT) for chat in chats)

        await storage.run(write)

        async def reply(chat: int) -> None:
            await storage.run(lambda store: store.outbox.add(Outgoing(f"reply {chat}", chat, "reply", "reply")))
            news.set()

        request = HTTPXRequest(connection_pool_size=IN_FLIGHT + 4)
        bot = Bot("1:bench", base_url=f"{url}/bot", request=request, get_updates_request=request)

        async def pause(news: asyncio.Event, seconds: float) -> None:
            if seconds >= IDLE and not deliverer.in_flight and asking.done():
                deliverer.stop()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), seconds)

        deliverer = Deliverer(storage, bot, utc_now, news, pause=pause)
        asking = asyncio.create_task(ask_in_time(asked, reply))
        await deliverer.run()
        database.close()
        return await asking


async def limiter(url: str, chats: list[int], asked: list[tuple[float, int]]) -> dict[int, float]:
    """The library's way: all at once, in memory, and the limiter lets them through."""
    request = HTTPXRequest(connection_pool_size=256, pool_timeout=60)
    waits = AIORateLimiter(max_retries=5)
    bot = ExtBot("1:bench", base_url=f"{url}/bot", request=request, get_updates_request=request, rate_limiter=waits)
    await waits.initialize()

    async def send(chat: int, text: str) -> None:
        try:
            await bot.send_message(chat, text, parse_mode="HTML")
        except TelegramError as error:
            print(f"lost: {error!r}", file=sys.stderr)

    sends = [asyncio.create_task(send(chat, TEXT)) for chat in chats]

    async def reply(chat: int) -> None:
        sends.append(asyncio.create_task(send(chat, "reply")))

    moments = await ask_in_time(asked, reply)
    await asyncio.gather(*sends)
    return moments


def main(kind: str, url: str) -> None:
    """Send, and print seconds of CPU and when each reply was asked for."""
    asked = json.load(sys.stdin)
    send = {"outbox": outbox, "limiter": limiter}[kind]
    before = time.process_time()
    moments = asyncio.run(send(url, asked["chats"], [(when, chat) for when, chat in asked["asked"]]))
    print(json.dumps({"cpu": time.process_time() - before, "asked": moments}))


if __name__ == "__main__":
    main(*sys.argv[1:])
