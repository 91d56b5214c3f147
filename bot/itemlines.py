"""The items of a file or of standard input, one a line, for the verbs that go through them."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from bot.jsonlines import BadLineError, item_from_line, numbered
from watchlists.errors import WirewatchError
from watchlists.model import Item

_PROGRESS_EVERY = 500  # items


class ItemLines:
    """Goes through the items of an open file once. Names lines that cannot be read on stderr and counts them: `bad`.

    Counts the items on a terminal that does not also show the results.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self.bad = 0

    def __iter__(self) -> Iterator[Item]:
        done = 0
        for number, line in numbered(self._file):
            try:
                item = item_from_line(line)
            except BadLineError as error:
                self.bad += 1
                sys.stderr.write(f"wirewatch: {self._name}, line {number} {error}; left out.\n")
                continue
            yield item
            done += 1
            if done % _PROGRESS_EVERY == 0:
                _show(done)
        if done >= _PROGRESS_EVERY:
            _show(done, end="\n")


@contextmanager
def open_items(name: str) -> Iterator[ItemLines]:
    """The items of the file `name`, or of standard input for `-`."""
    if name == "-":
        yield ItemLines(sys.stdin.buffer, name)
        return
    with ExitStack() as open_files:
        try:
            file = open_files.enter_context(Path(name).open("rb"))
        except OSError as error:
            raise WirewatchError(f"{name} cannot be read: {error.strerror}.") from None
        yield ItemLines(file, name)


def _show(done: int, end: str = "") -> None:
    if sys.stderr.isatty() and not sys.stdout.isatty():
        sys.stderr.write(f"\r{done} items{end}")
        sys.stderr.flush()
