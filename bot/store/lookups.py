"""What people sent to be looked at, and what came of it: handlers may not use the network, so a job does.

A row waits until its result is stored; a kill in between only repeats the look.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from bot.store.table import Table
from watchlists.model import Candidate, Lookup

_COLUMNS = "id, chat_id, kind, asked, detailed, reply, attempts"
HOUR = timedelta(hours=1).total_seconds()


class Lookups(Table):
    """Rows go waiting → done, or failed where looking at it stopped the program."""

    def ask(self, chat_id: int, kind: str, asked: str, *, detailed: bool) -> int:
        """Let this be looked at; return the lookup's id."""
        row = self._returned(
            "INSERT INTO lookups (chat_id, kind, asked, detailed, asked_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
            [chat_id, kind, asked, detailed, self._now],
        )
        return int(row["id"])

    def answered_in(self, lookup_id: int, dedup_key: str) -> None:
        """The result will take the place of the message with this key."""
        self._write("UPDATE lookups SET reply = ? WHERE id = ?", [dedup_key, lookup_id])

    def counts(self, chat_id: int) -> tuple[int, int]:
        """How many lookups of the chat wait, and how many it has asked for within the hour."""
        row = self._returned(
            "SELECT coalesce(sum(state = 'waiting'), 0) AS waiting, coalesce(sum(asked_at > ?), 0) AS hour "
            "FROM lookups WHERE chat_id = ?",
            [self._now - HOUR, chat_id],
        )
        return row["waiting"], row["hour"]

    def waiting(self, kind: str, limit: int) -> list[Lookup]:
        """Lookups without a result, oldest first; of each chat the oldest only, so that none takes all places."""
        rows = self._rows(
            f"SELECT {_COLUMNS} FROM lookups WHERE id IN (SELECT min(id) FROM lookups "
            "WHERE state = 'waiting' AND kind = ? GROUP BY chat_id) ORDER BY id LIMIT ?",
            [kind, limit],
        )
        return [Lookup(**{**row, "detailed": bool(row["detailed"])}) for row in rows]

    def begin(self, lookup_id: int) -> None:
        """Count an attempt before it is made: a lookup that kills the process is not tried for ever."""
        self._write("UPDATE lookups SET attempts = attempts + 1 WHERE id = ?", [lookup_id])

    def finish(self, lookup_id: int, state: str = "done") -> bool:
        """The lookup has its result; False where it is gone, since all about its chat was deleted."""
        return bool(self._write("UPDATE lookups SET state = ? WHERE id = ?", [state, lookup_id]))

    def note(self, lookup_id: int, found: Iterable[tuple[int, str, str]]) -> None:
        """Keep feeds to choose from, or the lines of a file: (line, address, title)."""
        self._write_all(
            "INSERT INTO candidates (lookup_id, line, url, title) VALUES (?, ?, ?, ?)",
            ([lookup_id, *each] for each in found),
        )

    def noted(self, lookup_id: int) -> Sequence[Candidate]:
        """What was kept for a lookup, in order."""
        sql = "SELECT id, url, title, line, result FROM candidates WHERE lookup_id = ? ORDER BY id"
        return [Candidate(**row) for row in self._rows(sql, [lookup_id])]

    def has(self, candidate_id: int) -> bool:
        """Whether the line is still there: it goes with its lookup."""
        return bool(self._value("SELECT 1 FROM candidates WHERE id = ?", [candidate_id]))

    def settle(self, candidate_id: int, result: str) -> None:
        """What came of a line of a file."""
        self._write("UPDATE candidates SET result = ? WHERE id = ?", [result, candidate_id])

    def candidate(self, chat_id: int, candidate_id: int) -> Candidate | None:
        """A feed that this chat may choose: never another chat's."""
        row: dict[str, Any] | None = self._row(
            "SELECT c.id, c.url, c.title, c.line, c.result FROM candidates c JOIN lookups l ON l.id = c.lookup_id "
            "WHERE c.id = ? AND l.chat_id = ?",
            [candidate_id, chat_id],
        )
        return Candidate(**row) if row else None

    def prune(self, older_than: float) -> None:
        """Forget lookups asked for before `older_than`, with what they found."""
        self._write("DELETE FROM lookups WHERE state != 'waiting' AND asked_at < ?", [older_than])
