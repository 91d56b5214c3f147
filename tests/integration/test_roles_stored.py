"""Roles, bans and the record on a real database: what each does to updates, messages and chats."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.clock import to_epoch, utc_now
from bot.config import Settings
from bot.retention import forget
from bot.store.outbox import Outgoing
from tests.desk import open_desk
from tests.fakes import NOON, FakeClock, Tables
from watchlists.ports_roles import Grant

OWNER = 424_242


@pytest.fixture
async def desk(tmp_path: Path):
    async with open_desk(tmp_path, OWNER) as made:
        yield made


async def test_a_granted_admin_has_the_commands_of_admins_at_once_and_not_after(desk):
    """The role is looked up at each update."""
    ann = Grant(desk.box.ann.id, None)
    assert "I do not know /status" in await desk.say("/status")
    await desk.storage.run(lambda store: store.roles.add(ann, OWNER))
    assert "<b>Feeds</b>" in await desk.say("/status")
    await desk.storage.run(lambda store: store.roles.remove(ann))
    assert "I do not know /status" in await desk.say("/status")


async def test_the_banned_hear_nothing(desk):
    """Neither commands nor buttons are answered, what waits is dropped, and no alert is written; all is kept."""
    await desk.say("/watch fire")
    message_id = await desk.shown()
    await desk.storage.run(lambda store: store.outbox.add(Outgoing("a", desk.box.ann.id, "alert", "x")))
    await desk.storage.run(lambda store: store.bans.add(desk.box.ann.id, OWNER, "spam"))
    before = await desk.outbox()
    assert [(row["state"], row["reason"]) for row in before[1:]] == [("dropped", "banned")]
    desk.box.telegram.say(desk.box.ann, desk.box.chat, "/start")
    undo = desk.box.telegram.message(desk.box.chat.id, message_id).button("Undo").data
    desk.box.telegram.press(desk.box.ann, desk.box.chat, message_id, undo)
    desk.box.telegram.block(desk.box.ann)
    desk.box.telegram.unblock(desk.box.ann)
    await desk.handle()
    assert await desk.outbox() == before
    assert (await desk.ends())[1:] == [("done", "banned")] * 4
    assert await desk.watches() == ["fire"]
    assert not await desk.storage.run(lambda store: store.chats.active([desk.box.ann.id]))
    await desk.storage.run(lambda store: store.bans.lift(desk.box.ann.id))
    assert await desk.storage.run(lambda store: store.chats.active([desk.box.ann.id]))
    assert "fire" in await desk.say("/watches")


async def test_a_ban_outlives_being_forgotten(desk):
    """To have everything deleted is no way back in."""
    await desk.say("/forget yes")
    await desk.storage.run(lambda store: store.bans.add(desk.box.ann.id, OWNER, "spam"))
    await desk.storage.run(lambda store: store.forgetting.sweep())
    desk.box.telegram.say(desk.box.ann, desk.box.chat, "/start")
    await desk.handle()
    assert (await desk.ends())[-1] == ("done", "banned")


async def test_who_blocked_the_bot_is_not_written_to_because_a_ban_ends(desk):
    """The first reason holds."""
    await desk.say("/start")
    await desk.storage.run(lambda store: store.chats.deactivate(desk.box.ann.id, "the bot was blocked"))
    await desk.storage.run(lambda store: store.bans.add(desk.box.ann.id, OWNER, ""))
    await desk.storage.run(lambda store: store.bans.lift(desk.box.ann.id))
    assert not await desk.storage.run(lambda store: store.chats.active([desk.box.ann.id]))


async def test_the_author_of_a_forwarded_message_is_who_is_meant(desk):
    """Of one who hides the number, nobody is."""
    desk.settings = Settings.model_construct(access="open", admins=frozenset({desk.box.ann.id}))
    chat = {"id": desk.box.chat.id, "type": "private"}
    ann = {"id": desk.box.ann.id, "is_bot": False, "first_name": "Ann"}
    bob = {"id": 88, "is_bot": False, "first_name": "Bob"}
    for origin in (
        {"type": "user", "date": 1, "sender_user": bob},
        {"type": "hidden_user", "date": 1, "sender_user_name": "Bob"},
    ):
        forwarded = {"message_id": 1, "date": 1, "chat": chat, "from": ann, "text": "hi", "forward_origin": origin}
        body = {"message_id": 2, "date": 1, "chat": chat, "from": ann, "text": "/ban", "reply_to_message": forwarded}
        desk.box.telegram.put_raw_update({"message": body})
        await desk.handle()
    told = [row["text"] for row in await desk.outbox()]
    assert told[0].startswith("88 is banned")
    assert told[1].startswith("Write the number")


def test_a_role_is_stored_once():
    """Whatever it is given for, and by whom."""
    tables = Tables(FakeClock())
    grants = [Grant(7, None), Grant(7, 1), Grant(7, 2), Grant(8, 1)]
    assert all(tables().roles.add(grant, OWNER) for grant in grants)
    assert not any(tables().roles.add(grant, 9) for grant in grants)
    assert tables().roles.all() == [grants[0], grants[1], grants[3], grants[2]]
    assert tables().roles.of(7) == grants[:3]
    assert tables().roles.with_admins({OWNER}) == {7, OWNER}
    assert tables().roles.with_admins(set()) == set()
    assert tables().roles.remove(Grant(7, None))
    assert not tables().roles.remove(Grant(7, None))


async def test_the_record_is_kept_for_400_days(desk):
    """And no longer."""
    for days in (0, 200, 200.5):
        desk.box.clock.advance(days * 86_400)
        await desk.storage.run(lambda store, days=days: store.audit.record(1, "ban", str(days), {"a": "ü"}, "spam"))
    await forget(desk.storage, timedelta(days=30))
    kept = await desk.storage.run(lambda store: list(store.audit.since(0)))
    assert [act["subject"] for act in kept] == ["200", "200.5"]


@pytest.fixture
def told(tmp_path, monkeypatch, capsys):
    """`wirewatch audit` on a database with an act of two days and one of two hours ago."""
    from bot.db import Database
    from bot.store import Storage

    path = tmp_path / "wirewatch.db"
    monkeypatch.setenv("WIREWATCH_DATABASE", str(path))
    database = Database.open(path)
    for age, who in ((timedelta(days=2), "8"), (timedelta(hours=2), "9")):
        storage = Storage(database, lambda age=age: utc_now() - age)
        storage.run_blocking(lambda store, who=who: store.audit.record(7, "ban", who, {"roles_taken": []}, "spam"))
    database.close()

    def call(*arguments: str) -> list[dict[str, object]]:
        assert main(["audit", *arguments]) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return call


def test_the_record_is_printed_as_json_lines(told):
    """Oldest first; `--since` takes spans, dates and times."""
    first, second = told()
    assert (first["user"], first["act"], first["subject"]) == (7, "ban", "8")
    assert (first["detail"], first["why"]) == ({"roles_taken": []}, "spam")
    assert str(first["at"]).endswith("+00:00")
    assert told("--since", "1d") == told("--since", "3h") == [second]
    assert told("--since", "2020-01-01") == told("--since", "2020-01-01T12:00+02:00") == [first, second]
    assert told("--since", "1h") == []


def test_a_time_that_is_none_is_told(told, capsys):
    """In one line, with exit code 2."""
    with pytest.raises(SystemExit) as error:
        main(["audit", "--since", "yesterday"])
    assert error.value.code == 2
    assert "'yesterday' is no time" in capsys.readouterr().err


def test_the_time_of_a_ban_is_that_of_the_clock():
    """Also that of a second one, whose reason replaces the first's."""
    clock = FakeClock()
    tables = Tables(clock)
    tables().bans.add(-100, OWNER, "a")
    clock.advance(60)
    tables().bans.add(-100, OWNER, "b")
    (ban,) = tables().bans.all()
    assert (ban.reason, to_epoch(ban.since)) == ("b", to_epoch(NOON) + 60)


def test_a_banned_chat_is_known_and_not_written_to():
    """Also a channel that somebody sets up from private, and one that nobody had heard of before."""
    tables = Tables(FakeClock())
    for chat_id in (-1001, -1002):
        tables().bans.add(chat_id, OWNER, "")
        tables().chats.ensure(chat_id, "channel")
    assert tables().chats.active([-1001, -1002]) == set()
    tables().bans.lift(-1001)
    assert tables().chats.active([-1001, -1002]) == {-1001}


def test_a_banned_forum_is_banned_in_all_its_topics():
    """Also where General was forgotten before, or becomes known anew; and all of them hear again when it ends."""
    tables = Tables(FakeClock())
    store = tables()
    topic = store.chats.topic(-100, 5)
    store.chats.ensure(-100, "supergroup")
    store.forgetting.forget(-100)
    store.forgetting.sweep()
    store.bans.add(-100, OWNER, "")
    assert store.chats.active([topic]) == set()
    store.chats.ensure(-100, "supergroup")
    assert store.chats.active([-100, topic]) == set()
    store.bans.lift(-100)
    assert store.chats.active([-100, topic]) == {-100, topic}


def test_who_becomes_an_owner_is_banned_no_more():
    """Whatever came before: nobody may lock an owner out."""
    tables = Tables(FakeClock())
    tables().chats.ensure(7, "private")
    for who in (7, 8):
        tables().bans.add(who, OWNER, "")
    tables().bans.lift_all({7})
    assert [ban.id for ban in tables().bans.all()] == [8]
    assert tables().chats.active([7]) == {7}
