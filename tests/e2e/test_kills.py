"""kill -9 at random moments: no alert is lost, and only what was in flight at a kill may come twice."""

import asyncio
import os
import random
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from bot.db import Database
from bot.entries import MAX_ITEMS
from bot.plain import to_plain
from bot.store import Storage, Store
from tests.e2e import lives
from tests.e2e.running import World, world
from tests.fakes import until
from tests.newsstand import Story
from tests.promises import Measured
from watchlists.query import parse

UNREAD = MAX_ITEMS // 2 - 50  # more news than that between two looks at a feed is not all read


def chance_of_today() -> random.Random:
    """Another each time; the seed is printed."""
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    return random.Random(seed)


class Lives:
    """Processes of one kind, one after the other."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._pid = 0

    async def start(self) -> None:
        self._pid = await self._ask("start")

    async def end(self, how: signal.Signals) -> int:
        os.kill(self._pid, how)
        return await self.ended()

    async def ended(self) -> int:
        return await self._ask("wait")

    async def _ask(self, line: str) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{line}\n".encode())
        return int(await asyncio.wait_for(self._process.stdout.readline(), 60))


@asynccontextmanager
async def born(kind: str, log: Path, environment: dict[str, str]) -> AsyncIterator[Lives]:
    """Where such processes come from."""
    environment = environment | {"PYTHONPATH": os.pathsep.join([os.environ["PYTHONPATH"], str(Path.cwd())])}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.e2e.lives", kind, str(log)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environment,
    )
    try:
        yield Lives(process)
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()


def stored_soundly(path: Path, *alerts: int) -> list[sqlite3.Row]:
    """The rows of the outbox. Nothing is torn: each item has its alert, each alert its message, and all adds up.

    There are as many alerts as one of these numbers.
    """
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        torn = "SELECT count(*) FROM alerts WHERE id NOT IN (SELECT alert_id FROM outbox WHERE alert_id IS NOT NULL)"
        assert database.execute(torn).fetchone()[0] == 0
        assert database.execute("SELECT count(*) FROM alerts").fetchone()[0] in alerts
        rows = database.execute("SELECT * FROM outbox WHERE kind = 'alert'").fetchall()
    # At most one repeat: what was on its way at two kills comes in a list.
    assert all(row["state"] == "sent" or (row["state"], row["uncertain"]) == ("failed", 2) for row in rows)
    return rows


def explain_repeats(rows: list[sqlite3.Row], came: Counter[str]) -> None:
    """A message in doubt comes twice at most; one that is in doubt again comes in a list as well."""
    texts = [(to_plain(row["text"]), row["uncertain"]) for row in rows]
    for headline, count in came.items():
        doubts = next(uncertain for text, uncertain in texts if headline in text)
        assert count <= (1, 2, 4)[doubts], f"{headline} came {count} times"


@pytest.mark.parametrize("kills", [50, pytest.param(1_000, marks=pytest.mark.soak)])
@pytest.mark.timeout(3000)
async def test_news_and_messages_survive_kills_at_any_moment(tmp_path: Path, kills: int, measured: Measured) -> None:
    """Ingest and delivery, each few milliseconds of work killed somewhere: all that was stored has arrived."""
    chance = chance_of_today()

    def prepare(store: Store) -> None:
        store.feeds.add("https://wire.example/rss")
        store.feeds._write("UPDATE feeds SET primed = 1")
        for number in range(lives.CHATS):
            store.chats.ensure(number + 1, "private")
            made = store.watches.add(number + 1, parse(lives.topic(number)))
            store.watches.set_delivery(made, "urgent", "")  # so that each comes singly, however many come at once

    database = Database.open(tmp_path / "wirewatch.db")
    Storage(database, lives.clock).run_blocking(prepare)
    database.close()
    async with born("core", tmp_path / "log", {**os.environ, lives.FOLDER: str(tmp_path)}) as process:
        for _ in range(kills):
            await process.start()
            await asyncio.sleep(chance.uniform(0.0, 0.25))
            await process.end(signal.SIGKILL)
        (tmp_path / "drain").touch()
        await process.start()
        assert await process.ended() == 0, (tmp_path / "log").read_text()[-3000:]
    stored = lives.lines(tmp_path / "stored")
    # The last kill may have come after the last story was committed and before its line was.
    rows = stored_soundly(tmp_path / "wirewatch.db", len(stored), len(stored) + 1)
    stored = [*range(len(rows))]
    assert len(stored) > kills / 2
    sent = lives.lines(tmp_path / "sent")
    came = Counter(n for n in stored for line in sent if lives.headline(n) in line["text"])
    assert set(came) == set(stored)
    recorded = {row["message_id"] for row in rows if row["state"] == "sent"}
    assert recorded <= {line["id"] for line in sent}, "recorded as sent, and never arrived"
    explain_repeats(rows, Counter({lives.headline(n): count for n, count in came.items()}))
    measured("P1", f"{kills} kills of ingest and delivery: {len(stored):,} alerts, {_ends(came)}")


@pytest.mark.parametrize("kills", [2, pytest.param(1_000, marks=pytest.mark.soak)])
@pytest.mark.timeout(7200)
async def test_no_alert_is_lost_however_often_the_process_is_killed(
    tmp_path: Path, token: str, kills: int, measured: Measured
) -> None:
    """The whole program: the set of alerts that arrived equals the set of stories that were published."""
    chance = chance_of_today()
    async with world(tmp_path, token) as made:
        await made.start()
        await made.polls(2)
        await made.say("/watch Mar-a-Lago meeting")
        await made.say("/urgent 1")  # so that each comes singly, however many come at once
        await made.end()
        async with born("whole", tmp_path / "bot.log", made.environment) as process:
            published = await publish_and_kill(made, process, chance, kills)
            await process.start()
            await made.until(
                lambda: all(any(headline in text for text in made.alerts()) for headline in published),
                patience=60 + 2 * kills,  # about one alert leaves between two kills
            )
            await made.polls(2)
            assert await process.end(signal.SIGTERM) == 0
        came = Counter(headline for headline in published for text in made.alerts() if headline in text)
        assert set(came) == set(published)
        rows = stored_soundly(tmp_path / "wirewatch.db", kills)
        arrived = {message.message_id for message in made.telegram.messages(made.chat.id)}
        assert {row["message_id"] for row in rows if row["state"] == "sent"} <= arrived, "recorded, and never arrived"
        assert sum(row["uncertain"] for row in rows) <= kills
        explain_repeats(rows, came)
        made.check.assert_clean()
        measured("P1", f"{kills} kills of the whole program: {len(published):,} alerts, {_ends(came)}")


def _ends(came: Counter[Any]) -> str:
    return f"0 lost, 0 recorded that never arrived, {sum(count > 1 for count in came.values())} twice"


async def publish_and_kill(made: World, process: Lives, chance: random.Random, kills: int) -> list[str]:
    """Each life sees one story more, and is killed at some moment."""
    published = []
    for number in range(kills):
        first, second = (lives.invented_name(chance.randrange(10**9)) for _ in range(2))
        headline = f"Mar-a-Lago meeting on {first} and {second}, day {number}"
        published.append(headline)
        made.news.feeds["alpha"].append(Story(headline, f"https://wire.example/{number}", f"kill-{number}"))
        await process.start()
        await asyncio.sleep(chance.uniform(0.0, 2.0))
        await stored(made.folder / "wirewatch.db", number - UNREAD)  # on a busy machine a life may read nothing
        await process.end(signal.SIGKILL)
    return published


async def stored(path: Path, least: int) -> None:
    """Wait until the program has at least so many items."""

    def happened() -> bool:
        with closing(sqlite3.connect(path, timeout=60)) as database:
            return int(database.execute("SELECT count(*) FROM items").fetchone()[0]) >= least

    await until(happened, 60)
