"""How the sandbox's chat looks in a terminal. Pure: messages in, lines out.

12:04:31 · Ann · Wirewatch (edited)
  Ceasefire talks resume in Geneva <https://harbour-wire.example/talks>
  [1 Undo]  [2 Snooze]
"""

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo

from bot.sandbox.entities import Entity
from bot.sandbox.keyboard import Button, Keyboard

INDENT = "  "
_CODES = {
    "bold": "1",
    "italic": "3",
    "underline": "4",
    "text_link": "4",
    "url": "4",
    "strikethrough": "9",
    "spoiler": "7",
}
# Feeds are not trusted to drive a terminal: C0 but the line feed, DEL, C1, and what turns the writing around.
_UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def wants_colour(is_terminal: bool, environ: Mapping[str, str]) -> bool:
    """Whether escape sequences are welcome: on a capable terminal whose owner did not say NO_COLOR."""
    return is_terminal and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def safe(text: str) -> str:
    """The text without anything that a terminal would obey."""
    return _UNSAFE.sub("", text)


def render_text(text: str, entities: Sequence[Entity], colour: bool) -> str:
    """The text with its marks: escape sequences, or else each link in angle brackets behind its words."""
    units = text.encode("utf-16-le")
    cuts = sorted({0, len(units) // 2, *(at for part in entities for at in (part.offset, part.end))})
    pieces = []
    for start, end in itertools.pairwise(cuts):
        words = safe(units[2 * start : 2 * end].decode("utf-16-le", "replace"))
        active = [part for part in entities if part.offset <= start and end <= part.end]
        pieces.append(_coloured(words, active) if colour else words)
        if not colour:
            ends = [part for part in entities if part.end == end and part.type == "text_link"]
            pieces.extend(f" <{safe(part.url)}>" for part in ends)
    return "".join(pieces)


def _coloured(words: str, active: Sequence[Entity]) -> str:
    codes = sorted({_CODES[part.type] for part in active if part.type in _CODES})
    shown = f"\x1b[{';'.join(codes)}m{words}\x1b[0m" if codes and words else words
    for part in active:
        if part.type == "text_link":
            shown = f"\x1b]8;;{safe(part.url)}\x1b\\{shown}\x1b]8;;\x1b\\"
    return shown


def render_keyboard(keyboard: Keyboard, number: Callable[[Button], int], colour: bool) -> str:
    """One line a row: `[1 Undo]` can be pressed, `[Open: https://…]` only read."""
    return "\n".join("  ".join(_button(button, number, colour) for button in row) for row in keyboard)


def _button(button: Button, number: Callable[[Button], int], colour: bool) -> str:
    words = safe(button.text).replace("\n", " ")
    if button.url:
        return f"[{words}: {safe(button.url)}]"
    if not button.data:
        return f"[{words}]"
    return f"[\x1b[1m{number(button)}\x1b[0m {words}]" if colour else f"[{number(button)} {words}]"


def heading(when: float, zone: tzinfo | None, *parts: str, note: str = "", colour: bool = False) -> str:
    """Time (of the given zone, None for the machine's), chat and speaker; a note in brackets."""
    clock = datetime.fromtimestamp(when, tz=UTC).astimezone(zone).strftime("%H:%M:%S")
    line = " · ".join([clock, *(safe(part).replace("\n", " ") for part in parts)])
    line = f"{line} ({note})" if note else line
    return f"\x1b[2m{line}\x1b[0m" if colour else line


def indented(text: str) -> str:
    """Each line set in, empty ones left empty."""
    return "\n".join(INDENT + line if line else "" for line in text.split("\n"))
