"""The whole program in one event loop: it starts, answers, stops, and says in words what the operator has to mend."""

import asyncio

import pytest

from bot import app
from bot.clock import utc_now
from bot.config import ConfigurationError, Settings
from bot.db import Database
from bot.first_start import first_start
from bot.lock import AlreadyRunning, InstanceLock
from bot.sandbox.refusals import ApiError
from bot.store import Storage
from handlers import replies_access
from tests.fakes import FakeClock, Tables, until
from tests.fakes_lists import watchlist
from tests.newsstand import Story
from tests.world import PATIENCE, world
from watchlists.errors import ListError
from watchlists.list_files import write_watchlist

FIRE = Story("Fire in the harbour", "https://wire.example/fire", "fire")


async def test_it_answers_alerts_and_stops(tmp_path, token):
    """A watch, an item, an alert; after the end the database is closed and free, and a restart forgets nothing."""
    async with world(tmp_path, token) as made:
        made.start()
        assert "Watching" in await made.say("/watch fire")
        await until(lambda: len(made.stand.requests) >= 2)
        made.stand.feeds["alpha"].append(FIRE)
        await made.until(lambda: len(made.texts()) == 2)
        assert "Fire in the harbour" in made.texts()[1]
        commands = next(iter(made.telegram.bot.commands.values()))
        assert [command["command"] for command in commands][:3] == ["start", "help", "watch"]
        await made.end()
        InstanceLock(tmp_path / "wirewatch.db").release()
        assert not (tmp_path / "wirewatch.db-wal").exists()
        made.start()
        assert "1. fire" in await made.say("/watches")
        assert "1 feed" in await made.say("/feeds")
        assert len(made.texts()) == 4


async def test_a_stranger_is_reachable_for_nothing_where_only_the_invited_are_served(tmp_path, token):
    """From the start on, as the settings have it then."""
    async with world(tmp_path, token) as made:
        made.start()
        await made.say("/start")
        await made.end()
        made.others = {"access": "invite", "admins": frozenset({424_242})}
        made.start()
        assert await made.say("/watches") == replies_access.INVITE_ONLY
        await made.end()
        database = Database.open(tmp_path / "wirewatch.db")
        assert Storage(database, utc_now).run_blocking(lambda store: store.broadcasts.audience()) == 0
        database.close()


async def test_a_list_is_followed_and_edited_while_the_program_runs(tmp_path, token):
    """A shipped list alerts whoever follows it, and what its editor adds does from the next poll on."""
    async with world(tmp_path, token) as made:
        made.others = {"admins": frozenset({made.ann.id})}
        made.start()
        assert "You follow this list" in await made.say("/follow disasters")
        await until(lambda: len(made.stand.requests) >= 2)
        made.stand.feeds["alpha"].append(Story("Volcano erupts near the capital", "https://wire.example/v", "v"))
        await made.until(lambda: len(made.texts()) == 2)
        assert made.texts()[1].endswith("(disasters)")
        assert "version 2" in await made.say("/listadd disasters harbour fire")
        made.stand.feeds["alpha"].append(FIRE)
        await made.until(lambda: len(made.texts()) == 4)
        assert made.texts()[3].endswith("🔔 harbour fire (disasters)")


@pytest.mark.parametrize("contact", ["ops@news.example", None])
async def test_publishers_are_told_whom_to_write_to(tmp_path, token, contact):
    """The operator's contact, or else the bot's own address as soon as Telegram has told it."""
    async with world(tmp_path, token) as made:
        made.others = {"contact": contact}
        made.start()
        await made.say("/start")
        asked = len(made.stand.agents)
        await until(lambda: len(made.stand.agents) > asked)
        said = contact or f"https://t.me/{made.telegram.bot.user.username}"
        assert made.stand.agents[-1].endswith(f"(+{said})")


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


@pytest.mark.parametrize("methods", [["sendMessage"], ["getUpdates", "getMe"]])
async def test_a_token_revoked_while_it_runs_is_told_in_words(tmp_path, token, methods):
    """Whoever meets it first, sender or receiver: the same sentence, and what was to be sent is kept."""
    async with world(tmp_path, token) as made:
        made.start()
        await made.say("/start")
        for method in methods:
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


def test_the_first_start_takes_over_what_the_file_says(tmp_path):
    """Address, title and language; at the second start the file counts no more."""
    listed = tmp_path / "feeds.toml"
    listed.write_text('[[feeds]]\nurl = "https://a.example/rss"\ntitle = "Alpha"\nlang = "es"\n')
    tables, settings = Tables(FakeClock()), Settings.model_construct(feeds=listed)
    for _ in range(2):
        first_start(tables(), settings)
    assert [(feed.url, feed.lang) for feed in tables().feeds.due(9)] == [("https://a.example/rss", "es")]


def test_the_first_start_takes_over_the_lists(tmp_path):
    """Those that ship, or a folder of files; afterwards what was edited stays, and a second start brings none back."""
    tables, settings = Tables(FakeClock()), Settings.model_construct(feeds=None)
    first_start(tables(), settings)
    slugs = [stored.content.slug for stored in tables().lists.all()]
    assert slugs == ["disasters", "markets-central-banks", "middle-east", "tech-policy", "ukraine-peace-talks"]
    (old, *_others) = tables().lists.all()
    tables().lists.change(old, watchlist("calamities", "flood"), 0, "edit")
    (tmp_path / "ferries.toml").write_text(write_watchlist(watchlist("ferries", "ferry strike")))
    first_start(tables(), Settings.model_construct(feeds=None, watchlists=tmp_path))
    assert [stored.content.slug for stored in tables().lists.all()] == ["calamities", *slugs[1:]]
    assert [watch.text for watch in tables().lists.watches(old.id)] == ["flood"]


def test_two_lists_of_one_name_are_refused(tmp_path):
    """An alias is a name, too; nothing of the files is taken."""
    for slug, aliases in (("boats", ()), ("ferries", ("boats",))):
        file = write_watchlist(watchlist(slug, "ferry strike", aliases=aliases))
        (tmp_path / f"{slug}.toml").write_text(file)
    tables = Tables(FakeClock())
    with pytest.raises(ListError, match="'boats'"):
        first_start(tables(), Settings.model_construct(feeds=None, watchlists=tmp_path))
