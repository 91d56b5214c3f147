"""Whose turn it is: how many feeds may be polled side by side, in all and of one host.

A publisher is asked for two feeds at a time. A feed that fails or is slow never takes the last place, neither
that of its host nor that of the program: so a few feeds that hang cannot stop the ones that answer, however
long each of them hangs.
"""

from collections import Counter
from collections.abc import Container
from functools import lru_cache
from urllib.parse import urlsplit

AT_ONCE = 16
SLOW_AT_ONCE = 4  # the other twelve are enough for 20,000 feeds every ten minutes (tests/integration/test_scale.py)
PER_HOST = 2
_DEFAULT_PORT = {"http": 80, "https": 443}


def host_of(url: str) -> str:
    """`host:port` of an address; what cannot be read is a host of its own, and its poll says what is wrong."""
    return _host(url[: url.find("/", len("https://")) + 1] or url)


@lru_cache(maxsize=4_096)
def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORT.get(parts.scheme, 0)
    except ValueError:
        return url
    name = parts.hostname or ""
    return f"[{name}]:{port}" if ":" in name else f"{name}:{port}"


class Places:
    """The polls that run. `own` are hosts (`host:port`) of the operator, which need not be spared."""

    def __init__(self, own: Container[str] = frozenset()) -> None:
        self._own = own
        self._hosts: Counter[str] = Counter()
        self._slow_hosts: Counter[str] = Counter()

    @property
    def full(self) -> bool:
        """Whether no poll at all can start."""
        return self._hosts.total() >= AT_ONCE

    def take(self, host: str, *, slow: bool) -> bool:
        """Take a place, or say that this one has to wait."""
        if self.full or (slow and self._slow_hosts.total() >= SLOW_AT_ONCE):
            return False
        taken = self._hosts[host] >= PER_HOST or (slow and self._slow_hosts[host] >= PER_HOST - 1)
        if taken and host not in self._own:
            return False
        self._hosts[host] += 1
        if slow:
            self._slow_hosts[host] += 1
        return True

    def give_back(self, host: str, *, slow: bool) -> None:
        """The poll has ended."""
        for count in (self._hosts, self._slow_hosts) if slow else (self._hosts,):
            count[host] -= 1
            if not count[host]:
                del count[host]
