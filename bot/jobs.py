"""What is done again and again, and whether it still gets round.

The scheduler only ticks: what is due, and when, stands in the database.
"""

import asyncio
import contextlib
import functools
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import UTC
from typing import NamedTuple

from apscheduler.events import EVENT_JOB_ERROR
from apscheduler.schedulers.asyncio import AsyncIOScheduler

HOUR = 3600.0
SLACK = 120.0  # seconds; a busy disk may hold up a round, a minute or two of it is no accident


class Job(NamedTuple):
    """What is called every so many seconds."""

    name: str
    work: Callable[[], Awaitable[None]]
    every: float


class Pulse:
    """When each job last ended well. One that has not for three rounds, and two minutes, is late."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._every: dict[str, float] = {}
        self._beats: dict[str, float] = {}

    def expect(self, name: str, every: float) -> None:
        """From now on `beat` is to be called every so many seconds."""
        self._every[name] = every
        self.beat(name)

    def beat(self, name: str) -> None:
        """It has got round."""
        self._beats[name] = self._monotonic()

    def ages(self) -> dict[str, float]:
        """Seconds since each last got round."""
        now = self._monotonic()
        return {name: now - beat for name, beat in self._beats.items()}

    def late(self) -> dict[str, float]:
        """Those that have not got round in their time, and the seconds since they last did."""
        return {name: age for name, age in self.ages().items() if age > max(SLACK, 3 * self._every[name])}


@contextlib.contextmanager
def scheduler(jobs: Iterable[Job], pulse: Pulse, failed: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Run the jobs until the end of the block, on a scheduler of our own; `failed` hears of each error in one."""
    # Without a grace of None a run that is a second late is skipped in silence.
    defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    ticking = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
    ticking.add_listener(lambda _event: failed(), EVENT_JOB_ERROR)
    for job in jobs:
        pulse.expect(job.name, job.every)
        run = _endable(job, pulse)
        ticking.add_job(run, "interval", seconds=job.every)
        if job.every >= HOUR:  # also now: a program that is restarted every few hours gets round to it too
            ticking.add_job(run)
    ticking.start()
    try:
        yield
    finally:
        ticking.shutdown(wait=False)


def _endable(job: Job, pulse: Pulse) -> Callable[[], Awaitable[None]]:
    """The job, but one that the end of the program cancels is no error, as which APScheduler would log it."""

    @functools.wraps(job.work)
    async def run() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await job.work()
            pulse.beat(job.name)

    return run
