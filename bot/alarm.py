"""Telling the admins that the database cannot be written: past the outbox, which is what cannot be written then.

Once when it has lasted, and once when it is over; with no promise that it arrives.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from telegram import Bot

from bot.botapi import attempt
from bot.clock import Clock
from bot.store import Storage
from watchlists.i18n import _

PATIENCE = timedelta(seconds=30)  # another process may hold the file for a moment


class Alarm:
    """`tick` looks, every few seconds. In English: a chat's language stands in the database."""

    def __init__(self, storage: Storage, bot: Bot, admins: Collection[int], clock: Clock) -> None:
        self._storage = storage
        self._bot = bot
        self._admins = admins
        self._clock = clock
        self._since: datetime | None = None
        self._told = False

    async def tick(self) -> None:
        """Say what has changed."""
        now = self._clock()
        if not self._storage.waiting:
            if self._told:
                await self._tell(_("✅ The database can be written again. Nothing was lost, and all goes on."))
            self._since, self._told = None, False
            return
        self._since = min(self._since or now, now)
        if not self._told and now - self._since >= PATIENCE:
            self._told = True
            reason = _("⚠️ The database cannot be written: {reason}. All waits, nothing is lost; I go on by myself.")
            await self._tell(reason.format(reason=self._storage.trouble))

    async def _tell(self, text: str) -> None:
        for admin in sorted(self._admins):
            await attempt("an admin could not be told of the database", self._bot.send_message(admin, text))
