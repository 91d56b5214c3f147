"""Roles, bans, invitations, broadcasts and the record of what admins do, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from tests.fakes_lists import MemoryLists
from watchlists.lists import Watchlist, texts
from watchlists.ports_access import Invite
from watchlists.ports_broadcasts import Broadcast, State
from watchlists.ports_roles import Ban, Failed, Grant


@dataclass
class MemoryRoles:
    """Who was given what, by whom."""

    rows: dict[Grant, int] = field(default_factory=dict)

    def all(self) -> Sequence[Grant]:
        return sorted(self.rows, key=lambda grant: (grant.list_id is not None, grant.user_id))

    def of(self, user_id: int) -> Sequence[Grant]:
        return [grant for grant in self.all() if grant.user_id == user_id]

    def add(self, grant: Grant, by: int) -> bool:
        is_new = grant not in self.rows
        self.rows.setdefault(grant, by)
        return is_new

    def remove(self, grant: Grant) -> bool:
        return self.rows.pop(grant, None) is not None


@dataclass
class MemoryBans:
    """Who is not served, and who was not."""

    rows: dict[int, Ban] = field(default_factory=dict)
    lifted: set[int] = field(default_factory=set)

    def all(self) -> Sequence[Ban]:
        return [ban for ban in self.rows.values() if ban.id not in self.lifted]

    def get(self, who: int) -> Ban | None:
        return None if who in self.lifted else self.rows.get(who)

    def add(self, who: int, by: int, reason: str) -> Ban:
        self.rows[who] = Ban(who, reason, datetime(2026, 3, 2, tzinfo=UTC))
        self.lifted.discard(who)
        return self.rows[who]

    def lift(self, who: int) -> bool:
        held = self.get(who) is not None
        self.lifted.add(who)
        return held

    def renew(self, who: int) -> Ban | None:
        self.lifted.discard(who)
        return self.rows.get(who)


@dataclass
class MemoryAudit:
    """What was recorded: who, act, subject, detail, why."""

    rows: list[tuple[int, str, str, Mapping[str, Any], str]] = field(default_factory=list)

    def record(self, user_id: int, act: str, subject: str, detail: Mapping[str, Any], why: str = "") -> None:
        self.rows.append((user_id, act, subject, detail, why))


def two_lists() -> MemoryLists:
    """Lists for editors: `markets` and `disasters`."""
    made = MemoryLists()
    for slug in ("markets", "disasters"):
        made.add(Watchlist(slug, texts({"en": slug})), 0, "new")
    return made


@dataclass
class MemoryInvites:
    """Invitations whose codes are `code 1`, `code 2`, and whom they let in."""

    rows: dict[int, Invite] = field(default_factory=dict)
    people: list[int] = field(default_factory=list)

    def add(self, by: int, uses: int, expires: datetime) -> tuple[Invite, str]:
        made = Invite(len(self.rows) + 1, uses, 0, expires)
        self.rows[made.id] = made
        return made, f"code {made.id}"

    def open(self) -> Sequence[Invite]:
        return [each for each in reversed(self.rows.values()) if each.used < each.uses]

    def withdraw(self, invite_id: int) -> bool:
        found = self.rows.get(invite_id)
        if found:
            self.rows[invite_id] = replace(found, used=found.uses)
        return found is not None and found.used < found.uses

    def use(self, code: str, who: int) -> bool:
        found = next((each for each in self.open() if code == f"code {each.id}"), None)
        if found:
            self.rows[found.id] = replace(found, used=found.used + 1)
            self.people.append(who)
        return found is not None

    def admit(self, who: int, by: int) -> None:
        self.people.append(who)

    def admitted(self, *who: int) -> bool:
        return not {*who}.isdisjoint(self.people)


@dataclass
class MemoryBroadcasts:
    """The operator's messages to three chats, and who wants none."""

    rows: dict[int, Broadcast] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)
    off: set[int] = field(default_factory=set)
    chats: int = 3

    def audience(self) -> int:
        return self.chats - len(self.off)

    def draft(self, by: int, text: str, chats: int) -> Broadcast:
        made = Broadcast(len(self.rows) + 1, text, chats, "draft", by)
        self.rows[made.id] = made
        return made

    def get(self, broadcast_id: int) -> Broadcast | None:
        return self.rows.get(broadcast_id)

    def start(self, broadcast_id: int) -> bool:
        return self._turn(broadcast_id, "draft", "running")

    def stop(self, broadcast_id: int) -> bool:
        return self._turn(broadcast_id, "running", "stopped")

    def under_way(self, by: int) -> list[int]:
        return [made.id for made in self.rows.values() if made.by == by and made.state == "running"]

    def _turn(self, broadcast_id: int, before: State, after: State) -> bool:
        found = self.rows.get(broadcast_id)
        if found is None or found.state != before:
            return False
        self.rows[broadcast_id] = replace(found, state=after)
        return True

    def progress(self, broadcast_id: int) -> Mapping[str, int]:
        return self.states

    def wanted(self, chat_id: int) -> bool:
        return chat_id not in self.off

    def set_wanted(self, chat_id: int, *, wanted: bool) -> None:
        (self.off.discard if wanted else self.off.add)(chat_id)


@dataclass
class MemoryFailures:
    """How many messages failed for which reason, and could go again, by chat."""

    reasons: dict[str, int] = field(default_factory=lambda: {"zz": 2})
    chats: dict[int, int] = field(default_factory=lambda: {8: 1, 9: 1})

    def recent(self) -> Failed:
        return Failed(self.reasons, sum(self.reasons.values()), dict(self.chats))

    def retry(self, chat_id: int | None) -> int:
        again = [chat_id] if chat_id in self.chats else [*self.chats] if chat_id is None else []
        return sum(self.chats.pop(each) for each in again)
