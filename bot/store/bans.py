"""Who is not served. A ban outlives what the bot knows of the chat: to be forgotten is no way back in."""

from collections.abc import Collection, Sequence
from typing import Any

from bot.clock import from_epoch
from bot.store.chats import BANNED, Chats
from bot.store.invites import Invites
from bot.store.table import Table
from watchlists.ports_roles import Ban


class Bans(Table):
    """By Telegram's id, which for a private chat is that of its person. Lifted ones stay, to be taken back."""

    def all(self) -> Sequence[Ban]:
        """The bans that hold, newest first."""
        rows = self._rows("SELECT id, reason, banned FROM bans WHERE lifted IS NULL ORDER BY banned DESC, id")
        return [_ban(row) for row in rows]

    def get(self, who: int) -> Ban | None:
        """The ban that holds."""
        row = self._row("SELECT id, reason, banned FROM bans WHERE id = ? AND lifted IS NULL", [who])
        return _ban(row) if row else None

    def any(self, *who: int) -> bool:
        """Whether a ban holds for one of these."""
        places = ",".join("?" * len(who))
        return bool(self._value(f"SELECT 1 FROM bans WHERE lifted IS NULL AND id IN ({places})", who))

    def add(self, who: int, by: int, reason: str) -> Ban:
        """From now on; what waits for the chat is dropped. A second ban of the same gives the new reason."""
        self._write(
            "INSERT INTO bans (id, reason, banned_by, banned) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            "reason = excluded.reason, banned_by = excluded.banned_by, banned = excluded.banned, lifted = NULL",
            [who, reason, by, self._now],
        )
        self._silence(who)
        return Ban(who, reason, from_epoch(self._now))

    def lift(self, who: int) -> bool:
        """It holds no longer; False where there was none. A chat that can be reached gets its alerts again."""
        lifted = self._write("UPDATE bans SET lifted = ? WHERE id = ? AND lifted IS NULL", [self._now, who])
        Chats(self._database, from_epoch(self._now)).revive(who, BANNED)
        Invites(self._database, from_epoch(self._now)).settle(who)
        return bool(lifted)

    def lift_all(self, owners: Collection[int]) -> None:
        """Nobody who is an owner now is banned, whatever came before."""
        for owner in owners:
            self.lift(owner)

    def renew(self, who: int) -> Ban | None:
        """A lifted ban holds again; None where there never was one."""
        self._write("UPDATE bans SET lifted = NULL WHERE id = ?", [who])
        self._silence(who)
        return self.get(who)

    def _silence(self, who: int) -> None:
        if self.get(who):
            Chats(self._database, from_epoch(self._now)).give_up(who, BANNED)


def _ban(row: dict[str, Any]) -> Ban:
    return Ban(row["id"], row["reason"], from_epoch(row["banned"]))
