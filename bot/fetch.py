"""Fetching a feed: one conditional GET, through the guard, within limits, without surprises.

    fetch(url) ─► guard.check_url ─► connect (guard) ─► headers ─┬─► 30x: again, at most 5 times
                                                                 ├─► 304: nothing new
                                                                 ├─► 2xx: body ─► bounded decoding ─► Fetched
                                                                 └─► anything else: FetchError

All of it ends within `total_timeout` seconds and `max_bytes` bytes, and every failure is a `FetchError` of a
named kind. No cookies, no proxies from the environment, no connection that is used twice. Only so many bodies may
be large at the same time; the others wait, with their servers, until there is room.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import Literal

import httpcore
import httpx

from bot.clock import Clock, utc_now
from bot.decode import ACCEPT_ENCODING, CodingError, Decoder, TooLargeError
from bot.guard import Guard, GuardedTransport, RefusedError, UnresolvedError
from watchlists.errors import WirewatchError

FetchErrorKind = Literal[
    "refused",  # the guard: not an address that is fetched
    "dns",
    "connect",
    "tls",
    "timeout",
    "protocol",  # the server does not speak HTTP, or stopped in the middle
    "too_large",
    "encoding",
    "status",
    "redirect",
]

USER_AGENT = "Wirewatch/0.1 (news alerts; conditional requests)"
_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PERMANENT = frozenset((301, 308))
_MAX_REDIRECTS = 5
_MAX_VALIDATOR = 1_000  # characters of an ETag or a date that are worth keeping
_BREATH = 64  # pieces of a body between two turns of the event loop
_SMALL = 131_072  # bytes of a body that may always be held; most feeds have fewer
_LARGE_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer to keep: a feed's bytes, or for status 304 the word that there is nothing new.

    `url` answered in the end; `moved_to` is where permanent redirects (301, 308) alone led, or None.
    `max_age` and `retry_after` are seconds, or None where the server did not say.
    """

    status: int
    url: str
    body: bytes = b""
    content_type: str = ""
    language: str = ""
    etag: str = ""
    last_modified: str = ""
    max_age: float | None = None
    retry_after: float | None = None
    moved_to: str | None = None

    @property
    def not_modified(self) -> bool:
        """Whether the feed is as it was when `etag` and `last_modified` were given."""
        return self.status == 304


class FetchError(WirewatchError):
    """A feed that could not be fetched, and why; `retry_after` is the server's wish, in seconds."""

    def __init__(
        self,
        kind: FetchErrorKind,
        message: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status
        self.retry_after = retry_after

    @property
    def gone(self) -> bool:
        """Whether the server says that the feed is gone and will not return."""
        return self.status == 410


class Fetcher:
    """Fetches feeds, any number at once; the caller decides how many. Close it with `aclose`.

    However many servers send as much as they may, little more than two whole bodies are in memory.
    """

    def __init__(
        self,
        guard: Guard,
        *,
        user_agent: str = USER_AGENT,
        total_timeout: float = 20.0,
        max_bytes: int = 5_000_000,
        clock: Clock = utc_now,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._guard = guard
        self._total_timeout = total_timeout
        self._max_bytes = max_bytes
        self._clock = clock
        self._headers = {"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPT_ENCODING}
        # Per address of a host, so that one dead address leaves time for the next; the rest has no limit but
        # the total one.
        self._timeouts = {"connect": total_timeout / 4}
        self._large = asyncio.Semaphore(_LARGE_AT_ONCE)
        self._transport = GuardedTransport(guard, tls or httpx.create_ssl_context(trust_env=False))

    async def aclose(self) -> None:
        """Close what is open."""
        await self._transport.aclose()

    async def fetch(self, url: str, etag: str = "", last_modified: str = "") -> Fetched:
        """GET `url`, only if it has changed since `etag` and `last_modified`; raise `FetchError`."""
        async with self.holding(url, etag, last_modified) as fetched:
            return fetched

    @asynccontextmanager
    async def holding(self, url: str, etag: str = "", last_modified: str = "") -> AsyncIterator[Fetched]:
        """`fetch`, for who has work to do with the body: a large one keeps its place until the end of the block."""
        async with AsyncExitStack() as room:
            yield await self._within_limits(url, etag, last_modified, room)

    async def _within_limits(self, url: str, etag: str, last_modified: str, room: AsyncExitStack) -> Fetched:
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        try:
            async with asyncio.timeout(self._total_timeout):
                return await self._follow(url, headers, room)
        except (TimeoutError, httpcore.TimeoutException):
            raise FetchError("timeout", "The server did not answer in time.") from None
        except RefusedError as error:
            raise FetchError("refused", str(error)) from None
        except UnresolvedError as error:
            raise FetchError("dns", str(error)) from None
        except httpcore.ConnectError as error:
            raise _connect_error(error) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError):  # OSError: TLS broken off later
            raise FetchError("protocol", "The server broke off or does not speak HTTP.") from None
        except TooLargeError:
            limit = f"{self._max_bytes / 1_000_000:g} MB"
            raise FetchError("too_large", f"What the server sends is larger than {limit}.") from None
        except CodingError as error:
            raise FetchError("encoding", f"The answer cannot be read: {error}.") from None

    async def _follow(self, start: str, headers: Mapping[str, str], room: AsyncExitStack) -> Fetched:
        url = self._guard.check_url(start)
        moved_to: httpx.URL | None = None
        permanent = True
        for _ in range(_MAX_REDIRECTS + 1):
            async with self._get(url, headers) as response:
                if response.status_code not in _REDIRECTS:
                    fetched = self._accept(response, bool(headers), str(moved_to) if moved_to else None)
                    return fetched if fetched.not_modified else replace(fetched, body=await self._body(response, room))
                url = self._next(url, response)
                permanent = permanent and response.status_code in _PERMANENT
                moved_to = url if permanent else moved_to
        raise FetchError("redirect", f"The server redirects more than {_MAX_REDIRECTS} times.")

    @asynccontextmanager
    async def _get(self, url: httpx.URL, headers: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        # Not httpx's client: it keeps cookies, and reads where a redirect leads before we can check it.
        request = httpx.Request(
            "GET", url, headers={**self._headers, **headers}, extensions={"timeout": self._timeouts}
        )
        response = await self._transport.handle_async_request(request)
        response.request = request
        try:
            yield response
        finally:
            await response.aclose()

    def _next(self, url: httpx.URL, response: httpx.Response) -> httpx.URL:
        """The target of a redirect, through the same gate as the first address."""
        location = response.headers.get("location", "")
        if not location:
            raise FetchError("redirect", "The server redirects to nowhere.", status=response.status_code)
        try:
            target = url.join(location)
        except (httpx.InvalidURL, ValueError):
            raise FetchError("redirect", "The server redirects to what is no address.") from None
        return self._guard.check_url(str(target.copy_with(fragment=None)))

    def _accept(self, response: httpx.Response, conditional: bool, moved_to: str | None) -> Fetched:
        status, headers = response.status_code, response.headers
        retry_after = _retry_after(headers.get("retry-after", ""), self._clock)
        whole = 200 <= status < 300 and status != 206
        if not whole and not (status == 304 and conditional):
            raise FetchError("status", _in_words(status), status=status, retry_after=retry_after)
        return Fetched(
            status=status,
            url=str(response.url),
            content_type=headers.get("content-type", ""),
            language=headers.get("content-language", ""),
            etag=_validator(headers.get("etag", "")),
            last_modified=_validator(headers.get("last-modified", "")),
            max_age=_max_age(headers),
            retry_after=retry_after,
            moved_to=moved_to,
        )

    async def _body(self, response: httpx.Response, room: AsyncExitStack) -> bytes:
        length = response.headers.get("content-length", "")
        if length.isdigit() and int(length[:20]) > self._max_bytes:
            raise TooLargeError
        decoder = Decoder(response.headers.get("content-encoding", ""), self._max_bytes)
        body = bytearray()
        try:
            await self._read(response, decoder, body, room)
            decoder.finish()
            return bytes(body)
        finally:
            body.clear()  # an error keeps the variables of the frames it went through for as long as it lives

    async def _read(self, response: httpx.Response, decoder: Decoder, body: bytearray, room: AsyncExitStack) -> None:
        count = 0
        async for piece in response.aiter_raw():
            for chunk in decoder.feed(piece):
                if len(body) <= _SMALL < len(body) + len(chunk):
                    await room.enter_async_context(self._large)
                body += chunk
                count += 1
                if count % _BREATH == 0:
                    # Pieces that are already here come without a pause; a body of tiny ones would stop the loop.
                    await asyncio.sleep(0)


def _connect_error(error: httpcore.ConnectError) -> FetchError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return FetchError("tls", "The server's certificate or encryption is not valid.")
        cause = cause.__cause__ or cause.__context__
    return FetchError("connect", "The server cannot be reached.")


def _in_words(status: int) -> str:
    known = {
        401: "The server asks for a password (401).",
        403: "The server forbids access (403).",
        404: "There is nothing at this address (404).",
        410: "The feed is gone for good (410).",
        429: "The server asks for fewer requests (429).",
    }
    return known.get(status) or f"The server answered with status {status}."


def _validator(value: str) -> str:
    """An ETag or a date as it may be sent back; one that cannot be sent back is none."""
    return value if len(value) <= _MAX_VALIDATOR and value.isascii() and value.isprintable() else ""


def _retry_after(value: str, clock: Clock) -> float | None:
    """Seconds from a Retry-After header, which holds seconds or a date (RFC 9110 §10.2.3)."""
    if re.fullmatch(r"[0-9]{1,9}", value.strip()):
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - clock()).total_seconds())
    except (TypeError, ValueError, OverflowError):  # TypeError: a date without a zone
        return None


def _max_age(headers: Mapping[str, str]) -> float | None:
    """Seconds for which the answer stays fresh: max-age less the time it spent in caches (RFC 9111 §4.2)."""
    found = re.search(r"(?:^|[\s,])max-age=\"?([0-9]{1,9})", headers.get("cache-control", "").lower())
    if not found:
        return None
    age = headers.get("age", "").strip()
    return max(0.0, float(found[1]) - (float(age) if re.fullmatch(r"[0-9]{1,9}", age) else 0.0))
