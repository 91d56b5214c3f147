"""What the use-cases of admission need from the world."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Invite:
    """An invitation: how often it may be used, how often it was, and until when. Its code is known to nobody here."""

    id: int
    uses: int
    used: int
    expires: datetime


class Invites(Protocol):
    """The invitations, and whom they have let in. `who` is Telegram's id of a person or a chat."""

    def add(self, by: int, uses: int, expires: datetime) -> tuple[Invite, str]:
        """A new one, with its code: random, fit for a link, and stored nowhere as it is."""

    def open(self) -> Sequence[Invite]:
        """Those that still let somebody in, newest first."""

    def withdraw(self, invite_id: int) -> bool:
        """It lets nobody in any more; False where it did not anyhow."""

    def use(self, code: str, who: int) -> bool:
        """Let somebody in by a code, and count it; False where it is none, or lets nobody in any more."""

    def admit(self, who: int, by: int) -> None:
        """Let a chat in, which somebody has added the bot to."""

    def admitted(self, who: int) -> bool:
        """Whether they were let in."""
