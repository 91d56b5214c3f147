"""Having feeds pushed (WebSub, https://www.w3.org/TR/websub/): where a feed names a hub, that is asked to send us news.

    poll ─names a hub→ row of `subscriptions` ─tick→ POST to the hub ─→ it asks back, then pushes (`bot.pushes`)

Polling goes on, seldom: a hub that loses something, or dies, costs hours and not the news. A hub that twice in a row
has not pushed what a poll then found is not relied upon until it pushes again.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

import httpcore
import httpx

from bot.clock import from_epoch, to_epoch
from bot.fetch import Fetched
from bot.guard import Guard, RefusedError
from bot.headers import user_agent
from bot.parse import ParsedFeed
from bot.resolver import UnresolvedError
from bot.store import Storage, Store
from bot.store.feeds import DueFeed
from bot.store.subscriptions import ASKED, HOUR, Subscription
from bot.transport import GuardedTransport

log = logging.getLogger(__name__)

SAFETY = 6 * HOUR  # seconds between two polls of a feed that is pushed
_AT_ONCE = 5  # hubs that are asked side by side
_LIMIT = 10.0  # seconds for a hub's answer
_FAILURES = (TimeoutError, RefusedError, UnresolvedError, OSError, httpcore.TimeoutException)
_BROKEN = (httpcore.NetworkError, httpcore.ProtocolError)


class WebSub:
    """What polls have to know of it. `token` gives a text that cannot be guessed, new at each call."""

    def __init__(self, token: Callable[[], str]) -> None:
        self._token = token

    def note(self, store: Store, feed: DueFeed, fetched: Fetched, parsed: ParsedFeed) -> None:
        """Keep which hub a whole document names, if any."""
        hub = fetched.hub or parsed.hub
        if not hub:
            store.subscriptions.drop(feed.id)
            return
        if feed.url.startswith("https:") and hub.startswith("http:"):
            hub = f"https:{hub[5:]}"  # what comes by the hub must not be easier to forge than the feed
        topic = fetched.topic or parsed.topic or feed.url
        store.subscriptions.want(Subscription(feed.id, hub, topic, self._token(), self._token()))

    def later(self, store: Store, feed: DueFeed, when: datetime, *, changed: bool) -> datetime:
        """The time of the next poll, which is `when` where nothing is pushed. `changed`: the poll found news."""
        if changed:
            store.subscriptions.missed(feed.id)
        until = store.subscriptions.relied_until(feed.id)
        return max(when, from_epoch(min(to_epoch(store.now) + SAFETY, until))) if until else when


class Hubs:
    """Asks hubs for what is wanted of them. `tick` it every few seconds; close it with `aclose`.

    `base` is the public address of this program, below which hubs find `bot.pushes`.
    """

    def __init__(
        self,
        storage: Storage,
        guard: Guard,
        base: str,
        user_agent: Callable[[], str] = user_agent,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._storage = storage
        self._guard = guard
        self._base = base
        self._user_agent = user_agent
        self._transport = GuardedTransport(guard, tls or httpx.create_ssl_context(trust_env=False))

    async def resume(self, within: float) -> None:
        """Call it once, at the start: feeds that are pushed are polled within so many seconds."""
        await self._storage.run(lambda store: store.subscriptions.resume(self._base, within))

    async def tick(self) -> None:
        """Ask the hubs whose time has come. That they were asked is stored first: a crash asks nobody twice."""
        asked = await self._storage.run(lambda store: store.subscriptions.begin(self._base, _AT_ONCE))
        await asyncio.gather(*map(self._ask, asked))

    async def aclose(self) -> None:
        """Close what is open."""
        await self._transport.aclose()

    async def _ask(self, wanted: Subscription) -> None:
        form = {
            "hub.mode": "subscribe",
            "hub.topic": wanted.topic,
            "hub.callback": f"{self._base}/websub/{wanted.path}",
            "hub.lease_seconds": f"{ASKED:.0f}",
            "hub.secret": wanted.secret,
        }
        try:
            async with asyncio.timeout(_LIMIT):
                status = await self._post(wanted.hub, urlencode(form).encode())
        except (*_FAILURES, *_BROKEN) as error:
            log.info("the hub %s of feed %d cannot be asked: %s", wanted.hub, wanted.feed_id, str(error) or "no answer")
            return
        if not 200 <= status < 300:
            log.info("the hub %s of feed %d answered with status %d", wanted.hub, wanted.feed_id, status)

    async def _post(self, url: str, form: bytes) -> int:
        headers = {"User-Agent": self._user_agent(), "Content-Type": "application/x-www-form-urlencoded"}
        request = httpx.Request("POST", self._guard.check_url(url), headers=headers, content=form)
        response = await self._transport.handle_async_request(request)
        await response.aclose()  # its body says nothing that we need
        return response.status_code
