"""The use-cases: what people can do, without Telegram and without SQL.

A `Service` lives as long as one transaction: it reads and writes through `ports.Store`, raises a
`WirewatchError` that may be shown to the person, and returns plain values for the reply.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from watchlists import query as query_language
from watchlists.access import Access
from watchlists.broadcasting import Broadcasting
from watchlists.destinations import Destinations
from watchlists.drafts import Dialogue, Drafts
from watchlists.editing import Editing
from watchlists.errors import QuotaExceeded, UnknownNumber
from watchlists.feed_service import FeedService
from watchlists.following import Following, MayEdit, nobody
from watchlists.hints import hints
from watchlists.i18n import _
from watchlists.learning import Learning
from watchlists.managing import Managing
from watchlists.model import Alert, Draft, Question, Watch
from watchlists.operating import Operating
from watchlists.personal import Imported, Personal
from watchlists.ports import Store
from watchlists.preferences import Preferences
from watchlists.roles import Roles
from watchlists.status import Status
from watchlists.why import Page, Why, reports_page, why_alert, why_link, why_message

MAX_WATCHES = 200
RECENT = 8  # alerts on a page


@dataclass(frozen=True, slots=True)
class Watching:
    """What came of `/watch`: the watch, and the dialogue about it; none where it had been there before.

    `hints` are sentences about what may be meant otherwise than it is read.
    """

    watch: Watch
    dialogue: Dialogue | None = None
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recent:
    """Alerts, each with its id, the newest first, and whether there are older ones."""

    alerts: Sequence[tuple[int, Alert]]
    older: bool
    now: datetime


class Service:
    """The use-cases on one open transaction. `owners` are the ids of those to whom the bot belongs."""

    def __init__(
        self, store: Store, asked: Question | None = None, here: int | None = None, owners: Collection[int] = ()
    ) -> None:
        self._store = store
        self._here = here  # the chat that is written in, where it is another than the one that is spoken of
        self._owners = owners
        self.asked = asked  # what this message may be the answer to
        self.asks = False  # whether the next one may be an answer

    def ask(self, chat_id: int, question: Question) -> None:
        """The next message is the answer to this."""
        self._store.questions.ask(self._here or chat_id, question)
        self.asks = True

    def ask_again(self, chat_id: int) -> None:
        """This message was no answer that could be used: the next one may be."""
        if self.asked:
            self.ask(chat_id, self.asked)

    def status(self) -> Status:
        """How the whole program fares."""
        return self._store.figures.all()

    @property
    def drafts(self) -> Drafts:
        """The dialogues about queries."""
        return Drafts(self._store)

    @property
    def preferences(self) -> Preferences:
        """When and how alerts come."""
        return Preferences(self._store)

    @property
    def personal(self) -> Personal:
        """What the chat has with us as a whole."""
        return Personal(self._store)

    def import_file(self, chat_id: int, text: str, may_edit: MayEdit = nobody) -> Imported:
        """Take over a file of watches and settings. Raises `ListError` or `QuotaExceeded`."""
        return self.personal.import_file(chat_id, text, MAX_WATCHES, may_edit)

    def following(self, may_edit: MayEdit = nobody) -> Following:
        """The lists that a chat may follow, private ones among those that this person may edit."""
        return Following(self._store, may_edit)

    def editing(self, user_id: int, may_edit: MayEdit) -> Editing:
        """The lists as their editors change them."""
        return Editing(self._store, user_id, may_edit)

    @property
    def destinations(self) -> Destinations:
        """Setting up channels."""
        return Destinations(self._store)

    @property
    def learning(self) -> Learning:
        """What readers say of alerts, and what follows from it."""
        return Learning(self._store)

    @property
    def roles(self) -> Roles:
        """Who may do what, and who is banned."""
        return Roles(self._store, self._owners)

    @property
    def access(self) -> Access:
        """Invitations, and who comes by them."""
        return Access(self._store, self._owners)

    @property
    def broadcasting(self) -> Broadcasting:
        """What the operator tells all chats."""
        return Broadcasting(self._store, self._owners)

    @property
    def operating(self) -> Operating:
        """What admins do about messages that failed."""
        return Operating(self._store, self._owners)

    @property
    def managing(self) -> Managing:
        """What may be changed about one watch."""
        return Managing(self._store)

    def watch(self, chat_id: int, text: str) -> Watching:
        """Start to watch `text` for the chat. Raises `QueryError` or `QuotaExceeded`, and then stores nothing."""
        query = query_language.parse(text)
        existing = self._store.watches.find(chat_id, query.key)
        if existing:
            return Watching(existing)
        self._refuse_too_many(chat_id)
        watch = self._store.watches.add(chat_id, query)
        return Watching(watch, self.drafts.start(chat_id, text, watch), hints(query))

    def preview(self, chat_id: int, text: str) -> Watching | Dialogue:
        """What `text` would have told the chat; the watch where the chat has it. Raises `QueryError`."""
        existing = self._store.watches.find(chat_id, query_language.parse(text).key)
        return Watching(existing) if existing else self.drafts.start(chat_id, text)

    def save(self, draft: Draft) -> Dialogue:
        """Watch what the draft says. Raises `QuotaExceeded`."""
        query = query_language.parse(draft.text)
        watch = self._store.watches.find(draft.chat_id, query.key)
        if watch is None:
            self._refuse_too_many(draft.chat_id)
            watch = self._store.watches.add(draft.chat_id, query)
        return self.drafts.saved(draft, watch)

    def recent(self, chat_id: int, before: int | None = None) -> Recent:
        """A page of the alerts that the chat has been told."""
        found = self._store.kept.latest(chat_id, before, RECENT + 1)
        return Recent(found[:RECENT], len(found) > RECENT, self._store.now)

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

    def why_alert(self, chat_id: int, alert_id: int) -> Why | None:
        """Why the chat got an alert; None for anybody else's."""
        return why_alert(self._store, chat_id, alert_id)

    def reports(self, chat_id: int, alert_id: int, skip: int) -> Page | None:
        """Some of the reports of an alert's story; None for anybody else's."""
        return reports_page(self._store, chat_id, alert_id, skip)

    @property
    def feeds(self) -> FeedService:
        """The use-cases about feeds."""
        return FeedService(self._store)

    def _refuse_too_many(self, chat_id: int) -> None:
        if len(self._store.watches.active(chat_id)) >= MAX_WATCHES:
            message = _("You have {most} watches, which is the most there may be. Stop one with /unwatch first.")
            raise QuotaExceeded(message.format(most=MAX_WATCHES))
