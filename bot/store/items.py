"""The items seen, and the stories they belong to. A key outlives its item's text."""

from collections.abc import Iterable, Sequence
from typing import Any

from bot import details
from bot.clock import from_epoch, to_epoch
from bot.store.table import Table
from watchlists.identity import canonical_link
from watchlists.model import Item, Report
from watchlists.stories import LINK_LIFE, StoryKey
from watchlists.text import tokens

ITEM_COLUMNS = "i.key, i.title, i.summary, i.url, i.source, i.published, i.lang, i.details"
_COLUMNS = ITEM_COLUMNS.replace("i.", "")


class Items(Table):
    """Known by feed and key, under a UNIQUE constraint: a repeated poll adds nothing."""

    def known(self, feed_id: int, keys: Iterable[str]) -> set[str]:
        """Those of `keys` that this feed has brought before."""
        known = set()
        for key in keys:
            if self._value("SELECT 1 FROM items WHERE feed_id = ? AND key = ?", [feed_id, key]):
                known.add(key)
        return known

    def add(self, feed_id: int, item: Item, story_id: int, joined: str = "") -> int | None:
        """Store a new item and return its id; None when this feed has brought it before."""
        published = None if item.published is None else to_epoch(item.published)
        rows = self._rows(
            f"INSERT INTO items (feed_id, story_id, first_seen, link, joined, {_COLUMNS}) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (feed_id, key) DO NOTHING RETURNING id",
            [
                feed_id,
                story_id,
                self._now,
                canonical_link(item.url),
                joined,
                item.id,
                item.title,
                item.summary,
                item.url,
                item.source,
                published,
                item.lang,
                details.to_json(item.details),
            ],
        )
        return int(rows[0]["id"]) if rows else None

    def update_text(self, feed_id: int, item: Item) -> int | None:
        """The publisher edited the item: keep its newest wording. It stays the same item.

        Returns its id where the words of the headline changed, not only its case or signs.
        """
        row = self._row(
            "SELECT id, title, summary FROM items WHERE feed_id = ? AND key = ? AND NOT pruned", [feed_id, item.id]
        )
        if row is None or (row["title"], row["summary"]) == (item.title, item.summary):
            return None
        self._write(
            "UPDATE items SET title = ?, summary = ?, details = ? WHERE id = ?",
            [item.title, item.summary, details.to_json(item.details), row["id"]],
        )
        return int(row["id"]) if _headline(row["title"]) != _headline(item.title) else None

    def of_story(self, story_id: int, limit: int, before: int) -> Sequence[Item]:
        """The items of a story that came before the item with the id `before`, newest first."""
        sql = f"SELECT {_COLUMNS} FROM items WHERE story_id = ? AND id < ? ORDER BY id DESC LIMIT ?"
        return [item_of(row) for row in self._rows(sql, [story_id, before, limit])]

    def by_link(self, link: str) -> tuple[int, Report] | None:
        """The story of the first item with this canonical link, and the item."""
        row = self._row(
            f"SELECT story_id, first_seen, joined, {_COLUMNS} FROM items WHERE link = ? AND link != '' "
            "ORDER BY id LIMIT 1",
            [link],
        )
        return (row["story_id"], _report(row)) if row else None

    def reports(self, story_id: int, limit: int) -> Sequence[Report]:
        """The first items of a story, oldest first."""
        sql = f"SELECT first_seen, joined, {_COLUMNS} FROM items WHERE story_id = ? ORDER BY id LIMIT ?"
        return [_report(row) for row in self._rows(sql, [story_id, limit])]

    def sources(self, story_id: int) -> set[str]:
        """The hosts that tell the story."""
        return {row["source"] for row in self._rows("SELECT DISTINCT source FROM items WHERE story_id = ?", [story_id])}

    def story_of(self, keys: Sequence[StoryKey]) -> int | None:
        """The story that the first living one of `keys` leads to."""
        for key in keys:
            story = self._value(
                "SELECT story_id FROM story_keys WHERE key = ? AND seen > ?",
                [key.text, self._now - key.life.total_seconds()],
            )
            if story is not None:
                return int(story)
        return None

    def open_story(self) -> int:
        """A new story."""
        return int(self._returned("INSERT INTO stories (opened) VALUES (?) RETURNING id", [self._now])["id"])

    def claim_keys(self, story_id: int, keys: Sequence[StoryKey]) -> None:
        """From now on, `keys` lead to this story."""
        for key in keys:
            self._write(
                "INSERT INTO story_keys (key, story_id, seen) VALUES (?, ?, ?) "
                "ON CONFLICT (key) DO UPDATE SET story_id = excluded.story_id, seen = excluded.seen",
                [key.text, story_id, self._now],
            )

    def recent(self, limit: int) -> Sequence[Item]:
        """The newest items that still have their text, newest first."""
        sql = f"SELECT {_COLUMNS} FROM items WHERE NOT pruned ORDER BY first_seen DESC, id DESC LIMIT ?"
        return [item_of(row) for row in self._rows(sql, [limit])]

    def prune(self, older_than: float) -> int:
        """Empty the text of items first seen before `older_than` (seconds since 1970); return how many.

        The keys stay, so that a feed that brings an old item back brings no old news.
        """
        self._write("DELETE FROM story_keys WHERE seen < ?", [self._now - LINK_LIFE.total_seconds()])
        return self._write(
            "UPDATE items SET title = '', summary = '', details = '', pruned = 1 WHERE first_seen < ? AND NOT pruned",
            [older_than],
        )

    def counts(self) -> dict[str, int]:
        """How many items and stories are known."""
        return self._returned("SELECT (SELECT count(*) FROM items) AS items, (SELECT count(*) FROM stories) AS stories")


def item_of(row: dict[str, Any]) -> Item:
    """The item of a row with `ITEM_COLUMNS`."""
    published = row["published"]
    return Item(
        id=row["key"],
        title=row["title"],
        summary=row["summary"],
        url=row["url"],
        source=row["source"],
        published=None if published is None else from_epoch(published),
        lang=row["lang"],
        details=details.from_json(row["details"]),
    )


def _headline(title: str) -> list[str]:
    return [token.text for token in tokens(title)]


def _report(row: dict[str, Any]) -> Report:
    return Report(item_of(row), from_epoch(row["first_seen"]), row["joined"])
