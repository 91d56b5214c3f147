"""Our HTML as plain text, and lengths as Telegram counts them."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.plain import MAX_UNITS, cut, to_plain, units
from bot.sandbox.entities import utf16


@given(st.text())
def test_a_unit_is_a_utf16_code_unit(text):
    """As Telegram counts: an emoji is two."""
    assert units(text) == utf16(text)


def test_half_a_pair_counts_as_one():
    """A lone surrogate, which no text should have, is no reason to fail."""
    assert units("\ud83d") == 1
    assert units("🔔") == 2


@given(st.text(), st.integers(1, 40))
def test_a_cut_text_fits_and_begins_as_the_whole(text, limit):
    """Never longer than asked, never half a character, an ellipsis only where something is missing."""
    short = cut(text, limit)
    assert units(short) <= limit
    if units(text) <= limit:
        assert short == text
    else:
        assert short[-1] == "…"
        assert text.startswith(short[:-1])
        short.encode()


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<b>Fire</b> &amp; <i>smoke</i>", "Fire & smoke"),
        ('<a href="https://a.example/?x=1&amp;y=2">Tom &lt;3 Jerry</a>', "Tom <3 Jerry"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("line\nline", "line\nline"),
    ],
)
def test_tags_go_and_references_are_read_once(html, text):
    """What was escaped is shown as it was."""
    assert to_plain(html) == text


@given(st.text())
def test_any_escaped_text_comes_back(text):
    """Plain text is the inverse of escaping."""
    assert to_plain(f"<b>{escape(text)}</b>") == cut(text, MAX_UNITS)


def test_plain_text_is_cut_to_what_telegram_takes():
    """4096 units, counted after the references are read."""
    assert units(to_plain("&amp;" * 5000)) == MAX_UNITS
    assert units(to_plain("🔔" * 3000)) <= MAX_UNITS
