"""kill -9 at random moments: no alert is lost, and only what was in flight at a kill may come twice."""

import asyncio
import random
import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.running import world
from tests.newsstand import Story


def invented_name(chance: random.Random) -> str:
    """A name that stands in no list and that no spelling rule takes for another: its headline is a story of its own."""
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(6)).capitalize()


@pytest.mark.parametrize("kills", [4, pytest.param(200, marks=pytest.mark.soak)])
@pytest.mark.timeout(3000)
async def test_no_alert_is_lost_however_often_the_process_is_killed(tmp_path: Path, token: str, kills: int) -> None:
    """The set of alerts that arrived equals the set of stories that were published."""
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    print(f"seed {seed}")
    async with world(tmp_path, token) as made:
        await made.start()
        await made.polls(2)
        await made.say("/watch Mar-a-Lago meeting")
        await made.say("/urgent 1")  # so that each comes singly, however many come at once
        published = []
        for number in range(kills):
            headline = f"Mar-a-Lago meeting on {invented_name(chance)} and {invented_name(chance)}, day {number}"
            published.append(headline)
            made.news.feeds["alpha"].append(Story(headline, f"https://wire.example/{number}", f"kill-{number}"))
            await asyncio.sleep(chance.uniform(0.0, 2.5))
            await made.end(signal.SIGKILL)
            await made.start()
        patience = 60 + 2 * kills  # about one alert leaves between two kills
        await made.until(
            lambda: all(any(headline in text for text in made.alerts()) for headline in published), patience
        )
        await made.polls(2)
        assert await made.end() == 0
        came = Counter(next(headline for headline in published if headline in text) for text in made.alerts())
        assert set(came) == set(published)
        assert sum(came.values()) - len(published) <= kills, f"seed {seed}: {came}"
        assert max(came.values()) <= 2, f"seed {seed}: {came}"
        made.check.assert_clean()
