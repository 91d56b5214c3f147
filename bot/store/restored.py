"""What a backup believes is still to be done may have been done since: it counts as done, and nothing is repeated."""

from bot.clock import from_epoch
from bot.store.broadcasts import Broadcasts
from bot.store.feeds import Feeds
from bot.store.outbox import Outbox
from bot.store.table import Table


class Restored(Table):
    """For a database that has just been put back, before any bot runs on it."""

    def settle(self, reason: str) -> tuple[int, int, int]:
        """Return how many messages were dropped, alerts taken as told, and updates passed over.

        News that is in the feeds by now alerts nobody: which of it has been told since is not known.
        """
        now = from_epoch(self._now)
        Feeds(self._database, now).forget_primed()
        messages = Outbox(self._database, now).drop_open(reason)
        Broadcasts(self._database, now).stop_all()
        kept = self._write("UPDATE alerts SET due = NULL WHERE due <= ?", [self._now])
        # Their messages list by now what the backup does not know: an edit would take it away.
        self._write("UPDATE alerts SET grew = NULL WHERE grew IS NOT NULL")
        asked = self._write("UPDATE inbox SET state = 'skipped', reason = ? WHERE state = 'new'", [reason])
        self._write("UPDATE lookups SET state = 'done' WHERE state = 'waiting'")
        return messages, kept, asked
