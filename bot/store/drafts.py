"""The dialogues about queries."""

import json
from typing import Any

from bot.store.table import Table
from watchlists.model import Draft

_MOST = 50  # of a chat: everything that is written to the bot may begin one


class Drafts(Table):
    """A row for each; the oldest of a chat go."""

    def add(self, chat_id: int, text: str, watch_id: int | None) -> Draft:
        """A new one."""
        self._write(
            "DELETE FROM drafts WHERE id IN "
            "(SELECT id FROM drafts WHERE chat_id = ? ORDER BY id DESC LIMIT -1 OFFSET ?)",
            [chat_id, _MOST - 1],
        )
        row = self._returned(
            "INSERT INTO drafts (chat_id, text, watch_id, begun) VALUES (?, ?, ?, ?) RETURNING *",
            [chat_id, text, watch_id, self._now],
        )
        return _draft(row)

    def get(self, chat_id: int, draft_id: int) -> Draft | None:
        """A dialogue of this chat: never another chat's; None also for one that is forgotten."""
        row = self._row("SELECT * FROM drafts WHERE id = ? AND chat_id = ?", [draft_id, chat_id])
        return _draft(row) if row else None

    def keep(self, draft: Draft) -> None:
        """It stands so now."""
        self._write(
            "UPDATE drafts SET text = ?, watch_id = ?, revision = ?, words = ?, before = ?, state = ?, shown = ? "
            "WHERE id = ?",
            [
                draft.text,
                draft.watch_id,
                draft.revision,
                json.dumps(draft.words),
                json.dumps(draft.before),
                draft.state,
                draft.shown,
                draft.id,
            ],
        )

    def prune(self, older_than: float) -> None:
        """Forget those begun before this (seconds since 1970)."""
        self._write("DELETE FROM drafts WHERE begun < ?", [older_than])


def _draft(row: dict[str, Any]) -> Draft:
    return Draft(
        row["id"],
        row["chat_id"],
        row["text"],
        row["watch_id"],
        row["revision"],
        tuple(json.loads(row["words"])),
        tuple(json.loads(row["before"])),
        row["state"],
        bool(row["shown"]),
    )
