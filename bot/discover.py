"""From what a person typed to feeds: derived addresses, the page itself, the feeds it names, the usual places.

    typed ─starts─► address ─fetch─┬─► a feed: that is it
                                   └─► a page ─┬─► the feeds that it names, those that answer
                                               └─► names none: the usual places, the first that answers

Every request goes through the guard, at most `REQUESTS` for one look, two at a time for one host, and all of it ends
within `TOTAL` seconds: an address is typed by a stranger, and what a page names is written by another.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

import httpx

from bot.clock import Clock
from bot.fetch import Fetched, Fetcher, FetchError
from bot.hosts import host_of
from bot.parse import ParseError, ParserPool
from watchlists.addresses import starts, usual_places
from watchlists.i18n import N_
from watchlists.pages import PAGE, feed_links, looks_like_page
from watchlists.sample import FeedSample, sample

REQUESTS = 12
TOTAL = 60.0  # seconds
PER_HOST = 2
MAX_NAMED = 6  # feeds of one page that are looked at

_NO_ANSWER = N_("There was no answer in time.")
_NAMES_NONE = N_("This page names no feed, and there is none in the usual places.")


@dataclass(frozen=True, slots=True)
class Finding:
    """The feeds found, or the reason why there is none. One alone is what was asked for; of several one is chosen."""

    feeds: tuple[FeedSample, ...]
    reason: str = ""


class Finder:
    """Looks at addresses, any number at once; the caller decides how many."""

    def __init__(self, fetcher: Fetcher, parser: ParserPool, clock: Clock) -> None:
        self._fetcher = fetcher
        self._parser = parser
        self._clock = clock
        self._places: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def find(self, typed: str) -> Finding:
        """The feeds at what was typed. Never raises for what the network or a server does."""
        try:
            async with asyncio.timeout(TOTAL):
                return await _Search(self).run(typed)
        except TimeoutError:
            return Finding((), _NO_ANSWER)

    async def check(self, url: str) -> FeedSample:
        """The feed at this very address; raise `FetchError` or `ParseError`."""
        found = await self.open(url)
        if isinstance(found, FeedSample):
            return found
        raise ParseError("not_a_feed")

    async def open(self, url: str) -> FeedSample | Fetched:
        """The feed at an address, or the page there; raise `FetchError` or `ParseError`."""
        async with self._place(url), self._fetcher.holding(url) as fetched:
            if looks_like_page(fetched.body):
                return replace(fetched, body=fetched.body[:PAGE])
            parsed = await self._parser.parse(fetched, slow=True)
        # A permanent redirect is the server's word for where the feed is; any other may lead elsewhere tomorrow.
        address = fetched.moved_to or str(httpx.URL(url.strip()).copy_with(fragment=None))
        return sample(address, parsed.title, parsed.items, self._clock())

    @asynccontextmanager
    async def _place(self, url: str) -> AsyncIterator[None]:
        host = host_of(url)
        place = self._places.get(host)
        if place is None:
            place = self._places[host] = asyncio.Semaphore(PER_HOST)
        async with place:
            yield


class _Search:
    """One look, with what it may still ask for and the first thing that went wrong."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._left = REQUESTS
        self._reason = ""
        self._pages: set[str] = set()

    async def run(self, typed: str) -> Finding:
        for address in starts(typed):
            if address.replace("http://", "https://", 1) in self._pages:
                continue  # the page answered already, and named no feed
            found = await self._open(address)
            if isinstance(found, FeedSample):
                return Finding((found,))
            if found is None:
                continue
            self._pages.add(address)
            feeds = await self._of_page(found)
            if feeds:
                return Finding(feeds)
            self._reason = _NAMES_NONE
        return Finding((), self._reason)

    async def _of_page(self, page: Fetched) -> tuple[FeedSample, ...]:
        named = feed_links(page.body, page.content_type, page.url)[:MAX_NAMED]
        found = [feed async for feed in self._feeds(link.url for link in named)]
        if not found:
            async for feed in self._feeds(usual_places(page.url)):
                return (feed,)
        # A site may offer the same items as RSS, as Atom and as JSON: that is one feed, in the form it names first.
        return tuple({(feed.title, feed.latest): feed for feed in reversed(found)}.values())[::-1]

    async def _feeds(self, addresses: Iterable[str]) -> AsyncIterator[FeedSample]:
        for address in addresses:
            found = await self._open(address)
            if isinstance(found, FeedSample):
                yield found

    async def _open(self, address: str) -> FeedSample | Fetched | None:
        """What is at an address, or None; the reason of the first failure is kept."""
        if not self._left:
            return None
        self._left -= 1
        try:
            return await self._finder.open(address)
        except (FetchError, ParseError) as error:
            self._reason = self._reason or str(error)
            return None
