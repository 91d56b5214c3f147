"""The real process among feeds that never answer."""

import time
from pathlib import Path

from tests.e2e.running import world
from tests.newsstand import Story


async def test_feeds_that_hang_do_not_delay_an_alert(tmp_path: Path, token: str) -> None:
    """More feeds that never answer than slow ones have places, on one host: the alert is as quick as without them."""
    async with world(tmp_path, token) as made:
        hanging = [f"hanging-{number}" for number in range(10)]
        made.news.feeds |= {name: [] for name in hanging}
        made.news.silent |= set(hanging)
        await made.start()
        await made.polls(2)
        await made.say("/watch fire harbour")
        published = time.monotonic()
        made.news.feeds["alpha"].append(Story("Fire in the harbour", "https://wire.example/fire", "fire-1"))
        await made.until(lambda: bool(made.alerts()))
        assert time.monotonic() - published <= made.poll * 1.1 + 3
        assert await made.end() == 0
        made.check.assert_clean()
