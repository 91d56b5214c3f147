"""`python -m tests.e2e.lives whole|core LOG` gives birth to processes that are meant to be killed.

It has imported everything, so that a life begins at once. Lines on stdin: `start` forks a life and prints its pid,
`wait` waits for its end and prints the exit code. A life writes to LOG; when stdin ends, the last life is killed.

    whole   the program: `wirewatch run`
    core    ingest and delivery, without sockets: news that it invents, and a Telegram that is a synced file
"""

import asyncio
import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import telegram
from telegram.request import HTTPXRequest

from bot import app, digest, parse
from bot.__main__ import main
from bot.db import Database
from bot.deliver import Deliverer
from bot.ingest import ingest
from bot.parse import ParsedFeed
from bot.store import Storage, Store
from bot.store.feeds import PollResult
from bot.storybook import StoryBook
from bot.tell import Rules
from bot.watching import WatchIndex
from tests.fakes import invented_name, item, until
from tests.press import EXPIRY, press

FOLDER, SPEED = "LIVES_FOLDER", 5.0  # how much faster than ours the clock of `core` goes
CHATS, SHOWN = 30, 20
BORN = datetime(2026, 3, 2, tzinfo=UTC).timestamp()


def headline(number: int) -> str:
    """Of the story with this number: a story of its own, for one chat."""
    return f"Fire in {invented_name(number)} and {invented_name(10_000 + number)}"


def topic(number: int) -> str:
    """What the chat with this number watches for: every `CHATS`th story is about it."""
    return invented_name(20_000 + number)


def append(path: Path, line: object) -> None:
    """On disk before it returns."""
    with path.open("a") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def lines(path: Path) -> list[Any]:
    """What was appended; a torn last line is left out."""
    text = path.read_text() if path.exists() else ""
    return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]


class Phone(httpx.AsyncBaseTransport):
    """Telegram as a file: a message is on disk before the bot hears of it, and some answers are slow."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        sent = dict(httpx.QueryParams((await request.aread()).decode()))
        await asyncio.sleep(random.uniform(0, 0.003))
        message = {
            "message_id": time.monotonic_ns(),
            "date": 0,
            "chat": {"id": int(sent["chat_id"]), "type": "private"},
        }
        append(self._path, {"chat": int(sent["chat_id"]), "id": message["message_id"], "text": sent["text"]})
        await asyncio.sleep(random.uniform(0, 0.003))
        return httpx.Response(200, json={"ok": True, "result": message})


def clock() -> datetime:
    """Goes on between two lives, and fast."""
    return datetime.fromtimestamp(BORN + (time.time() % 1e7) * SPEED, UTC)


async def pause(news: asyncio.Event, seconds: float) -> None:
    """As the deliverer's own, at the speed of the clock."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(news.wait(), seconds / SPEED)


class Desk:
    """What a life does beside sending: each round a document with one story more, and the last ones again."""

    def __init__(self, storage: Storage, folder: Path) -> None:
        self._storage = storage
        self._stored = folder / "stored"
        self._index, self._stories = WatchIndex(), StoryBook()

    async def round(self, enqueued: Callable[[], None]) -> None:
        """Poll once; a line of `stored` says that the story has been committed."""
        last = len(lines(self._stored))
        shown = tuple(
            item(headline(n), id=f"s{n}", summary=topic(n % CHATS), source=f"w{n}.example")
            for n in range(last, max(-1, last - SHOWN), -1)
        )
        parsed = ParsedFeed("T", "", "en", None, "rss20", shown)
        result = PollResult(f"etag {last}", "", title="T", items=len(shown))
        await self._storage.run(lambda store: self._ingest(store, parsed, result))
        append(self._stored, last)
        await self._storage.run(digest.release)
        enqueued()

    def _ingest(self, store: Store, parsed: ParsedFeed, result: PollResult) -> None:
        store.feeds._write("UPDATE feeds SET next_poll = 0")
        (due,) = store.feeds.due(1)
        ingest(store, self._index, self._stories, due, parsed, result, Rules(EXPIRY))


def waiting(store: Store) -> int:
    """How many messages have not ended, when what is due in a summary is written."""
    counts = store.outbox.counts()
    return digest.release(store) + counts["queued"] + counts["sending"]


async def core() -> None:
    """A life: news come in and go out until it is killed. With a file `drain` nothing new comes, and it ends."""
    folder = Path(os.environ[FOLDER])
    database = Database.open(folder / "wirewatch.db")
    storage, news = Storage(database, clock), asyncio.Event()
    request = HTTPXRequest(httpx_kwargs={"transport": Phone(folder / "sent")})
    bot = telegram.Bot("1:x", request=request, get_updates_request=request)
    deliverer = Deliverer(storage, bot, clock, news, pause=pause)
    sending = asyncio.create_task(deliverer.run())
    desk = Desk(storage, folder)
    while not (folder / "drain").exists():
        await desk.round(news.set)
    await until(lambda: not storage.run_blocking(waiting), 60)
    deliverer.stop()
    await sending
    database.close()


def live(kind: str, log: str) -> int:
    """In the child: be born, and end only by being killed or told to."""
    sys.stdin.close()
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    random.seed()
    if kind == "whole":
        return main(["run"])
    asyncio.run(core())
    return 0


def warm_up() -> None:
    """Load what is loaded at the first news, so that a life gets to them in milliseconds."""
    with tempfile.TemporaryDirectory() as folder, press(Path(folder)) as news:
        news.watch(1, topic(0))
        news.poll(news.feed(), item(headline(0), summary=topic(0)))


def serve(kind: str, log: str) -> None:
    """In the parent."""
    child = 0
    warm_up()
    for line in sys.stdin:
        if line.strip() == "wait":
            _pid, status = os.waitpid(child, 0)
            child = 0
            print(os.waitstatus_to_exitcode(status), flush=True)
            continue
        child = os.fork()
        if not child:
            code = 1
            try:
                code = live(kind, log)
            finally:
                if code:
                    traceback.print_exc()
                os._exit(code)
        print(child, flush=True)
    if child:
        os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    assert app
    assert parse
    serve(sys.argv[1], sys.argv[2])
