"""/addfeed from the message to the answer: a row that a job works off, and a result that takes a message's place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.discover import Finder
from bot.fetch import Fetcher
from bot.guard import Guard
from bot.lookups import MAX_ATTEMPTS, Lookups
from bot.store.lookups import Lookups as Rows
from handlers import replies, replies_feeds
from handlers.feeds import MAX_FILE
from tests.desk import Desk, open_desk
from tests.fakes import until
from tests.newsstand import Newsstand, Story
from tests.polling import HereParser
from watchlists import feed_service

STORIES = [Story(f"News {number}", f"https://wire.example/{number}") for number in range(5)]


class World:
    """A desk, a newsstand, and the job between them."""

    def __init__(self, desk: Desk, stand: Newsstand, fetcher: Fetcher) -> None:
        self.desk, self.stand = desk, stand
        finder = Finder(fetcher, HereParser(desk.box.clock), desk.box.clock)
        self.lookups = Lookups(desk.storage, finder, desk.box.bot, desk._count)

    async def work(self) -> None:
        """The job works off what waits."""
        await self.lookups.tick()
        await until(lambda: not self.lookups._running)

    async def ask(self, text: str) -> str:
        """Say something and work it off: the text that stands in the outbox last."""
        await self.desk.say(text)
        await self.work()
        return (await self.desk.outbox())[-1]["text"]

    async def send_list(self, body: bytes, name: str = "list.opml") -> str:
        """The same for a file."""
        self.desk.box.telegram.send_file(self.desk.box.ann, self.desk.box.chat, name, body)
        await self.desk.handle()
        await self.work()
        return (await self.desk.outbox())[-1]["text"]

    async def own(self) -> list[str]:
        found = await self.desk.storage.run(lambda store: store.chat_feeds.of(self.desk.box.chat.id))
        return [own.feed.url.removeprefix(self.stand.url("")) for own in found]

    async def states(self) -> list[tuple[str, int]]:
        return [(row["state"], row["attempts"]) for row in await self.desk.rows("SELECT * FROM lookups ORDER BY id")]

    def list_of(self, *names: str) -> bytes:
        rows = "".join(f'<outline type="rss" text="F {name}" xmlUrl="{self.stand.url(name)}"/>\n' for name in names)
        return f'<?xml version="1.0"?>\n<opml version="2.0"><body>\n{rows}</body></opml>'.encode()


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[World]:
    stand = Newsstand({"rss": STORIES, "world": STORIES[:2]})
    await stand.start()
    fetcher = Fetcher(Guard(frozenset({stand.address})))
    async with open_desk(folder) as desk:
        yield World(desk, stand, fetcher)
    await fetcher.aclose()
    await stand.stop()


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


async def test_the_feeds_of_a_file_are_added(world):
    """Each through the same gate, with a result by line; what was there already is said to be."""
    await world.ask(f"/addfeed {world.stand.url('world')}")
    world.stand.answers["page"] = (200, b"<!doctype html><html>")
    answer = await world.send_list(world.list_of("rss", "world", "page", "rss"))
    assert answer == (
        "<b>3 feeds in your file</b>: 1 added, 1 that you had already, 1 where I found no feed.\n"
        "⚠️ line 5: F page\n☑️ line 4: F world\n✅ line 3: F rss\n\nSee /feeds."
    )
    assert sorted(await world.own()) == ["rss", "world"]


async def test_a_file_goes_on_where_a_kill_stopped_it(world):
    """The lines are kept with their results: those that are done are not fetched again."""
    world.desk.box.telegram.send_file(world.desk.box.ann, world.desk.box.chat, "a.opml", world.list_of("rss", "world"))
    await world.desk.handle()
    (lookup,) = await world.desk.storage.run(lambda store: store.lookups.waiting(1))
    lines = await world.lookups._lines(lookup)
    await world.lookups._line(lookup, lines[0])
    await world.work()
    assert [name for name, _ in world.stand.requests] == ["rss", "world"]
    assert "2 added" in (await world.desk.outbox())[-1]["text"]


async def test_a_file_fills_the_quota_and_no_more(world, monkeypatch):
    """Lines above it are not even looked at."""
    monkeypatch.setattr(feed_service, "MAX_OWN", 1)
    answer = await world.send_list(world.list_of("rss", "world"))
    assert "1 added, 1 above the number of feeds that you may have" in answer
    assert len(world.stand.requests) == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<opml/>", "There are no feeds in that file."),
        (b"hello", "That file is not well-formed OPML"),
        (b"<html></html>", "neither TOML nor OPML"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><opml/>", "document type"),
        (b"\xff\xfe\x00\x00", "That file is not well-formed OPML"),
        (b"x" * (MAX_FILE + 1), replies_feeds.FILE_TOO_LARGE),
    ],
    ids=["empty", "text", "page", "doctype", "bytes", "large"],
)
async def test_a_file_that_is_no_list_is_a_sentence(world, body, said):
    """What is wrong with it; and the size is looked at again when the file comes, whatever the message said."""
    if len(body) > MAX_FILE:
        await world.desk.storage.run(lambda store: store.chats.ensure(world.desk.box.chat.id, "private"))
        message = world.desk.box.telegram.send_file(world.desk.box.ann, world.desk.box.chat, "a.opml", body)
        file_id = message.to_json()["document"]["file_id"]
        chat_id = world.desk.box.chat.id
        await world.desk.storage.run(lambda store: store.lookups.ask(chat_id, "opml", file_id, detailed=False))
        await world.work()
        assert (await world.desk.outbox())[-1]["text"] == said
        return
    assert said in await world.send_list(body)


async def test_a_file_that_telegram_does_not_give_is_a_sentence(world):
    """The person can send it again."""
    world.desk.box.server.faults.drop(method="getFile")
    assert "Please send it again" in await world.send_list(world.list_of("rss"))


async def test_own_feeds_come_as_a_file_that_can_be_sent_back(world):
    """A button of /feeds; the file goes through the outbox like every message, and adds what was dropped."""
    for name in ("rss", "world"):
        await world.ask(f"/addfeed {world.stand.url(name)}")
    await world.desk.say("/feeds")
    for _ in range(3):
        shown = await world.desk.shown()
    chat = world.desk.box.chat
    button = world.desk.box.telegram.message(chat.id, shown).button("My feeds as a file")
    world.desk.box.telegram.press(world.desk.box.ann, chat, shown, button.data)
    await world.desk.handle()
    message = world.desk.box.telegram.message(chat.id, await world.desk.shown())
    assert (message.text, message.file.name) == ("Your own feeds, for any feed reader.", "feeds.opml")
    await world.desk.say("/delfeed 1")
    assert "1 added, 1 that you had already" in await world.send_list(message.file.data)
