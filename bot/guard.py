"""The gate for addresses that strangers name: which hosts Wirewatch may connect to.

    URL ─check_url→ scheme, port, no user:password ─resolve→ every address ─is_public→ connect to that address

The check stands where the connection is made: the addresses that were checked are those that are connected
to, so a name that answers differently the second time gains nothing. Host header and SNI keep the name.
Refused is whatever is not known to be public: `ipaddress.is_global` lets multicast, NAT64 and 6to4 pass.
"""

import asyncio
import ipaddress
import itertools
import re
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from typing import Any

import httpcore
import httpx

from watchlists.errors import WirewatchError

_PORTS = frozenset((80, 443, 8080, 8443))
_DEFAULT_PORT = {"http": 80, "https": 443}
_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")
_ENDS_IN_NUMBER = re.compile(r"(^|\.)(\d+|0x[0-9a-f]*)\.?$")  # such a host is an address (WHATWG URL, host parser)

# Unicast space (IANA: IPv4 Address Space; IPv6 Global Unicast Address Assignments) …
_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        ("0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3", "2001::/16", "2003::/16", "2400::/6", "2800::/5"),
    )
)
# … without what the special-purpose registries (RFC 6890 and later) and cloud vendors keep for themselves.
_SPECIAL = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT; Alibaba's metadata
            "127.0.0.0/8",
            "168.63.129.16/32",  # Azure's host agent, on an address that looks public
            "169.254.0.0/16",  # link-local; metadata of most clouds
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # AMT
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarking
            "198.51.100.0/24",
            "203.0.113.0/24",
            "2001::/23",  # Teredo, ORCHID, benchmarking, AMT
            "2001:db8::/32",
            "2620:4f:8000::/48",  # AS112
        ),
    )
)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
LookUp = Callable[[str, int], list[str]]  # blocking; raises OSError or UnicodeError


class RefusedError(WirewatchError):
    """An address that Wirewatch does not connect to; says which rule refused it."""


class UnresolvedError(WirewatchError):
    """A host name without an address, or without one in time."""


def is_public(address: Address) -> bool:
    """Whether `address` belongs to a network that anyone on the internet may be reached at."""
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id:
        return False
    return _within(address, _PUBLIC) and not _within(address, _SPECIAL)


def _within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


class Guard:
    """Decides about URLs and addresses. `allow_private` holds `host:port` as written in a URL, exactly:
    there the port and the address may be anything."""

    def __init__(
        self,
        allow_private: Iterable[str] = (),
        resolve: Resolve | None = None,
        dns_timeout: float = 3.0,
    ) -> None:
        self._allowed = frozenset(entry.lower() for entry in allow_private)
        self._resolve = resolve or Resolver().lookup
        self._dns_timeout = dns_timeout

    def check_url(self, text: str) -> httpx.URL:
        """The URL, read once; raise `RefusedError` for one that is never fetched, whatever its host is."""
        try:
            url = httpx.URL(text.strip())
            host = url.raw_host.decode("ascii")
        except (httpx.InvalidURL, ValueError):  # ValueError: a host that IDNA cannot encode
            raise RefusedError("This is not a web address.") from None
        if url.scheme not in _DEFAULT_PORT:
            raise RefusedError("Only addresses that begin with http:// or https:// can be fetched.")
        if url.userinfo:
            raise RefusedError("An address with a user name or a password in it is not fetched.")
        port = _DEFAULT_PORT[url.scheme] if url.port is None else url.port
        if not self.is_allowed(host, port):
            if port not in _PORTS:
                raise RefusedError(
                    f"Port {port} is not fetched; feeds are served on 80, 443, 8080 or 8443. {_way_out(host, port)}"
                )
            _check_host(host, port)
        return url

    def is_allowed(self, host: str, port: int) -> bool:
        """Whether the operator has allowed exactly this host and port."""
        return _host_port(host, port) in self._allowed

    async def addresses(self, host: str, port: int) -> list[str]:
        """The addresses to connect to, each of them checked; raise `RefusedError` or `UnresolvedError`."""
        try:
            async with asyncio.timeout(self._dns_timeout):
                answers = await self._resolve(host, port)
        except TimeoutError:
            raise UnresolvedError(f"The name {host} was not resolved in time.") from None
        if not answers:
            raise UnresolvedError(f"The name {host} has no address.")
        if not self.is_allowed(host, port):
            for answer in answers:
                # One private answer among public ones is an attack or a mistake; both are refused.
                if not is_public(ipaddress.ip_address(answer)):
                    raise RefusedError(f"{host} is not on the public internet. {_way_out(host, port)}")
        return list(answers)


def _host_port(host: str, port: int) -> str:
    return f"{f'[{host}]' if ':' in host else host}:{port}".lower()


def _way_out(host: str, port: int) -> str:
    """What the operator can do, who reads refusals in the log, in `status` and on the command line."""
    return f"Whoever runs the bot and trusts it can add {_host_port(host, port)} to WIREWATCH_ALLOW_PRIVATE_FEEDS."


def _check_host(host: str, port: int) -> None:
    """Raise `RefusedError` for a host that is neither a name nor a public address in its usual form.

    Resolvers also read `127.1`, `0x7f000001` and `017700000001`: whoever writes so means to hide an address.
    """
    is_address = ":" in host or _ENDS_IN_NUMBER.search(host)
    try:
        public = is_public(ipaddress.ip_address(host)) if is_address else bool(_NAME.fullmatch(host))
    except ValueError:
        public = False
    if not host:
        raise RefusedError("This is not a web address: it names no host.")
    if not public:
        raise RefusedError(f"{host} is not on the public internet. {_way_out(host, port)}")


class Resolver:
    """getaddrinfo, each call in a daemon thread of its own.

    A name server that does not answer holds its thread for up to half a minute. In a shared executor a few
    such names would stop all lookups, and the program could not end before them; these threads stop nobody.
    A name that is being looked up already is not looked up a second time. `limit` is far above what 16 polls
    with their 3 s for a name can leave behind; at the limit further names wait.
    """

    def __init__(self, limit: int = 128, look_up: LookUp | None = None) -> None:
        self._free = asyncio.Semaphore(limit)
        self._look_up = look_up or _getaddrinfo
        self._asked: dict[tuple[str, int], asyncio.Future[list[str]]] = {}

    async def lookup(self, host: str, port: int) -> list[str]:
        """The addresses of `host`, without repeats, the system's preferred first; raise `UnresolvedError`."""
        asked = self._asked.get((host, port))
        if asked is None:
            await self._free.acquire()
            asked = self._asked.get((host, port))
            if asked is None:
                asked = self._ask(host, port)
            else:
                self._free.release()
        try:
            return await asyncio.shield(asked)
        except (OSError, UnicodeError):
            raise UnresolvedError(f"The name {host} could not be resolved.") from None

    def _ask(self, host: str, port: int) -> asyncio.Future[list[str]]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[str]] = loop.create_future()
        self._asked[host, port] = answer

        def settle(addresses: list[str], problem: Exception | None) -> None:
            del self._asked[host, port]
            self._free.release()
            if problem is None:
                answer.set_result(addresses)
            else:
                answer.set_exception(problem)

        def work() -> None:
            try:
                addresses, problem = self._look_up(host, port), None
            except (OSError, UnicodeError) as error:
                addresses, problem = [], error
            try:
                loop.call_soon_threadsafe(settle, addresses, problem)
            except RuntimeError:  # the loop closed meanwhile: nobody waits for the answer
                return

        threading.Thread(target=work, name=f"dns {host[:40]}", daemon=True).start()
        return answer


def _getaddrinfo(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


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
                return await self._inner.connect_tcp(address, port, *args, **options)
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
                extensions=request.extensions,
            )
        )
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
