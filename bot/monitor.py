"""What monitoring asks of the program: `/metrics` for figures, `/healthz` for whether all that should go on goes on.

Both read the database beside its writer, so that they answer also while it cannot be written, and hold nothing up.
Meant for the operator's own network: no figure names a person, but nobody is asked for a password either.
"""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.clock import Clock
from bot.config import Listen
from bot.db import Database
from bot.door import PLAIN, Door
from bot.jobs import Pulse
from bot.metrics import Metrics
from bot.store import Storage
from bot.store.gauges import Sample

PATIENCE = 10.0  # seconds; Prometheus waits as long
UPDATES_WAIT = 120.0  # seconds that an update may wait to be handled


class Monitor:
    """Answers from `database`, a connection of its own beside that of `written`, which the program writes to."""

    def __init__(self, database: Database, clock: Clock, metrics: Metrics, pulse: Pulse, written: Storage) -> None:
        self._path = database.path
        self._storage = Storage(database, clock)
        self._written = written
        self._clock = clock
        self._metrics = metrics
        self._pulse = pulse

    def open(self, door: Door) -> None:
        """Answer here."""
        door.serve("GET", "/metrics", self._figures)
        door.serve("GET", "/healthz", self._health)

    async def problems(self) -> list[str]:
        """Why the program does not do what it should: a line each; none when all is well."""
        problems = [f"the database cannot be written: {self._written.trouble}"] if self._written.waiting else []
        try:
            async with asyncio.timeout(PATIENCE):
                stalled, delays = await self._storage.run(
                    lambda store: (store.figures.stalled(), store.gauges.delays())
                )
        except TimeoutError:
            return [*problems, "the database does not answer"]
        late = self._pulse.late()
        problems += [f"{name}: has not got round within two minutes" for name in stalled if name not in late]
        problems += [f"{name}: has not got round for {age:.0f} s" for name, age in late.items()]
        if delays.answering > UPDATES_WAIT:
            problems.append(f"answers: an update has waited for {delays.answering:.0f} s")
        return problems

    async def _health(self, _request: web.Request, _path: str) -> web.Response:
        problems = await self.problems()
        return web.Response(status=503 if problems else 200, text="\n".join(problems or ["ok"]) + "\n", headers=PLAIN)

    async def _figures(self, _request: web.Request, _path: str) -> web.Response:
        try:
            async with asyncio.timeout(PATIENCE):
                sample = await self._sample()
                loops = await self._storage.run(lambda store: store.progress.all())
        except TimeoutError:
            return web.Response(status=503, text="the database does not answer\n", headers=PLAIN)
        now = self._clock()
        ages = self._pulse.ages() | {name: (now - moment).total_seconds() for name, moment in loops.items()}
        body = self._metrics.text(sample, ages)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST, **PLAIN})

    async def _sample(self) -> Sample:
        sizes, free = await asyncio.to_thread(_sizes, self._path)
        return await self._storage.run(lambda store: store.gauges.sample(sizes, free))


def _sizes(path: Path) -> tuple[dict[str, int], int]:
    parts = {"file": path, "log": path.with_name(f"{path.name}-wal")}
    sizes = {part: file.stat().st_size if file.exists() else 0 for part, file in parts.items()}
    return sizes, shutil.disk_usage(path.parent).free


@contextlib.asynccontextmanager
async def monitored(
    listen: Listen | None, storage: Storage, clock: Clock, metrics: Metrics, pulse: Pulse
) -> AsyncIterator[None]:
    """Answer monitoring until the end of the block, where the operator has named a port."""
    if listen is None:
        yield
        return
    database = Database.visit(storage.path)
    door = Door("WIREWATCH_METRICS_PORT", listen.port, listen.host)
    Monitor(database, clock, metrics, pulse, storage).open(door)
    try:
        await door.start()
        yield
    finally:
        await door.close()
        database.close()
