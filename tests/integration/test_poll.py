"""Polls: due feeds are fetched, parsed and ingested; whatever happens stands in the feed's row."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes import stored
from tests.newsstand import Story, rss
from tests.polling import OLD, World, polling
from watchlists.model import Feed

FIRE = Story("Fire in the harbour", "https://wire.example/fire", "fire")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with polling(tmp_path) as made:
        yield made


async def test_a_new_item_is_alerted_once_and_the_next_poll_is_conditional(world):
    """First poll, then news, then 304: one alert, and the feed says when it is due again."""
    await world.add(world.stand.url("alpha"))
    await world.watch("fire")
    await world.round()
    assert (await world.feed()).title == "alpha"
    assert world.alerts == 0
    world.stand.feeds["alpha"].append(FIRE)
    for _ in range(2):
        world.clock.advance(700)
        await world.round()
    assert [status for _, status in world.stand.requests] == [200, 200, 304]
    assert world.alerts == 1
    assert 300 < await world.wait() < 600, "a change in twenty minutes: more often than usual"
    assert (await world.storage.run(lambda store: store.items.counts()))["items"] == 2


async def test_a_304_forgets_nothing_of_what_the_feed_asked_for(world):
    """A feed that asks for an hour gets an hour, after a 304 too, until it asks otherwise."""
    world.stand.channel["alpha"] = {"ttl": "60"}
    await world.add(world.stand.url("alpha"))
    for _ in range(3):
        await world.round()
        assert await world.wait() >= 3_600
        world.clock.advance(4_000)
    world.stand.channel["alpha"] = {}
    await world.round()
    assert await world.wait() < 3_000
    assert [status for _, status in world.stand.requests] == [200, 304, 304, 200]


@pytest.mark.parametrize("times", [1, 2])
async def test_the_rest_of_a_feed_that_was_cut_off_is_asked_for(world, times):
    """No 304 hides it, nor is it alerted as news; a feed that is never whole is taken as it comes."""
    body = rss("alpha", [OLD, FIRE])
    world.stand.answers["alpha"] = (200, body[: body.index(b"</item>") + 9])
    await world.add(world.stand.url("alpha"))
    await world.watch("fire")
    for _ in range(times):
        await world.round()
        assert (await world.storage.run(lambda store: store.items.counts()))["items"] == 1
        world.clock.advance(700)
    world.stand.answers["alpha"] = (200, body)
    await world.round()
    assert [status for _, status in world.stand.requests] == [200] * (times + 1)
    assert world.alerts == times - 1


async def test_the_operators_word_counts_for_a_feed_that_does_not_say_its_language(world):
    """`lang` of a file of feeds reaches the items."""
    world.stand.channel["alpha"] = {"language": ""}
    await world.add(world.stand.url("alpha"), lang="es")
    await world.round()
    assert [item.lang for item in await world.storage.run(stored)] == ["es"]


async def test_a_feed_that_is_not_due_is_left_alone(world):
    """The time of the next poll stands in the database and is honoured."""
    await world.add(world.stand.url("alpha"))
    await world.round()
    await world.round()
    assert len(world.stand.requests) == 1
    assert "polling" in await world.storage.run(lambda store: store.progress.all())


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((404, b"x"), "nothing at this address"),
        ((500, b"x"), "status 500"),
        ((200, b""), "empty"),
        ((200, b"<rss version='2.0'><channel>"), "cut off before its first entry"),
        ((200, b"<html><body>Welcome</body></html>"), "not a feed"),
        ((200, b"<rss>" + b"x" * 6_000_000), "larger than 5 MB"),
    ],
    ids=["404", "500", "nothing", "beginning", "page", "huge"],
)
async def test_a_feed_that_fails_says_why_and_waits_longer(world, answer, reason):
    """Each failure after the first doubles the wait; a good poll ends it."""
    world.stand.answers["alpha"] = answer
    await world.add(world.stand.url("alpha"))
    for failures in (1, 2):
        await world.round()
        feed = await world.feed()
        assert (feed.failures, reason in feed.error) == (failures, True)
        assert await world.wait() == 600 * 2 ** (failures - 1)
        world.clock.advance(600 * 2**failures)
    world.stand.answers.clear()
    await world.round()
    assert ((await world.feed()).failures, (await world.feed()).error) == (0, "")


async def test_a_feed_that_is_gone_is_stopped(world):
    """410: it will not return, and is not asked again."""
    world.stand.answers["alpha"] = (410, b"")
    await world.add(world.stand.url("alpha"))
    await world.round()
    assert ((await world.feed()).stopped, (await world.feed()).gone) == (True, True)
    world.clock.advance(10 * 86_400)
    await world.round()
    assert len(world.stand.requests) == 1


async def test_a_feed_that_ends_its_reader_three_times_is_stopped(world):
    """Other failures between do not count, a document that is read starts anew, and the reason stands in its row."""
    await world.add(world.stand.url("alpha"))

    async def polls(*titles: str) -> Feed:
        for title in titles:
            world.stand.answers["alpha"] = (200, rss(title, [OLD])) if title else (500, b"")
            await world.round()
            world.clock.advance(90_000)
        return await world.feed()

    assert not (await polls("deadly", "deadly", "good", "deadly", "", "deadly")).stopped
    feed = await polls("deadly", "good")
    assert feed.stopped
    assert feed.error.endswith("too much memory to be read. That was the third time in a row, so it is polled no more.")
    assert len(world.stand.requests) == 7


async def test_a_feed_that_does_not_change_is_polled_less_and_less(world):
    """Until it changes: then it is polled as usual again."""
    await world.add(world.stand.url("alpha"))
    waits = []
    for _ in range(150):
        await world.round()
        waits.append(await world.wait())
        world.clock.advance(waits[-1])
    assert waits == sorted(waits)
    assert waits[0] == 600
    assert 7_000 < waits[-1] <= 21_600
    world.stand.feeds["alpha"].append(FIRE)
    await world.round()
    assert await world.wait() == 600


@pytest.mark.parametrize("url", ["http://[::1", "http://10.0.0.1/rss", "nonsense", "http://user:pass@host.example/"])
async def test_an_address_that_is_not_fetched_stops_nobody(world, url):
    """Refused or unreadable: an error in its row, and the feeds behind it are polled."""
    await world.add(url)
    world.clock.advance(1)
    await world.add(world.stand.url("alpha"))
    await world.round()
    assert (await world.feed(1)).failures == 1
    assert (await world.feed(2)).last_success


async def test_a_bug_of_ours_is_one_feeds_trouble(world, caplog):
    """Logged with its traceback, shown as a failure, and the others go on."""
    world.stand.feeds["bug"] = [OLD]
    await world.add(world.stand.url("bug"), world.stand.url("alpha"))
    await world.round()
    assert "error on our side" in (await world.feed(1)).error
    assert (await world.feed(2)).last_success
    assert "our bug" in caplog.text
