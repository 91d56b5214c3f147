"""The line that somebody types on a terminal, kept here and not by the terminal itself.

A terminal that collects a line on its own shows what is typed wherever the cursor happens to stand, and tells nobody
what it holds: a message that is printed meanwhile cuts the line in two. So the keys are taken one by one, and whoever
prints something takes the line away before and puts it back below.
"""

import contextlib
import os
import termios
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TextIO

from bot.sandbox.terminal_input import descriptor, is_terminal

_COLUMNS = 80  # where the terminal does not say
_ERASE, _ERASE_WORD, _ERASE_LINE = "\x7f\x08", "\x17", "\x15"  # Backspace, Ctrl-W, Ctrl-U
_END = "\x04\0"  # Ctrl-D; and what Linux makes of one that was pressed while it collected lines itself


class TypedLine:
    """The keys pressed so far. Pure: it neither reads nor prints."""

    def __init__(self) -> None:
        self.text = ""
        self._escape = ""

    def press(self, key: str) -> str | None:
        """One character as a terminal sends it: the finished line, or None. `EOFError`: Ctrl-D on an empty line."""
        if self._escape or key == "\x1b":
            self._skip(key)
        elif key in "\r\n":
            finished, self.text = self.text, ""
            return finished
        elif key in _END and not self.text:
            raise EOFError
        elif key in _ERASE:
            self.text = self.text[:-1]
        elif key == _ERASE_WORD:
            self.text = self.text.rstrip()
            self.text = self.text[: self.text.rfind(" ") + 1]
        elif key == _ERASE_LINE:
            self.text = ""
        elif key == "\t" or unicodedata.category(key) != "Cc":
            self.text += " " if key == "\t" else key
        return None

    def _skip(self, key: str) -> None:
        """Arrows and other keys of more than one character do nothing: `ESC O A`, `ESC [ 1 ; 5 C`."""
        self._escape += key
        if len(self._escape) == 1 or self._escape in ("\x1b[", "\x1bO"):
            return
        if not self._escape.startswith("\x1b[") or "@" <= key <= "~":
            self._escape = ""

    def away(self, columns: int) -> str:
        """What clears the line from the screen and leaves the cursor where it began."""
        if not self.text:
            return ""
        rows = (max(1, _width(self.text)) - 1) // columns
        return "\r" + (f"\x1b[{rows}A" if rows else "") + "\x1b[J"


def _width(text: str) -> int:
    """How many columns a terminal gives it."""
    return sum(_cells(letter) for letter in text)


def _cells(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def columns(stream: TextIO) -> int:
    """How wide the terminal is at this moment."""
    number = descriptor(stream)
    with contextlib.suppress(OSError):
        return max(1, os.get_terminal_size(number).columns) if number is not None else _COLUMNS
    return _COLUMNS


def can_redraw(stdin: TextIO | None, stdout: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether a person types at a terminal that can also take back what it shows."""
    return is_terminal(stdin) and is_terminal(stdout) and environ.get("TERM") != "dumb"


@contextlib.contextmanager
def key_by_key(stream: TextIO | None) -> Iterator[None]:
    """The terminal gives every key at once and shows none; Ctrl-C still ends the program. Afterwards as before."""
    number = descriptor(stream)
    if number is None:
        yield
        return
    before = termios.tcgetattr(number)
    changed = termios.tcgetattr(number)
    changed[3] &= ~(termios.ICANON | termios.ECHO)
    termios.tcsetattr(number, termios.TCSANOW, changed)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):  # it has hung up
            termios.tcsetattr(number, termios.TCSADRAIN, before)
