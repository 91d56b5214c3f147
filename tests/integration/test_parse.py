"""The parser's processes: what they give, what ends them, and that the next feed is read all the same."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pebble import ProcessExpired

from bot.fetch import Fetched
from bot.parse import NoParsers, ParsedFeed, ParseError, ParserPool
from bot.parse_child import EXIT_MEMORY

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = b"<rss version='2.0'><channel><title>T</title><item><title>News</title><link>/a</link></item></channel></rss>"
ATTRIBUTES = b" ".join(b"a%d='x'" % n for n in range(100_000))
SLOW = b"<rss version='2.0'><channel><item " + ATTRIBUTES + b"><title>A</title></item></channel></rss>"
WALL = 1.0
MEMORY = 160 * 2**20
HUNGRY = b"<rss version='2.0'><channel><title>" + b"x" * 40_000_000 + b"</title></channel></rss>"


def fetched(body: bytes) -> Fetched:
    return Fetched(status=200, url="https://news.example/feed", body=body)


@pytest.fixture
async def pool() -> AsyncIterator[ParserPool]:
    """A pool that must be able to read a feed after each test."""
    pool = ParserPool(workers=1, wall_limit=WALL, memory_limit=MEMORY, clock=lambda: NOW)
    yield pool
    assert len((await pool.parse(fetched(GOOD))).items) == 1
    await asyncio.to_thread(pool.close)


async def failure(pool: ParserPool, body: bytes) -> str:
    with pytest.raises(ParseError, match=r"\.$") as caught:
        await pool.parse(fetched(body))
    return caught.value.kind


async def test_a_feed_comes_back_as_values(pool: ParserPool) -> None:
    """Items cross the process boundary whole, with links resolved against where the feed came from."""
    parsed = await pool.parse(fetched(GOOD))
    assert (parsed.kind, parsed.title) == ("rss20", "T")
    assert [(item.title, item.url, item.source) for item in parsed.items] == [
        ("News", "https://news.example/a", "news.example")
    ]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"no feed", "not_a_feed"),
        (b"<?xml version='1.0' encoding='undefined'?><rss/>", "malformed"),  # feedparser raises
    ],
)
async def test_what_gives_no_feed_has_a_kind(pool: ParserPool, body: bytes, kind: str) -> None:
    """Nothing, something else, and what feedparser itself fails on are told apart."""
    assert await failure(pool, body) == kind


async def test_a_feed_that_takes_too_long_is_stopped(pool: ParserPool) -> None:
    """1 MB of attributes, minutes of work, ends with the wall limit."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    assert await failure(pool, SLOW) == "timeout"
    assert loop.time() - start < WALL + 2


async def test_a_feed_that_needs_too_much_memory_is_stopped(pool: ParserPool) -> None:
    """The child's memory limit ends the child, not the program."""
    assert await failure(pool, HUNGRY) == "memory"


@pytest.mark.parametrize(
    ("code", "kind", "deadly"),
    [
        (EXIT_MEMORY, "memory", True),
        (-signal.SIGPROF, "timeout", True),  # it computed all the time
        (-signal.SIGALRM, "timeout", False),  # it did not: the machine had no time for it
        (-signal.SIGSEGV, "crash", True),
        (-signal.SIGKILL, "crash", False),  # someone from outside
        (1, "crash", True),
    ],
)
async def test_what_ended_a_child_says_whose_fault_it_was(
    pool: ParserPool, monkeypatch: pytest.MonkeyPatch, code: int, kind: str, deadly: bool
) -> None:
    """A document that would do it again is told from a machine that was busy."""
    ended: Future[None] = Future()
    ended.set_exception(ProcessExpired("ended", code=code))
    with monkeypatch.context() as patched:
        patched.setattr(pool, "_schedule", lambda document: ended)
        with pytest.raises(ParseError) as caught:
            await pool.parse(fetched(GOOD))
    assert (caught.value.kind, caught.value.deadly) == (kind, deadly)


async def test_a_child_that_is_killed_is_replaced(pool: ParserPool) -> None:
    """Killed at work, the feed is a crash; the next one finds a new child."""
    task = asyncio.create_task(pool.parse(fetched(SLOW)))
    await asyncio.to_thread(kill_when_busy)
    with pytest.raises(ParseError) as caught:
        await task
    assert caught.value.kind in ("crash", "timeout")


async def test_an_abandoned_feed_frees_its_child(pool: ParserPool) -> None:
    """Whoever waits may go away: the child is stopped and the next feed is read."""
    task = asyncio.create_task(pool.parse(fetched(SLOW)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_feeds_wait_their_turn(pool: ParserPool) -> None:
    """More feeds than children: all are read, and waiting does not count against the wall limit."""
    parsed = await asyncio.gather(*(pool.parse(fetched(GOOD)) for _ in range(50)))
    assert {feed.title for feed in parsed} == {"T"}


async def test_a_slow_feed_does_not_hold_up_the_other_child() -> None:
    """With two children, one that works for long leaves the other free."""
    pool = ParserPool(workers=2, wall_limit=WALL, clock=lambda: NOW)
    slow = asyncio.create_task(pool.parse(fetched(SLOW)))
    await pool.parse(fetched(GOOD))
    assert not slow.done()
    with pytest.raises(ParseError):
        await slow
    await asyncio.to_thread(pool.close)


async def test_a_closed_pool_reads_nothing() -> None:
    """After `close` there is no child left, and no new one is started."""
    pool = ParserPool(workers=1)
    pool.close()
    with pytest.raises(RuntimeError):
        await pool.parse(fetched(GOOD))


async def test_a_child_that_is_killed_idle_is_replaced(pool: ParserPool) -> None:
    """The kernel may take a child that does nothing; at most one feed notices."""
    await pool.parse(fetched(GOOD))
    for child in children(0):
        os.kill(child, signal.SIGKILL)
    (outcome,) = await asyncio.gather(pool.parse(fetched(GOOD)), return_exceptions=True)
    assert isinstance(outcome, ParsedFeed) or getattr(outcome, "kind", "") == "crash"


def kill_when_busy() -> None:
    while not (busy := children(10)):
        os.sched_yield()
    for child in busy:
        os.kill(child, signal.SIGKILL)


def children(ticks: int) -> list[int]:
    """The parser's processes that have used the processor so long: children of the fork server, our child."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if _is_grandchild(int(fields[1])) and int(fields[11]) >= ticks:
            found.append(int(status.parent.name))
    return found


def _is_grandchild(parent: int) -> bool:
    try:
        return int(Path(f"/proc/{parent}/stat").read_text().rpartition(")")[2].split()[1]) == os.getpid()
    except (OSError, ValueError):
        return False


def test_readers_that_do_not_start_are_told_in_words(monkeypatch):
    """Python itself cannot be executed by the user that runs the bot."""
    monkeypatch.setattr("bot.parse.ProcessPool", Unstartable)
    with pytest.raises(NoParsers, match="has to be executable"):
        ParserPool()


class Unstartable:
    """A pool whose first child dies."""

    def __init__(self, **_options) -> None:
        pass

    @property
    def active(self) -> bool:
        raise BrokenPipeError
