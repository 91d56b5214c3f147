"""Feeds that are pushed: a hub of our own on loopback, the real poller, the real server, a clock that stands still."""

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx
import pytest

from bot.config import ConfigurationError
from bot.door import Door
from bot.fetch import MAX_BYTES
from bot.figures import figures
from bot.guard import Guard
from bot.pushes import Pushes
from bot.websub import Hubs, WebSub
from tests.fakes import until
from tests.hub import Hub
from tests.newsstand import Story, rss
from tests.polling import OLD, World, polling

FIRE = Story("Fire in the harbour", "https://wire.example/fire", "fire")
FLOOD = Story("Flood after the fire", "https://wire.example/flood", "flood")
HOUR, DAY = 3_600.0, 86_400.0


@dataclass
class Town:
    """A feed that names a hub, the hub, and the bot between them."""

    world: World
    hub: Hub
    hubs: Hubs
    door: Door

    async def subscribe(self) -> None:
        """The first poll, the request, the hub's question."""
        await self.world.round()
        await self.hubs.tick()
        assert (await self.hub.verify()).text == "xyz"

    async def poll(self, after: float) -> float:
        """Seconds until the next poll, after one more."""
        self.world.clock.advance(after)
        await self.world.round()
        return await self.world.wait()

    async def items(self) -> int:
        return (await self.world.storage.run(lambda store: store.items.counts()))["items"]


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    numbers = count()
    async with polling(tmp_path) as plain:
        websub = WebSub(lambda: f"token-that-nobody-guesses-{next(numbers)}")
        world = World(plain.stand, plain.storage, plain.clock, plain.fetcher, websub=websub)
        hub = Hub()
        await hub.start()
        door = Door("WIREWATCH_PUBLIC_PORT", 0, "127.0.0.1", largest=MAX_BYTES)
        Pushes(world.storage, world.visitor).open(door)
        await door.start()
        hubs = Hubs(world.storage, Guard({hub.address}), f"http://127.0.0.1:{door.port}/behind/a/proxy")
        world.stand.links["alpha"] = f'<{hub.url}>; rel="hub", <https://wire.example/topic>; rel="self"'
        await world.add(world.stand.url("alpha"))
        await world.watch("fire")
        yield Town(world, hub, hubs, door)
        await hubs.aclose()
        await door.close()
        await world.poller.drain()
        await hub.stop()


async def test_what_a_hub_pushes_is_alerted_like_what_is_polled(town):
    """Asked once, verified, then polled every six hours; a push becomes an alert at once, and once."""
    await town.subscribe()
    (asked,) = town.hub.asked
    assert (asked["hub.mode"], asked["hub.topic"]) == ("subscribe", "https://wire.example/topic")
    assert await town.poll(DAY) == pytest.approx(6 * HOUR)
    for _ in range(2):
        assert await town.hub.push(rss("alpha", [FIRE])) == 202
    assert (town.world.alerts, await town.items()) == (1, 2)
    town.world.stand.feeds["alpha"] = [OLD, FIRE]
    assert await town.poll(6 * HOUR) == pytest.approx(6 * HOUR)
    assert (town.world.alerts, await town.items()) == (1, 2)
    assert len(town.hub.asked) == 1
    assert (await town.world.storage.run(figures))["pushed_feeds"] == 1


async def test_every_signature_of_the_specification_is_known(town):
    """Hubs choose one of four."""
    await town.subscribe()
    for number, method in enumerate(("sha1", "sha256", "sha384", "sha512"), start=2):
        news = Story(f"News {number}", f"https://wire.example/{number}", f"n{number}")
        assert await town.hub.push(rss("alpha", [news]), method=method) == 202
        assert await town.items() == number


async def test_who_cannot_sign_changes_nothing(town):
    """And learns nothing of it: the answer is the same. What is compressed is not taken."""
    await town.subscribe()
    body = rss("alpha", [FIRE])
    for signature in ("", "sha256=", "sha256=00", "sha256=é".encode(), "=", "new=", "sha1"):
        assert await town.hub.push(body, headers={"X-Hub-Signature": signature}) == 202
    assert await town.hub.push(body, secret="another") == 202
    assert await town.hub.push(body, method="md5") == 202
    assert await town.hub.push(gzip.compress(body), headers={"Content-Encoding": "gzip"}) == 415
    assert (town.world.alerts, await town.items()) == (0, 1)


async def test_a_push_has_the_limits_of_a_poll(town):
    """5 MB; what is no feed changes nothing, but the feed is polled soon."""
    await town.subscribe()
    assert await town.hub.push(b"x" * 5_000_001) == 413
    assert await town.poll(DAY) == pytest.approx(6 * HOUR)
    assert await town.hub.push(b"<html>no feed</html>") == 202
    assert await town.world.wait() == pytest.approx(300)
    assert await town.items() == 1


async def test_a_hub_is_asked_again_before_the_lease_ends(town):
    """At three quarters; where it does not answer the lease runs out, and the feed is polled as usual."""
    await town.subscribe()
    for moment, requests in ((7 * DAY, 1), (0.6 * DAY, 2), (HOUR / 2, 2)):
        town.world.clock.advance(moment)
        await town.hubs.tick()
        assert len(town.hub.asked) == requests
    await town.world.round()
    town.world.clock.advance(2.4 * DAY - 4.5 * HOUR)
    await town.world.round()
    assert await town.world.wait() == pytest.approx(4 * HOUR), "not beyond the lease"
    town.world.stand.feeds["alpha"].append(FIRE)
    assert await town.poll(4 * HOUR) < 4 * HOUR


async def test_a_hub_that_does_not_verify_is_asked_ever_more_seldom(town):
    """After an hour, two, four … a day; meanwhile the feed is polled as usual."""
    town.hub.status = 500
    await town.world.round()
    assert await town.world.wait() < HOUR
    for _ in range(24 * 7):
        await town.hubs.tick()
        town.world.clock.advance(HOUR)
    assert 9 <= len(town.hub.asked) <= 12


async def test_only_what_was_asked_is_verified(town):
    """Another topic, or another wish: 404, and nothing is relied upon."""
    await town.world.round()
    await town.hubs.tick()
    for changed in ({"topic": "https://other.example/"}, {"mode": "unsubscribe"}, {"challenge": ""}, {"mode": "other"}):
        assert (await town.hub.verify(**changed)).status_code == 404
    assert await town.world.storage.run(lambda store: store.subscriptions.relied_until(1)) == 0


async def test_a_hub_that_was_not_asked_verifies_nothing(town):
    """A second time neither: each answer is to a request."""
    await town.subscribe()
    assert (await town.hub.verify()).status_code == 404


async def test_a_hub_that_denies_is_not_relied_upon(town):
    """Its word is taken, and it is asked again in a day."""
    await town.subscribe()
    assert (await town.hub.verify("denied")).status_code == 200
    assert await town.poll(DAY) < 6 * HOUR + 1
    await town.hubs.tick()
    assert len(town.hub.asked) == 2


async def test_a_hub_that_forgets_to_push_is_not_relied_upon_until_it_does(town):
    """Twice in a row something is polled that was not pushed: then polls go on as usual."""
    await town.subscribe()
    waits = []
    for number in range(3):
        town.world.stand.feeds["alpha"].append(Story(f"News {number}", f"https://wire.example/{number}", f"n{number}"))
        waits.append(await town.poll(6 * HOUR))
    assert waits[0] == pytest.approx(6 * HOUR)
    assert max(waits[1:]) < 2 * HOUR
    await town.hub.push(rss("alpha", [FIRE]))
    assert await town.poll(2 * HOUR) == pytest.approx(6 * HOUR)


async def test_strangers_find_nothing(town):
    """Every other address is 404, a path that nobody was given 410 to a push; a feed that is polled no more, too."""
    base = f"http://127.0.0.1:{town.door.port}"
    async with httpx.AsyncClient(trust_env=False) as client:
        for path in ("/", "/websub/", "/websub/short", "/websub/../websub/x", "/metrics"):
            assert (await client.get(base + path)).status_code == 404
            assert (await client.post(base + path)).status_code == 404
        assert (await client.post(f"{base}/websub/{'x' * 43}")).status_code == 410
    await town.subscribe()
    await town.world.storage.run(lambda store: store.feeds.failed(1, "gone", store.now, gone=True))
    assert await town.hub.push(rss("alpha", [FIRE])) == 410
    assert await town.items() == 1


async def test_garbage_is_neither_answered_nor_logged(town, caplog):
    """Ports that the internet reaches are sent everything; the next hub is heard all the same."""
    for junk in (b"GARBAGE\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET / HTTP/1.1\r\nX: " + b"y" * 20_000 + b"\r\n\r\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", town.door.port)
        writer.write(junk)
        writer.write_eof()
        assert b"200" not in await reader.read()
        writer.close()
        await writer.wait_closed()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    await town.subscribe()


async def test_strangers_do_not_use_up_what_may_be_open(town):
    """Idle connections beyond a hundred are ended at once; when they go, hubs are heard again."""
    held = [await asyncio.open_connection("127.0.0.1", town.door.port) for _ in range(100)]
    await until(lambda: len(town.door._runner.server.connections) == 100)
    reader, more = await asyncio.open_connection("127.0.0.1", town.door.port)
    assert await reader.read() == b""
    for _, writer in (*held, (reader, more)):
        writer.close()
        await writer.wait_closed()
    await until(lambda: not town.door._runner.server.connections)
    await town.subscribe()


async def test_hubs_are_behind_the_guard(town):
    """A feed that names an address inside the network has us ask nobody there."""
    strict = Hubs(town.world.storage, Guard(), "https://bot.example")
    await town.world.round()
    await strict.tick()
    await strict.aclose()
    assert town.hub.asked == []


async def test_a_feed_that_names_its_hub_no_more_is_polled_as_usual(town):
    """And one that names another has that asked."""
    await town.subscribe()
    town.world.stand.feeds["alpha"] = [OLD, FIRE]
    town.world.stand.links["alpha"] = f"<{town.hub.url}?other>; rel=hub"
    await town.poll(DAY)
    await town.hubs.tick()
    assert town.hub.asked[-1]["hub.topic"] == town.world.stand.url("alpha")
    del town.world.stand.links["alpha"]
    town.world.stand.feeds["alpha"] = [OLD, FIRE, FLOOD]
    assert await town.poll(DAY) < 6 * HOUR + 1
    assert await town.hub.push(rss("alpha", [FIRE])) == 410


async def test_a_restart_polls_soon_and_tells_hubs_of_a_new_address(town):
    """What was pushed while nobody listened is not lost."""
    await town.subscribe()
    await town.poll(DAY)
    await town.hubs.resume(within=600)
    assert await town.world.wait() <= 600
    await town.hubs.tick()
    assert len(town.hub.asked) == 1
    moved = Hubs(town.world.storage, Guard({town.hub.address}), "https://new.example")
    await moved.resume(within=600)
    await moved.tick()
    await moved.aclose()
    assert town.hub.asked[-1]["hub.callback"].startswith("https://new.example/websub/")


async def test_of_a_feed_that_begins_anew_nothing_pushed_is_news(town):
    """What is old in it is not known yet: it is polled first."""
    await town.subscribe()
    await town.world.storage.run(lambda store: store.feeds.forget_primed())
    await town.hub.push(rss("alpha", [FIRE]))
    assert (town.world.alerts, await town.items()) == (0, 1)


async def test_a_port_that_is_taken_is_told_in_words(town):
    """At the start, with the name of the setting."""
    second = Door("WIREWATCH_PUBLIC_PORT", town.door.port, "127.0.0.1")
    with pytest.raises(ConfigurationError, match="WIREWATCH_PUBLIC_PORT"):
        await second.start()
