"""Fetching from servers that mean harm, on loopback: limits of size and time, and the gate."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest

from bot.fetch import Fetcher, FetchError
from bot.guard import Guard
from tests.anyserver import FEED, Server, answer, failure, fetch, fetching, listening


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with listening() as server:
        yield server


def layers(count: int, size: int = 20_000_000) -> bytes:
    data = bytes(size)
    for _ in range(count):
        data = gzip.compress(data, mtime=0)
    return data


@pytest.mark.parametrize(
    ("coding", "body", "kind"),
    [
        ("gzip", layers(1), "too_large"),
        ("gzip, gzip", layers(2), "encoding"),
        ("gzip, gzip, gzip", layers(3), "encoding"),
        ("gzip,gzip,gzip,gzip", layers(4), "encoding"),
        ("br", b"x", "encoding"),
        ("gzip", b"not gzip at all", "encoding"),
        ("gzip", gzip.compress(FEED, mtime=0)[:-12], "encoding"),  # half a feed is not that feed
        ("gzip", gzip.compress(FEED, mtime=0) * 2, "encoding"),
    ],
)
async def test_bombs_and_broken_codings_are_refused(server: Server, coding: str, body: bytes, kind: str) -> None:
    """Nothing unpacks beyond the limit, and stacked or foreign codings are not unpacked at all."""
    server.answers["/feed"] = answer(body=body, Content_Encoding=coding)
    assert (await failure(server)).kind == kind


@pytest.mark.parametrize("count", [2, 3, 4])
async def test_hidden_layers_are_not_unpacked(server: Server, count: int) -> None:
    """A bomb inside the one announced layer stays packed: it is bytes, and no feed."""
    server.answers["/feed"] = answer(body=layers(count), Content_Encoding="gzip")
    assert (await fetch(server)).body == layers(count - 1)


async def test_a_body_over_the_limit_is_not_read_to_its_end(server: Server) -> None:
    """Neither an honest length, nor none at all, brings more than the limit into memory."""
    server.answers["/feed"] = b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n"
    server.answers["/endless"] = b"HTTP/1.1 200 OK\r\n\r\n"
    server.endless = b"x" * 65_536
    assert (await failure(server)).kind == "too_large"
    error = await failure(server, "/endless")
    assert (error.kind, str(error)) == ("too_large", "What the server sends is larger than 5 MB.")


async def test_a_body_of_tiny_chunks_does_not_stop_the_loop(server: Server) -> None:
    """While 10,000 one-byte chunks come in, the event loop never waits 250 ms."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    server.answers["/feed"] = head + b"1\r\nx\r\n" * 10_000 + b"0\r\n\r\n"
    loop = asyncio.get_running_loop()
    lag = 0.0

    async def watch() -> None:
        nonlocal lag
        while True:
            before = loop.time()
            await asyncio.sleep(0.005)
            lag = max(lag, loop.time() - before)

    watching = asyncio.create_task(watch())
    fetched = await fetch(server)
    watching.cancel()
    assert len(fetched.body) == 10_000
    assert lag < 0.25


@pytest.mark.parametrize(
    "begin",
    [b"", b"HTTP/1.1 200 OK\r\nX-Slow", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"],
    ids=["silent", "slow header", "slow body"],
)
async def test_the_whole_fetch_has_one_time_limit(server: Server, begin: bytes) -> None:
    """A server that stops anywhere costs the total limit and no more."""
    server.answers["/feed"] = begin
    server.hold = True
    assert (await failure(server, total_timeout=0.3)).kind == "timeout"


async def test_without_patience_the_time_is_short(server: Server) -> None:
    """Who asks on behalf of a feed in good standing waits the short time, not the total one."""
    server.hold = True
    server.answers["/feed"] = b""
    fetcher = Fetcher(Guard({server.host}), total_timeout=60, short_timeout=0.1)
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(server.url(), patient=False)
    await fetcher.aclose()
    assert caught.value.kind == "timeout"


async def test_a_trickle_does_not_renew_the_time_limit(server: Server) -> None:
    """Bytes that keep coming do not buy time: the limit is for the whole."""
    server.answers["/feed"] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    server.endless = b"1\r\nx\r\n" * 500
    assert (await failure(server, total_timeout=0.2)).kind == "timeout"


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x00\xff" * 500,
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\n" + b"X-Filler: y\r\n" * 20_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy",
    ],
    ids=["nothing", "ssh", "garbage", "cut short", "transfer coding", "260 KB of headers", "two lengths"],
)
async def test_what_is_no_http_is_told(server: Server, words: bytes) -> None:
    """A server that breaks the protocol gives a typed error, never an exception of a library."""
    server.answers["/feed"] = words
    assert (await failure(server)).kind == "protocol"


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("/feed", "redirect"),  # a loop
        ("", "redirect"),
        ("http://[::1", "redirect"),
        ("http://127.0.0.1:1/", "refused"),  # another port than the operator's
        ("http://localhost/", "refused"),
        ("http://169.254.169.254/latest/meta-data/", "refused"),
        ("http://[::ffff:127.0.0.1]/", "refused"),
        ("file:///etc/passwd", "refused"),
        ("gopher://127.0.0.1/", "refused"),
    ],
)
async def test_redirects_pass_the_same_gate(server: Server, location: str, kind: str) -> None:
    """A redirect cannot lead where the address itself could not."""
    server.answers["/feed"] = answer(302, Location=location)
    assert (await failure(server)).kind == kind


async def test_a_closed_port_is_told(server: Server) -> None:
    """Nobody listens: a typed error."""
    closed = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    port = closed.sockets[0].getsockname()[1]
    closed.close()
    await closed.wait_closed()
    fetcher = Fetcher(Guard({f"127.0.0.1:{port}"}))
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(f"http://127.0.0.1:{port}/")
    await fetcher.aclose()
    assert caught.value.kind == "connect"


async def test_plain_http_on_a_tls_port_is_told(server: Server) -> None:
    """A server without TLS behind https is a TLS error, not a mystery."""
    server.greeting = answer(body=FEED)
    async with fetching(server) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(f"https://{server.host}/feed")
    assert caught.value.kind == "tls"


async def test_a_guarded_address_gets_no_connection(server: Server) -> None:
    """Without the operator's word, loopback is refused before a single packet."""
    fetcher = Fetcher(Guard())
    for url in (server.url(), "http://127.0.0.1/", "http://localhost:8080/", "http://[::1]:8080/", "nonsense"):
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(url)
        assert caught.value.kind == "refused"
    await fetcher.aclose()
    assert server.requests == []


async def test_the_checked_address_is_the_one_connected_to(server: Server) -> None:
    """The name is resolved once, its checked address connected to, and the Host header keeps the name."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    server.answers["/feed"] = answer(body=FEED)
    fetcher = Fetcher(Guard({f"news.example:{server.port}"}, resolve=resolve))
    await fetcher.fetch(f"http://news.example:{server.port}/feed")
    await fetcher.aclose()
    assert asked == ["news.example"]
    assert f"Host: news.example:{server.port}\r\n" in server.requests[0]


async def test_a_name_that_turns_private_is_refused_when_connecting(server: Server) -> None:
    """Rebinding gains nothing: whatever a name answers is checked at the moment of connecting."""
    answers = [["93.184.215.14", "127.0.0.1"]]

    async def resolve(host: str, port: int) -> list[str]:
        return answers.pop()

    fetcher = Fetcher(Guard(resolve=resolve))
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch("http://rebinding.example:8080/")
    await fetcher.aclose()
    assert caught.value.kind == "refused"


async def test_a_hanging_name_server_costs_its_time_limit() -> None:
    """A name that never resolves is a typed error within the limit for names."""

    async def resolve(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    fetcher = Fetcher(Guard(resolve=resolve, dns_timeout=0.05))
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch("http://slow.example/")
    await fetcher.aclose()
    assert caught.value.kind == "dns"
