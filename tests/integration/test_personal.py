"""/export, /import and /forget, from a person's words to the rows."""

import pytest

from bot.store.forgetting import NOBODY
from tests.desk import open_desk
from tests.fakes import item
from watchlists.service import Service


@pytest.fixture
async def desk(tmp_path):
    async with open_desk(tmp_path) as desk:
        yield desk


async def busy(desk) -> int:
    """A chat that has something in every table, beside another; its id."""
    for text in (
        "/watch harbour fire",
        "/urgent 1",
        "/quiet 22-7",
        "/snooze 2h",
        "/watch",
        "/addfeed https://a.example/f",
    ):
        await desk.say(text)
    chat = desk.box.chat.id

    def fill(store):
        store.chats.ensure(-9, "private")
        conn = store.forgetting._database.conn
        conn.execute("INSERT INTO stories (id, opened) VALUES (1, 1)")
        conn.execute("INSERT INTO feeds (id, url, next_poll, added) VALUES (1, 'https://f.example', 1, 1)")
        conn.execute(
            "INSERT INTO items (id, feed_id, key, story_id, title, summary, url, source, first_seen) "
            "VALUES (1, 1, 'k', 1, 't', '', '', '', 1)"
        )
        conn.execute("INSERT INTO chat_feeds VALUES (?, 1, 1, 1, NULL)", [chat])
        watch = store.watches.active(chat)[0].id
        for alert, of in ((1, chat), (2, chat), (3, -9)):
            conn.execute(
                "INSERT INTO alerts (id, chat_id, story_id, item_id, created, part, head) VALUES (?, ?, 1, 1, 1, ?, ?)",
                [alert, of, alert, 1 if alert == 2 else None],
            )
            conn.execute(
                "INSERT INTO alert_watches (alert_id, watch_id, score, evidence) VALUES (?, ?, 90, '[]')",
                [alert, watch],
            )
            conn.execute("INSERT INTO alert_items VALUES (?, 1, 1)", [alert])
        conn.execute("INSERT INTO held_hits VALUES (1, ?, 1, 90, 75, '[]', 1)", [watch])
        conn.execute("UPDATE outbox SET alert_id = 1 WHERE id = 1")
        conn.execute("UPDATE outbox SET answers = 2 WHERE id = 2")

    await desk.storage.run(fill)
    return chat


async def traces(desk, chat: int) -> dict[str, int]:
    """How many rows of each table name the chat, whatever the tables are."""

    def count(store):
        database = store.forgetting._database
        found = {}
        for table in database.table_names():
            columns = [column.name for column in database[table].columns]
            if "chat_id" in columns:
                found[table] = database.execute(f"SELECT count(*) FROM {table} WHERE chat_id = ?", [chat]).fetchone()[0]
        found["chats"] = database.execute("SELECT count(*) FROM chats WHERE id = ?", [chat]).fetchone()[0]
        found["inbox"] = database.execute("SELECT count(*) FROM inbox WHERE body LIKE ?", [f"%{chat}%"]).fetchone()[0]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        return {table: n for table, n in found.items() if n}

    return await desk.storage.run(count)


async def sent(desk) -> None:
    """All that waits reaches Telegram."""
    while heads := await desk.storage.run(lambda store: store.outbox.heads([], 1)):
        row = await desk.storage.run(lambda store, head=heads[0]: store.outbox.claim(head.id))
        await desk.storage.run(lambda store, row=row: store.outbox.finish(row.id, "sent", message_id=row.id))


async def test_forget_asks_and_then_leaves_no_row_of_the_chat(desk):
    """It shows what will go; afterwards nothing names the chat, others keep theirs, and the sums still hold."""
    chat = await busy(desk)
    asked = await desk.say("/forget")
    assert "Delete everything" in asked
    assert "1 watch\n" in asked
    assert "watches" in await traces(desk, chat)
    said = await desk.say("/forget yes")
    assert said.startswith("<b>Deleted:</b>")
    assert set(await traces(desk, chat)) == {"chats", "outbox", "inbox"}
    assert await desk.storage.run(lambda store: store.forgetting.sweep()) == 0  # it has not been told yet
    await sent(desk)
    assert await desk.storage.run(lambda store: store.forgetting.sweep()) == 1
    assert await traces(desk, chat) == {}
    assert set(await traces(desk, -9)) == {"alerts", "chats"}
    counts = await desk.storage.run(lambda store: store.outbox.counts())
    assert counts["enqueued"] == sum(n for state, n in counts.items() if state != "enqueued")
    assert await desk.rows(f"SELECT text, reason FROM outbox WHERE chat_id = {NOBODY} AND text || reason != ''") == []


async def test_forget_empties_the_feeds_that_the_chat_alone_had(desk):
    """Their addresses may hold a secret, and their items are nobody else's; what others get stays."""
    chat = await busy(desk)

    def fill(store):
        store.chat_feeds.add(chat, "https://g.example/?key=hush", "Private")
        store.chat_feeds.add(chat, "https://h.example", "Shared")
        store.chat_feeds.add(-9, "https://h.example", "Shared")
        for feed in (2, 3):
            store.items.add(feed, item("Plan of the vault", url=f"https://g.example/{feed}"), 1)
        store.chat_feeds.remove(chat, 2)

    await desk.storage.run(fill)
    await desk.say("/forget yes")
    assert [row["url"] for row in await desk.rows("SELECT url FROM feeds ORDER BY id")] == [
        "https://f.example",
        "gone:2",
        "https://h.example",
    ]
    items = await desk.rows("SELECT feed_id, title, url FROM items WHERE feed_id > 1")
    assert [tuple(row.values()) for row in items] == [(2, "", ""), (3, "Plan of the vault", "https://g.example/3")]
    added = await desk.storage.run(lambda store: store.chat_feeds.add(chat, "https://g.example/?key=hush", "Private"))
    assert added.feed.id > 3


async def test_who_writes_again_is_a_new_chat(desk):
    """Before or after the last trace is gone; the index of watches has learnt that the old ones are."""
    chat = await busy(desk)
    await desk.say("/forget yes")
    await desk.say("/watch other thing")
    await sent(desk)
    assert await desk.storage.run(lambda store: store.forgetting.sweep()) == 0
    assert await desk.watches() == ["other thing"]
    changed = await desk.storage.run(lambda store: store.watches.changed_since(0, 99))
    assert [(watch.chat_id, watch.text, active) for _, watch, active in changed] == [
        (NOBODY, "", False),
        (chat, "other thing", True),
    ]


async def test_an_update_that_was_handled_is_not_handled_again(desk):
    """What it said is gone, but that it came is known."""
    await busy(desk)
    await desk.say("/forget yes")
    offset = await desk.storage.run(lambda store: store.inbox.offset())
    await sent(desk)
    await desk.storage.run(lambda store: store.forgetting.sweep())
    assert await desk.storage.run(lambda store: store.inbox.offset()) == offset


async def test_forget_can_be_left(desk):
    """A button that deletes nothing."""
    chat = await busy(desk)
    before = await desk.watches()
    await desk.say("/forget")
    assert await desk.watches() == before
    assert "snoozes" in await traces(desk, chat)


async def test_export_gives_what_import_takes(desk):
    """Watches, their settings and the chat's come back after everything was deleted."""
    for text in ("/watch harbour fire", "/watch strict: gold -mine", "/digest 2 hourly", "/urgent 1", "/quiet 22-7"):
        await desk.say(text)
    await desk.say("/settings timezone kyiv")
    await desk.say("/export")
    (file,) = await desk.rows("SELECT file FROM outbox WHERE file_name = 'wirewatch.toml'")
    await desk.say("/forget yes")

    def bring(store):
        return Service(store).import_file(desk.box.chat.id, file["file"])

    found = await desk.storage.run(bring)
    assert (found.added, len(found.known), not found.file.wrong) == (2, 0, True)
    again = await desk.storage.run(bring)
    assert (again.added, list(again.known)) == (0, ["harbour fire", "strict: gold -mine"])
    await desk.say("/export")
    files = await desk.rows("SELECT file FROM outbox WHERE file_name = 'wirewatch.toml' AND chat_id != 0")
    assert files[-1]["file"] == file["file"]


async def test_a_file_with_a_mistake_changes_nothing(desk):
    """All or nothing, and each mistake is said."""

    def bring(store):
        return Service(store).import_file(desk.box.chat.id, "fire\n(gold\nharbour\n")

    await desk.say("/start")
    found = await desk.storage.run(bring)
    assert [line.written for line in found.file.wrong] == ["(gold"]
    assert await desk.watches() == []
