"""The line that is typed on the sandbox's terminal."""

import asyncio
import os
import termios

import pytest

from bot.sandbox.terminal_line import TypedLine
from tests.teletype import Chat, Screen


async def test_what_arrives_does_not_break_the_line_that_is_typed():
    """The half-typed line is taken away, the message printed, and the line stands again below; then it is said."""
    master, slave = os.openpty()
    with os.fdopen(slave) as stream:
        before = termios.tcgetattr(slave)
        box = Chat(stream, Screen())
        run = asyncio.create_task(box.terminal.run())
        os.write(master, b"/wat")
        await box.out.until("/wat")
        box.call("sendMessage", text="An alert")
        assert box.shown.endswith("  An alert\n/wat")
        assert "/wat\r\x1b[J" in box.shown
        os.write(master, b"ch fire\n\x04")
        await asyncio.wait_for(run, 5)
        assert termios.tcgetattr(slave) == before
        os.close(master)
    assert box.said == ["/watch fire"]
    assert box.shown.endswith("/watch fire\n")


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("fire", "fire"),
        ("firre\x7f\x7fe", "fire"),
        ("\x7f", ""),
        ("one two  \x17six", "one six"),
        ("one\x17", ""),
        ("one two\x15six", "six"),
        ("a\x1b[1;5Cb\x1bOAc\x1bxd\x1b[3~e", "abcde"),
        ("a\tb\x01\x04", "a b"),
        ("пожежа 🔥", "пожежа 🔥"),
    ],
)
def test_keys_edit_the_line(keys, text):
    """Letters are added, the usual keys erase, all others do nothing."""
    line = TypedLine()
    assert [line.press(key) for key in keys] == [None] * len(keys)
    assert line.text == text
    assert line.press("\n") == text
    assert line.text == ""
    for end in "\x04\0":
        with pytest.raises(EOFError):
            line.press(end)


@pytest.mark.parametrize(("text", "rows"), [("x", 0), ("x" * 10, 0), ("x" * 11, 1), ("火" * 6, 1), ("é́" * 10, 0)])
def test_a_long_line_is_taken_away_from_all_its_rows(text, rows):
    """Wide letters take two columns, marks none."""
    line = TypedLine()
    line.text = text
    assert line.away(10) == "\r" + (f"\x1b[{rows}A" if rows else "") + "\x1b[J"
    assert TypedLine().away(10) == ""
