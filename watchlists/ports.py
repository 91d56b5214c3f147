"""What the use-cases need from the world, as small protocols. `bot.store` provides them on SQLite."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from watchlists.delivery import Habits, Snooze, SnoozeKind, Wait
from watchlists.model import Alert, Holdings, Judged, Level, Located, Question, Report, Vote, Watch
from watchlists.past import Found
from watchlists.ports_feeds import ChatFeeds, Feeds, Lookups, Troubles
from watchlists.ports_lists import Follows, Lists
from watchlists.ports_past import Archive, Drafts, Fates
from watchlists.ports_places import Links
from watchlists.ports_roles import AdminStore
from watchlists.status import Status
from watchlists.terms import Query


class Watches(Protocol):
    """The watches of all chats."""

    def active(self, chat_id: int) -> Sequence[Watch]:
        """The chat's watches, by number."""

    def find(self, chat_id: int, key: str) -> Watch | None:
        """The chat's active watch that means the same, if there is one."""

    def get(self, chat_id: int, watch_id: int) -> Watch | None:
        """A watch that the chat has or has had."""

    def add(self, chat_id: int, query: Query) -> Watch:
        """Store a new watch under the next free number."""

    def remove(self, watch: Watch) -> None:
        """The watch alerts no more; it can be restored."""

    def restore(self, watch: Watch) -> Watch:
        """A removed watch alerts again, under its old number where that is free."""

    def set_delivery(self, watch: Watch, level: Level, digest: str) -> Watch:
        """How the watch's alerts come from now on."""

    def reword(self, watch: Watch, query: Query) -> Watch:
        """The same watch with another query; its old text is kept for `before`."""

    def before(self, watch: Watch) -> str:
        """The watch's text before its last change; empty when it was never changed."""

    def proposed(self, watch: Watch) -> tuple[str, ...]:
        """The words that were offered for exclusion when the watch fired too often."""


class Chats(Protocol):
    """The destinations."""

    def habits(self, chat_ids: Iterable[int]) -> dict[int, Habits]:
        """What those chats have set that can be reached."""

    def set_habits(self, chat_id: int, habits: Habits) -> None:
        """Keep what the chat has set, all but its language."""

    def language(self, chat_id: int) -> str:
        """The language that the chat has chosen; empty where it has chosen none."""

    def set_language(self, chat_id: int, language: str) -> None:
        """Keep what the chat has chosen; empty for the language of its person's client."""


class Snoozes(Protocol):
    """What chats want to hear nothing of for a while."""

    def active(self, chat_id: int) -> Sequence[Snooze]:
        """The chat's snoozes that hold now, the first to end first."""

    def add(self, chat_id: int, snooze: Snooze) -> None:
        """From now on; a later snooze of the same replaces it."""

    def remove(self, chat_id: int, kind: SnoozeKind, what: str) -> None:
        """It is over."""

    def clear(self, chat_id: int) -> None:
        """All of the chat's snoozes are over."""


class Kept(Protocol):
    """Alerts without a message of their own."""

    def waiting(self, chat_id: int) -> int:
        """How many of the chat's alerts are kept for a summary."""

    def look_again(self, chat_id: int) -> None:
        """Settings have changed: what may come now does, what may not gets its new time."""

    def latest(self, chat_id: int, before: int | None, limit: int) -> Sequence[tuple[int, Alert]]:
        """The chat's alerts of 30 days that do not wait, each with its id, newest first; those before an id."""

    def members(self, head: int) -> Sequence[Alert]:
        """What the message of an alert lists; empty where it tells of that alert alone."""


class Items(Protocol):
    """The items seen so far."""

    def by_link(self, chat_id: int, link: str) -> Located | None:
        """The first item with this canonical link that the chat's feeds brought."""

    def reports(
        self, chat_id: int, story_id: int, limit: int, alert_id: int | None = None, skip: int = 0
    ) -> Sequence[Report]:
        """The items of a story that the chat's feeds brought, and those listed under an alert, oldest first."""

    def count_reports(self, chat_id: int, story_id: int, alert_id: int | None = None) -> int:
        """How many there are of them."""

    def sources(self, story_id: int) -> set[str]:
        """The hosts that tell the story."""


class Alerts(Protocol):
    """What was alerted to whom, and why."""

    def by_message(self, chat_id: int, message_id: int) -> int | None:
        """The alert that a message of the chat shows."""

    def by_story(self, chat_id: int, story_id: int) -> int | None:
        """The chat's latest alert about a story."""

    def mine(self, chat_id: int, alert_id: int) -> Alert | None:
        """An alert of this chat: never another chat's."""

    def of_watches(self, chat_id: int, since: datetime) -> dict[int, int]:
        """How many alerts of the chat each of its watches has hit since then, by the watch's id."""

    def show(self, watch: Watch, found: Found) -> None:
        """The chat has been shown a story in a list that it asked for: it counts as told when the item was seen.

        Nothing changes where the chat has an alert about the story.
        """

    def explained(self, alert_id: int) -> tuple[Alert, datetime | None, Wait | None]:
        """The alert with the evidence of all its hits, when it was sent, and what it waited for."""


class Questions(Protocol):
    """What chats have been asked."""

    def ask(self, chat_id: int, question: Question) -> None:
        """The next message of the chat is the answer."""


class Forgetting(Protocol):
    """The deletion of chats."""

    def holdings(self, chat_id: int) -> Holdings:
        """How much there is of the chat."""

    def forget(self, chat_id: int) -> None:
        """Delete what there is of the chat; its own row goes when its last message has ended."""


class Figures(Protocol):
    """What there is, counted."""

    def all(self) -> Status:
        """How the program fares now."""


class Votes(Protocol):
    """What readers say of alerts."""

    def cast(self, chat_id: int, alert_id: int, user_id: int, vote: Vote) -> bool:
        """Keep a vote; False where it said the same before."""

    def of_alert(self, alert_id: int) -> Vote | None:
        """What was said last of an alert."""

    def wrong_since_asked(self, watch: Watch) -> int:
        """How many alerts of the watch were called wrong since something was proposed last."""

    def judged(self, watch: Watch, since: datetime) -> Sequence[Judged]:
        """What the watch alerted about since then, newest first."""

    def ask(self, watch: Watch, text: str) -> None:
        """This text has been proposed for the watch."""

    def proposed(self, watch: Watch) -> str:
        """The text that was proposed last; empty for none."""


class Store(AdminStore, Protocol):
    """All of it, inside one transaction."""

    @property
    def watches(self) -> Watches:
        """The watches."""

    @property
    def lists(self) -> Lists:
        """The watchlists."""

    @property
    def follows(self) -> Follows:
        """Which chat follows which list."""

    @property
    def chats(self) -> Chats:
        """The chats."""

    @property
    def snoozes(self) -> Snoozes:
        """The snoozes."""

    @property
    def kept(self) -> Kept:
        """The alerts that wait, or are listed with others."""

    @property
    def items(self) -> Items:
        """The items."""

    @property
    def fates(self) -> Fates:
        """What became of items and alerts."""

    @property
    def archive(self) -> Archive:
        """The items, by their words."""

    @property
    def drafts(self) -> Drafts:
        """The dialogues about queries."""

    @property
    def alerts(self) -> Alerts:
        """The alerts."""

    @property
    def feeds(self) -> Feeds:
        """The feeds."""

    @property
    def trouble(self) -> Troubles:
        """The feeds that do not answer."""

    @property
    def chat_feeds(self) -> ChatFeeds:
        """The feeds of each chat."""

    @property
    def lookups(self) -> Lookups:
        """The lookups."""

    @property
    def questions(self) -> Questions:
        """What chats have been asked."""

    @property
    def forgetting(self) -> Forgetting:
        """The deletion of chats."""

    @property
    def figures(self) -> Figures:
        """The figures of all that there is."""

    @property
    def votes(self) -> Votes:
        """What readers say of alerts."""

    @property
    def links(self) -> Links:
        """Who looks after which channel."""

    @property
    def now(self) -> datetime:
        """The time of this transaction."""
