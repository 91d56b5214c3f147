"""Who publishes: hosts of one publisher share their registrable domain (Public Suffix List)."""

from collections.abc import Iterable
from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList


@lru_cache(maxsize=1 << 12)
def publisher(host: str) -> str:
    """The registrable domain of a host: `bbc.co.uk` for `news.bbc.co.uk`; the host itself where it has none.

    Hosts are in small letters, as `identity.site` gives them.
    """
    return _suffixes().privatesuffix(host) or host


def independent(hosts: Iterable[str]) -> int:
    """How many publishers there are among hosts; an item without a host counts for nothing."""
    return len({publisher(host) for host in hosts if host})


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
