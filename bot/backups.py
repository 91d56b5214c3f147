"""Backups by themselves: one a day, when the bot has little to do; a week of days is kept, and four weeks before it.

Made by a process of its own, which is what `wirewatch backup` runs: it can be stopped at any moment, and neither its
memory nor its time is the bot's.
"""

import asyncio
import logging
import os
import re
import sys
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock import Clock
from bot.store import Storage
from watchlists.errors import WirewatchError

log = logging.getLogger(__name__)

DAYS, WEEKS = 7, 4
EVERY = timedelta(hours=24)
RETRY = timedelta(hours=1)  # after one that failed
PATIENCE = timedelta(hours=6)  # for which one waits until little is to be sent
BUSY = 60.0  # seconds that a message waits: then all of the disk belongs to the bot
_NAME = re.compile(r"wirewatch-(\d{8}T\d{6})Z\.db")


class BackupFailed(WirewatchError):
    """A backup was not made, and why."""


Copy = Callable[[Path, Path], Awaitable[None]]


async def copy_apart(source: Path, target: Path) -> None:
    """Copy the database in a process of its own; raise `BackupFailed`. Cancelled, the process is ended."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "backup", str(target)),
        env={**os.environ, "WIREWATCH_DATABASE": str(source)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise BackupFailed(said.decode(errors="replace").strip() or f"it ended with status {process.returncode}")


class Backups:
    """`tick` it every minute; `noted` hears then when the newest one was made.

    `trouble` says why the last one was not made; it is empty when it was.
    """

    def __init__(
        self,
        storage: Storage,
        folder: Path,
        clock: Clock,
        copy: Copy = copy_apart,
        noted: Callable[[datetime], None] = lambda _moment: None,
    ) -> None:
        self._storage = storage
        self._folder = folder
        self._clock = clock
        self._copy = copy
        self._noted = noted
        self._began: datetime | None = None
        self._not_before = datetime.min.replace(tzinfo=UTC)
        self.trouble = ""

    def made(self) -> dict[datetime, Path]:
        """The backups that are there."""
        return self.made_in(self._folder)

    @staticmethod
    def made_in(folder: Path) -> dict[datetime, Path]:
        """The backups of a folder, by when they were made; files of other names are not ours."""
        found = {path: _NAME.fullmatch(path.name) for path in folder.glob("wirewatch-*.db")}
        return {
            datetime.strptime(name[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC): path
            for path, name in found.items()
            if name
        }

    async def tick(self) -> None:
        """Make one if it is due, and drop what is too old."""
        await self._make_if_due()
        if made := self.made():
            self._noted(max(made))

    async def _make_if_due(self) -> None:
        now = self._clock()
        self._began = min(self._began or now, now)
        due = max((moment + EVERY for moment in self.made() if moment <= now), default=self._began)
        if now < max(due, self._not_before) or (now < due + PATIENCE and await self._is_busy()):
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            await self._copy(self._storage.path, self._folder / f"wirewatch-{now:%Y%m%dT%H%M%SZ}.db")
            for path in spare(self.made()):
                path.unlink()
        except (BackupFailed, OSError) as error:
            self._not_before = now + RETRY
            self.trouble = str(error)
            log.error("no backup was made; the next try is in an hour: %s", error)
        else:
            self.trouble = ""
            log.info("a backup is in %s", self._folder)

    async def _is_busy(self) -> bool:
        delays = await self._storage.run(lambda store: store.gauges.delays())
        return delays.sending > BUSY or self._storage.waiting > 0


def spare(made: dict[datetime, Path]) -> Iterable[Path]:
    """What need not be kept: all but the last of each of seven days, and of each of the four weeks before them."""
    days: dict[object, datetime] = {}
    weeks: dict[object, datetime] = {}
    for moment in sorted(made, reverse=True):
        if moment.date() in days or len(days) < DAYS:
            days.setdefault(moment.date(), moment)
        elif len(weeks) < WEEKS:
            weeks.setdefault(moment.isocalendar()[:2], moment)
    kept = {*days.values(), *weeks.values()}
    return [path for moment, path in made.items() if moment not in kept]
