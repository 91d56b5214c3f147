"""The job that looks at the addresses and files that people send, and answers them.

    handler: "Looking at …" + row of `lookups` ─► this job: network ─► result in place of that message + row done

Handlers may not use the network, and an answer must come at once; so what takes time is a row that outlives the
process. Whatever kills it in between, the look is made again: nothing is stored but the result.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Collection
from functools import partial

from telegram import Bot
from telegram.error import TelegramError

from bot.discover import Finder
from bot.fetch import FetchError
from bot.hosts import host_of
from bot.metrics import Metrics
from bot.parse import ParseError
from bot.store import Storage, Store
from bot.store.outbox import Outgoing
from handlers import replies, replies_channels, replies_editing, replies_feeds, replies_personal
from handlers.context import Reply
from handlers.feeds import MAX_FILE
from watchlists import opml
from watchlists.errors import ListError, QuotaExceeded, WirewatchError
from watchlists.following import nobody
from watchlists.i18n import N_, _, speaking
from watchlists.list_files import is_watchlist
from watchlists.model import Candidate, Lookup
from watchlists.sample import FeedSample
from watchlists.service import Service

log = logging.getLogger(__name__)

AT_ONCE = {"address": 8, "opml": 2, "watches": 2}  # a file takes minutes: addresses do not wait for files
HOSTS_AT_ONCE = 4  # of one file
MAX_ATTEMPTS = 3
MAX_LINES = 500
_NOT_FETCHED = N_("Telegram did not give me that file. Please send it again.")
_NO_FEEDS = N_("There are no feeds in that file.")
_TOO_MANY = N_("That file names more than {most} feeds, the most that I look at. Please send a part of it.")


class Lookups:
    """Keeps the lookups moving. `tick` it about once a second; `drain` it before the end."""

    def __init__(
        self,
        storage: Storage,
        finder: Finder,
        bot: Bot,
        enqueued: Callable[[], None],
        metrics: Metrics | None = None,
        owners: Collection[int] = (),
    ) -> None:
        self._storage = storage
        self._owners = owners
        self._finder = finder
        self._bot = bot
        self._enqueued = enqueued
        self._metrics = metrics or Metrics()
        self._running: dict[str, dict[int, asyncio.Task[None]]] = {kind: {} for kind in AT_ONCE}

    async def tick(self) -> None:
        """Begin to look at what waits, as much as there are places."""

        def look(store: Store) -> list[Lookup]:
            return [lookup for kind, places in AT_ONCE.items() for lookup in store.lookups.waiting(kind, 2 * places)]

        for lookup in await self._storage.run(look):
            running = self._running[lookup.kind]
            if lookup.id not in running and len(running) < AT_ONCE[lookup.kind]:
                running[lookup.id] = asyncio.create_task(self._look_and_go_on(lookup))

    async def drain(self) -> None:
        """Stop; what was begun is begun again at the next start."""
        tasks = [task for running in self._running.values() for task in running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look_and_go_on(self, lookup: Lookup) -> None:
        try:
            with speaking(await self._storage.run(lambda store: _language(store, lookup))):
                await self._look_and_answer(lookup)
        finally:
            del self._running[lookup.kind][lookup.id]

    async def _look_and_answer(self, lookup: Lookup) -> None:
        try:
            await self.look(lookup)
        except Exception:
            # The boundary of a job: one lookup that breaks our code must not stop the others.
            self._metrics.own_error("lookup")
            log.exception("lookup %d ended in an error of ours", lookup.id)
            await self._answer(lookup, lambda _service: Reply(_(replies.OWN_FAULT)), "failed")

    async def look(self, lookup: Lookup) -> None:
        """Look at one address or file, and store the answer."""
        if lookup.attempts >= MAX_ATTEMPTS:
            log.error("lookup %d stopped the program %d times and is given up", lookup.id, lookup.attempts)
            await self._answer(lookup, lambda _service: Reply(_(replies.OWN_FAULT)), "failed")
            return
        await self._storage.run(lambda store: store.lookups.begin(lookup.id))
        look = {"address": self._address, "opml": self._file, "watches": self._watches}[lookup.kind]
        await look(lookup)

    async def _address(self, lookup: Lookup) -> None:
        finding = await self._finder.find(lookup.asked)
        if finding.reason:
            log.info("lookup %d (%r): %s", lookup.id, lookup.asked, finding.reason)

        def render(service: Service) -> Reply:
            if not finding.feeds:
                return replies_feeds.nothing(lookup.asked, finding.reason if lookup.detailed else "")
            if len(finding.feeds) == 1:
                added = service.feeds.add(lookup.chat_id, finding.feeds[0])
                return replies_feeds.added(added, shareable=lookup.detailed)
            return replies_feeds.choices(lookup.asked, service.feeds.offer(lookup, finding.feeds))

        await self._answer(lookup, render)

    async def _watches(self, lookup: Lookup) -> None:
        try:
            text = await self._fetched(lookup.asked)
        except ListError as error:
            trouble = replies_feeds.file_trouble(error)
            await self._answer(lookup, lambda _service: trouble)
            return
        await self._answer(lookup, lambda service: _imported(service, lookup, text))

    async def _file(self, lookup: Lookup) -> None:
        try:
            lines = await self._lines(lookup)
        except ListError as error:
            trouble = replies_feeds.file_trouble(error)
            await self._answer(lookup, lambda _service: trouble)
            return
        by_host: dict[str, list[Candidate]] = defaultdict(list)
        for line in lines:
            if not line.result:
                by_host[host_of(line.url)].append(line)
        places = asyncio.Semaphore(HOSTS_AT_ONCE)

        async def one_host(of_host: list[Candidate]) -> None:
            async with places:
                for line in of_host:
                    await self._line(lookup, line)

        await asyncio.gather(*map(one_host, by_host.values()))
        noted = await self._storage.run(lambda store: store.lookups.noted(lookup.id))
        await self._answer(lookup, lambda _service: replies_feeds.file_results(noted))

    async def _lines(self, lookup: Lookup) -> list[Candidate]:
        """The lines of the file: as kept by an attempt before, or fetched now."""
        kept = await self._storage.run(lambda store: store.lookups.noted(lookup.id))
        if kept:
            return list(kept)
        found = {
            outline.url: (outline.line, outline.url, outline.title)
            for outline in reversed(opml.outlines(await self._fetched(lookup.asked), _("That file")))
        }
        if not found:
            raise ListError(_(_NO_FEEDS))
        if len(found) > MAX_LINES:
            raise ListError(_(_TOO_MANY).format(most=MAX_LINES))
        await self._storage.run(lambda store: store.lookups.note(lookup.id, sorted(found.values())))
        return list(await self._storage.run(lambda store: store.lookups.noted(lookup.id)))

    async def _fetched(self, file_id: str) -> str:
        """The text of a file that was sent; raise `ListError`."""
        try:
            file = await self._bot.get_file(file_id)
            if (file.file_size or 0) > MAX_FILE:
                raise ListError(_(replies_feeds.FILE_TOO_LARGE))
            body = bytes(await file.download_as_bytearray())
        except (TelegramError, OSError) as error:  # a Bot API server of one's own may name a file of its disk
            log.warning("a file could not be fetched: %s", error)
            raise ListError(_(_NOT_FETCHED)) from None
        if len(body) > MAX_FILE:
            raise ListError(_(replies_feeds.FILE_TOO_LARGE))
        return opml.decoded(body)

    async def _line(self, lookup: Lookup, line: Candidate) -> None:
        """Look at one line of a file and keep what came of it."""
        full = await self._storage.run(lambda store: Service(store).feeds.is_full(lookup.chat_id))
        try:
            found = None if full else await self._finder.check(line.url)
        except (FetchError, ParseError) as error:
            log.info("lookup %d, line %d (%r): %s", lookup.id, line.line, line.url, error)
            found = None

        def settle(store: Store) -> None:
            if store.lookups.has(line.id):
                store.lookups.settle(line.id, _taken(store, lookup, found, full=full))

        await self._storage.run(settle)

    async def _answer(self, lookup: Lookup, render: Callable[[Service], Reply], state: str = "done") -> None:
        await self._storage.run(lambda store: answer(store, lookup, render, state, self._owners))
        self._enqueued()


def _language(store: Store, lookup: Lookup) -> str:
    """That of the chat in which it was asked: a channel is spoken of in private."""
    here = store.replies.place(lookup.reply) or lookup.chat_id
    return store.chats.languages([here])[here]


def _imported(service: Service, lookup: Lookup, text: str) -> Reply:
    """A file of watches is the chat's own; that of a list, from somebody who may edit lists, is the list."""
    may_edit = partial(service.roles.may_edit, lookup.chat_id) if lookup.chat_id > 0 else nobody  # a chat is its person
    if lookup.detailed and lookup.chat_id > 0 and is_watchlist(text):
        return replies_editing.edited(service.editing(lookup.chat_id, may_edit).take(text, _("That file")))
    return replies_personal.imported(service.import_file(lookup.chat_id, text, may_edit))


def _taken(store: Store, lookup: Lookup, found: FeedSample | None, *, full: bool) -> str:
    if found is None:
        return "full" if full else "none"
    try:
        return "known" if Service(store).feeds.add(lookup.chat_id, found).existed else "added"
    except QuotaExceeded:
        return "full"


def answer(
    store: Store,
    lookup: Lookup,
    render: Callable[[Service], Reply],
    state: str = "done",
    owners: Collection[int] = (),
) -> None:
    """The use-case, its reply in place of the message that said "looking", and the lookup's end: all or nothing.

    Nothing where all about its chat was deleted meanwhile.
    """
    if not store.lookups.finish(lookup.id, state):
        return
    try:
        reply = render(Service(store, owners=owners))
    except WirewatchError as error:
        reply = replies.mistake(error, "")
    channel = store.links.channel(lookup.chat_id)
    if channel is not None:
        reply = replies_channels.marked(reply, channel.name)
    if store.replies.rewrite(lookup.reply, reply.text, reply.buttons):
        return
    edits = store.replies.shown_in(lookup.reply)
    here = store.replies.place(lookup.reply) or lookup.chat_id
    store.outbox.add(
        Outgoing(
            dedup_key=f"lookup:{lookup.id}",
            chat_id=here,
            kind="reply" if edits is None else "edit",
            text=reply.text,
            buttons=reply.buttons,
            edits=edits,
            about=lookup.chat_id if here != lookup.chat_id else None,
        )
    )
