"""Invitations, whom they have let in, and that others get nothing while only the invited are served.

Of a code only a hash is stored: whoever reads the database, or a backup of it, gets in by none of them. That somebody
was let in outlives what the bot knows of the chat, as a bare number: to have all deleted is not to be thrown out.
"""

import hashlib
import json
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from bot.clock import from_epoch, to_epoch
from bot.store.chats import LET_IN, UNINVITED, Chats
from bot.store.table import Table
from watchlists.ports_access import Invite

_OPEN = "withdrawn IS NULL AND expires > :now AND used < uses"
CODE_BYTES = 24  # of randomness; 32 characters of the 64 that a link takes


class Invites(Table):
    """`who` is Telegram's id of a person or a chat."""

    def add(self, by: int, uses: int, expires: datetime) -> tuple[Invite, str]:
        """A new one, with its code."""
        code = secrets.token_urlsafe(CODE_BYTES)
        row = self._returned(
            "INSERT INTO invites (code_hash, made_by, made, expires, uses) VALUES (?, ?, ?, ?, ?) RETURNING *",
            [_hash(code), by, self._now, to_epoch(expires), uses],
        )
        return _invite(row), code

    def open(self) -> Sequence[Invite]:
        """Those that still let somebody in, newest first."""
        return [
            _invite(row)
            for row in self._rows(f"SELECT * FROM invites WHERE {_OPEN} ORDER BY id DESC", {"now": self._now})
        ]

    def withdraw(self, invite_id: int) -> bool:
        """It lets nobody in any more; False where it did not anyhow."""
        sql = f"UPDATE invites SET withdrawn = :now WHERE id = :id AND {_OPEN}"
        return bool(self._write(sql, {"id": invite_id, "now": self._now}))

    def holds(self, code: str) -> bool:
        """Whether the code still lets somebody in."""
        sql = f"SELECT 1 FROM invites WHERE code_hash = :hash AND {_OPEN}"
        return bool(self._value(sql, {"hash": _hash(code), "now": self._now}))

    def use(self, code: str, who: int) -> bool:
        """Let somebody in by a code, and count it; False where it lets nobody in."""
        row = self._row(
            f"UPDATE invites SET used = used + 1 WHERE code_hash = :hash AND {_OPEN} RETURNING id, made_by",
            {"hash": _hash(code), "now": self._now},
        )
        if row:
            self._admit(who, row["made_by"], row["id"])
        return row is not None

    def admit(self, who: int, by: int) -> None:
        """Let a chat in, which somebody has added the bot to."""
        self._admit(who, by, None)

    def _admit(self, who: int, by: int, invite_id: int | None) -> None:
        self._write(
            "INSERT INTO admitted (id, invite_id, admitted_by, since) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [who, invite_id, by, self._now],
        )
        self.settle(who)

    def guard(self, owners: Collection[int], *, invite_only: bool) -> None:
        """From now on only those who were let in or have a role get anything, or everybody, as the settings say."""
        self._write("DELETE FROM invite_only")
        if invite_only:
            self._write("INSERT INTO invite_only (owners) VALUES (?)", [json.dumps(sorted(owners))])
        self._settle("true")

    def settle(self, who: int) -> None:
        """Whether somebody is let in may have changed, and so for the chats that they look after."""
        self._settle("c.telegram_id = :who", who)
        self._settle("c.telegram_id IN (SELECT chat_id FROM links WHERE user_id = :who)", who)

    def _settle(self, where: str, who: int = 0) -> None:
        """What waits for those who are out is dropped; all else of them stays for when they are let in."""
        rows = self._rows(
            f"SELECT id, active FROM chats c WHERE {where} AND kind != 'nobody' AND iif(active, NOT {LET_IN}, "
            f"inactive_reason = :uninvited AND {LET_IN})",
            {"who": who, "uninvited": UNINVITED},
        )
        chats = Chats(self._database, from_epoch(self._now))
        for row in rows:
            if row["active"]:
                chats.silence(row["id"], UNINVITED)
            else:
                chats.revive(row["id"], UNINVITED)

    def admitted(self, *who: int) -> bool:
        """Whether one of them was let in."""
        places = ",".join("?" * len(who))
        return bool(self._value(f"SELECT 1 FROM admitted WHERE id IN ({places})", who))


def _hash(code: str) -> str:
    # The codes are random: a slow hash would guard what cannot be guessed.
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()


def _invite(row: dict[str, Any]) -> Invite:
    return Invite(row["id"], row["uses"], row["used"], from_epoch(row["expires"]))
