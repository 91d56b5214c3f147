"""After a restore nothing that people hold from after the backup – a button, a number – means something else."""

import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import timedelta

from bot.backup import backup, restore
from bot.config import Settings
from bot.db import Database
from bot.migrations.ids import GIVEN_ONCE
from bot.sandbox.events import Answered
from bot.store import Storage
from tests.desk import Desk, open_desk
from tests.fakes import NOON, FakeClock
from tests.fakes_lists import add_list, watchlist
from tests.press import fire, press

OLD = "This button is too old to work. /help shows what I can do."
ANN = 7


@asynccontextmanager
async def restored(desk: Desk, copy, path):
    """The same bot in the same chat, on a backup."""
    restore(copy, path, desk.box.clock(), force=True, resend=False)
    database = Database.open(path)
    try:
        yield replace(desk, storage=Storage(database, desk.box.clock), _responder=None)
    finally:
        database.close()


def notices(desk: Desk) -> list[str]:
    said: list[str] = []
    desk.box.telegram.subscribe(lambda event: said.append(event.text) if isinstance(event, Answered) else None)
    return said


async def test_an_old_button_undoes_no_other_watch(tmp_path):
    """The watch that it names is lost; another one must not have its id."""
    async with open_desk(tmp_path) as desk:
        said, chat = notices(desk), desk.box.chat
        await desk.say("/watch gold")
        message_id = await desk.shown()  # edited since: it lists silver, too
        backup(desk.storage.path, tmp_path / "copy.db")
        await desk.say("/watch silver")
        (silver,) = await desk.rows("SELECT id FROM watches WHERE text = 'silver'")
        async with restored(desk, tmp_path / "copy.db", tmp_path / "new.db") as later:
            await later.say("/watch tin")
            later.box.telegram.press(later.box.ann, chat, message_id, f"watch_delete:{silver['id']}", forged=True)
            await later.handle()
            assert ["too old" in each for each in said] == [True]
            assert await later.watches() == ["gold", "tin"]


async def test_a_button_about_a_channel_does_nothing_to_the_person(tmp_path):
    """What a message of after the backup was about is not known any more."""
    async with open_desk(tmp_path) as desk:
        desk.box.telegram.add_channel("Harbour", desk.box.ann, username="harbour")
        said, chat = notices(desk), desk.box.chat
        await desk.say("/watch gold")
        await desk.shown()
        backup(desk.storage.path, tmp_path / "copy.db")
        await desk.say("/channel @harbour")
        await desk.shown()
        await desk.say("/forget")
        message_id = await desk.shown()
        async with restored(desk, tmp_path / "copy.db", tmp_path / "new.db") as later:
            later.box.telegram.press(later.box.ann, chat, message_id, "forget_do")
            await later.handle()
            assert said == [OLD]
            assert await later.watches() == ["gold"]


def test_a_button_of_an_alert_that_is_lost_acts_on_no_other(tmp_path):
    """The alert that comes next has another id, by whichever way it is recorded; so it is after each restore."""
    with press(tmp_path) as news:
        news.watch(ANN, "fire")
        url = news.feed()
        backup(news.storage.path, tmp_path / "copy.db")
        news.poll(url, fire(1))
        lost = {row[0] for row in news.rows("SELECT id FROM alerts")}
        now = news.clock.now
    for number in (2, 3):
        now += timedelta(hours=1)
        restore(tmp_path / "copy.db", tmp_path / f"{number}.db", now, force=False, resend=False)
        database = Database.open(tmp_path / f"{number}.db")
        storage = Storage(database, FakeClock(now))
        found = type(news)(storage, FakeClock(now))
        found.poll(url)
        found.poll(url, fire(number))
        given = {row[0] for row in found.rows("SELECT id FROM alerts")}
        database.close()
        assert given
        assert not given & lost
        lost |= given
    assert len(str(max(lost))) == 12  # with the longest slug such an id still fits into a button's 64 bytes


def test_every_id_that_people_see_goes_on_after_a_restore(tmp_path):
    """In each table whose ids stand in buttons or are typed; the newest row's is not given again when it is deleted."""
    path = tmp_path / "wirewatch.db"
    Database.open(path).close()
    backup(path, tmp_path / "copy.db")
    restore(tmp_path / "copy.db", path, NOON, force=True, resend=True)
    with closing(sqlite3.connect(path)) as reader:
        given = dict(reader.execute("SELECT name, seq FROM sqlite_sequence"))
    assert set(given) == set(GIVEN_ONCE)
    assert min(given.values()) > 100_000_000_000


def test_a_list_has_no_version_twice(tmp_path):
    """The undo under a lost edit names a version that no later edit has; the list itself is as it was."""
    path = tmp_path / "wirewatch.db"
    database = Database.open(path)
    stored = Storage(database, FakeClock()).run_blocking(
        lambda store: add_list(store, watchlist("ports", "ferry strike"))
    )
    database.close()
    backup(path, tmp_path / "copy.db")
    restore(tmp_path / "copy.db", path, NOON, force=True, resend=False)
    database = Database.open(path)
    found = Storage(database, FakeClock()).run_blocking(
        lambda store: (store.lists.get(stored.id), store.lists.versions(stored.id, 10**9, 9))
    )
    database.close()
    now, versions = found
    assert now.content == stored.content
    assert now.version == versions[0].version > 50_000
    assert [version.act for version in versions] == ["restored", versions[1].act]


async def test_undo_goes_back_to_what_a_list_was_before_the_backup(tmp_path):
    """The version that came back says the same as the one before it."""
    async with open_desk(tmp_path) as desk:
        desk.settings = Settings.model_construct(access="open", admins=frozenset({desk.box.ann.id}))
        await desk.say("/newlist ports")
        await desk.say("/listadd ports harbour fire")
        backup(desk.storage.path, tmp_path / "copy.db")
        async with restored(desk, tmp_path / "copy.db", tmp_path / "new.db") as later:
            assert "➖ harbour fire" in await later.say("/undo ports")
            assert "➕ harbour fire" in await later.say("/undo ports")
