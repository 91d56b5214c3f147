"""The values that cross from one room to another, each frozen and named by its stage.

    Fetched → ParsedFeed → Item → Story → Match → Alert → outbox row

`Fetched` belongs to the shell (it holds bytes from the network); everything from `Item` on is here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

Field = Literal["title", "summary"]
Level = Literal["normal", "urgent", "silent"]
LEVELS: tuple[Level, ...] = ("normal", "urgent", "silent")
Vote = Literal["up", "down"]  # what a reader says of an alert
How = Literal["exact", "stem", "spelling", "alias", "phrase"]


@dataclass(frozen=True, slots=True)
class Details:
    """What an entry carries beside its text, where it does. Addresses are absolute and http(s).

    `updated` is aware, and None where it is the time of publication; `enclosure` is a sound, a film or a document,
    `enclosure_type` its media type as the feed says.
    """

    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    updated: datetime | None = None
    image: str = ""
    enclosure: str = ""
    enclosure_type: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a feed, normalised: plain text, no markup.

    `id` is stable for one entry of one feed (see `watchlists.identity`); `url` is the link as the feed gave it;
    `source` is the publisher's host as a reader knows it (`apnews.com`, `uk.reuters.com`: see `identity.site`), or
    empty; `published` is aware of its zone, or None; `lang` is a lower-case ISO 639 code, or None.
    """

    id: str
    title: str
    summary: str = ""
    url: str = ""
    source: str = ""
    published: datetime | None = None
    lang: str | None = None
    details: Details = Details()


class Evidence(NamedTuple):
    """One idea of a watch and the words of the item that met it. A tuple, because an item can have thousands.

    `term` is what the watch says, `found` the item's own words as printed at `[start:end]` of `field` (of
    `Item.title` or `Item.summary`), `weight` the share of the watch's total that this idea carries (0–1), and
    `quality` how well the words met it (1 for the same word).
    """

    term: str
    found: str
    how: How
    field: Field
    start: int
    end: int
    weight: float
    quality: float


class Match(NamedTuple):
    """A watch hit an item: `score` 0–100 against `threshold`, and the evidence for it. A tuple like `Evidence`."""

    score: int
    threshold: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """A URL that is polled, and how it has fared (`watchlists.health` says it in a word). Times are aware.

    `failures` counts polls failed in a row, `failing_since` is the time of the first of them. `took` are the seconds
    of the last good fetch. `last_change` is when a poll last brought something new, `longest_pause` the longest time
    between two such polls. `gone` feeds are `stopped` because their server says that they will not return.

    `common`: one of the operator's, which every chat gets; else only the chats that have added it.
    """

    id: int
    url: str
    title: str
    next_poll: datetime
    last_success: datetime | None = None
    failures: int = 0
    error: str = ""
    stopped: bool = False
    gone: bool = False
    failing_since: datetime | None = None
    took: float = 0.0
    added: datetime | None = None
    last_change: datetime | None = None
    longest_pause: timedelta = timedelta()
    common: bool = True


@dataclass(frozen=True, slots=True)
class OwnFeed:
    """A feed that a chat has added; `number` is what `/feeds` shows."""

    number: int
    feed: Feed


@dataclass(frozen=True, slots=True)
class Candidate:
    """A feed that a lookup found to choose from, or that a line of a file names, with what came of it."""

    id: int
    url: str
    title: str
    line: int = 0
    result: str = ""


@dataclass(frozen=True, slots=True)
class Lookup:
    """An address as typed, or a file's id (`kind`), that a chat wants to be looked at.

    `detailed`: an admin asked, who is told why there is no feed, and whose file may be a list. `reply` is the key of
    the message that the result takes the place of.
    """

    id: int
    chat_id: int
    kind: Literal["address", "opml", "watches"]
    asked: str
    detailed: bool
    reply: str = ""
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Watch:
    """One query of one chat, or of a list. `number` is what `/watches` shows; `id` is its key in the database.

    A watch of a list has its `list_id` and `slug`, and 0 as `chat_id`; its number is its place there, and `level` and
    `digest` are those of the follower whom it is about, if it is about one.

    `sources`: how many independent publishers have to tell a story before it alerts. `digest`: when its alerts come
    as `hours.read_digest` reads it; `off` for at once, empty for what the chat has set.
    """

    id: int
    chat_id: int
    number: int
    text: str
    sources: int = 1
    level: Level = "normal"
    digest: str = ""
    list_id: int = 0
    slug: str = ""

    def credited(self, name: str) -> str:
        """The name of the watch with that of its list, if it is of one."""
        return f"{name} ({self.slug})" if self.slug else name


@dataclass(frozen=True, slots=True)
class Question:
    """What a chat has been asked: words, or the number of a watch or feed that a command needs.

    `subject` is the id of the watch that shall have new words, or of the broadcast that a number confirms.
    """

    kind: Literal["watch", "preview", "reword", "unwatch", "urgent", "silent", "delfeed", "announcement", "broadcast"]
    subject: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A watch that hit an item, and how."""

    watch: Watch
    match: Match


@dataclass(frozen=True, slots=True)
class Look:
    """What a chat's alerts look like: Telegram's kind of the chat, and its own words above and below each (text)."""

    kind: str = "private"
    header: str = ""
    footer: str = ""


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Alert:
    """One message to one chat about one story: the item that told it and every watch of the chat that hit.

    `also` are the later items of the story, oldest first, of which `more` further ones are only counted; `zone` is
    the time zone that the chat reads times in, `language` that in which it is spoken to.
    """

    chat_id: int
    story_id: int
    item: Item
    hits: tuple[Hit, ...]
    first_seen: datetime
    also: tuple[Item, ...] = ()
    more: int = 0
    zone: str = "UTC"
    language: str = "en"
    look: Look = PLAIN


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much there is of a chat."""

    watches: int
    feeds: int
    lists: int
    alerts: int
    messages: int


@dataclass(frozen=True, slots=True)
class Report:
    """One item of a story: when it was seen, and what joined it to the story (empty for the first)."""

    item: Item
    seen: datetime
    joined: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """An item that a watch alerted about, and what its reader said of the alert."""

    item: Item
    vote: Vote | None


@dataclass(frozen=True, slots=True)
class Located:
    """A stored item that was asked for by its link, and its story."""

    item_id: int
    story_id: int
    report: Report


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an alert: `waiting` for its message to be sent, `lost` for a reason, or `told`.

    `kept` for a summary (see `delivery.Wait`), or `shown` in a list that the chat asked for, it has no message.
    """

    state: Literal["kept", "waiting", "told", "shown", "lost"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A query in a dialogue. `words` were offered for exclusion; `before` are its texts before its changes.

    `watch_id` is None until it is saved; `shown`: the stories of the last day have been.
    """

    id: int
    chat_id: int
    text: str
    watch_id: int | None = None
    revision: int = 0
    words: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    state: Literal["open", "dropped"] = "open"
    shown: bool = False
