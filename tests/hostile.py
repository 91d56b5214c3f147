"""Servers that mean harm, one behaviour a path, on loopback: `/silent`, `/bomb`, …; every other path is a good feed.

`python -m tests.hostile` runs them in a process of their own and prints the port.
"""

import asyncio
import gzip
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import cache

GOOD = b"<rss version='2.0'><channel><title>Good</title><item><title>News</title><link>/a</link></item></channel></rss>"
_OK = b"HTTP/1.1 200 OK\r\n"
_BLOCK = b"x" * 65_536

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter, str], Awaitable[None]]


def sends(head: bytes, body: bytes = b"") -> Behaviour:
    """Says all of it at once and closes."""

    async def behave(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _host: str) -> None:
        writer.write(head + b"\r\n" + body)

    return behave


def holds(begin: bytes) -> Behaviour:
    """Says this much and then keeps the connection open without a word."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _host: str) -> None:
        writer.write(begin)
        await reader.read()

    return behave


def repeats(begin: bytes, piece: bytes, pause: float = 0.0) -> Behaviour:
    """Says the piece for ever, with a pause (seconds) after each."""

    async def behave(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _host: str) -> None:
        writer.write(begin)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return behave


def redirects(target: str) -> Behaviour:
    """Sends everyone elsewhere."""

    async def behave(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        location = target.format(host=host).encode()
        writer.write(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n")

    return behave


@cache
def layers(count: int) -> bytes:
    """20 MB of zeros, packed so often."""
    data = bytes(20_000_000)
    for _ in range(count):
        data = gzip.compress(data, mtime=0)
    return data


def bomb(count: int, announced: str) -> Behaviour:
    """A feed of some KB that would be 20 MB."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        await sends(_OK + f"Content-Encoding: {announced}\r\n".encode(), layers(count))(reader, writer, host)

    return behave


_ATTRIBUTES = b" ".join(b"a%d='x'" % n for n in range(100_000))  # minutes of work for feedparser

BEHAVIOURS: dict[str, Behaviour] = {
    "hard-to-parse": sends(_OK, b"<rss version='2.0'><channel><item " + _ATTRIBUTES + b"/></channel></rss>"),
    "hungry": sends(_OK, b'{"version":"https://jsonfeed.org/version/1","items":[' + b"[]," * 1_600_000 + b"[]]}"),
    "silent": holds(b""),
    "slow-header": repeats(_OK + b"X-Slow: ", b"x", 0.05),
    "endless-header": repeats(_OK + b"X-Long: ", _BLOCK),
    "many-headers": repeats(_OK, b"X-One-More: y\r\n" * 1_000),
    "endless-hints": repeats(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100),
    "slow-body": repeats(_OK + b"\r\n" + GOOD[:50], b" ", 0.05),
    "stuck-body": holds(_OK + b"Content-Length: 99999\r\n\r\n" + GOOD),
    "stuck-large": holds(_OK + b"Content-Length: 4999999\r\n\r\n" + _BLOCK * 60),
    "endless-body": repeats(_OK + b"\r\n", _BLOCK),
    "endless-chunks": repeats(_OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 2_000),
    "huge-chunk": repeats(_OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffff\r\n", _BLOCK),
    "bomb": bomb(1, "gzip"),
    "bomb-2": bomb(2, "gzip, gzip"),
    "bomb-3": bomb(3, "gzip, gzip, gzip"),
    "bomb-4": bomb(4, "gzip, gzip, gzip, gzip"),
    "hidden-bomb": bomb(3, "gzip"),
    "endless-bomb": repeats(
        _OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"")[:10], b"\0\0\0\xff\xff" * 9_000
    ),
    "liar": sends(_OK + b"Content-Length: 50\r\n", b"short"),
    "garbage": sends(b"\x16\x03\x01" + b"\x00\xff" * 500),
    "loop": redirects("/loop"),
    "growing-loop": redirects("http://{host}/growing-loop?" + "x" * 7_000),
}


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection."""
    try:
        request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = request.split(" ")[1].partition("?")[0].strip("/")
        host = request.lower().partition("\r\nhost: ")[2].partition("\r\n")[0]
        good = sends(_OK + b"Content-Length: %d\r\n" % len(GOOD), GOOD)
        await BEHAVIOURS.get(path, good)(reader, writer, host)
        await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def _main() -> None:
    layers(4)
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(f"127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.to_thread(sys.stdin.read)  # until whoever started this has gone


@contextmanager
def hostile() -> Iterator[str]:
    """The servers, in another process: what they burn is not ours. Gives `host:port`."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.hostile"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.kill()


if __name__ == "__main__":
    asyncio.run(_main())
