"""Files with lists of feeds, in and out: each line through the same gate, with a result of its own."""

from dataclasses import replace
from pathlib import Path

import pytest
from telegram import Bot, File

from handlers import replies_feeds
from handlers.feeds import MAX_FILE
from tests.looking import opened
from watchlists import feed_service


@pytest.fixture
async def world(tmp_path: Path):
    async with opened(tmp_path) as made:
        yield made


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


async def test_a_bot_api_server_of_ones_own_names_files_of_its_disk(world, tmp_path, monkeypatch):
    """They are read there; one that may not be read is told like one that cannot be fetched."""
    path = tmp_path / "file_1.opml"

    async def local(bot, file_id, **_options):
        return File(file_id, "unique", file_path=str(path))

    monkeypatch.setattr(Bot, "get_file", local)
    path.write_bytes(world.list_of("rss"))
    assert "1 feed" in await world.send_list(b"what Telegram itself has")
    assert await world.own() == ["rss"]
    monkeypatch.setattr(File, "download_as_bytearray", _barred)
    assert "did not give me" in await world.send_list(b"what Telegram itself has")


async def _barred(_file, **_options):
    raise PermissionError("not for this user")


async def test_a_file_goes_on_where_a_kill_stopped_it(world):
    """The lines are kept with their results: those that are done are not fetched again."""
    world.desk.box.telegram.send_file(world.desk.box.ann, world.desk.box.chat, "a.opml", world.list_of("rss", "world"))
    await world.desk.handle()
    (lookup,) = await world.desk.storage.run(lambda store: store.lookups.waiting("opml", 1))
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


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("mine.toml", b'[settings]\nquiet = "22:00-07:00"\n[[watches]]\nquery = "harbour"', "1 watch added, 1 setting"),
        ("mine.TXT", b"# mine\nharbour\n\xc3\xa9t\xc3\xa9\n", "2 watches added"),
        ("mine.txt", b"harbour\n(fire\n", "1 of 2 lines cannot be taken"),
        ("mine.toml", b"a = = 1", "no TOML"),
        ("mine.txt", b"", "no watches"),
    ],
)
async def test_a_file_of_watches_is_taken_over_or_not(world, name, body, said):
    """By its name; what came of it takes the place of the message that said "reading"."""
    world.desk.box.telegram.send_file(world.desk.box.ann, world.desk.box.chat, name, body)
    await world.desk.handle()
    await world.work()
    assert said in (await world.desk.outbox())[-1]["text"]
    assert len(await world.desk.watches()) == (int(said[0]) if "added" in said else 0)


@pytest.mark.parametrize("kind", ["address", "opml"])
async def test_what_is_found_for_a_chat_that_was_forgotten_meanwhile_is_not_kept(world, kind):
    """It would be a trace of the chat, and keep the last of this one, and of every other, from going."""
    desk = world.desk
    if kind == "opml":
        desk.box.telegram.send_file(desk.box.ann, desk.box.chat, "a.opml", world.list_of("rss", "world"))
        await desk.handle()
    else:
        await desk.say(f"/addfeed {world.stand.url('rss')}")
    (lookup,) = await desk.storage.run(lambda store: store.lookups.waiting(kind, 1))
    lines = await world.lookups._lines(lookup) if kind == "opml" else []
    await desk.say("/forget yes")
    for line in lines:
        await world.lookups._line(lookup, line)
    await world.lookups.look(replace(lookup, kind="address", asked=world.stand.url("rss")))
    assert await world.own() == []
    while await desk.storage.run(lambda store: store.outbox.heads([], 1)):
        desk.box.clock.advance(2)
        await desk.shown()
    assert await desk.storage.run(lambda store: store.forgetting.sweep()) == 1
