"""/addfeed through the real process: the answer takes the message's place, and the feed alerts who added it."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.running import OLD, World, world
from tests.newsstand import Story

FIRE = Story("Fire in the old harbour", "https://wire.example/fire", "f-1")


@pytest.fixture
async def running(tmp_path: Path, token: str) -> AsyncIterator[World]:
    """A bot that has polled its feeds."""
    async with world(tmp_path, token) as made:
        await made.start()
        await made.polls(2)
        yield made
        await made.end()
        made.check.assert_clean()


async def test_a_feed_of_one_chat_alerts_that_chat(running: World) -> None:
    """From a site's page to an alert: the page's feed is added, polled, and its next item matched."""
    running.news.feeds["gamma"] = [OLD]
    link = '<link rel="alternate" type="application/rss+xml" href="/gamma">'
    running.news.answers["site"] = (200, f"<!doctype html><html><head>{link}</head>".encode())
    await running.say("/watch harbour fire")
    assert (await running.say(f"/addfeed {running.news.url('site')}")).message_id
    await running.until(lambda: "Added gamma: number 1 in /feeds." in running.texts()[-1])
    assert len(running.texts()) == 2
    await running.polls(2, of="gamma")
    running.news.feeds["gamma"].append(FIRE)
    await running.until(lambda: bool(running.alerts()))
    assert "Your own feeds\n1. ✅ gamma" in (await running.say("/feeds")).text
    assert "Dropped gamma." in (await running.say("/delfeed 1")).text


async def test_a_lookup_outlives_a_kill(running: World) -> None:
    """The process dies with the question stored; the next one answers it."""
    running.news.feeds["gamma"] = [OLD]
    running.news.go.clear()
    assert "Looking at" in (await running.say(f"/addfeed {running.news.url('gamma')}")).text
    await running.end(signal.SIGKILL)
    running.news.go.set()
    await running.start()
    await running.until(lambda: any("Added gamma" in text for text in running.texts()))
