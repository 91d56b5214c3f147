"""What admins do about the program's messages: look at those that failed, and have them sent once more."""

from collections.abc import Collection
from dataclasses import dataclass

from watchlists.ports import Store
from watchlists.ports_roles import Failed
from watchlists.roles import Roles


@dataclass(frozen=True, slots=True)
class Retried:
    """So many messages are queued again, out of those that failed within a day; `left` is what still can be."""

    count: int
    left: Failed


class Operating:
    """The use-cases on one open transaction. `by` is who acts, and is checked each time: `Refused`."""

    def __init__(self, store: Store, owners: Collection[int]) -> None:
        self._store = store
        self._roles = Roles(store, owners)

    def failed(self, by: int) -> Failed:
        """What failed within a day, and why."""
        self._roles.require_admin(by)
        return self._store.failures.recent()

    def retry(self, by: int, chat_id: int | None = None) -> Retried:
        """Queue what failed within a day once more, of all chats or of one; never a second time."""
        self._roles.require_admin(by)
        count = self._store.failures.retry(chat_id)
        if count:
            subject = "all" if chat_id is None else str(chat_id)
            self._store.audit.record(by, "retry", subject, {"messages": count})
        return Retried(count, self._store.failures.recent())
