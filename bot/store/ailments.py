"""Rows that should not be there, or not so: each kind is a mistake of the program, and has its remedy."""

from dataclasses import dataclass

from bot.store.chats import UNINVITED
from bot.store.outbox import OPEN
from bot.store.table import Table

_REPORT = "please report this; nothing is told wrongly by it"
_RECENT = 300 * 86_400  # seconds; what hangs together is forgotten in steps after 400 days


@dataclass(frozen=True, slots=True)
class Ailment:
    """What rows these are, what to do, and how they are counted."""

    rows: str
    advice: str
    sql: str


AILMENTS = (
    Ailment(
        "stories without any item",
        _REPORT,
        "SELECT count(*) FROM stories s WHERE id < (SELECT max(id) FROM stories) "
        "AND NOT EXISTS (SELECT 1 FROM items WHERE story_id = s.id) "
        "AND NOT EXISTS (SELECT 1 FROM alerts WHERE story_id = s.id) "
        "AND NOT EXISTS (SELECT 1 FROM held_hits WHERE story_id = s.id)",
    ),
    Ailment(
        "alerts that no message tells",
        "please report this: somebody may have missed news",
        "SELECT count(*) FROM alerts a JOIN chats c ON c.id = a.chat_id WHERE c.active AND a.created > :recent "
        "AND a.due IS NULL AND a.kept = '' AND a.head IS NULL AND a.told_in IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.alert_id = a.id)",
    ),
    Ailment(
        "chats whose first message waits behind another that is gone",
        "please report this: those chats get nothing",
        f"SELECT count(*) FROM outbox o WHERE state = 'queued' AND behind AND id = "
        f"(SELECT id FROM outbox WHERE chat_id = o.chat_id AND {OPEN} ORDER BY priority, id LIMIT 1)",
    ),
    Ailment(
        "messages that wait for a chat that was given up",
        _REPORT,
        f"SELECT count(*) FROM outbox o JOIN chats c ON c.id = o.chat_id WHERE o.{OPEN} AND NOT c.active "
        f"AND NOT (o.kind = 'reply' AND c.inactive_reason = '{UNINVITED}')",  # which is how they are told so
    ),
    Ailment(
        "messages without an end, or with one and not ended",
        _REPORT,
        "SELECT (SELECT count(*) FROM outbox WHERE finished IS NULL AND NOT (state IN ('queued', 'sending'))) "
        f"+ (SELECT count(*) FROM outbox WHERE {OPEN} AND finished IS NOT NULL)",
    ),
)


class Ailments(Table):
    """Counts; nothing is mended here."""

    def all(self) -> dict[Ailment, int]:
        """How many rows of each kind there are."""
        return {each: int(self._value(each.sql, {"recent": self._now - _RECENT})) for each in AILMENTS}

    def latest(self) -> float:
        """The latest time that a row has (seconds since 1970); 0 where there is none."""
        return float(
            self._value(
                "SELECT max((SELECT coalesce(max(at), 0) FROM progress), "
                "(SELECT coalesce(max(first_seen), 0) FROM items))"
            )
        )
