"""A server on loopback that sends prepared bytes, however wrong, and a fetcher that may talk to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.fetch import Fetched, Fetcher, FetchError
from bot.guard import Guard

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEED = b"<rss version='2.0'><channel><title>Invented news</title></channel></rss>"


@dataclass
class Server:
    """A server that sends prepared bytes, however wrong, and remembers what it was asked."""

    answers: dict[str, bytes] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    greeting: bytes = b""  # sent at once, to whoever connects
    endless: bytes = b""  # sent for ever after the answer
    hold: bool = False  # keep the connection open without a word
    port: int = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/feed") -> str:
        return f"http://{self.host}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(self.greeting)
            request = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.requests.append(request)
            writer.write(self.answers.get(request.split(" ")[1], answer(404)))
            await writer.drain()
            while self.endless:
                writer.write(self.endless)
                await writer.drain()
            if self.hold:
                await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def answer(status: int = 200, body: bytes = b"", **headers: str) -> bytes:
    """An HTTP answer; underscores in the names of headers become hyphens."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@asynccontextmanager
async def listening() -> AsyncIterator[Server]:
    """A server that is up."""
    server = Server()
    socket = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = socket.sockets[0].getsockname()[1]
    yield server
    socket.close()
    await socket.wait_closed()


@asynccontextmanager
async def fetching(server: Server, total_timeout: float = 20.0) -> AsyncIterator[Fetcher]:
    fetcher = Fetcher(Guard({server.host}), clock=lambda: NOW, total_timeout=total_timeout)
    try:
        yield fetcher
    finally:
        await fetcher.aclose()


async def fetch(server: Server, path: str = "/feed", total_timeout: float = 20.0) -> Fetched:
    async with fetching(server, total_timeout) as fetcher:
        return await fetcher.fetch(server.url(path))


async def failure(server: Server, path: str = "/feed", total_timeout: float = 20.0) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetch(server, path, total_timeout)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return caught.value
