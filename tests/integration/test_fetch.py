"""Fetching over real sockets on loopback: conditional requests, codings, redirects, statuses."""

import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from bot.fetch import Fetched
from tests.anyserver import FEED, Server, answer, failure, fetch, fetching, listening


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with listening() as server:
        yield server


async def test_an_answer_arrives_with_what_later_polls_need(server: Server) -> None:
    """Body, type, language and validators come through; freshness is max-age less the age of the copy."""
    server.answers["/feed"] = answer(
        body=FEED,
        Content_Type="application/rss+xml",
        Content_Language="pt-BR",
        ETag='W/"7"',
        Last_Modified="Sun, 01 Mar 2026 11:00:00 GMT",
        Cache_Control="public, Max-Age=900",
        Age="300",
    )
    assert await fetch(server) == Fetched(
        status=200,
        url=server.url(),
        body=FEED,
        content_type="application/rss+xml",
        language="pt-BR",
        etag='W/"7"',
        last_modified="Sun, 01 Mar 2026 11:00:00 GMT",
        max_age=600,
    )


async def test_validators_make_the_request_conditional(server: Server) -> None:
    """ETag and Last-Modified are sent back as they came; 304 is an answer without a body."""
    server.answers["/feed"] = answer(304, ETag='"7"')
    async with fetching(server) as fetcher:
        fetched = await fetcher.fetch(server.url(), '"7"', "Sun, 01 Mar 2026 11:00:00 GMT")
    assert fetched.not_modified
    assert fetched.body == b""
    assert 'If-None-Match: "7"\r\n' in server.requests[0]
    assert "If-Modified-Since: Sun, 01 Mar 2026 11:00:00 GMT\r\n" in server.requests[0]
    assert f"Host: {server.host}\r\n" in server.requests[0]


async def test_304_without_a_condition_is_an_error(server: Server) -> None:
    """A server that answers 304 to an unconditional request has given nothing."""
    server.answers["/feed"] = answer(304)
    assert (await failure(server)).kind == "status"


async def test_no_cookie_is_kept(server: Server) -> None:
    """A feed's server cannot mark the bot."""
    server.answers["/feed"] = answer(body=FEED, Set_Cookie="id=1; Path=/")
    async with fetching(server) as fetcher:
        await fetcher.fetch(server.url())
        await fetcher.fetch(server.url())
    assert "cookie" not in server.requests[1].lower()


async def test_unprintable_validators_are_dropped(server: Server) -> None:
    """What could not be sent back as a header is not stored."""
    server.answers["/feed"] = answer(body=FEED, ETag='"é"', Last_Modified="x" * 2_000)
    fetched = await fetch(server)
    assert (fetched.etag, fetched.last_modified) == ("", "")


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("identity", bytes),
        (" GZIP , identity", gzip.compress),
    ],
)
async def test_one_coding_is_undone(server: Server, coding: str, pack: Callable[[bytes], bytes]) -> None:
    """gzip and deflate, with or without zlib's wrapper, give the feed back."""
    server.answers["/feed"] = answer(body=pack(FEED), Content_Encoding=coding)
    assert (await fetch(server)).body == FEED


async def test_redirects_are_followed_and_permanent_ones_remembered(server: Server) -> None:
    """`url` is where the answer came from; `moved_to` is as far as 301 and 308 alone lead."""
    server.answers = {
        "/feed": answer(301, Location="/b"),
        "/b": answer(308, Location=f"http://{server.host}/c"),
        "/c": answer(302, Location="d?x=1#top"),
        "/d?x=1": answer(301, Location="/e"),
        "/e": answer(body=FEED),
    }
    fetched = await fetch(server)
    assert (fetched.url, fetched.moved_to) == (server.url("/e"), server.url("/c"))
    assert (await fetch(server, "/c")).moved_to is None


async def test_five_redirects_are_enough(server: Server) -> None:
    """The sixth redirect is one too many."""
    server.answers = {f"/{n}": answer(302, Location=f"/{n + 1}") for n in range(6)} | {"/6": answer(body=FEED)}
    assert (await fetch(server, "/1")).body == FEED
    assert (await failure(server, "/0")).kind == "redirect"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (format_datetime(datetime(2026, 3, 1, 12, 5, tzinfo=UTC), usegmt=True), 300),
        (format_datetime(datetime(2020, 1, 1, tzinfo=UTC), usegmt=True), 0),
        ("soon", None),
        ("-5", None),
        ("1" * 40, None),
    ],
)
async def test_retry_after_is_seconds_or_a_date(server: Server, value: str, seconds: float | None) -> None:
    """Both forms of Retry-After come through as seconds from now; nonsense is as if it were not there."""
    server.answers["/feed"] = answer(503, Retry_After=value)
    error = await failure(server)
    assert (error.kind, error.status, error.retry_after) == ("status", 503, seconds)


@pytest.mark.parametrize("status", [204, 206, 400, 401, 403, 404, 410, 418, 429, 500, 599])
async def test_only_a_whole_answer_is_a_feed(server: Server, status: int) -> None:
    """Every other status is an error that names it; only 410 means gone for good."""
    server.answers["/feed"] = answer(status, FEED if status == 206 else b"")
    if status == 204:
        assert (await fetch(server)).body == b""
        return
    error = await failure(server)
    assert (error.kind, error.status, error.gone) == ("status", status, status == 410)
    assert str(status) in str(error)
