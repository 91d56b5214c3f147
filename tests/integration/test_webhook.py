"""Updates that are brought: the same inbox as those that are fetched, and nobody but Telegram brings any."""

import asyncio
import json
import socket

import httpx
import pytest
from telegram.error import InvalidToken

from bot import webhook as webhook_module
from bot.db import Database
from bot.door import Door
from bot.fetch import MAX_BYTES
from bot.store import Storage
from bot.webhook import CHECK, LARGEST, SECRET_HEADER, Webhook
from tests.botapi import running
from tests.fakes import until
from tests.world import world

UPDATE = {"update_id": 5, "message": {"text": "hello"}}


class EndOfTestError(Exception):
    """Raised by the sleep to leave the endless loop."""


class Gate:
    """A webhook on loopback, before a sandbox; whoever waits ends the test after `sleeps` waits."""

    def __init__(self, box, folder) -> None:
        self.box = box
        self.database = Database.open(folder / "wirewatch.db")
        self.storage = Storage(self.database, box.clock)
        self.arrivals, self.slept, self.sleeps = 0, [], 1
        self.door = Door("WIREWATCH_PUBLIC_PORT", 0, "127.0.0.1", largest=MAX_BYTES)

    async def start(self) -> None:
        await self.door.start()
        base = f"http://127.0.0.1:{self.door.port}/behind/a/proxy"
        self.webhook = Webhook(self.storage, self.box.bot, self._arrived, base, self.box.clock, self._sleep)
        self.webhook.open(self.door)

    def _arrived(self) -> None:
        self.arrivals += 1

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if len(self.slept) >= self.sleeps:
            raise EndOfTestError

    async def run(self, sleeps: int = 1) -> list[float]:
        self.slept, self.sleeps = [], sleeps
        with pytest.raises(EndOfTestError):
            await self.webhook.run()
        return self.slept

    async def post(self, body: bytes, path: str | None = None, secret: str | bytes | None = None) -> int:
        url = f"http://127.0.0.1:{self.door.port}/telegram/{self.webhook._path if path is None else path}"
        given = {SECRET_HEADER: self.webhook._secret if secret is None else secret}
        async with httpx.AsyncClient(verify=False) as client:
            return (await client.post(url, content=body, headers=given)).status_code

    async def inbox(self) -> list[int]:
        return [received.update_id for received in await self.storage.run(lambda store: store.inbox.waiting())]


@pytest.fixture
async def gate(tmp_path):
    async with running() as box:
        made = Gate(box, tmp_path)
        await made.start()
        yield made
        await made.door.close()
        made.database.close()


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


async def test_the_whole_program_is_brought_its_updates_and_goes_back_to_fetching_them(tmp_path, token, unused_port):
    """Nothing is fetched meanwhile; what was said while it stood still comes at the next start, however it gets it."""
    async with world(tmp_path, token) as made:
        address = f"http://127.0.0.1:{unused_port}"
        made.others = {"webhook": True, "public_url": address, "public_port": unused_port}
        made.start()
        assert "Watching" in await made.say("/watch fire")
        assert "1" in await made.say("/watches")
        await made.end()
        assert made.telegram.bot.webhook.startswith(f"{address}/telegram/")
        assert not [call for call in made.api.calls if call.method == "getUpdates"]
        before = len(made.texts())
        made.telegram.say(made.ann, made.chat, "/watches")
        made.others = {}
        made.start()
        await made.until(lambda: len(made.texts()) > before)
        assert made.telegram.bot.webhook == ""
        await made.end()


async def test_only_who_knows_path_and_secret_is_let_in(gate):
    """All others get 404, whatever they have right; and nothing of theirs is stored."""
    body = json.dumps(UPDATE).encode()
    wrong = "x" * 43
    for path, secret in ((wrong, gate.webhook._secret), (gate.webhook._path, wrong), (wrong, wrong), ("", "")):
        assert await gate.post(body, path, secret=secret) == 404
    assert await gate.post(body, gate.webhook._path, secret="é".encode()) == 404
    assert await gate.post(body, gate.webhook._path, secret=b"\xff\xfe") == 404
    assert await gate.inbox() == []
    assert await gate.post(body) == 200
    assert await gate.inbox() == [5]
    assert gate.arrivals == 1


async def test_an_update_that_is_brought_twice_is_stored_once(gate):
    """The answer to the first was lost."""
    for _ in range(2):
        assert await gate.post(json.dumps(UPDATE).encode()) == 200
    assert await gate.inbox() == [5]
    assert gate.arrivals == 1


async def test_what_is_no_update_is_not_asked_for_again(gate, caplog):
    """Telegram would bring it for a day, and nothing else meanwhile."""
    for body in (b"", b"no JSON", b"[]", b'{"update_id": "x"}', b"[" * 100_000, b"\xff"):
        caplog.clear()
        assert await gate.post(body) == 200
        assert "skipped" in caplog.text
    assert await gate.inbox() == []


async def test_what_is_too_long_is_not_read_to_its_end(gate):
    """Neither with a length that says so nor without one."""
    assert await gate.post(b"x" * (LARGEST + 1)) == 413
    assert await gate.inbox() == []


async def test_while_the_database_cannot_be_written_telegram_keeps_what_it_brings(gate, monkeypatch):
    """503, and then it comes again."""

    async def stuck(_work):
        await asyncio.Event().wait()

    with monkeypatch.context() as trouble:
        trouble.setattr(webhook_module, "PATIENCE", 0.05)
        trouble.setattr(gate.storage, "run", stuck)
        assert await gate.post(json.dumps(UPDATE).encode()) == 503
    assert await gate.post(json.dumps(UPDATE).encode()) == 200
    assert await gate.inbox() == [5]


async def test_a_webhook_that_somebody_took_away_is_set_again(gate):
    """It is looked at all the time, and each look that finds all well is progress."""
    assert await gate.run(2) == [CHECK, CHECK]
    ours = gate.box.telegram.bot.webhook
    assert gate.box.telegram.bot.webhook_secret == gate.webhook._secret
    assert "behind/a/proxy/telegram/" in ours
    gate.box.telegram.bot.webhook = "https://another.example/hook"
    await gate.run()
    assert gate.box.telegram.bot.webhook == ours
    assert "updates" in await gate.storage.run(lambda store: store.progress.all())


async def test_updates_that_cannot_be_brought_are_no_progress(gate, caplog):
    """The proxy in front is broken: the health check tells of it after two minutes, the log at once and why."""
    await gate.webhook.check()
    began = (await gate.storage.run(lambda store: store.progress.all()))["updates"]
    gate.box.clock.advance(100)
    telegram = gate.box.telegram
    secret, gate.webhook._secret = gate.webhook._secret, "changed"
    telegram.say(gate.box.ann, gate.box.chat, "hello")
    await until(lambda: telegram.bot.webhook_error is not None)
    await gate.webhook.check()
    assert (await gate.storage.run(lambda store: store.progress.all()))["updates"] == began
    assert "cannot bring 1 updates to the public address: Wrong response from the webhook: 404" in caplog.text
    gate.webhook._secret = secret
    await until(lambda: gate.arrivals == 1)
    await gate.webhook.check()
    assert (await gate.storage.run(lambda store: store.progress.all()))["updates"] > began


async def test_telegram_that_is_not_there_is_asked_later_each_time_and_a_wrong_token_ends_it(gate):
    """As when updates are fetched."""
    gate.box.server.faults.bad_gateway(method="getWebhookInfo", times=5)
    slept = await gate.run(6)
    assert slept == [1.0, 2.0, 4.0, 8.0, 16.0, CHECK]
    gate.box.telegram.token = "1:another"
    with pytest.raises(InvalidToken):
        await gate.webhook.run()
