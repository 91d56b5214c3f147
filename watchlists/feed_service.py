"""The use-cases about feeds: which a chat gets, how it finds and adds its own, and how it drops them.

Looking at an address needs the network, which no use-case has: `look_up` only notes the wish, a job of the shell
looks, and `add` or `offer` takes up what was found.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from watchlists import addresses, opml
from watchlists.errors import NotAnAddress, QuotaExceeded, UnknownNumber
from watchlists.health import Health, health
from watchlists.i18n import _
from watchlists.identity import canonical_link
from watchlists.model import Candidate, Feed, Lookup, OwnFeed
from watchlists.ports import Store
from watchlists.sample import FeedSample

MAX_OWN = 50
MAX_WAITING, MAX_HOURLY = 3, 60  # lookups of one chat: each is up to ten requests to strangers
_SHOWN = 40
_COMMON_NUMBER = re.compile(r"[cC](\d{1,9})", re.ASCII)
_TROUBLED = {Health.GONE, Health.STOPPED, Health.FAILING, Health.SILENT, Health.SLOW}


@dataclass(frozen=True, slots=True)
class Overview:
    """What a chat gets: its own feeds by number, and the operator's unless `own_only`."""

    own: Sequence[OwnFeed]
    common: Sequence[Feed]
    own_only: bool


@dataclass(frozen=True, slots=True)
class Added:
    """What came of adding a feed that answered; `existed`: the chat had it already."""

    own: OwnFeed
    sample: FeedSample
    existed: bool


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """How many feeds are in which state, and which are in trouble, the longest first, slow ones last."""

    counts: Mapping[str, int]
    troubled: Sequence[tuple[Feed, Health]]
    now: datetime


class FeedService:
    """The use-cases on one open transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def overview(self, chat_id: int) -> Overview:
        """The feeds that the chat gets, or could."""
        own = self._store.chat_feeds.of(chat_id)
        return Overview(own, self._store.feeds.common(), self._store.chat_feeds.own_only(chat_id))

    def choose(self, chat_id: int, *, own_only: bool) -> Overview:
        """Whether the chat gets the operator's feeds too."""
        self._store.chat_feeds.choose(chat_id, own_only=own_only)
        return self.overview(chat_id)

    def look_up(self, chat_id: int, typed: str, *, detailed: bool = False) -> int:
        """Have an address looked at; return the lookup's id. Raises `NotAnAddress` or `QuotaExceeded`."""
        if not addresses.starts(typed):
            message = _(
                "“{text}” is no web address. Send one such as https://example.org/news, "
                "a site's name, or @user@host for a Mastodon profile."
            )
            raise NotAnAddress(message.format(text=typed[:_SHOWN]))
        return self._ask(chat_id, "address", typed, detailed)

    def read_file(self, chat_id: int, file_id: str, *, detailed: bool = False) -> int:
        """Have the feeds of an OPML file looked at; return the lookup's id. Raises `QuotaExceeded`."""
        return self._ask(chat_id, "opml", file_id, detailed)

    def read_watches(self, chat_id: int, file_id: str, *, detailed: bool = False) -> int:
        """Have a file of watches and settings read, or, of somebody who edits lists (`detailed`), of a list.

        Return the lookup's id. Raises `QuotaExceeded`.
        """
        return self._ask(chat_id, "watches", file_id, detailed=detailed)

    def _ask(self, chat_id: int, kind: str, asked: str, detailed: bool) -> int:
        if kind != "watches":
            self._refuse_more(chat_id)
        waiting, hour = self._store.lookups.counts(chat_id)
        if waiting >= MAX_WAITING:
            raise QuotaExceeded(_("I am still looking at what you sent before. Please wait for the answers."))
        if hour >= MAX_HOURLY:
            message = _("That was {most} addresses within an hour, the most I look at. Try again later.")
            raise QuotaExceeded(message.format(most=MAX_HOURLY))
        return self._store.lookups.ask(chat_id, kind, asked, detailed=detailed)

    def pick(self, chat_id: int, candidate_id: int, *, detailed: bool = False) -> tuple[int, Candidate] | None:
        """Have one of the feeds found looked at once more, to be added; None when it is not the chat's."""
        candidate = self._store.lookups.candidate(chat_id, candidate_id)
        return (self._ask(chat_id, "address", candidate.url, detailed), candidate) if candidate else None

    def offer(self, lookup: Lookup, samples: Sequence[FeedSample]) -> Sequence[Candidate]:
        """Keep several feeds that were found, for the chat to choose from."""
        self._store.lookups.note(lookup.id, [(0, found.url, found.title) for found in samples])
        return self._store.lookups.noted(lookup.id)

    def add(self, chat_id: int, sample: FeedSample) -> Added:
        """The chat gets a feed that answered. Raises `QuotaExceeded`, and then stores nothing."""
        known = next((own for own in self._store.chat_feeds.of(chat_id) if own.feed.url == sample.url), None)
        if known is None:
            self._refuse_more(chat_id)
        own = known or self._store.chat_feeds.add(chat_id, sample.url, sample.title)
        return Added(own, sample, existed=known is not None)

    def own(self, chat_id: int) -> Sequence[OwnFeed]:
        """The feeds that the chat has added. Raises `UnknownNumber` where there are none."""
        own = self._store.chat_feeds.of(chat_id)
        if not own:
            raise UnknownNumber(_("You have added no feeds, so there is none to drop. Add one with /addfeed."))
        return own

    def drop(self, chat_id: int, which: str) -> OwnFeed:
        """The chat gets one of its feeds no more: by number or address. Raises `UnknownNumber`."""
        own = self.own(chat_id)
        named = which.strip().removeprefix("#").removesuffix(".")
        for each in own:
            if str(each.number) == named or canonical_link(each.feed.url) == canonical_link(which):
                self._store.chat_feeds.remove(chat_id, each.feed.id)
                return each
        numbers = ", ".join(str(each.number) for each in own)
        message = _("“{text}” is none of your feeds. Their numbers: {numbers}. See /feeds.")
        raise UnknownNumber(message.format(text=which[:_SHOWN], numbers=numbers))

    def drop_common(self, chat_id: int, which: str, by: int) -> Feed | None:
        """The operator's feeds are one fewer, by number (`c7`) or address; None where the chat's own may be meant.

        For admins. Raises `UnknownNumber`. A chat that has added the feed itself still gets it.
        """
        number = _COMMON_NUMBER.fullmatch(which.strip())
        if number:
            dropped = self.unshare(int(number[1]), by)
            if dropped is None:
                raise UnknownNumber(
                    _("“{typed}” is none of the feeds of this bot. /feeds and /feedhealth show their numbers.").format(
                        typed=which[:_SHOWN]
                    )
                )
            return dropped
        asked = canonical_link(which)
        if any(canonical_link(own.feed.url) == asked for own in self._store.chat_feeds.of(chat_id)):
            return None
        found = next((feed for feed in self._store.feeds.common() if canonical_link(feed.url) == asked), None)
        return self.unshare(found.id, by) if found else None

    def share(self, feed_id: int, by: int) -> Feed | None:
        """All chats get the feed. For admins; None where there is none."""
        feed = self._store.chat_feeds.share(feed_id)
        if feed:
            self._store.audit.record(by, "share_feed", feed.url, {"title": feed.title})
        return feed

    def unshare(self, feed_id: int, by: int) -> Feed | None:
        """Take back `share`. For admins; None where it is none of the operator's feeds."""
        feed = self._store.chat_feeds.unshare(feed_id)
        if feed:
            self._store.audit.record(by, "unshare_feed", feed.url, {"title": feed.title})
        return feed

    def undo_add(self, chat_id: int, feed_id: int) -> OwnFeed | None:
        """Take back an added feed. None when the chat has no such feed."""
        own = self._store.chat_feeds.get(chat_id, feed_id)
        if own:
            self._store.chat_feeds.remove(chat_id, feed_id)
        return own

    def undo_drop(self, chat_id: int, feed_id: int) -> OwnFeed | None:
        """Take back `drop`. None when the chat never had such a feed. Raises `QuotaExceeded`."""
        if self._store.chat_feeds.get(chat_id, feed_id) is None:
            return None
        if all(own.feed.id != feed_id for own in self._store.chat_feeds.of(chat_id)):
            self._refuse_more(chat_id)
        return self._store.chat_feeds.restore(chat_id, feed_id)

    def export(self, chat_id: int) -> str:
        """The chat's own feeds as OPML; empty where it has none."""
        own = self._store.chat_feeds.of(chat_id)
        feeds = [(each.feed.title, each.feed.url) for each in own]
        return opml.document(_("My feeds in Wirewatch"), feeds) if feeds else ""

    def health(self) -> FeedHealth:
        """How the feeds fare that anyone gets: what admins see."""
        now = self._store.now
        states = [(feed, health(feed, now)) for feed in self._store.trouble.all()]
        troubled = [(feed, state) for feed, state in states if state in _TROUBLED]
        troubled.sort(key=lambda found: found[1] is Health.SLOW)
        return FeedHealth(self._store.feeds.counts(), troubled, now)

    def is_full(self, chat_id: int) -> bool:
        """Whether the chat has as many feeds as it may."""
        return len(self._store.chat_feeds.of(chat_id)) >= MAX_OWN

    def _refuse_more(self, chat_id: int) -> None:
        if self.is_full(chat_id):
            message = _("You have {most} feeds of your own, the most there may be. Drop one with /delfeed.")
            raise QuotaExceeded(message.format(most=MAX_OWN))
