"""Fetching a feed: one conditional GET, through the guard, within limits, without surprises.

    fetch(url) ─► guard.check_url ─► connect (guard) ─► headers ─┬─► 30x: again, at most 5 times
                                                                 ├─► 304: nothing new
                                                                 ├─► 2xx: body ─► bounded decoding ─► Fetched
                                                                 └─► anything else: FetchError

All of it ends within `total_timeout` seconds (`short_timeout` for who has no patience) and `max_bytes` bytes, and
every failure is a `FetchError` of a named kind. No cookies, no proxies from the environment, no connection that is
used twice. Only so many bodies may be large at the same time; the others wait, with their servers, for room.
"""

import asyncio
import io
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Literal

import httpcore
import httpx

from bot.clock import Clock, utc_now
from bot.decode import ACCEPT_ENCODING, CodingError, Decoder, TooLargeError
from bot.entries import web_link
from bot.guard import Guard, RefusedError
from bot.headers import link, max_age, retry_after, user_agent, validator
from bot.resolver import UnresolvedError
from bot.transport import GuardedTransport
from watchlists import faults
from watchlists.errors import WirewatchError
from watchlists.i18n import N_

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

_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PERMANENT = frozenset((301, 308))
_MAX_REDIRECTS = 5
MAX_BYTES = 5_000_000
_BATCH = 64  # chunks of a body between two turns of the event loop
_TINY = 256  # bytes: chunks smaller than that, a whole batch of them, are followed by a pause
_PAUSE = 0.01  # seconds
_SMALL = 131_072  # bytes of a body that may always be held; most feeds have fewer


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer to keep: a feed's bytes, or for status 304 the word that there is nothing new.

    `url` answered in the end; `moved_to` is where permanent redirects (301, 308) alone led, or None.
    `max_age` and `retry_after` are seconds, or None where the server did not say. `hub` pushes what is new in the feed
    that it knows as `topic` (WebSub); empty where no header says so.
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
    hub: str = ""
    topic: str = ""

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


@dataclass(frozen=True, slots=True)
class _Errand:
    """One fetch: its request's headers, the seconds it has, and how its body gets room once it is large."""

    headers: Mapping[str, str]
    conditional: bool
    limit: float
    large: asyncio.Semaphore
    room: AsyncExitStack


class Fetcher:
    """Fetches feeds, any number at once; the caller decides how many. Close it with `aclose`.

    However many servers send as much as they may, little more than two whole bodies are in memory: one of the
    fetches with patience, and one of those without, which need not wait for servers that are slow.
    """

    def __init__(
        self,
        guard: Guard,
        *,
        user_agent: Callable[[], str] = user_agent,
        total_timeout: float = 20.0,
        short_timeout: float = 4.0,
        max_bytes: int = MAX_BYTES,
        clock: Clock = utc_now,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._guard = guard
        self._timeouts = {True: total_timeout, False: short_timeout}
        self._max_bytes = max_bytes
        self._clock = clock
        self._user_agent = user_agent
        self._large = {True: asyncio.Semaphore(1), False: asyncio.Semaphore(1)}
        self._transport = GuardedTransport(guard, tls or httpx.create_ssl_context(trust_env=False))

    async def aclose(self) -> None:
        """Close what is open."""
        await self._transport.aclose()

    async def fetch(self, url: str, etag: str = "", last_modified: str = "", *, patient: bool = True) -> Fetched:
        """GET `url`, only if it has changed since `etag` and `last_modified`; raise `FetchError`."""
        async with self.holding(url, etag, last_modified, patient=patient) as fetched:
            return fetched

    @asynccontextmanager
    async def holding(
        self, url: str, etag: str = "", last_modified: str = "", *, patient: bool = True
    ) -> AsyncIterator[Fetched]:
        """`fetch`, for who has work to do with the body: a large one keeps its place until the end of the block."""
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {"User-Agent": self._user_agent(), "Accept": _ACCEPT, "Accept-Encoding": ACCEPT_ENCODING}
        headers |= {name: value for name, value in conditions.items() if value}
        async with AsyncExitStack() as room:
            limit, large = self._timeouts[patient], self._large[patient]
            yield await self._run(url, _Errand(headers, bool(etag or last_modified), limit, large, room))

    async def _run(self, url: str, errand: _Errand) -> Fetched:
        try:
            async with asyncio.timeout(errand.limit):
                return await self._follow(url, errand)
        except (TimeoutError, httpcore.TimeoutException):
            raise FetchError("timeout", N_("The server did not answer in time.")) from None
        except RefusedError as error:
            raise FetchError("refused", str(error)) from None
        except UnresolvedError as error:
            raise FetchError("dns", str(error)) from None
        except httpcore.ConnectError as error:
            raise _connect_error(error) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError):  # OSError: TLS broken off later
            raise FetchError("protocol", N_("The server broke off or does not speak HTTP.")) from None
        except TooLargeError:
            limit = f"{self._max_bytes / 1_000_000:g} MB"
            raise FetchError("too_large", faults.TOO_LARGE.format(limit=limit)) from None
        except CodingError as error:
            raise FetchError("encoding", faults.UNREADABLE.format(reason=error)) from None

    async def _follow(self, start: str, errand: _Errand) -> Fetched:
        url = self._guard.check_url(start)
        moved_to: httpx.URL | None = None
        permanent = True
        for _ in range(_MAX_REDIRECTS + 1):
            async with self._get(url, errand) as response:
                if response.status_code not in _REDIRECTS:
                    fetched = self._accept(response, errand.conditional, str(moved_to) if moved_to else None)
                    body = b"" if fetched.not_modified else await self._body(response, errand)
                    return replace(fetched, body=body)
                url = self._next(url, response)
                permanent = permanent and response.status_code in _PERMANENT
                moved_to = url if permanent else moved_to
        raise FetchError("redirect", faults.REDIRECTS.format(most=_MAX_REDIRECTS))

    @asynccontextmanager
    async def _get(self, url: httpx.URL, errand: _Errand) -> AsyncIterator[httpx.Response]:
        # For each address of a host, so that a dead one leaves time for the next. The rest has the total limit.
        timeouts = {"connect": errand.limit / 4}
        # Not httpx's client: it keeps cookies, and reads where a redirect leads before we can check it.
        request = httpx.Request("GET", url, headers=errand.headers, extensions={"timeout": timeouts})
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
            raise FetchError("redirect", N_("The server redirects to nowhere."), status=response.status_code)
        try:
            target = url.join(location)
        except (httpx.InvalidURL, ValueError):
            raise FetchError("redirect", N_("The server redirects to what is no address.")) from None
        return self._guard.check_url(str(target.copy_with(fragment=None)))

    def _accept(self, response: httpx.Response, conditional: bool, moved_to: str | None) -> Fetched:
        status, headers = response.status_code, response.headers
        wait = retry_after(headers.get("retry-after", ""), self._clock)
        links, url = headers.get("link", ""), str(response.url)
        whole = 200 <= status < 300 and status != 206
        if not whole and not (status == 304 and conditional):
            raise FetchError("status", _in_words(status), status=status, retry_after=wait)
        return Fetched(
            status=status,
            url=url,
            content_type=headers.get("content-type", ""),
            language=headers.get("content-language", ""),
            etag=validator(headers.get("etag", "")),
            last_modified=validator(headers.get("last-modified", "")),
            max_age=max_age(headers),
            retry_after=wait,
            moved_to=moved_to,
            hub=web_link(link(links, "hub"), url),
            topic=web_link(link(links, "self"), url),
        )

    async def _body(self, response: httpx.Response, errand: _Errand) -> bytes:
        length = response.headers.get("content-length", "")
        if length.isdigit() and int(length[:20]) > self._max_bytes:
            raise TooLargeError
        decoder = Decoder(response.headers.get("content-encoding", ""), self._max_bytes)
        # Not a bytearray: what has been written to this can be had as bytes without a second copy.
        body = io.BytesIO()
        try:
            await self._read(response, decoder, body, errand)
            decoder.finish()
            return body.getvalue()
        finally:
            body.close()  # an error keeps the variables of the frames it went through for as long as it lives

    async def _read(self, response: httpx.Response, decoder: Decoder, body: io.BytesIO, errand: _Errand) -> None:
        size = batch = since = 0  # `batch` chunks, and `since` bytes of all, at the event loop's last turn
        async for piece in response.aiter_raw():
            for chunk in decoder.feed(piece):
                if size <= _SMALL < size + len(chunk):
                    await errand.room.enter_async_context(errand.large)
                size += body.write(chunk)
                batch += 1
                if batch == _BATCH:
                    # What is here already comes without a pause. Tiny chunks cost far more than they bring: a
                    # server that sends nothing else would take all of the program's time.
                    await asyncio.sleep(_PAUSE if size - since < _BATCH * _TINY else 0)
                    batch, since = 0, size


def _connect_error(error: httpcore.ConnectError) -> FetchError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return FetchError("tls", N_("The server's certificate or encryption is not valid."))
        cause = cause.__cause__ or cause.__context__
    return FetchError("connect", N_("The server cannot be reached."))


def _in_words(status: int) -> str:
    known = {
        401: N_("The server asks for a password (401)."),
        403: N_("The server forbids access (403)."),
        404: N_("There is nothing at this address (404)."),
        410: N_("The feed is gone for good (410)."),
        429: N_("The server asks for fewer requests (429)."),
    }
    return known.get(status) or faults.STATUS.format(status=status)
