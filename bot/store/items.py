"""The items seen, and the stories they belong to. A key outlives its item's text."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot import details
from bot.clock import from_epoch, to_epoch
from bot.store.table import Table
from bot.wordindex import WordIndex
from watchlists.model import Item, Located, Report
from watchlists.text import tokens

ITEM_COLUMNS = "i.key, i.title, i.summary, i.url, i.source, i.published, i.lang, i.details"
_COLUMNS = ITEM_COLUMNS.replace("i.", "")
# Of a row of `items`: the chat (a parameter) gets the feed. Another chat's feed may be private, and so its items.
READ_BY = (
    "EXISTS (SELECT 1 FROM feeds f JOIN chats c ON c.id = ? WHERE f.id = items.feed_id AND (f.common AND NOT "
    "c.own_feeds_only OR EXISTS (SELECT 1 FROM chat_feeds o WHERE o.chat_id = c.id AND o.feed_id = f.id "
    "AND o.removed IS NULL)))"
)
# The parameters are a story, an alert and a chat.
_OF_STORY = f"(story_id = ? OR id IN (SELECT item_id FROM alert_items WHERE alert_id = ?)) AND {READ_BY}"
SEEN_EVERY = timedelta(days=30).total_seconds()


class Stored(NamedTuple):
    """What tells an item that is stored from others of its feed; `link` is canonical, or "" where it is not its own.

    `seen`: when it stood in the feed's document, to the month.
    """

    id: int
    key: str
    title: str
    summary: str
    link: str
    published: float | None
    seen: float


_STORED = ", ".join(Stored._fields)


class Items(Table):
    """Known by feed and key, under a UNIQUE constraint: a repeated poll adds nothing."""

    @property
    def _words(self) -> WordIndex:
        return WordIndex(self._database.conn, self._now)

    def known(self, feed_id: int, keys: Iterable[str]) -> dict[str, Stored]:
        """The items that this feed has brought before, by those of `keys` that are theirs."""
        sql = f"SELECT {_STORED} FROM items WHERE feed_id = ? AND key IN (SELECT value FROM json_each(?))"
        return {row["key"]: Stored(**row) for row in self._rows(sql, [feed_id, json.dumps(list(keys))])}

    def like(self, feed_id: int, items: Iterable[tuple[Item, str]]) -> Sequence[Stored]:
        """What this feed has brought before with the canonical link of one of `items`, or with its title and date.

        Each of `items` comes with its link. What has no date is found by its title.
        """
        links, dated, undated = [], [], []
        for item, link in items:
            links.append(link)
            if item.published:
                dated.append(to_epoch(item.published))
            else:
                undated.append(item.title)
        select = f"SELECT {_STORED} FROM items WHERE feed_id = :feed AND"
        parts = [f"{select} link != '' AND link IN (SELECT value FROM json_each(:links))"]
        if dated:
            parts.append(f"{select} published IN (SELECT value FROM json_each(:dated)) AND NOT pruned")
        if undated:
            parts.append(f"{select} published IS NULL AND title IN (SELECT value FROM json_each(:undated))")
        values = {"links": json.dumps(links), "dated": json.dumps(dated), "undated": json.dumps(undated)}
        rows = self._rows(f"{' UNION '.join(parts)} ORDER BY id", {"feed": feed_id} | values)
        return [Stored(**row) for row in rows]

    def rename(self, item_id: int, key: str) -> None:
        """Another item has the key of this one now."""
        self._write("UPDATE items SET key = ? WHERE id = ?", [key, item_id])

    def move(self, item_id: int, key: str, url: str, link: str) -> None:
        """The item has another guid or address now."""
        self._write(
            "UPDATE items SET key = ?, url = ?, link = ?, seen = ? WHERE id = ?", [key, url, link, self._now, item_id]
        )

    def still_there(self, stored: Iterable[Stored]) -> None:
        """These stand in their feed's document today. Written about once a month: it keeps their keys from going."""
        old = [its.id for its in stored if its.seen < self._now - SEEN_EVERY]
        if old:
            self._write(
                "UPDATE items SET seen = ? WHERE id IN (SELECT value FROM json_each(?))", [self._now, json.dumps(old)]
            )

    def add(self, feed_id: int, item: Item, story_id: int, joined: str = "", link: str = "") -> int | None:
        """Store a new item and return its id; None when this feed has brought it before.

        `link` is the canonical link of an article, and empty where the item's link is not its own.
        """
        published = None if item.published is None else to_epoch(item.published)
        rows = self._rows(
            f"INSERT INTO items (feed_id, story_id, first_seen, seen, link, joined, {_COLUMNS}) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (feed_id, key) DO NOTHING RETURNING id",
            [
                feed_id,
                story_id,
                self._now,
                self._now,
                link,
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
        if not rows:
            return None
        self._words.add(rows[0]["id"], item)
        return int(rows[0]["id"])

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
        self._words.add_edited(row["id"], item)
        return int(row["id"]) if _headline(row["title"]) != _headline(item.title) else None

    def of_story(self, story_id: int, limit: int, before: int) -> Sequence[tuple[int, Item]]:
        """The items of a story that came before the item with the id `before`, newest first, each with its id."""
        sql = f"SELECT id, {_COLUMNS} FROM items WHERE story_id = ? AND id < ? ORDER BY id DESC LIMIT ?"
        return [(row["id"], item_of(row)) for row in self._rows(sql, [story_id, before, limit])]

    def by_link(self, chat_id: int, link: str) -> Located | None:
        """The first item with this canonical link that the chat's feeds brought."""
        row = self._row(
            f"SELECT id, story_id, first_seen, joined, {_COLUMNS} FROM items WHERE link = ? AND link != '' "
            f"AND {READ_BY} ORDER BY id LIMIT 1",
            [link, chat_id],
        )
        return Located(row["id"], row["story_id"], _report(row)) if row else None

    def reports(
        self, chat_id: int, story_id: int, limit: int, alert_id: int | None = None, skip: int = 0
    ) -> Sequence[Report]:
        """The items of a story that the chat's feeds brought, and those listed under an alert, oldest first."""
        sql = f"SELECT first_seen, joined, {_COLUMNS} FROM items WHERE {_OF_STORY} ORDER BY id LIMIT ? OFFSET ?"
        return [_report(row) for row in self._rows(sql, [story_id, alert_id, chat_id, limit, skip])]

    def count_reports(self, chat_id: int, story_id: int, alert_id: int | None = None) -> int:
        """How many there are of them."""
        return int(self._value(f"SELECT count(*) FROM items WHERE {_OF_STORY}", [story_id, alert_id, chat_id]))

    def sources(self, story_id: int) -> set[str]:
        """The hosts that tell the story."""
        return {row["source"] for row in self._rows("SELECT DISTINCT source FROM items WHERE story_id = ?", [story_id])}

    def newest(self) -> int:
        """The id of the newest item; 0 where there is none."""
        return int(self._value("SELECT max(id) FROM items") or 0)

    def sorted_since(self, item_id: int, opened: datetime) -> Sequence[tuple[int, int, datetime, Item]]:
        """Items after this id, of stories opened since, oldest first: id, story, when first seen, and the item.

        An item's `url` is its canonical link, and empty where that is not its own.
        """
        first = self._value("SELECT min(id) FROM stories WHERE opened >= ?", [to_epoch(opened)])
        sql = f"SELECT id, story_id, first_seen, link, {_COLUMNS} FROM items WHERE id > ? AND story_id >= ? ORDER BY id"
        rows = self._rows(sql, [item_id, first]) if first is not None else []
        return [
            (row["id"], row["story_id"], from_epoch(row["first_seen"]), item_of(row | {"url": row["link"]}))
            for row in rows
        ]

    def open_story(self) -> int:
        """A new story."""
        return int(self._returned("INSERT INTO stories (opened) VALUES (?) RETURNING id", [self._now])["id"])

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
