"""One instance per database: two would send every alert twice."""

import fcntl
import os
from pathlib import Path

from watchlists.errors import WirewatchError


class AlreadyRunning(WirewatchError):
    """Another process has this database open as its own."""

    exit_code = 1


class NotWritable(WirewatchError):
    """The place of the database cannot be written to."""


class InstanceLock:
    """Held for as long as the process lives; the system releases it however the process ends."""

    def __init__(self, database: Path) -> None:
        path = database.with_name(f"{database.name}.lock")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise NotWritable(
                f"The database {database} cannot be written: {error.strerror} ({path.parent}). "
                "Make the folder writable, or set WIREWATCH_DATABASE to another place."
            ) from None
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            raise AlreadyRunning(
                f"Another Wirewatch is running on {database}: stop it first, or set another WIREWATCH_DATABASE."
            ) from None

    def release(self) -> None:
        """Let another process have the database."""
        os.close(self._descriptor)
