"""What a backup believes is still to be done may have been done since: it counts as done, and nothing is repeated.

And what people hold from after the backup, such as a message with buttons, means nothing to it: never something else.
"""

from bot.clock import from_epoch
from bot.store.broadcasts import Broadcasts
from bot.store.feeds import Feeds
from bot.store.outbox import Outbox
from bot.store.table import Table

_SINCE = 1_577_836_800  # 2020, in seconds since 1970: numbers that people may see begin there, so as to be short
_IDS = 1000  # a second: more than are given on the long run, whatever bursts there are
_VERSIONS = 1 / 3600  # a second, of one list


class Restored(Table):
    """For a database that has just been put back, before any bot runs on it."""

    def part(self) -> None:
        """Give no id again that may have been given since the backup was made: a button that carries it is still there.

        How many were given is not known, but it was less than time has passed: ids go on from the present time, also
        when one backup is restored twice. Open questions are dropped: the next message is no answer any more.
        """
        passed = self._now - _SINCE
        self._write("UPDATE sqlite_sequence SET seq = max(seq, ?)", [int(passed * _IDS)])
        self._write("UPDATE lists SET version = max(version + 1, ?) WHERE removed IS NULL", [int(passed * _VERSIONS)])
        self._write(
            "INSERT INTO list_versions (list_id, version, at, user_id, act, why, file) "
            "SELECT id, lists.version, ?, 0, 'restored', '', file FROM lists JOIN list_versions v "
            "ON v.list_id = id AND v.version = (SELECT max(version) FROM list_versions WHERE list_id = id) "
            "WHERE removed IS NULL",
            [self._now],
        )
        self._write("DELETE FROM questions")
        self._write("UPDATE links SET editing = 0")

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
