"""Roles that were given. Lists are never deleted, so that an editor's is always the one that was meant."""

from collections.abc import Collection, Sequence
from typing import Any

from bot.clock import from_epoch
from bot.store.invites import Invites
from bot.store.table import Table
from watchlists.ports_roles import Grant

_ADMINS_FIRST = "ORDER BY list_id IS NOT NULL, granted, list_id, user_id"


class Roles(Table):
    """Owners are not among them: they stand in the settings."""

    def all(self) -> Sequence[Grant]:
        """Every grant, admins first."""
        return [_grant(row) for row in self._rows(f"SELECT user_id, list_id FROM roles {_ADMINS_FIRST}")]

    def of(self, user_id: int) -> Sequence[Grant]:
        """The grants of one person, admin first."""
        sql = f"SELECT user_id, list_id FROM roles WHERE user_id = ? {_ADMINS_FIRST}"
        return [_grant(row) for row in self._rows(sql, [user_id])]

    def with_admins(self, owners: Collection[int]) -> set[int]:
        """Everybody who administers the bot; without an owner nobody does."""
        return {*owners, *(grant.user_id for grant in self.all() if grant.list_id is None)} if owners else set()

    def add(self, grant: Grant, by: int) -> bool:
        """Give it; False where the person had it."""
        role = "admin" if grant.list_id is None else "editor"
        added = self._write(
            "INSERT INTO roles (user_id, role, list_id, granted_by, granted) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            [grant.user_id, role, grant.list_id, by, self._now],
        )
        self._settle(grant.user_id)
        return bool(added)

    def remove(self, grant: Grant) -> bool:
        """Take it back; False where the person had it not."""
        sql = "DELETE FROM roles WHERE user_id = ? AND list_id IS ?"
        removed = self._write(sql, [grant.user_id, grant.list_id])
        self._settle(grant.user_id)
        return bool(removed)

    def _settle(self, user_id: int) -> None:
        """Whoever has a role needs no invitation."""
        Invites(self._database, from_epoch(self._now)).settle(user_id)


def _grant(row: dict[str, Any]) -> Grant:
    return Grant(row["user_id"], row["list_id"])
