"""How late changes are noticed: the adaptive interval beside a fixed one, on invented feeds.

The feeds change from every twenty minutes to every month, more by day than by night, and often again soon after a
change. Printed are polls a feed and day, and the delay of a change (mean over all changes, and 95th percentile); the
row compares with a fixed interval that makes as many polls.
"""

import math
import random
import sys
from collections.abc import Callable, Iterator

from bot.cadence import DAY, HOUR, Habit, Intervals, interval, learn
from tests.benchmarks.rows import Row

FEEDS, DAYS, LEARNING = 300, 40, 20
_AGAIN, _SOON = 0.3, 15 * 60  # how often a change is followed by another, and after how many seconds on average

# Last poll, number of changes it found → seconds to the next poll.
Pace = Callable[[float, int], float]


def run() -> list[Row]:
    """Changes noticed per hour of delay."""
    feeds = [list(_changes(random.Random(number))) for number in range(FEEDS)]
    adaptive = _measure("adaptive", feeds, _adaptive)
    _measure("every 600 s", feeds, lambda: lambda _time, _found: 600.0)
    alike = DAY / adaptive[0]
    fixed = _measure(f"every {alike:.0f} s", feeds, lambda: lambda _time, _found: alike)
    return [Row("notice a change, as many polls", HOUR / adaptive[1], "/h of delay", "fixed interval", HOUR / fixed[1])]


def _changes(chance: random.Random) -> Iterator[float]:
    """The times of one feed's changes, in seconds."""
    gap = math.exp(chance.uniform(math.log(HOUR / 3), math.log(30 * DAY)))
    moment = 0.0
    while moment < DAYS * DAY:
        if chance.random() < _AGAIN:
            moment += chance.expovariate(1 / _SOON)
        else:
            moment += chance.expovariate(1 / gap)
            if math.sin(2 * math.pi * moment / DAY) < chance.uniform(-2, 0.5):  # night: most wait for the morning
                moment += chance.uniform(0, DAY / 3)
        yield moment


def _adaptive() -> Pace:
    habit, last_poll, last_change = Habit(), 0.0, 0.0

    def pace(moment: float, found: int) -> float:
        nonlocal habit, last_poll, last_change
        habit = learn(habit, moment - last_poll, found > 0)
        last_poll, last_change = moment, moment if found else last_change
        return interval(Intervals(), habit, moment - last_change)

    return pace


def _measure(name: str, feeds: list[list[float]], pace_of: Callable[[], Pace]) -> tuple[float, float]:
    """Polls a feed and day, and the mean delay in seconds, after the time for learning."""
    polls, delays = 0, []
    for changes in feeds:
        pace, moment, noticed = pace_of(), 0.0, 0
        while moment < DAYS * DAY:
            found = 0
            while noticed < len(changes) and changes[noticed] <= moment:
                if moment > LEARNING * DAY:
                    delays.append(moment - changes[noticed])
                noticed, found = noticed + 1, found + 1
            polls += moment > LEARNING * DAY
            moment += pace(moment, found)
    delays.sort()
    a_day, mean = polls / FEEDS / (DAYS - LEARNING), sum(delays) / len(delays)
    print(
        f"{name:>14}: {a_day:6.1f} polls a feed and day, delay {mean / 60:5.1f} min, "
        f"p95 {delays[len(delays) * 95 // 100] / 60:5.1f} min",
        file=sys.stderr,
    )
    return a_day, mean
