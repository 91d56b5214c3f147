"""The use-cases: what people can do, without Telegram and without SQL.

A `Service` lives as long as one transaction: it reads and writes through `ports.Store`, raises a
`WirewatchError` that may be shown to the person, and returns plain values for the reply.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from watchlists import query as query_language
from watchlists.errors import QuotaExceeded, UnknownNumber
from watchlists.feed_service import FeedService
from watchlists.hints import hints
from watchlists.i18n import _
from watchlists.index import Index
from watchlists.learning import Learning
from watchlists.managing import Managing
from watchlists.model import Question, Watch
from watchlists.personal import Imported, Personal
from watchlists.ports import Store
from watchlists.preferences import Preferences
from watchlists.status import Status
from watchlists.terms import Query
from watchlists.why import Why, why_link, why_message

MAX_WATCHES = 200
# A watch is loud when it hits more than this share of what the program has seen lately, and not by chance.
LOUD_SHARE = 0.05
LOUD_SAMPLE = 1000
LOUD_SAMPLE_MIN, LOUD_HITS_MIN = 10, 3


@dataclass(frozen=True, slots=True)
class Loudness:
    """How many of the last `seen` items a watch would have hit."""

    hits: int
    seen: int

    @property
    def is_loud(self) -> bool:
        """Whether its owner should be warned. Too few items say nothing, nor does a hit or two."""
        enough = self.seen >= LOUD_SAMPLE_MIN and self.hits >= LOUD_HITS_MIN
        return enough and self.hits > LOUD_SHARE * self.seen


@dataclass(frozen=True, slots=True)
class Watching:
    """What came of `/watch`: the watch, whether it had been there before, how loud it will be.

    `hints` are sentences about what may be meant otherwise than it is read.
    """

    watch: Watch
    existed: bool
    loudness: Loudness
    hints: tuple[str, ...] = ()


class Service:
    """The use-cases on one open transaction."""

    def __init__(self, store: Store, asked: Question | None = None) -> None:
        self._store = store
        self.asked = asked  # what this message may be the answer to

    def ask(self, chat_id: int, question: Question) -> None:
        """The chat's next message is the answer to this."""
        self._store.questions.ask(chat_id, question)

    def ask_again(self, chat_id: int) -> None:
        """This message was no answer that could be used: the next one may be."""
        if self.asked:
            self._store.questions.ask(chat_id, self.asked)

    def status(self) -> Status:
        """How the whole program fares."""
        return self._store.figures.all()

    @property
    def preferences(self) -> Preferences:
        """When and how alerts come."""
        return Preferences(self._store)

    @property
    def personal(self) -> Personal:
        """What the chat has with us as a whole."""
        return Personal(self._store)

    def import_file(self, chat_id: int, text: str) -> Imported:
        """Take over a file of watches and settings. Raises `ListError` or `QuotaExceeded`."""
        return self.personal.import_file(chat_id, text, MAX_WATCHES)

    @property
    def learning(self) -> Learning:
        """What readers say of alerts, and what follows from it."""
        return Learning(self._store)

    @property
    def managing(self) -> Managing:
        """What may be changed about one watch."""
        return Managing(self._store)

    def watch(self, chat_id: int, text: str) -> Watching:
        """Start to watch `text` for the chat. Raises `QueryError` or `QuotaExceeded`, and then stores nothing."""
        query = query_language.parse(text)
        existing = self._store.watches.find(chat_id, query.key)
        if existing:
            return Watching(existing, existed=True, loudness=Loudness(0, 0))
        self._refuse_too_many(chat_id)
        watch = self._store.watches.add(chat_id, query)
        return Watching(watch, existed=False, loudness=self._loudness(query), hints=hints(query))

    def watches(self, chat_id: int) -> Sequence[Watch]:
        """The chat's watches, by number."""
        return self._store.watches.active(chat_id)

    def unwatch(self, chat_id: int, number: int) -> Watch:
        """Stop the watch that `/watches` shows under `number`. Raises `UnknownNumber`."""
        watches = self._store.watches.active(chat_id)
        for watch in watches:
            if watch.number == number:
                self._store.watches.remove(watch)
                return watch
        if not watches:
            raise UnknownNumber(_("You have no watches, so there is nothing to stop. Start one with /watch."))
        numbers = ", ".join(str(watch.number) for watch in watches)
        message = _("You have no watch number {number}. Yours: {numbers}. See /watches.")
        raise UnknownNumber(message.format(number=number, numbers=numbers))

    def undo_watch(self, chat_id: int, watch_id: int) -> Watch | None:
        """Take back `/watch`: stop it again. None when the chat has no such watch."""
        watch = self._store.watches.get(chat_id, watch_id)
        if watch:
            self._store.watches.remove(watch)
        return watch

    def undo_unwatch(self, chat_id: int, watch_id: int) -> Watch | None:
        """Take back `/unwatch`. None when the chat has no such watch. Raises `QuotaExceeded`."""
        watch = self._store.watches.get(chat_id, watch_id)
        if watch is None:
            return None
        active = self._store.watches.find(chat_id, query_language.parse(watch.text).key)
        if active:  # pressed twice, or the same words were watched anew meanwhile
            return active
        self._refuse_too_many(chat_id)
        return self._store.watches.restore(watch)

    def why(self, chat_id: int, message_id: int | None, link: str = "") -> Why:
        """Why the chat got the alert in a message, or got or did not get one about a link."""
        return why_link(self._store, chat_id, link) if link else why_message(self._store, chat_id, message_id)

    @property
    def feeds(self) -> FeedService:
        """The use-cases about feeds."""
        return FeedService(self._store)

    def _refuse_too_many(self, chat_id: int) -> None:
        if len(self._store.watches.active(chat_id)) >= MAX_WATCHES:
            message = _("You have {most} watches, which is the most there may be. Stop one with /unwatch first.")
            raise QuotaExceeded(message.format(most=MAX_WATCHES))

    def _loudness(self, query: Query) -> Loudness:
        index = Index()
        index.add(0, query)
        items = self._store.items.recent(LOUD_SAMPLE)
        return Loudness(sum(bool(index.hits(item)) for item in items), len(items))
