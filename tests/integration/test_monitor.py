"""What monitoring reads: figures of the whole program, and 503 with the reason where something stands still."""

import re
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import db
from bot.config import Listen
from bot.db import Database
from bot.door import Door
from bot.jobs import Pulse
from bot.metrics import Metrics
from bot.monitor import Monitor
from bot.outcomes import Sent, Uncertain
from bot.store import Storage
from bot.store.gauges import Way
from bot.store.outbox import Outgoing
from bot.store.status import LOOPS
from tests.fakes import FakeClock, until
from tests.newsstand import Story
from tests.polling import OLD, polling
from tests.world import world

FIRE = Story("Fire in the harbour", "https://wire.example/fire", "fire")
ANN = 7


def values(text: str) -> dict[str, float]:
    """The samples of the text, by name and labels: `wirewatch_polls_total{result="new"}`."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sample.labels.items())
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def sent(path: Path) -> int:
    """How many messages the database says that Telegram has."""
    with closing(sqlite3.connect(path)) as reader:
        return int(reader.execute("SELECT count(*) FROM outbox WHERE state = 'sent'").fetchone()[0])


class Ward:
    """A monitor of a database, on loopback, on a clock that stands still."""

    def __init__(self, folder) -> None:
        self.clock, self.now = FakeClock(), 0.0
        self.written = Database.open(folder / "wirewatch.db")
        self.storage = Storage(self.written, self.clock)
        self.read = Database.visit(folder / "wirewatch.db")
        self.metrics, self.pulse = Metrics(), Pulse(lambda: self.now)
        self.door = Door("WIREWATCH_METRICS_PORT", 0, "127.0.0.1")
        Monitor(self.read, self.clock, self.metrics, self.pulse, self.storage).open(self.door)

    async def get(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.door.port}", verify=False) as client:
            return await client.get(path)

    async def values(self) -> dict[str, float]:
        return values((await self.get("/metrics")).text)

    async def go_round(self) -> None:
        await self.storage.run(lambda store: [store.progress.mark(loop) for loop in LOOPS])


@pytest.fixture
async def ward(tmp_path):
    made = Ward(tmp_path)
    await made.door.start()
    yield made
    await made.door.close()
    made.read.close()
    made.written.close()


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


async def test_the_whole_program_is_healthy_and_counts_what_it_does(tmp_path, token, unused_port):
    """From a poll to an alert on Telegram; nothing of it names a person, a chat or a watch."""
    async with world(tmp_path, token) as made:
        made.others = {"metrics_port": Listen("127.0.0.1", unused_port)}
        made.stand.feeds["alpha"].append(OLD)
        made.start()
        await made.say("/watch harbour")
        await until(lambda: ("alpha", 304) in made.stand.requests)
        made.stand.feeds["alpha"].append(FIRE)
        await made.until(lambda: len(made.texts()) == 2)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{unused_port}", verify=False) as client:
            assert (await client.get("/healthz")).text == "ok\n"
            await until(lambda: sent(tmp_path / "wirewatch.db") == 2)  # written down a moment after it has arrived
            text = (await client.get("/metrics")).text
            assert (await client.get("/")).status_code == 404
            assert (await client.post("/metrics")).status_code == 404
        await made.end()
    found = values(text)
    assert found["wirewatch_items_total"] == 2
    assert found['wirewatch_matches_total{decision="alert"}'] == 1
    assert found['wirewatch_polls_total{result="new"}'] == 2
    assert found['wirewatch_updates_total{state="done"}'] == 1
    assert found['wirewatch_messages{state="sent"}'] == 2
    assert found['wirewatch_deliveries_total{kind="alert",outcome="Sent"}'] == 1
    assert [found[f'wirewatch_alerts{{state="{state}"}}'] for state in ("queued", "sending", "kept")] == [0, 0, 0]
    assert found["wirewatch_seen_to_sent_seconds_count"] == 1
    assert found["process_resident_memory_bytes"] > 1e7
    assert not re.search(r"harbour|alpha|" + str(made.chat.id), text)


async def test_what_stands_in_the_database_is_read_when_asked_for(ward):
    """Messages by state, how long the first waits, sizes; a message for later has its own count and no age."""

    def write(store):
        store.chats.ensure(ANN, "private")
        store.feeds.add("https://a.example/rss")
        for key in "abc":
            store.outbox.add(Outgoing(key, ANN, "reply", "text"))
        store.outbox.claim(1)
        store.outbox.finish(1, "sent", message_id=5)
        store.outbox._write("UPDATE outbox SET not_before = ? WHERE id = 3", [store.outbox._now + 3600])

    await ward.storage.run(write)
    ward.clock.advance(100)
    found = await ward.values()
    assert found['wirewatch_messages{state="sent"}'] == 1
    assert found['wirewatch_messages{state="queued"}'] == 2
    assert found['wirewatch_backlog{why="later"}'] == 1
    assert found["wirewatch_backlog_age_seconds"] == 100
    assert found["wirewatch_poll_delay_seconds"] >= 100
    assert found['wirewatch_database_bytes{part="file"}'] > 10_000
    assert found["wirewatch_watches"] == 0
    ward.clock.advance(3600)
    await ward.storage.run(lambda store: store.outbox.drop_open("a test"))
    assert (await ward.values())["wirewatch_backlog_age_seconds"] == 0


async def test_the_way_of_an_alert_is_measured_from_its_date_and_from_our_first_look(ward):
    """Only of one that arrived; a publisher's clock that is ahead counts as no time."""
    ward.metrics.delivered("alert", Sent(5), Way(400.0, 20.0))
    ward.metrics.delivered("alert", Sent(6), Way(-5.0, 20.0))
    ward.metrics.delivered("alert", Sent(7), Way(None, 20.0))
    ward.metrics.delivered("other", Uncertain("lost"), None)
    found = await ward.values()
    assert found['wirewatch_deliveries_total{kind="alert",outcome="Sent"}'] == 3
    assert found['wirewatch_deliveries_total{kind="other",outcome="Uncertain"}'] == 1
    assert found['wirewatch_published_to_sent_seconds_bucket{le="300.0"}'] == 1
    assert found['wirewatch_published_to_sent_seconds_bucket{le="600.0"}'] == 2
    assert found["wirewatch_seen_to_sent_seconds_count"] == 3


async def test_a_loop_that_stands_still_is_unhealthy_with_its_name(ward):
    """Whether it writes its progress down (polling, updates, delivery) or is a job of the scheduler."""
    assert (await ward.get("/healthz")).status_code == 503
    await ward.go_round()
    ward.pulse.expect("growing", 5.0)
    assert (await ward.get("/healthz")).text == "ok\n"
    ward.now = 500.0
    answer = await ward.get("/healthz")
    assert (answer.status_code, answer.text) == (503, "growing: has not got round for 500 s\n")
    ward.pulse.beat("growing")
    ward.clock.advance(121)
    text = (await ward.get("/healthz")).text
    assert [line.split(":")[0] for line in text.splitlines()] == [*LOOPS]


async def test_an_update_that_nobody_handles_is_unhealthy(ward):
    """The loop that fetches may be well while the one that answers is not."""
    await ward.storage.run(lambda store: store.inbox.add(1, {"update_id": 1}))
    ward.clock.advance(121)
    await ward.go_round()
    assert (await ward.get("/healthz")).text == "answers: an update has waited for 121 s\n"


async def test_a_database_that_cannot_be_written_is_unhealthy_and_still_read(ward, monkeypatch):
    """Both paths answer, with the reason."""
    monkeypatch.setattr(db, "BUSY_TIMEOUT", 10)
    await ward.go_round()
    ward.storage._waiting, ward.storage.trouble = 1, "database or disk is full"
    answer = await ward.get("/healthz")
    assert (answer.status_code, answer.text) == (503, "the database cannot be written: database or disk is full\n")
    assert (await ward.get("/metrics")).status_code == 200
    ward.storage._waiting = 0


async def test_polls_that_go_wrong_are_counted_by_kind(tmp_path):
    """And feeds that end the process which reads them."""
    async with polling(tmp_path) as made:
        metrics = Metrics()
        made.visitor._metrics = metrics
        await made.add(made.stand.url("alpha"), "http://10.0.0.1/rss")
        await made.round()
        text = metrics._registry
        assert text.get_sample_value("wirewatch_poll_errors_total", {"kind": "refused"}) == 1
        assert text.get_sample_value("wirewatch_polls_total", {"result": "failed"}) == 1
        metrics.poll_failed("memory", parsing=True)
        assert text.get_sample_value("wirewatch_parser_kills_total") == 1
        assert text.get_sample_value("wirewatch_poll_errors_total", {"kind": "parse_memory"}) == 1
