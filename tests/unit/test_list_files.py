"""Files of watchlists: what they give, why they are refused, what is written of them, and which ship."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.refusals import refusal
from watchlists.errors import ListError
from watchlists.i18n import LANGUAGES, speaking
from watchlists.list_files import MOST, parse_watchlist, write_watchlist
from watchlists.lists import VISIBILITIES, ListedWatch, Texts, Watchlist, texts
from watchlists.model import LEVELS
from watchlists.query import parse
from watchlists.shipped import shipped, shipped_names

LIST = """
slug = "ferries"
title = "Ferries"
description = "What moves on water."
tags = ["sea", "transport"]

[[watches]]
query = "ferry strike"
note = "Crews and operators."

[[watches]]
query = "ferry (capsized | sank)"
"""


def test_a_watchlist_keeps_what_is_written():
    """Slug, title, description, tags, and the watches in order with their notes."""
    found = parse_watchlist(LIST, "ferries.toml")
    assert (found.slug, found.title.shown, found.description.shown) == ("ferries", "Ferries", "What moves on water.")
    assert found.tags == ("sea", "transport")
    assert [(watch.query.text, watch.note) for watch in found.watches] == [
        ("ferry strike", "Crews and operators."),
        ("ferry (capsized | sank)", ""),
    ]


def test_watches_may_be_plain_texts():
    """A list of queries is enough where none has a note."""
    found = parse_watchlist('slug = "a-1"\ntitle = "A"\nwatches = ["ferry strike"]', "a.toml")
    assert [str(watch.query) for watch in found.watches] == ["ferry strike"]
    assert (found.description, found.tags) == (Texts(), ())


def test_all_faults_of_a_watchlist_come_at_once():
    """Each names the number of its watch; a wrong key is told with the one that was meant."""
    message = refusal(
        parse_watchlist,
        """
        slug = "No Spaces"
        titel = "Ferries"
        tags = 3
        watches = [
            { query = 'ferry "strike' },
            { query = "ferry strike" },
            { qery = "ferry" },
            { query = "Strike  FERRY", note = 1 },
            12,
            { query = "-golf" },
        ]""",
    )
    for words in ("the slug 'No Spaces'", "did you mean 'title'", "the list has no title", "tags should be"):
        assert words in message
    for number in (1, 3, 4, 5, 6):
        assert f"watch {number}" in message
    assert "means the same as watch 2" in message
    assert "did you mean 'query'" in message
    assert message.count("watch 3") == 2, "an unknown key, and no query"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('slug = "a"\ntitle = "A"', "no watches"),
        ('slug = "a"\ntitle = "A"\nvisibility = "secret"\nwatches = ["ferry"]', "public, unlisted, private"),
        ('slug = "a"\ntitle = "A"\naliases = ["B C"]\nwatches = ["ferry"]', "the slug 'B C'"),
        ('slug = "a"\nwatches = ["ferry"]\n[title]\nEnglish = "A"', "the language 'English'"),
        (f'slug = "a"\ntitle = "{"A" * 101}"\nwatches = ["ferry"]', "more than 100 characters"),
        ('slug = "a"\ntitle = "A"\nwatches = [{query = "ferry", level = "loud"}]', "normal, urgent, silent"),
        ('slug = "a"\ntitle = "A"\nwatches = [{query = "ferry", digest = "now and then"}]', "watch 1: "),
        ('slug = "a"\ntitle = "A"\nwatches = "ferry"', "no watches"),
        ('title = "A"\nwatches = ["ferry"]', "no slug"),
        ('slug = "a"\ntitle = "A"\nzzz = 1\nwatches = ["ferry"]', "known are"),
        (f'slug = "{"a" * 41}"\ntitle = "A"\nwatches = ["ferry"]', "at most 40"),
        ("slug = a", "not valid TOML"),
        (
            f'slug = "a"\ntitle = "A"\ntags = {[str(n) for n in range(21)]}\nwatches = ["ferry"]',
            "tags should be at most 20",
        ),
        (f'slug = "a"\ntitle = "A"\ntags = ["{"t" * 41}"]\nwatches = ["ferry"]', "words of at most 40 characters"),
    ],
)
def test_a_watchlist_that_lacks_something_is_refused(text, words):
    """The sentence says what is missing."""
    assert words in refusal(parse_watchlist, text)


@given(st.one_of(st.text(), st.text().map('slug = "a"\ntitle = {}'.format)))
def test_any_text_is_read_or_refused(text):
    """No text, however odd, raises anything but a ListError."""
    with contextlib.suppress(ListError):
        parse_watchlist(text, "mine")


# Written and read again

SLUGS = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True)


def line(most: int):
    """A text of one line as people may write it: quotes, backslashes and control characters too."""
    whole = st.text(st.characters(codec="utf-8"), max_size=most)
    return whole.map(lambda text: " ".join(text.split()))


def said(key: str):
    return st.dictionaries(st.sampled_from([*LANGUAGES, "de", "fil"]), line(MOST[key])).map(texts)


WORDS = st.lists(line(40).filter(bool), max_size=4, unique=True).map(tuple)
QUERIES = st.sampled_from(
    ["ferry strike", '"peace plan" -golf', "loose: (gaza | rafah) sources:2", "пороми", "title:ferry source:a.example"]
)
WATCHES = st.builds(
    ListedWatch,
    QUERIES.map(parse),
    line(MOST["note"]),
    st.sampled_from(LEVELS),
    st.sampled_from(["", "off", "hourly", "daily 08:00 18:00", "weekly mon 08:00"]),
)
LISTS = st.builds(
    Watchlist,
    SLUGS,
    said("title").filter(lambda title: title.said),
    said("description"),
    WORDS,
    st.lists(WATCHES, max_size=5, unique_by=lambda watch: watch.query.key).map(tuple),
    st.lists(SLUGS, max_size=3, unique=True).map(tuple),
    st.sampled_from(VISIBILITIES),
)


@given(LISTS)
def test_what_is_written_is_read_the_same(written):
    """Nothing of a list is lost on its way through a file, and the file of what was read is the same file."""
    file = write_watchlist(written)
    found = parse_watchlist(file, "mine.toml")
    assert found == written
    assert [watch.written for watch in found.watches] == [watch.written for watch in written.watches]
    assert write_watchlist(found) == file


def test_a_file_has_nothing_that_goes_without_saying():
    """English texts are plain, other languages stand in a table; what is usual is left out."""
    assert write_watchlist(parse_watchlist(LIST, "ferries.toml")) == LIST.lstrip()
    title = '\n[title]\nen = "Ferries"\nuk = "Пороми"\n'
    shown = write_watchlist(
        parse_watchlist(LIST.replace('title = "Ferries"\n', "").replace("\n[[", title + "\n[[", 1), "")
    )
    assert title in shown


def test_a_list_speaks_the_language_of_its_reader():
    """Or English, or what it has; one language may be changed or taken away."""
    title = texts({"uk": "Пороми", "en": "Ferries", "de": "Fähren"})
    with speaking("uk"):
        assert title.shown == "Пороми"
        assert title.put("uk", "").shown == "Ferries"
        assert texts({"de": "Fähren"}).shown == "Fähren"
        assert Texts().shown == ""
    with speaking("es"):
        assert title.shown == "Ferries"


# What ships


@pytest.mark.parametrize("name", [name for name in shipped_names() if name != "feeds.toml"])
def test_a_shipped_watchlist_is_named_as_its_slug_and_says_what_it_is_for(name):
    """Every shipped list can be read and followed."""
    found = parse_watchlist(shipped(name), name)
    assert name == f"{found.slug}.toml"
    for texts_ in (found.title, found.description):
        assert {*LANGUAGES} <= {code for code, _said in texts_.said}
    assert found.tags
    assert len(found.watches) >= 10
