"""The operator's messages to all chats: shown first, confirmed by typing how many get it, and stopped by a button."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from watchlists.errors import OutOfRange
from watchlists.i18n import _
from watchlists.ports import Store
from watchlists.ports_broadcasts import Broadcast
from watchlists.roles import Roles

MAX_TEXT = 3000  # characters, of the 4096 that a message may have


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a broadcast is: how many chats have it, have not got it (refused or gone), and still wait for it."""

    broadcast: Broadcast
    sent: int
    missed: int
    waiting: int


class Broadcasting:
    """The use-cases on one open transaction. `by` is who acts, and is checked each time: `Refused`."""

    def __init__(self, store: Store, owners: Collection[int]) -> None:
        self._store = store
        self._roles = Roles(store, owners)

    def draft(self, by: int, text: str) -> Broadcast:
        """Keep a text, which is not sent before it is confirmed. Raises `OutOfRange`."""
        self._roles.require_admin(by)
        if len(text) > MAX_TEXT:
            message = _("That is {length} characters; such a message has at most {most}. Please shorten it.")
            raise OutOfRange(message.format(length=len(text), most=MAX_TEXT))
        return self._store.broadcasts.draft(by, text, self._store.broadcasts.audience())

    def confirm(self, by: int, broadcast_id: int, typed: str) -> Broadcast | None:
        """Send it where `typed` is the number of its chats; None where it is not, or where there is nothing to send."""
        self._roles.require_admin(by)
        broadcast = self._store.broadcasts.get(broadcast_id)
        if broadcast is None or broadcast.by != by or typed.strip() != str(broadcast.chats):
            return None
        if not self._store.broadcasts.start(broadcast_id):
            return None
        detail = {"chats": broadcast.chats, "text": broadcast.text}
        self._store.audit.record(by, "broadcast", str(broadcast_id), detail)
        return broadcast

    def stop(self, by: int, broadcast_id: int) -> Progress | None:
        """Send no more of it; None where there is no such broadcast. What it has come to."""
        self._roles.require_admin(by)
        if self._store.broadcasts.stop(broadcast_id):
            self._store.audit.record(by, "stop_broadcast", str(broadcast_id), {})
        broadcast = self._store.broadcasts.get(broadcast_id)
        return progress(broadcast, self._store.broadcasts.progress(broadcast_id)) if broadcast else None

    def choose(self, chat_id: int, *, wanted: bool) -> None:
        """Whether the chat gets such messages."""
        self._store.broadcasts.set_wanted(chat_id, wanted=wanted)


def progress(broadcast: Broadcast, states: Mapping[str, int]) -> Progress:
    """How far it is, by the states of its messages in the outbox."""
    sent = states.get("sent", 0)
    missed = sum(states.get(state, 0) for state in ("failed", "dropped", "expired"))
    return Progress(broadcast, sent, missed, max(0, broadcast.chats - sent - missed))
