"""The way to the tables: transactions on the database thread, tried again while the file cannot be written."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from bot.clock import Clock
from bot.db import Database, passes
from bot.store.tables import Store

T = TypeVar("T")
log = logging.getLogger(__name__)

BACKOFF_FIRST, BACKOFF_MOST = 0.5, 10.0  # seconds between two tries of one transaction


class Storage:
    """The way to the tables: each `run` is one transaction on the database thread, at the time of the clock."""

    def __init__(
        self, database: Database, clock: Clock, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._database = database
        self._clock = clock
        self._sleep = sleep
        self._waiting = 0
        self.trouble = ""  # why, the last time that transactions had to wait

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._database.path

    @property
    def waiting(self) -> int:
        """How many transactions could not be carried out for now, and will be tried again."""
        return self._waiting

    async def run(self, work: Callable[[Store], T]) -> T:
        """Run `work` and commit; when it raises, nothing of it stays.

        While another process holds the file, or its disk is full, it is tried again until it succeeds or the
        caller is cancelled: so `work` may run several times, each time as if it were the first.
        """
        try:
            return await self._once(work)
        except sqlite3.OperationalError as error:
            if not passes(error):
                raise
            self.trouble = str(error)
            if not self._waiting:  # one line, however many callers wait and however often they try
                log.error("the database cannot be written (%s): all that needs it waits, and goes on by itself", error)
        self._waiting += 1
        try:
            result = await self._again(work)
        finally:
            self._waiting -= 1
        if not self._waiting:
            log.warning("the database can be written again")
        return result

    async def _once(self, work: Callable[[Store], T]) -> T:
        return await self._database.run(lambda database: work(Store(database, self._clock())))

    async def _again(self, work: Callable[[Store], T]) -> T:
        pause = BACKOFF_FIRST
        while True:
            await self._sleep(pause)
            try:
                return await self._once(work)
            except sqlite3.OperationalError as error:
                if not passes(error):
                    raise
            pause = min(BACKOFF_MOST, pause * 2)

    def run_blocking(self, work: Callable[[Store], T]) -> T:
        """`run` for code without an event loop, and with one try: the command line and tests."""
        return self._database.run_blocking(lambda database: work(Store(database, self._clock())))
