"""httpx over connections that the guard has opened.

The pool is httpcore's; what is ours is whom it connects to, and how much of an answer comes before its body.
"""

import itertools
import ssl
from collections.abc import AsyncIterator
from typing import Any

import httpcore
import httpx

from bot.guard import Guard

_HEAD_LIMIT = 65_536  # bytes before the body: status, headers, and answers that are only announced (1xx)
_HEAD_PIECE = 4_096  # bytes read at a time until then: the loop gets its turn between two


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections to checked addresses only. TLS is started by the caller, with the name as written."""

    _TRIED = 4  # addresses of one host; a host with more that are all dead is dead

    def __init__(self, guard: Guard, inner: httpcore.AsyncNetworkBackend | None = None) -> None:
        self._guard = guard
        self._inner = inner or httpcore.AnyIOBackend()

    async def connect_tcp(self, host: str, port: int, *args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of `host` that answers; `options` are httpcore's."""
        failure: Exception = httpcore.ConnectError("no address answered")
        for address in itertools.islice(await self._guard.addresses(host, port), self._TRIED):
            try:
                return _Stream(await self._inner.connect_tcp(address, port, *args, **options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


class GuardedTransport(httpx.AsyncBaseTransport):
    """httpx on a pool whose connections the guard opens. Its errors stay those of httpcore."""

    def __init__(self, guard: Guard, tls: ssl.SSLContext) -> None:
        # Nothing is kept alive: a connection of one feed's host is never used for another's.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=None,
            max_keepalive_connections=0,
            network_backend=GuardedBackend(guard),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; the answer's body is still to come and the answer is to be closed."""
        url = request.url
        answer = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream if isinstance(request.stream, httpx.AsyncByteStream) else None,
                extensions=request.extensions,
            )
        )
        stream = answer.extensions.get("network_stream")
        if isinstance(stream, _Stream):
            stream.has_head = True
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    async def aclose(self) -> None:
        """Close what is open."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._answer.aiter_stream():
            yield piece

    async def aclose(self) -> None:
        await self._answer.aclose()


class _Stream(httpcore.AsyncNetworkStream):
    """A connection that gives little at a time, and not much in all, until its answer has begun.

    httpcore reads on for as long as a server announces an answer that never comes; nothing else ends that.
    """

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._head = 0
        self.has_head = False

    async def read(self, max_bytes: int, *args: Any, **options: Any) -> bytes:
        """As httpcore's, but for the limits until `has_head` is set."""
        if self.has_head:
            return await self._inner.read(max_bytes, *args, **options)
        piece = await self._inner.read(min(max_bytes, _HEAD_PIECE), *args, **options)
        self._head += len(piece)
        if self._head > _HEAD_LIMIT:
            raise httpcore.RemoteProtocolError("the answer does not begin")
        return piece

    async def write(self, *args: Any, **options: Any) -> None:
        await self._inner.write(*args, **options)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(self, *args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        return _Stream(await self._inner.start_tls(*args, **options))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
