"""What the use-cases of admins need from the world, as small protocols."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from watchlists.ports_access import Invites
from watchlists.ports_broadcasts import Broadcasts

# In place of a list's id: whether somebody may make one, or edit each that there is.
NEW_LIST, EVERY_LIST = 0, -1


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that somebody was given: an editor's is for one list, an admin's for none (None)."""

    user_id: int
    list_id: int | None


@dataclass(frozen=True, slots=True)
class Ban:
    """A person or chat that is not served."""

    id: int
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Failed:
    """Messages that failed within a day: how many for which reason, how many in all, how many could go again by chat.

    `reasons` are the most frequent ones, most first; chats go by Telegram's ids.
    """

    reasons: Mapping[str, int]
    total: int
    chats: Mapping[int, int]


class Roles(Protocol):
    """The roles that were given; owners are not among them."""

    def all(self) -> Sequence[Grant]:
        """Every grant, admins first."""

    def of(self, user_id: int) -> Sequence[Grant]:
        """The grants of one person, admin first."""

    def add(self, grant: Grant, by: int) -> bool:
        """Give it; False where the person had it."""

    def remove(self, grant: Grant) -> bool:
        """Take it back; False where the person had it not."""


class Bans(Protocol):
    """Who is not served. `who` is Telegram's id of a person or a chat."""

    def all(self) -> Sequence[Ban]:
        """The bans that hold, newest first."""

    def get(self, who: int) -> Ban | None:
        """The ban that holds."""

    def add(self, who: int, by: int, reason: str) -> Ban:
        """From now on; what waits for the chat is dropped."""

    def lift(self, who: int) -> bool:
        """It holds no longer; False where there was none."""

    def renew(self, who: int) -> Ban | None:
        """A lifted ban holds again; None where there never was one."""


class Failures(Protocol):
    """The messages that Telegram refused."""

    def recent(self) -> Failed:
        """What failed within a day."""

    def retry(self, chat_id: int | None) -> int:
        """Send what can be sent again once more, for one chat or for all; how many messages."""


class Audit(Protocol):
    """The record of administrative acts."""

    def record(self, user_id: int, act: str, subject: str, detail: Mapping[str, Any], why: str = "") -> None:
        """`user_id` did `act` (a short verb) to `subject`; `detail` holds before and after as JSON values."""


class AdminStore(Protocol):
    """What the use-cases of admins have beside the rest of the store."""

    @property
    def roles(self) -> Roles:
        """The roles that were given."""

    @property
    def bans(self) -> Bans:
        """Who is not served."""

    @property
    def invites(self) -> Invites:
        """The invitations, and whom they have let in."""

    @property
    def broadcasts(self) -> Broadcasts:
        """The operator's messages to all chats."""

    @property
    def failures(self) -> Failures:
        """The messages that Telegram refused."""

    @property
    def audit(self) -> Audit:
        """The record of what admins do."""
