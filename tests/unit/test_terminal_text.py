"""What the terminal prints: messages as plain lines, marks and links only where they can be shown."""

from datetime import UTC, datetime

import pytest

from bot.sandbox.entities import Entity
from bot.sandbox.formatting import formatted
from bot.sandbox.keyboard import Button
from bot.sandbox.terminal_text import heading, indented, render_keyboard, render_text, safe, wants_colour

NOON = datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)


def rendered(source, colour):
    result = formatted(source, "HTML")
    return render_text(result.text, result.entities, colour)


def test_plain_text_shows_links_in_brackets():
    """Without a terminal there are no escape sequences, and no link is lost."""
    source = '<b>Talks</b> in <a href="https://a.example/x">Geneva 😀</a>, https://b.example'
    assert rendered(source, colour=False) == "Talks in Geneva 😀 <https://a.example/x>, https://b.example"


def test_a_terminal_shows_bold_and_links():
    """Bold, underlined links that can be clicked, and both at once."""
    assert rendered("a <b>x</b>", colour=True) == "a \x1b[1mx\x1b[0m"
    assert rendered('<b><a href="https://a.example/">x</a></b>', colour=True) == (
        "\x1b]8;;https://a.example/\x1b\\\x1b[1;4mx\x1b[0m\x1b]8;;\x1b\\"
    )


def test_nothing_from_a_feed_can_drive_the_terminal():
    """Escape sequences, returns, C1 controls and turns of the writing direction are taken out everywhere."""
    nasty = "a\x1b]0;x\x07\r\x9b31m\u202eb\nc"
    assert safe(nasty) == "a]0;x31mb\nc"
    link = Entity("text_link", 0, 1, url="https://a.example/\x1b[2J")
    assert "\x1b[2J" not in render_text("x", [link], colour=True) + render_text("x", [link], colour=False)
    assert "\x1b" not in heading(0, UTC, "\x1b[2J\nx") + render_keyboard(
        ((Button("\x1b[2J", data="1"), Button("x", url="https://a.example/\x1b")),), lambda button: 1, colour=False
    )


@pytest.mark.parametrize(
    ("terminal", "environ", "expected"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colour_is_for_those_who_can_and_want(terminal, environ, expected):
    """A terminal, no NO_COLOR, not dumb."""
    assert bool(wants_colour(terminal, environ)) is expected


def test_lines_are_set_in_and_headings_carry_the_time():
    """Empty lines stay empty; the note stands in brackets; dim on a terminal."""
    assert indented("a\n\nb") == "  a\n\n  b"
    assert heading(NOON.timestamp(), UTC, "Ann", "Bot", note="edited") == "12:00:05 · Ann · Bot (edited)"
    assert heading(NOON.timestamp(), UTC, "Ann", colour=True) == "\x1b[2m12:00:05 · Ann\x1b[0m"


def test_a_button_without_data_or_link_is_shown_without_a_number():
    """Only what can be pressed has one; on a terminal it is bold."""
    row = (Button("Undo", data="1"), Button("Open", url="https://a.example"), Button("Copy"))
    assert render_keyboard((row,), lambda button: 7, colour=False) == "[7 Undo]  [Open: https://a.example]  [Copy]"
    assert render_keyboard((row[:1],), lambda button: 7, colour=True) == "[\x1b[1m7\x1b[0m Undo]"
