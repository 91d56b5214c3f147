"""The gate for addresses that strangers name: which hosts Wirewatch may connect to.

    URL ─check_url→ scheme, port, no user:password ─resolve→ every address ─is_public→ connect to that address

The check stands where the connection is made (`bot.transport`): the addresses that were checked are those that
are connected to, so a name that answers differently the second time gains nothing. Host header and SNI keep the name.
Refused is whatever is not known to be public: `ipaddress.is_global` lets multicast, NAT64 and 6to4 pass.
"""

import asyncio
import ipaddress
import re
from collections.abc import Awaitable, Callable, Container, Iterable, Sequence

import httpx

from bot.resolver import Resolver, UnresolvedError
from watchlists import faults
from watchlists.errors import WirewatchError
from watchlists.i18n import N_

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


class RefusedError(WirewatchError):
    """An address that Wirewatch does not connect to; says which rule refused it."""


def is_public(address: Address) -> bool:
    """Whether `address` belongs to a network that anyone on the internet may be reached at."""
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id:
        return False
    return _within(address, _PUBLIC) and not _within(address, _SPECIAL)


def _within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


class Guard:
    """Decides about URLs and addresses.

    `ports` are those that anyone may name. `allow_private` holds `host:port` as written in a URL, exactly: there the
    port and the address may be anything.
    """

    def __init__(
        self,
        allow_private: Iterable[str] = (),
        resolve: Resolve | None = None,
        dns_timeout: float = 3.0,
        ports: Container[int] = _PORTS,
    ) -> None:
        self._ports = ports
        self._allowed = frozenset(entry.lower() for entry in allow_private)
        self._resolve = resolve or Resolver().lookup
        self._dns_timeout = dns_timeout

    def check_url(self, text: str) -> httpx.URL:
        """The URL, read once; raise `RefusedError` for one that is never fetched, whatever its host is."""
        try:
            url = httpx.URL(text.strip())
            host = url.raw_host.decode("ascii")
        except (httpx.InvalidURL, ValueError):  # ValueError: a host that IDNA cannot encode
            raise RefusedError(N_("This is not a web address.")) from None
        if url.scheme not in _DEFAULT_PORT:
            raise RefusedError(N_("Only addresses that begin with http:// or https:// can be fetched."))
        if url.userinfo:
            raise RefusedError(N_("An address with a user name or a password in it is not fetched."))
        port = _DEFAULT_PORT[url.scheme] if url.port is None else url.port
        if not self.is_allowed(host, port):
            if port not in self._ports:
                raise RefusedError(f"{faults.PORT.format(port=port)} {_way_out(host, port)}")
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
            raise UnresolvedError(faults.SLOW_NAME.format(host=host)) from None
        if not answers:
            raise UnresolvedError(faults.NO_ADDRESS.format(host=host))
        if not self.is_allowed(host, port):
            for answer in answers:
                # One private answer among public ones is an attack or a mistake; both are refused.
                if not is_public(ipaddress.ip_address(answer)):
                    raise RefusedError(f"{faults.PRIVATE.format(host=host)} {_way_out(host, port)}")
        return list(answers)


def _host_port(host: str, port: int) -> str:
    return f"{f'[{host}]' if ':' in host else host}:{port}".lower()


def _way_out(host: str, port: int) -> str:
    """What the operator can do, who reads refusals in the log, in `status` and on the command line."""
    return faults.WAY_OUT.format(place=_host_port(host, port))


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
        raise RefusedError(N_("This is not a web address: it names no host."))
    if not public:
        raise RefusedError(f"{faults.PRIVATE.format(host=host)} {_way_out(host, port)}")
