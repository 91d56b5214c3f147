"""The whole program and a hub: feeds are pushed where the operator names a public address, and only there."""

import socket

import pytest

from bot import intake
from tests.fakes import until
from tests.hub import Hub
from tests.newsstand import Story, rss
from tests.polling import OLD
from tests.world import world

FIRE = Story("Fire in the harbour", "https://wire.example/fire", "fire")


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


async def test_the_whole_program_has_its_feeds_pushed(tmp_path, token, monkeypatch, unused_port):
    """Where the operator names a public address: a poll finds the hub, the hub is asked, a push becomes an alert."""
    monkeypatch.setattr(intake, "HUBS", 0.1)
    hub = Hub()
    await hub.start()
    async with world(tmp_path, token) as made:
        made.allowed = {hub.address}
        made.others = {"public_port": unused_port, "public_url": f"http://127.0.0.1:{unused_port}"}
        made.stand.feeds["alpha"].append(OLD)
        made.stand.links["alpha"] = f"<{hub.url}>; rel=hub"
        made.start()
        await made.say("/watch fire")
        await until(lambda: bool(hub.asked))
        assert (await hub.verify()).text == "xyz"
        await until(lambda: ("alpha", 304) in made.stand.requests)
        assert await hub.push(rss("alpha", [FIRE])) == 202
        await made.until(lambda: len(made.texts()) == 2)
        assert "Fire in the harbour" in made.texts()[1]
        await made.end()
    await hub.stop()


async def test_nobody_is_asked_where_no_public_address_is_set(tmp_path, token, monkeypatch):
    """A feed that names a hub is polled like any other, and no port is open."""
    monkeypatch.setattr(intake, "HUBS", 0.1)
    hub = Hub()
    await hub.start()
    async with world(tmp_path, token) as made:
        made.allowed = {hub.address}
        made.stand.links["alpha"] = f"<{hub.url}>; rel=hub"
        made.start()
        await made.say("/start")
        await until(lambda: len(made.stand.requests) > 3)
        await made.end()
    assert hub.asked == []
    await hub.stop()
