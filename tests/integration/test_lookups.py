"""/addfeed from the message to the answer: a row that a job works off, and a result that takes a message's place."""

import asyncio
from pathlib import Path

import pytest

from bot.lookups import AT_ONCE, MAX_ATTEMPTS
from bot.store.lookups import Lookups as Rows
from handlers import replies, replies_feeds
from tests.looking import opened
from watchlists import feed_service


@pytest.fixture
async def world(tmp_path: Path):
    async with opened(tmp_path) as made:
        yield made


async def test_a_feed_is_added_and_shown(world):
    """At once "looking"; then, in its place while that still waits, the feed with its latest items and an undo."""
    assert (await world.desk.say(f"/addfeed {world.stand.url('rss')}")).startswith("Looking at")
    assert await world.own() == []
    await world.work()
    (row,) = await world.desk.outbox()
    assert "Added <b>rss</b>: number 1 in /feeds." in row["text"]
    assert "• News 0\n• News 1\n• News 2" in row["text"]
    assert "undo_addfeed:1" in row["buttons"]
    assert await world.own() == ["rss"]
    assert await world.states() == [("done", 1)]
    assert (await world.desk.rows("SELECT common FROM feeds"))[0]["common"] == 0


async def test_a_message_that_was_sent_is_edited(world):
    """The person sees one message, which changes; its button undoes what it says."""
    await world.desk.say(f"/addfeed {world.stand.url('rss')}")
    message_id = await world.desk.shown()
    await world.work()
    row = (await world.desk.outbox())[-1]
    assert (row["kind"], row["edits"], row["dedup_key"]) == ("edit", message_id, "lookup:1")
    assert await world.desk.shown() == message_id
    undo = world.desk.box.telegram.message(world.desk.box.chat.id, message_id).button("Undo")
    world.desk.box.telegram.press(world.desk.box.ann, world.desk.box.chat, message_id, undo.data)
    await world.desk.handle()
    assert await world.own() == []


async def test_a_message_that_was_lost_is_not_missed(world):
    """It failed, or is on its way just now: the result is a message of its own."""
    await world.desk.say(f"/addfeed {world.stand.url('rss')}")
    await world.desk.storage.run(lambda store: store.outbox.claim(1))
    await world.work()
    row = (await world.desk.outbox())[-1]
    assert (row["kind"], row["edits"]) == ("reply", None)
    assert "Added" in row["text"]


async def test_several_feeds_give_a_choice(world):
    """A button each; the one that is pressed is looked at once more and added, in the same message."""
    tags = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{name}">' for name in ("world", "rss"))
    world.stand.answers[""] = (200, f"<!doctype html><html>{tags}".encode())
    assert "There are several feeds" in await world.ask(f"/addfeed {world.stand.url('')}")
    assert await world.own() == []
    message_id = await world.desk.shown()
    button = world.desk.box.telegram.message(world.desk.box.chat.id, message_id).button("2. rss")
    world.desk.box.telegram.press(world.desk.box.ann, world.desk.box.chat, message_id, button.data)
    await world.desk.handle()
    assert (await world.desk.outbox())[-1]["text"].startswith("Looking at")
    await world.work()
    row = (await world.desk.outbox())[-1]
    assert (row["kind"], row["edits"]) == ("edit", message_id)
    assert "Added <b>rss</b>" in row["text"]
    assert await world.own() == ["rss"]


@pytest.mark.parametrize("there", ["http://10.0.0.1/rss", "http://127.0.0.1:1/rss", "page", "missing"])
async def test_to_others_than_admins_nothing_is_one_answer(world, there):
    """Refused, no answer and no feed look the same; an admin is told which."""
    world.stand.answers["page"] = (200, b"<!doctype html><html>")
    asked = there if "//" in there else world.stand.url(there)
    del world.stand.feeds["rss"]
    answer = await world.ask(f"/addfeed {asked}")
    assert answer == replies_feeds.nothing(asked, "").text
    world.desk.settings = world.desk.settings.model_copy(update={"admins": frozenset({world.desk.box.ann.id})})
    told = await world.ask(f"/addfeed {asked}")
    assert told.startswith(answer + "\n\n")


async def test_no_chat_and_no_file_takes_all_places(world, monkeypatch):
    """Of each chat one address at a time, and files do not hold up addresses."""
    world.stand.go.clear()
    for typed in ("rss", "world", "rss"):
        await world.desk.say(f"/addfeed {world.stand.url(typed)}")

    def others(store) -> None:
        for chat in range(1, 30):
            store.chats.ensure(chat, "private")
            kind = "watches" if chat < 10 else "opml" if chat < 20 else "address"
            store.lookups.ask(chat, kind, world.stand.url("rss"), detailed=False)

    await world.desk.storage.run(others)
    await world.lookups.tick()
    await world.lookups.tick()
    assert {kind: len(tasks) for kind, tasks in world.lookups._running.items()} == AT_ONCE
    assert [lookup for lookup in world.lookups._running["address"] if lookup <= 3] == [1]
    world.stand.go.set()
    await world.work()
    assert await world.own() == ["rss", "world"]


async def test_a_kill_only_repeats_the_look(world):
    """Whatever was under way is begun again by the next process, and answered once."""
    await world.desk.say(f"/addfeed {world.stand.url('rss')}")
    task = asyncio.create_task(world.lookups.tick())
    await task
    await world.lookups.drain()
    assert [state for state, _ in await world.states()] == ["waiting"]
    await world.work()
    await world.work()
    assert await world.own() == ["rss"]
    assert len(await world.desk.outbox()) == 1


async def test_a_look_that_kills_the_program_is_given_up(world, caplog):
    """After three attempts, in words."""
    await world.desk.say(f"/addfeed {world.stand.url('rss')}")
    for _ in range(MAX_ATTEMPTS):
        await world.desk.storage.run(lambda store: store.lookups.begin(1))
    await world.work()
    assert (await world.desk.outbox())[-1]["text"] == replies.OWN_FAULT
    assert await world.states() == [("failed", MAX_ATTEMPTS)]
    assert "given up" in caplog.text


async def test_an_error_of_ours_stops_no_other_look(world, monkeypatch, caplog):
    """It is told honestly, the log has the traceback, and what comes after it is looked at."""
    begin = Rows.begin

    def broken(self, lookup_id: int) -> None:
        if lookup_id == 1:
            raise RuntimeError("a bug")
        begin(self, lookup_id)

    monkeypatch.setattr(Rows, "begin", broken)
    await world.desk.say("/addfeed broken.example")
    assert "Added" in await world.ask(f"/addfeed {world.stand.url('rss')}")
    assert [state for state, _ in await world.states()] == ["failed", "done"]
    assert (await world.desk.outbox())[0]["text"] == replies.OWN_FAULT
    assert "Traceback" in caplog.text


async def test_a_quota_that_was_reached_meanwhile_is_told(world, monkeypatch):
    """What was free when it was asked for need not be free when the answer comes."""
    await world.desk.say(f"/addfeed {world.stand.url('rss')}")
    monkeypatch.setattr(feed_service, "MAX_OWN", 0)
    await world.work()
    assert "feeds of your own" in (await world.desk.outbox())[-1]["text"]
    assert await world.own() == []
    assert await world.states() == [("done", 1)]
