"""The queue of updates behind getUpdates: kept until a higher offset confirms them, 24 hours at most."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Json = dict[str, object]
RETENTION = 24 * 3600.0
_LEFT_OUT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})  # unless asked for by name


@dataclass(frozen=True, slots=True)
class _Waiting:
    update_id: int
    queued: float
    body: Json


class UpdateQueue:
    """Updates with growing ids. `on_new` is called after each one, to wake a waiting getUpdates."""

    def __init__(self, now: Callable[[], float], first_id: int = 700_000_001) -> None:
        self._now = now
        self._next_id = first_id
        self._waiting: list[_Waiting] = []
        self._allowed: frozenset[str] = frozenset()
        self.raw_ids: set[int] = set()
        self.on_new: list[Callable[[], None]] = []

    def __len__(self) -> int:
        self._forget_old()
        return len(self._waiting)

    @property
    def allowed(self) -> list[str]:
        """The kinds that were asked for; empty for the default."""
        return sorted(self._allowed)

    def allow(self, kinds: Iterable[str]) -> None:
        """From now on only these kinds are queued. It sticks; an empty list is the default set."""
        self._allowed = frozenset(kinds)

    def push(self, kind: str, body: Json) -> int | None:
        """Queues `{kind: body}` and returns its id, or None when the bot did not ask for this kind."""
        wanted = kind in self._allowed if self._allowed else kind not in _LEFT_OUT
        return self._append({kind: body}) if wanted else None

    def push_raw(self, body: Json) -> int:
        """Queues anything at all, for updates that a client cannot read. An `update_id` is added."""
        update_id = self._append(body)
        self.raw_ids.add(update_id)
        return update_id

    def _append(self, body: Json) -> int:
        update_id = self._next_id
        self._next_id += 1
        self._waiting.append(_Waiting(update_id, self._now(), {"update_id": update_id, **body}))
        for wake in list(self.on_new):
            wake()
        return update_id

    def confirm(self, offset: int) -> None:
        """Forgets everything below the offset; a negative one keeps that many of the newest."""
        if offset < 0:
            self._waiting = self._waiting[offset:]
        elif offset > 0:
            self._waiting = [update for update in self._waiting if update.update_id >= offset]

    def peek(self, limit: int) -> Sequence[Json]:
        """The oldest updates that are not confirmed yet. Asking does not confirm them."""
        self._forget_old()
        return [update.body for update in self._waiting[:limit]]

    def clear(self) -> None:
        """Drops what is waiting, as `drop_pending_updates` does."""
        self._waiting.clear()

    def _forget_old(self) -> None:
        oldest = self._now() - RETENTION
        if self._waiting and self._waiting[0].queued < oldest:
            self._waiting = [update for update in self._waiting if update.queued >= oldest]
