"""Settings reach the part of the program that they are for: one that does nothing would be a lie."""

import sqlite3
from contextlib import closing
from datetime import timedelta

from tests.fakes import until
from tests.newsstand import Story
from tests.world import world

FIRE = Story("Fire in the harbour of Odesa closes terminal 4 for grain ships", "https://wire.example/fire", "fire")
AGAIN = Story("Fire in the harbour of Odesa closes terminal 4 to grain ships", "https://wire.example/again", "again")
HOUR = 3_600


async def told(made, *stories: Story) -> None:
    """The program sees the stories, one after the other, and what they cause has arrived."""
    await until(lambda: len(made.stand.requests) >= 2)
    for story in stories:
        before = len(made.texts())
        made.stand.feeds["alpha"].append(story)
        await made.until(lambda before=before: len(made.texts()) > before)


def rows(made, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(made.folder / "wirewatch.db", isolation_level=None)) as database:
        return database.execute(sql).fetchall()


async def test_expiry_and_growth_of_alerts_are_as_set(tmp_path, token):
    """An alert that no longer grows is followed by another."""
    async with world(tmp_path, token) as made:
        made.others = {"alert_expiry": timedelta(hours=2), "alert_grows": timedelta(0)}
        made.start()
        await made.say("/watch fire")
        await told(made, FIRE, AGAIN)
        await made.end()
        assert rows(made, "SELECT round((expires - created) / 3600, 3) FROM outbox WHERE kind = 'alert'") == [
            (2,),
            (2,),
        ]
        assert rows(made, "SELECT story_id, part FROM alerts") == [(1, 1), (1, 2)]


async def test_texts_are_kept_for_the_days_that_are_set(tmp_path, token):
    """From the next start on."""
    async with world(tmp_path, token) as made:
        made.others = {"retention_days": 3}
        made.start()
        await made.say("/watch fire")
        await told(made, FIRE)
        await made.end()
        for days, kept in ((2, FIRE.title), (4, "")):
            rows(made, f"UPDATE items SET first_seen = unixepoch() - {days * 24 * HOUR}")
            made.start()
            await until(lambda kept=kept: rows(made, "SELECT title FROM items") == [(kept,)])
            await made.end()


async def test_feeds_are_left_alone_for_the_least_interval(tmp_path, token):
    """Whatever the usual one is."""
    async with world(tmp_path, token) as made:
        made.others = {"poll_interval_min": timedelta(hours=1)}
        made.start()
        await made.say("/start")
        await until(lambda: rows(made, "SELECT 1 FROM feeds WHERE last_success"))
        await made.end()
        ((pause,),) = rows(made, "SELECT next_poll - last_success FROM feeds")
        assert 0.9 * HOUR <= pause <= 1.2 * HOUR
