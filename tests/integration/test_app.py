"""The whole program in one event loop: it starts, answers, stops, and says in words what the operator has to mend."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from newsstand import Newsstand, Story
from pydantic import SecretStr

from bot import app
from bot.clock import utc_now
from bot.config import ConfigurationError, Settings
from bot.db import Database
from bot.lock import AlreadyRunning, InstanceLock
from bot.sandbox.refusals import ApiError
from bot.sandbox.server import BotApiServer
from bot.sandbox.telegram_state import Telegram
from bot.store import Storage
from bot.store.outbox import Outgoing
from tests.fakes import FakeClock, Tables, item, until

PATIENCE = 10.0
FIRE = Story("Fire in the harbour", "https://wire.example/fire", "fire")


class World:
    """A server, a feed, a person, and the program as a task."""

    def __init__(self, folder: Path, token: str) -> None:
        self.folder = folder
        self.telegram = Telegram(token=token, clock=utc_now)
        self.api = BotApiServer(self.telegram)
        self.stand = Newsstand({"alpha": []})
        self.ann = self.telegram.add_user("Ann")
        self.chat = self.telegram.private_chat(self.ann)
        self.stop = asyncio.Event()
        self.program: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self.telegram.subscribe(lambda _event: self._changed.set())

    @property
    def settings(self) -> Settings:
        listed = self.folder / "feeds.toml"
        listed.write_text(f'[[feeds]]\nurl = "{self.stand.url("alpha")}"\ntitle = "Alpha"\n')
        return Settings.model_construct(
            token=SecretStr(self.telegram.token),
            api_url=self.api.url,
            database=self.folder / "wirewatch.db",
            feeds=listed,
            poll_interval=timedelta(seconds=0.2),
            allow_private_feeds=frozenset({self.stand.address}),
        )

    def start(self) -> None:
        self.stop.clear()
        self.program = asyncio.create_task(app.run(self.settings, self.stop))

    async def end(self) -> None:
        assert self.program is not None
        self.stop.set()
        await asyncio.wait_for(self.program, PATIENCE)

    async def until(self, happened) -> None:
        async with asyncio.timeout(PATIENCE):
            while not happened():
                assert self.program is None or not self.program.done(), self.program
                self._changed.clear()
                await self._changed.wait()

    def texts(self) -> list[str]:
        return [message.text for message in self.telegram.messages(self.chat.id)]

    async def say(self, text: str) -> str:
        before = len(self.texts())
        self.telegram.say(self.ann, self.chat, text)
        await self.until(lambda: len(self.texts()) > before)
        return self.texts()[before]


@asynccontextmanager
async def world(folder: Path, token: str):
    made = World(folder, token)
    await made.api.start()
    await made.stand.start()
    try:
        yield made
    finally:
        if made.program is not None:
            made.stop.set()
            await asyncio.gather(made.program, return_exceptions=True)
        await made.stand.stop()
        await made.api.stop()


async def test_it_answers_alerts_and_stops(tmp_path, token):
    """A watch, an item, an alert; after the end the database is closed and free, and a restart forgets nothing."""
    async with world(tmp_path, token) as made:
        made.start()
        assert "Watching" in await made.say("/watch fire")
        await until(lambda: len(made.stand.requests) >= 2)
        made.stand.feeds["alpha"].append(FIRE)
        await made.until(lambda: len(made.texts()) == 2)
        assert "Fire in the harbour" in made.texts()[1]
        (commands,) = made.telegram.bot.commands.values()
        assert [command["command"] for command in commands][:3] == ["start", "help", "watch"]
        await made.end()
        InstanceLock(tmp_path / "wirewatch.db").release()
        assert not (tmp_path / "wirewatch.db-wal").exists()
        made.start()
        assert "1. fire" in await made.say("/watches")
        assert "1 feed" in await made.say("/feeds")
        assert len(made.texts()) == 4


async def test_stopping_before_telegram_has_answered_ends_at_once(tmp_path, token):
    """The connection is still being made: nothing hangs."""
    async with world(tmp_path, token) as made:
        made.api.faults.delay(3600, method="getMe", times=None)
        made.start()
        await asyncio.sleep(0.05)
        await made.end()
        assert made.texts() == []


async def test_a_wrong_token_is_told_in_words(tmp_path, token):
    """At the start: one sentence that names the settings."""
    async with world(tmp_path, token) as made:
        settings = made.settings
        made.telegram.token = "1:other"
        with pytest.raises(ConfigurationError, match="WIREWATCH_TOKEN_FILE"):
            await asyncio.wait_for(app.run(settings, made.stop), PATIENCE)


@pytest.mark.parametrize("method", ["sendMessage", "getUpdates"])
async def test_a_token_revoked_while_it_runs_is_told_in_words(tmp_path, token, method):
    """Whoever meets it first, sender or receiver: the same sentence, and what was to be sent is kept."""
    async with world(tmp_path, token) as made:
        made.start()
        await made.say("/start")
        made.api.faults.refuse(ApiError(401, "Unauthorized"), method=method, times=None)
        made.telegram.say(made.ann, made.chat, "/help")
        with pytest.raises(ConfigurationError, match="WIREWATCH_TOKEN_FILE"):
            await asyncio.wait_for(made.program, PATIENCE)
        database = Database.visit(tmp_path / "wirewatch.db")
        counts = Storage(database, utc_now).run_blocking(lambda store: store.outbox.counts())
        database.close()
        assert counts["sending"] == counts["failed"] == 0


async def test_two_instances_on_one_database_are_one_too_many(tmp_path, token):
    """The second says so, and leaves the first alone."""
    async with world(tmp_path, token) as made:
        made.start()
        await made.say("/start")
        with pytest.raises(AlreadyRunning, match="Another Wirewatch is running") as caught:
            await app.run(made.settings, asyncio.Event())
        assert caught.value.exit_code == 1
        assert "Wirewatch" in await made.say("/start")


async def test_a_start_without_telegram_is_patient(tmp_path, token):
    """It tries again, later each time and at most a minute later, then introduces itself."""
    async with world(tmp_path, token) as made, app.telegram_bot(made.settings) as bot:
        made.api.faults.bad_gateway(method="getMe", times=8)
        made.telegram.bot.webhook = "https://old.example"
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        await app._connect(bot, sleep)
        assert slept == [1, 2, 4, 8, 16, 32, 60, 60]
        assert made.telegram.bot.webhook == ""
        assert made.telegram.bot.commands


async def test_a_menu_that_cannot_be_set_is_no_reason_to_stop(tmp_path, token, caplog):
    """The commands work without it."""
    async with world(tmp_path, token) as made, app.telegram_bot(made.settings) as bot:
        made.api.faults.bad_request("no", method="setMyCommands")
        await app._connect(bot)
        assert "menu of commands" in caplog.text


async def test_a_loop_that_fails_ends_the_program(tmp_path, token):
    """With its error, after what was in flight: nothing runs on half alive."""
    async with world(tmp_path, token) as made:
        made.start()
        await made.say("/start")
        database = Database.open(tmp_path / "wirewatch.db")
        database.run_blocking(lambda tables: tables.execute("DROP TABLE inbox"))
        database.close()
        made.telegram.say(made.ann, made.chat, "/help")
        with pytest.raises(Exception, match="no such table"):
            await asyncio.wait_for(made.program, PATIENCE)
        InstanceLock(tmp_path / "wirewatch.db").release()


def test_old_texts_are_forgotten_and_keys_are_not():
    """Bodies after the set days, handled updates after a week; what is counted stays counted."""
    clock = FakeClock()
    tables = Tables(clock)
    tables().chats.ensure(7, "private")
    tables().feeds.add("https://a.example")
    tables().items.add(1, item("Fire"), tables().items.open_story())
    tables().outbox.add(Outgoing("a", 7, "reply", "text"))
    tables().outbox.claim(1)
    tables().outbox.finish(1, "sent")
    tables().inbox.add(5, {})
    tables().inbox.finish(5, "done")
    app._prune(tables(), 30)
    assert tables().items.recent(5)
    clock.advance(31 * 86_400)
    app._prune(tables(), 30)
    assert tables().items.recent(5) == []
    assert tables().items.known(1, ["Fire"]) == {"Fire"}
    assert tables().outbox.counts()["sent"] == 1
    assert tables().inbox.counts()["done"] == 0
