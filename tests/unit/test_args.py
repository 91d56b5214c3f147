"""Reading what stands behind a command."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.args import MAX_ARGUMENTS, Call, TooLong, check_length, number, read_call
from watchlists.errors import UnknownNumber


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("/watch Mar-a-Lago  meeting ", Call("watch", "Mar-a-Lago  meeting")),
        ("/WATCH@Wirewatch_Bot x", Call("watch", "x", addressed=True)),
        ("/watch\nover\ntwo lines", Call("watch", "over\ntwo lines")),
        ("/help", Call("help", "")),
        ("/help   ", Call("help", "")),
        ("/", Call("", "")),
        ("//", Call("/", "")),
        ("watch this", None),
        ("", None),
        (" /watch x", None),
    ],
)
def test_a_command_is_a_name_and_the_rest(text, call):
    """Case of the name does not count, nor the bot behind it; the rest is the person's own."""
    assert read_call(text) == call


@given(st.text())
def test_any_message_can_be_read(text):
    """What begins with a slash is a command, everything else is not."""
    assert (read_call(text) is not None) == text.startswith("/")


@pytest.mark.parametrize(("written", "meant"), [("2", 2), ("#2", 2), ("2.", 2), (" 12 ", 12), ("٣", 3)])
def test_a_number_may_be_written_as_it_is_shown(written, meant):
    """With a hash or a full stop, in any digits."""
    assert number(written) == meant


@pytest.mark.parametrize("written", ["two", "-1", "1 2", "1,2", "", "#", "1.5", "²", "9" * 10, "x" * 500])
def test_what_is_no_number_is_answered_with_what_to_do(written):
    """The answer quotes it, in part, and names the way."""
    with pytest.raises(UnknownNumber, match="such as 2; /watches") as caught:
        number(written)
    assert len(str(caught.value)) < 150


def test_arguments_have_a_length():
    """512 characters are read; what is longer is told how long it is."""
    assert check_length("x" * MAX_ARGUMENTS) == "x" * MAX_ARGUMENTS
    with pytest.raises(TooLong, match="513 characters"):
        check_length("x" * (MAX_ARGUMENTS + 1))
