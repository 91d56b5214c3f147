"""Watches and settings as a file, written and read."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlists.errors import ListError, QueryError
from watchlists.portable import LEVELS, PortableWatch, read, write
from watchlists.portable_follows import PortableFollow
from watchlists.query import parse

SETTINGS = {"language": "uk", "timezone": "Europe/Kyiv", "quiet": "22:00-07:00", "digest": "daily 08:00"}


def is_query(text: str) -> bool:
    try:
        return bool(parse(text)) and text == " ".join(text.split())
    except QueryError:
        return False


@given(
    st.lists(
        st.builds(
            PortableWatch,
            st.text(min_size=1, max_size=60).filter(is_query),
            st.sampled_from(LEVELS),
            st.sampled_from(["", "off", "hourly", "daily 08:00"]),
        ),
        max_size=4,
    )
)
def test_what_is_written_is_read_back(watches):
    """Whatever is in the queries: quotes, backslashes, control characters, any script."""
    text = write({**SETTINGS, "own_feeds_only": True}, watches)
    assert tomllib.loads(text)["version"] == 1
    found = read(text)
    assert list(found.watches) == watches
    assert found.settings == {**SETTINGS, "own_feeds_only": True}
    assert not found.wrong


FOLLOWS = st.builds(
    PortableFollow,
    st.sampled_from(["ports", "war-in-europe"]),
    st.lists(st.sampled_from(["ferry strike", '"peace plan"', "пороми"]), min_size=1, unique=True).map(tuple),
    st.booleans(),
    st.sampled_from(["", "-golf", '-"peace prize" -source:rt.com']),
    st.sampled_from(["", *LEVELS]),
    st.sampled_from(["", "off", "hourly", "daily 08:00"]),
    st.booleans(),
)


@given(st.lists(FOLLOWS | st.just(PortableFollow("ports")), max_size=3))
def test_what_is_followed_is_read_back(follows):
    """The whole list but some, or some of it alone, and how its alerts come."""
    found = read(write({}, [PortableWatch("fire")], follows))
    assert list(found.follows) == follows
    assert [line.written for line in found.lines[1:]] == [follow.slug for follow in follows]
    assert not found.wrong


def test_a_list_may_be_named_alone():
    """It is then followed as a whole, and nothing else is written of it."""
    assert write({}, [], [PortableFollow("ports")]).endswith('[[follows]]\nlist = "ports"\n')
    assert read('follows = ["ports"]\n[[watches]]\nquery = "fire"').follows == [PortableFollow("ports")]


def test_empty_settings_are_left_out():
    """A chat that has set nothing says nothing of it."""
    text = write({"language": "", "quiet": ""}, [PortableWatch("fire")])
    assert tomllib.loads(text) == {"version": 1, "settings": {}, "watches": [{"query": "fire"}]}


def test_a_plain_file_has_a_query_a_line():
    """Comments and empty lines are passed over, and spaces are single."""
    found = read("\ufeff# mine\n\nDonbas   withdrawal\n  +putin -golf  \n")
    assert [watch.text for watch in found.watches] == ["Donbas withdrawal", "+putin -golf"]
    assert not found.wrong


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[watches]]\nquery = "(a"', "bracket"),
        ("[[watches]]\nquery = 3", "in quotes"),
        ('[[watches]]\nquery = "a"\nlevel = "loud"', "“loud” is nothing that I know"),
        ('[[watches]]\nquery = "a"\ncolour = "red"', "“colour” is nothing that I know"),
        ('[[watches]]\nquery = "a"\ndigest = "soon"', "soon"),
        ('[settings]\ntimezone = "Europe/Nowhere"', "Nowhere"),
        ('[settings]\nlanguage = "xx"', "I do not speak “xx”"),
        ("[settings]\nquiet = 3", "in quotes"),
        ('[settings]\nown_feeds_only = "yes"', "true or false"),
        ('[settings]\nsound = "on"', "“sound” is nothing that I know"),
        ('stories = 1\n[[watches]]\nquery = "a"', "“stories” is nothing that I know"),
        ('version = 2\n[[watches]]\nquery = "a"', "version 1"),
        ("fire\n(a", "bracket"),
        ('[[follows]]\nlist = "ports"\nnews = "yes"', "news should be one of true, false"),
        ('[[follows]]\nlist = "ports"\nlevel = "loud"', "level should be one of normal, urgent, silent"),
        ('[[follows]]\nlist = "ports"\nonly = ["(a"]', "bracket"),
        ('[[follows]]\nlist = "ports"\nwithout = "golf"', "minus"),
        ('[[follows]]\nlist = "ports"\ncolour = "red"', "colour"),
        ("[[follows]]\nnews = true", "no list"),
    ],
)
def test_each_wrong_line_says_why(text, said):
    """As a sentence, beside the lines that could be taken."""
    (wrong,) = read(text).wrong
    assert said in wrong.wrong
    assert wrong.written


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no watches and no settings"),
        ("# nothing", "no watches and no settings"),
        ("a = = 3", "no TOML"),
        ("[settings]\nwatches = 3\n[x", "no TOML"),
        ("watches = 3", "[[watches]]"),
        ("settings = 3\n", "[settings]"),
        ("fire\n" * 1001, "1000"),
    ],
)
def test_what_is_no_such_file_is_refused(text, said):
    """With what a file should be."""
    with pytest.raises(ListError, match=said.replace("[", r"\[")):
        read(text)
