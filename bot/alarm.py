"""Telling the admins of what only they can mend: the database cannot be written, the bot is behind, the disk is nearly
full, no feed answers, no backup was made.

Past the outbox, which may be what is in trouble. Each is said once when it has lasted, and once when it is over; what
has not arrived is said again at the next look, and what nobody has heard of needs no end.
"""

import shutil
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from telegram import Bot

from bot.backups import Backups
from bot.botapi import attempt
from bot.clock import Clock
from bot.store import Storage, Store
from bot.store.gauges import Delays
from watchlists.i18n import N_, _, speaking

PATIENCE = timedelta(seconds=30)  # another process may hold the file for a moment
BEHIND = timedelta(minutes=15)
SILENT = timedelta(hours=1)
LEAST_FREE = 500_000_000  # bytes; or as much as the database takes, so that a copy of it has room
_MUCH = 1.2  # so much more has to be free again before the trouble is over
_LOCKED = (
    N_("⚠️ The database cannot be written: {reason}. All waits, nothing is lost; I go on by myself."),
    N_("✅ The database can be written again. Nothing was lost, and all goes on."),
)
_BEHIND = (
    N_("⚠️ I am behind by {reason} minutes. /status shows what waits; the log says why."),
    N_("✅ I have caught up."),
)
_SILENT = (
    N_("⚠️ Nothing has come from any feed for {reason} minutes. Is this machine's way to the internet open?"),
    N_("✅ Feeds answer again."),
)
_UNSAVED = (
    N_("⚠️ No backup could be made: {reason} I try again every hour."),
    N_("✅ A backup has been made again."),
)
_FULL = (
    N_("⚠️ The disk is nearly full: {reason} MB are free. When it is full, all waits until there is room again."),
    N_("✅ There is room on the disk again."),
)


class _Trouble:
    """One kind of it: since when it lasts, and who has been told."""

    def __init__(self, sentences: tuple[str, str], patience: timedelta = timedelta()) -> None:
        self._begun, self._over = sentences
        self._patience = patience
        self._since: datetime | None = None
        self.told: set[int] = set()

    def news(self, reason: str, now: datetime, admins: Collection[int]) -> tuple[str, list[int]]:
        """What is to be said now, and to whom; `reason` is empty while there is no trouble."""
        if not reason:
            self._since = None
            return self._over, sorted(self.told)
        self._since = min(self._since or now, now)
        late = now - self._since >= self._patience
        return self._begun, sorted({*admins} - self.told) if late else []

    def heard(self, admin: int, reason: str) -> None:
        """It was said to this admin."""
        self.told.add(admin) if reason else self.told.discard(admin)


class Alarm:
    """`tick` looks at the database every few seconds, `look` at all else every minute.

    In English while the database cannot be asked: a chat's language stands in it.
    """

    def __init__(
        self,
        storage: Storage,
        bot: Bot,
        admins: Collection[int],
        clock: Clock,
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
        backups: Backups | None = None,
    ) -> None:
        self._storage = storage
        self._bot = bot
        self._admins = admins
        self._clock = clock
        self._free = free
        self._began: datetime | None = None
        self._locked, self._full = _Trouble(_LOCKED, PATIENCE), _Trouble(_FULL)
        self._backups, self._unsaved = backups, _Trouble(_UNSAVED)
        self._behind, self._silent = _Trouble(_BEHIND), _Trouble(_SILENT)

    async def tick(self) -> None:
        """Say whether the database can be written, where that has changed."""
        await self._see(self._locked, self._storage.trouble if self._storage.waiting else "", {})

    async def look(self) -> None:
        """Say what else has changed."""
        if self._storage.waiting or not self._admins:
            return

        def measure(store: Store) -> tuple[Delays, Mapping[int, str]]:
            return store.gauges.delays(), store.chats.languages(self._admins)

        delays, languages = await self._storage.run(measure)
        now = self._clock()
        self._began = min(self._began or now, now)
        runs = now - self._began  # what waits since before the start has not waited for us
        behind = min(delays.longest, runs) >= BEHIND
        await self._see(self._behind, _minutes(delays.longest) if behind else "", languages)
        silence = timedelta(seconds=delays.silence)
        await self._see(self._silent, _minutes(silence) if min(silence, runs) >= SILENT else "", languages)
        path = self._storage.path
        least, free = max(LEAST_FREE, path.stat().st_size), self._free(path.parent)
        little = free < (least * _MUCH if self._full.told else least)
        await self._see(self._full, f"{free / 1_000_000:.0f}" if little else "", languages)
        await self._see(self._unsaved, self._backups.trouble if self._backups else "", languages)

    async def _see(self, trouble: _Trouble, reason: str, languages: Mapping[int, str]) -> None:
        sentence, admins = trouble.news(reason, self._clock(), self._admins)
        for admin in admins:
            with speaking(languages.get(admin, "")):
                text = _(sentence).format(reason=reason)
            if await attempt("an admin could not be told of a trouble", self._bot.send_message(admin, text)):
                trouble.heard(admin, reason)


def _minutes(time: timedelta) -> str:
    return f"{time.total_seconds() // 60:.0f}"
