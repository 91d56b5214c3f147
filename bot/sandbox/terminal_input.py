"""Lines typed by a person or piped by a program, without ever blocking the loop.

Works for a terminal, a pipe, a file, `/dev/null`, and a standard input that is closed. No thread waits on the
descriptor: one left in a blocking read would keep the program from ending.
"""

import asyncio
import codecs
import io
import os
from collections.abc import AsyncIterator
from typing import TextIO

_CHUNK = 65536


def descriptor(stream: TextIO | None) -> int | None:
    """The stream's file descriptor; None for a closed stream and for one that lives in memory."""
    if stream is None:
        return None
    try:
        return stream.fileno()
    except (OSError, ValueError, io.UnsupportedOperation):
        return None


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person may sit at the other end."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


async def lines(stream: TextIO | None) -> AsyncIterator[str]:
    """The lines of a stream as they come, without their ends; ends with the stream."""
    rest = ""
    async for text in texts(stream):
        *whole, rest = (rest + text).split("\n")
        for line in whole:
            yield line.rstrip("\r")
    if rest:
        yield rest


async def texts(stream: TextIO | None) -> AsyncIterator[str]:
    """What a stream gives, piece by piece as it comes; ends with the stream."""
    number = descriptor(stream)
    if number is None:
        if isinstance(stream, io.StringIO) and not stream.closed:
            yield stream.read()
        return
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    async for chunk in _chunks(number):
        yield decoder.decode(chunk)


async def _chunks(number: int) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    waiting: asyncio.Queue[bytes] = asyncio.Queue()
    try:
        loop.add_reader(number, lambda: waiting.put_nowait(_read(number)))
    except PermissionError:  # a file or /dev/null: epoll refuses them, and reading them does not block
        while chunk := _read(number):
            yield chunk
            await asyncio.sleep(0)
        return
    except (OSError, ValueError):  # closed behind our back
        return
    try:
        while chunk := await waiting.get():
            yield chunk
    finally:
        loop.remove_reader(number)


def _read(number: int) -> bytes:
    """What is there; nothing at the end, and nothing where a terminal has hung up (EIO)."""
    try:
        return os.read(number, _CHUNK)
    except OSError:
        return b""
