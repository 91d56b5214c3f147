"""From a feed to an alert in a chat, through the real process and a local Bot API server."""

import asyncio
import json
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.running import World, world
from tests.newsstand import Story
from tests.promises import Measured

HEADLINE = "Trump expected to host Zelensky at Mar-a-Lago on Sunday"
MEETING = Story(HEADLINE, "https://wire.example/mar-a-lago-sunday", "m-1")


@pytest.fixture
async def running(tmp_path: Path, token: str) -> AsyncIterator[World]:
    """A bot that runs and has polled its feeds once, so that what comes next is news."""
    async with world(tmp_path, token) as made:
        await made.start()
        await made.polls(2)
        yield made
        await made.end()
        made.check.assert_clean()


async def test_a_matching_item_becomes_one_alert(running: World) -> None:
    """An item that a watch hits reaches the chat once, within one poll plus 3 s; an unrelated one never."""
    await running.say("/watch Mar-a-Lago meeting")
    running.news.feeds["alpha"].append(Story("Golf club opens a new restaurant", "https://wire.example/golf", "g-1"))
    running.news.feeds["alpha"].append(MEETING)
    published = time.monotonic()
    await running.until(lambda: bool(running.alerts()))
    assert time.monotonic() - published <= running.poll * 1.1 + 3
    running.news.feeds["beta"].append(
        Story(HEADLINE, "https://www.wire.example/mar-a-lago-sunday?utm_source=rss&utm_medium=feed", "other-guid")
    )
    await running.polls(3, of="beta")
    (alert,) = running.alerts()
    assert HEADLINE in alert
    assert "Mar-a-Lago meeting" in alert
    assert "wire.example" in alert


async def test_the_first_poll_alerts_nothing(tmp_path: Path, token: str) -> None:
    """What stands in a feed when it is first read is not news."""
    async with world(tmp_path, token) as made:
        made.news.feeds["alpha"].append(MEETING)
        made.telegram.say(made.user, made.chat, "/watch Mar-a-Lago meeting")
        await made.start()
        await made.polls(3)
        await made.until(lambda: any("Watching" in text for text in made.texts()))
        assert made.alerts() == []


async def test_an_alert_survives_a_kill_between_match_and_send(tmp_path: Path, token: str) -> None:
    """The process is killed when the alert is stored and not sent: after a restart it arrives, once."""
    async with world(tmp_path, token) as made:
        await made.start()
        await made.polls(2)
        await made.say("/watch Mar-a-Lago meeting")
        # Telegram asks to wait: the alert is matched and stored, and stays in the outbox.
        made.api.faults.too_many(2, method="sendMessage", times=None)
        made.news.feeds["alpha"].append(MEETING)
        await made.polls(4)
        await made.end(signal.SIGKILL)
        assert made.alerts() == []
        made.api.faults.clear()
        await made.start()
        await made.until(lambda: bool(made.alerts()))
        await made.polls(2)
        assert len(made.alerts()) == 1


async def test_a_kill_during_the_send_repeats_it_once(tmp_path: Path, token: str) -> None:
    """Delivered, but the process died before it heard so: the only case in which an alert may come twice."""
    async with world(tmp_path, token) as made:
        await made.start()
        await made.polls(2)
        await made.say("/watch Mar-a-Lago meeting")
        made.api.faults.deliver_then_stall(3600, method="sendMessage")
        made.news.feeds["alpha"].append(MEETING)
        await made.until(lambda: bool(made.alerts()))
        await made.end(signal.SIGKILL)
        made.api.faults.clear()
        await made.start()
        await made.until(lambda: len(made.alerts()) == 2)
        await made.end()
        outbox = (await _status(made))["outbox"]
        assert outbox["sending"] == outbox["queued"] == 0


async def test_a_command_sent_while_the_bot_was_away_is_answered(tmp_path: Path, token: str) -> None:
    """Updates wait at Telegram, one that cannot be read among them; each is answered once, also after a kill."""
    async with world(tmp_path, token) as made:
        made.telegram.put_raw_update({"message": {"nothing": "that makes sense"}})
        made.telegram.say(made.user, made.chat, "/watch first thing")
        await made.start()
        await made.until(lambda: len(made.texts()) == 1)
        while (await _status(made))["outbox"]["sent"] == 0:  # the answer has come; wait until that is recorded
            continue
        await made.end(signal.SIGKILL)
        await made.start()
        assert "You watch 1 thing" in (await made.say("/watches")).text
        assert len(made.texts()) == 2


async def test_bad_feeds_do_not_stop_the_others(tmp_path: Path, token: str) -> None:
    """No feed, 404, 500, nothing, 50 MB: each is counted, the operator reads why, and the good feed still alerts."""
    async with world(tmp_path, token) as made:
        made.news.answers = {
            "page": (200, b"<html><body>Welcome</body></html>"),
            "missing": (404, b"not found"),
            "broken": (500, b"oops"),
            "empty": (200, b""),
            "huge": (200, b"<rss>" + b"x" * 50_000_000),
        }
        made.news.feeds.update({name: [] for name in made.news.answers})
        await made.start()
        await made.polls(2)
        await made.say("/watch Mar-a-Lago meeting")
        made.news.feeds["alpha"].append(MEETING)
        await made.until(lambda: bool(made.alerts()))
        answer = await made.say("/feeds")
        assert answer.text.count("cannot be read at the moment") == 5
        troubled = (await _status(made))["troubled_feeds"]
        assert {feed["url"] for feed in troubled} == {made.news.url(name) for name in made.news.answers}
        assert all(feed["error"] for feed in troubled)


async def test_sigterm_ends_quickly_and_records_everything(running: World, measured: Measured) -> None:
    """SIGTERM: exit code 0 within ten seconds, no row left `sending`, no temporary file; log without token."""
    await running.say("/watch Mar-a-Lago meeting")
    start = time.monotonic()
    assert await asyncio.wait_for(running.end(), 10) == 0
    measured("P16", f"ended {time.monotonic() - start:.1f} s after SIGTERM")
    assert list(running.temporary.iterdir()) == []
    figures = await _status(running)
    assert figures["outbox"]["sending"] == 0
    assert figures["outbox_adds_up"] is True
    written = (running.folder / "bot.log").read_text()
    assert running.telegram.token not in written
    assert {json.loads(line)["level"] for line in written.splitlines()} >= {"info"}


async def test_a_second_instance_refuses(running: World) -> None:
    """Two bots on one database would send everything twice."""
    second = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=running.environment, stderr=asyncio.subprocess.PIPE
    )
    _, said = await second.communicate()
    assert second.returncode == 1
    assert b"Another Wirewatch is running" in said
    assert said.count(b"\n") == 1


async def _status(made: World) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "status", env=made.environment, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    figures: dict[str, Any] = json.loads(printed)
    return figures
