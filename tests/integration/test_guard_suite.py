"""No trick reaches the canary, and a fetcher without a guard is caught by most of them."""

import asyncio
import contextlib
import ipaddress
import itertools
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from urllib.parse import quote

import httpx
import pytest

from bot.fetch import Fetcher, FetchError
from bot.guard import Guard
from bot.parse_child import Document, read
from bot.resolver import Resolver
from tests.anyserver import FEED, answer
from tests.promises import Measured
from tests.tricks import DOCUMENTS, NAMES, tricks

LOOPBACK = {"127.0.0.1", "::1", "0.0.0.0", "::", "::ffff:127.0.0.1"}  # what of it can be connected to in a test
STATUSES = (301, 302, 303, 307, 308)


class Canary:
    """Listens on 127.0.0.1 and ::1, on one port, and counts who comes; beside it a door that sends people there."""

    def __init__(self) -> None:
        self.visits = 0
        self.port = 0
        self.door = ""
        self.targets: dict[str, tuple[int, str]] = {}

    async def start(self, stack: contextlib.AsyncExitStack) -> None:
        four = await asyncio.start_server(self._visited, "127.0.0.1", 0)
        self.port = four.sockets[0].getsockname()[1]
        servers = [four, await asyncio.start_server(self._visited, "::1", self.port)]
        servers.append(await asyncio.start_server(self._redirect, "127.0.0.1", 0))
        self.door = f"127.0.0.1:{servers[2].sockets[0].getsockname()[1]}"
        for server in servers:
            stack.callback(server.close)

    async def _visited(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        writer.write(answer(body=FEED))
        writer.close()

    async def _redirect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1].decode()
        status, target = self.targets.get(path, (404, ""))
        writer.write(answer(status, Location=target))
        writer.close()

    def behind(self, status: int, target: str) -> str:
        """An address of the door that redirects to `target`, as it is written."""
        path = f"/{len(self.targets)}"
        self.targets[path] = (status, target)
        return f"http://{self.door}{path}"

    async def visited(self) -> int:
        """How many have come so far: all of them, since who comes last is counted last."""
        before = self.visits
        for address in ("127.0.0.1", "::1"):
            reader, writer = await asyncio.open_connection(address, self.port)
            await reader.read()
            writer.close()
        return before if self.visits == before + 2 else self.visits - 2


def look_up(host: str, port: int) -> list[str]:
    """What the system's resolver would say of a name, of any spelling of a number, and of loopback; no network."""
    name = host.rstrip(".").lower()
    if name in NAMES:
        return NAMES[name]
    try:
        return [str(ipaddress.ip_address(host.partition("%")[0]))]
    except ValueError:
        return [socket.inet_ntoa(socket.inet_aton(host))]  # as getaddrinfo does; OSError where it is no number


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    async with contextlib.AsyncExitStack() as stack:
        canary = Canary()
        await canary.start(stack)
        yield canary


@contextlib.asynccontextmanager
async def guarded(canary: Canary) -> AsyncIterator[Fetcher]:
    """As the bot fetches, with the canary's port among those that are fetched, so that more than the port refuses."""
    guard = Guard([canary.door], Resolver(look_up=look_up).lookup, ports={80, 443, 8080, 8443, canary.port})
    fetcher = Fetcher(guard)
    yield fetcher
    await fetcher.aclose()


async def assert_refused(fetcher: Fetcher, url: str, kinds: tuple[str, ...] = ("refused", "dns")) -> None:
    loop = asyncio.get_running_loop()
    start = loop.time()
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(url)
    assert caught.value.kind in kinds, url
    assert loop.time() - start < 3


async def test_no_trick_reaches_the_canary(canary: Canary, measured: Measured) -> None:
    """More than 150 addresses, directly: each a typed error within three seconds, and not one connection."""
    asked = tricks(canary.port)
    assert len(set(asked)) > 150
    async with guarded(canary) as fetcher:
        for url in asked:
            await assert_refused(fetcher, url)
    assert await canary.visited() == 0
    measured("P4", f"{len(set(asked))} addresses: each refused, 0 connections")


async def test_no_trick_reaches_the_canary_by_a_redirect(canary: Canary, measured: Measured) -> None:
    """The same addresses, named by a server that may be fetched, and chains of redirects."""
    written = [url.strip() for url in tricks(canary.port)]
    written += [quote(url, safe=":/?#[]@!$&'()*+,;=%") for url in written]
    in_a_header = [url for url in written if not set(url) & set("\r\n")]
    urls = [canary.behind(status, url) for status, url in zip(itertools.cycle(STATUSES), in_a_header, strict=False)]
    for hops in (1, 2, 4):
        target = f"http://127.0.0.1:{canary.port}/"
        for _ in range(hops):
            target = canary.behind(301, target)
        urls.append(target)
    async with guarded(canary) as fetcher:
        for url in urls:
            # What is written like a path leads to the door itself, where there is nothing; `\t` is no header.
            await assert_refused(fetcher, url, ("refused", "dns", "redirect", "status", "protocol"))
    assert await canary.visited() == 0
    measured("P4", f"{len(urls)} redirects to such: 0 connections")


async def test_a_name_that_changes_its_mind_gains_nothing(canary: Canary) -> None:
    """A name is looked up once for a connection, and what was checked is what is connected to."""
    answers = itertools.cycle([["93.184.215.14", "127.0.0.1"], ["127.0.0.1"], ["::1"]])
    guard = Guard(resolve=Resolver(look_up=lambda host, port: next(answers)).lookup, ports={canary.port})
    fetcher = Fetcher(guard)
    for _ in range(6):
        await assert_refused(fetcher, f"http://rebinding.example:{canary.port}/")
    await fetcher.aclose()
    assert await canary.visited() == 0


async def test_the_environment_opens_no_way(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment is not asked, neither for what may be fetched nor for what may not."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    async with guarded(canary) as fetcher:
        await assert_refused(fetcher, canary.behind(302, "http://10.0.0.1/"))
        await assert_refused(fetcher, "http://localhost:8080/")
        assert await canary.visited() == 0
    async with httpx.AsyncClient(timeout=1) as client:
        await client.get("http://10.0.0.1/")
    assert canary.visits == 3, "two of our own, and the one who believed the environment"


@pytest.mark.parametrize("document", DOCUMENTS, ids=range(len(DOCUMENTS)))
async def test_no_document_makes_its_reader_go_anywhere(canary: Canary, document: str) -> None:
    """Entities, document types, stylesheets, includes, links and pictures: nothing is fetched but the feed itself."""
    rss = "<rss version='2.0'><channel><item><title>&x;</title></item></channel></rss>"
    body = document.format(url=f"http://127.0.0.1:{canary.port}/", rss=rss).encode()
    with contextlib.suppress(Exception):  # what feedparser makes of it is not the question here
        await asyncio.to_thread(read, Document(body, "https://a.example/rss", "", (), datetime(2026, 3, 1, tzinfo=UTC)))
    assert await canary.visited() == 0


async def test_the_suite_bites(canary: Canary, monkeypatch: pytest.MonkeyPatch, measured: Measured) -> None:
    """The same addresses given to a fetcher without a guard: many of them lead to the canary."""

    def getaddrinfo(host: bytes | str, port: int, *_others: object, **_more: object) -> list[tuple]:
        found = look_up(host.decode() if isinstance(host, bytes) else host, port)
        loopback = [
            address for address in found if address in ("127.0.0.1", "::1", "0.0.0.0", "::", "::ffff:127.0.0.1")
        ]
        family = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(family[":" in address], socket.SOCK_STREAM, 6, "", (address, port)) for address in loopback]

    caught = []
    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", getaddrinfo)
        async with httpx.AsyncClient(timeout=1, follow_redirects=True, trust_env=False, verify=False) as client:
            for url in tricks(canary.port):
                before = canary.visits
                with contextlib.suppress(Exception):
                    await client.get(url)
                caught += [url] * (canary.visits > before)
    measured("P4", f"{len(caught)} of {len(tricks(canary.port))} reach the canary without a guard")
    assert len(caught) >= 60
