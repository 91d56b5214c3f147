"""What the long run reads and writes: an internet of invented news, and a Telegram that is not always there."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from bot.fetch import Fetched, FetchError
from bot.parse import ParsedFeed, ParseError
from tests.fakes import invented_name
from watchlists.model import Item

PAUSE = 7_200.0  # seconds between two items of a feed


@dataclass
class News:
    """An internet of feeds that bring an item every two hours; every third is about a topic."""

    chance: random.Random
    now: Callable[[], float]
    topics: int
    shown: dict[str, list[Item]] = field(default_factory=dict)
    number: int = 0

    @asynccontextmanager
    async def holding(
        self, url: str, etag: str = "", last_modified: str = "", *, patient: bool = True
    ) -> AsyncIterator[Fetched]:
        await asyncio.sleep(self.chance.lognormvariate(-1.5, 1.0))
        drawn = self.chance.random()
        if drawn < 0.03:
            kind, status = self.chance.choice([("status", 500), ("timeout", None), ("dns", None), ("status", 429)])
            raise FetchError(kind, "It failed.", status=status)
        due = 1 + self.now() / (PAUSE)
        shown = self.shown.setdefault(url, [])
        new = False
        while self._owes(shown, due):
            shown.insert(0, self._item(url))
            del shown[30:]
            new = True
        yield Fetched(200 if new or not etag else 304, url, url.encode(), etag=f"e{self.number}")

    def _owes(self, shown: list[Item], due: float) -> bool:
        brought = int(shown[0].id.partition(":")[0]) if shown else 0
        return brought < due

    def _item(self, url: str) -> Item:
        self.number += 1
        shown = self.shown[url]
        own = int(shown[0].id.partition(":")[0]) + 1 if shown else 1
        about = f" {topic(self.chance.randrange(self.topics))}" if self.chance.random() < 0.3 else ""
        place = f"{invented_name(self.number)} {invented_name(1_000_000 + self.number)}"
        source = url.split("/")[2]
        return Item(
            f"{own}:{self.number}",
            f"Council of {place} decides{about}",
            summary=f"It is about {place}. " * 8,
            url=f"{url}/{self.number}",
            source=source,
            lang="en",
        )

    async def parse(self, fetched: Fetched, *, lang: str = "", slow: bool = False) -> ParsedFeed:
        if self.chance.random() < 0.002:
            raise ParseError(self.chance.choice(["malformed", "timeout", "memory"]))
        return ParsedFeed("T", "", "en", None, "rss20", tuple(self.shown[fetched.url]))


def topic(number: int) -> str:
    """What people watch for."""
    return invented_name(2_000_000 + number)


@dataclass
class Exchange(httpx.AsyncBaseTransport):
    """A Telegram that refuses, fails, loses answers, and for some hours is not there at all."""

    chance: random.Random
    now: Callable[[], float]
    outages: list[tuple[float, float]]
    arrived: Counter[int] = field(default_factory=Counter)  # chat and text as one number: a week of texts is much
    lost: set[int] = field(default_factory=set)
    calls: Counter[str] = field(default_factory=Counter)
    message_id: int = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(self.chance.uniform(0.03, 0.2))
        method = request.url.path.rpartition("/")[2]
        self.calls[method] += 1
        if any(begin <= self.now() < end for begin, end in self.outages):
            raise httpx.ConnectError("no route to host", request=request)
        if method == "getMe":
            return _ok({"id": 1, "is_bot": True, "first_name": "B", "username": "b_bot"})
        given = dict(httpx.QueryParams((await request.aread()).decode()))
        drawn = self.chance.random()
        if drawn < 0.01:
            return _refused(429, "Too Many Requests", {"retry_after": self.chance.randint(1, 20)})
        if drawn < 0.015:
            return _refused(502, "Bad Gateway")
        self.message_id += 1
        if method == "sendMessage":
            self.arrived[hash((given["chat_id"], given["text"]))] += 1
        if drawn < 0.02:
            self.lost.add(hash((given["chat_id"], given.get("text", ""))))
            raise httpx.ReadError("the answer was lost", request=request)
        return _ok({"message_id": self.message_id, "date": 0, "chat": {"id": int(given["chat_id"]), "type": "private"}})


def _ok(result: object) -> httpx.Response:
    return httpx.Response(200, json={"ok": True, "result": result})


def _refused(code: int, why: str, parameters: dict[str, int] | None = None) -> httpx.Response:
    body = {"ok": False, "error_code": code, "description": f"{why}: x", "parameters": parameters or {}}
    return httpx.Response(code, json=body)
