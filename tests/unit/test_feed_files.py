"""Files of feeds: what they give, why they are refused, and which ship with the program."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.refusals import refusal
from watchlists.errors import ListError
from watchlists.feed_files import FeedEntry, parse_feeds
from watchlists.shipped import shipped, shipped_names

ONE = "https://harbour-wire.example/feed"
TWO = "https://meridian-post.example/feed"

OPML = f"""<?xml version="1.0" encoding="iso-8859-1"?>
<opml version="2.0">
  <head><title>Subscriptions of a reader</title></head>
  <body>
    <outline text="World">
      <outline text="Europe">
        <outline type="rss" text="Harbour Wire" title="Harbour &amp; Wire" xmlUrl="{ONE}" language="en-GB"/>
      </outline>
      <outline type="link" text="A page" url="https://meridian-post.example/"/>
    </outline>
    <outline type="rss" text="Новини" xmlurl="{TWO}" category="/daily,/news/" language="?"/>
  </body>
</opml>
"""


# Feeds


@pytest.mark.parametrize(
    "text",
    [
        f'[[feeds]]\nurl = "{ONE}"\n[[feeds]]\nurl = "{TWO}"',
        f'[[feed]]\nhref = "{ONE}"\n[[feed]]\nxml_url = "{TWO}"',
        f'[[feeds]]\nlink = "{ONE}"\n[[feeds]]\nxmlUrl = "{TWO}"\ninterval = 600',
        f'feeds = ["{ONE}", "{TWO}"]',
        f'feeds = ["{ONE}", {{ url = " {TWO} " }}]',
        f'title = "Mine"\nfeeds = ["{ONE}"]\n[feed]\nurl = "{TWO}"',
        f'\ufefffeeds = ["{ONE}", "{TWO}", "{ONE}"]',
    ],
)
def test_every_usual_form_gives_the_same_feeds(text):
    """A file of feeds from elsewhere is read whatever it calls its tables and its addresses."""
    assert parse_feeds(text, "mine.toml") == (FeedEntry(ONE), FeedEntry(TWO))


@pytest.mark.parametrize(
    "text",
    [
        f'[feeds]\n"Harbour Wire" = "{ONE}"',
        f'[feeds."Harbour Wire"]\nurl = "{ONE}"',
        f'[[feeds]]\nname = "Harbour  Wire"\nurl = "{ONE}"',
    ],
)
def test_the_name_of_a_feed_is_its_title(text):
    """A feed may be named by its key in a table or by a field."""
    assert parse_feeds(text, "mine.toml") == (FeedEntry(ONE, "Harbour Wire"),)


def test_a_feed_keeps_its_language_and_tags():
    """Languages lose their region; tags may be a list or words with commas."""
    text = f'[[feeds]]\nurl = "{ONE}"\nlang = "EN-gb"\ntags = ["a", " b ", "a", ""]\n'
    text += f'[[feeds]]\nurl = "{TWO}"\nlanguage = "uk"\ntags = "c, d"'
    assert parse_feeds(text, "mine.toml") == (
        FeedEntry(ONE, "", "en", ("a", "b")),
        FeedEntry(TWO, "", "uk", ("c", "d")),
    )


def test_a_feed_named_twice_is_one_feed_with_the_tags_of_both():
    """Scheme and host are the same in any case, a fragment names no other feed, paths differ by case."""
    text = f"""
    feeds = [
        {{ url = "{ONE}", tags = ["a"] }},
        {{ url = "HTTPS://Harbour-Wire.example/feed#top", title = "Wire", lang = "en", tags = ["b"] }},
        "https://harbour-wire.example/Feed",
    ]"""
    assert parse_feeds(text, "mine.toml") == (
        FeedEntry(ONE, "Wire", "en", ("a", "b")),
        FeedEntry("https://harbour-wire.example/Feed"),
    )


def test_opml_gives_its_feeds_with_their_folders_as_tags():
    """Folders, categories and languages are kept, links that are no feeds are passed over."""
    assert parse_feeds(OPML, "mine.opml") == (
        FeedEntry(ONE, "Harbour & Wire", "en", ("World", "Europe")),
        FeedEntry(TWO, "Новини", None, ("daily", "news")),
    )


@pytest.mark.parametrize("text", ["feeds = []", "[feeds]"])
def test_a_list_of_no_feeds_is_no_fault(text):
    """Someone who wants to add every feed by hand may say so."""
    assert parse_feeds(text, "mine.toml") == ()


def test_all_faults_of_a_file_come_at_once():
    """Each fault names the number of its feed, so that one look mends them all."""
    message = refusal(
        parse_feeds,
        """
        feeds = [
            "ftp://harbour-wire.example/feed",
            7,
            { title = "No address" },
            { url = "https://a.example/", lang = "English!", tags = [1] },
            { url = "https://a.example/", title = 5 },
            "https://user:secret@a.example/",
            "https://a b.example/",
            "https://[oops/",
            "https:///no-host",
        ]""",
    )
    for number in range(1, 10):
        assert f"feed {number}" in message
    assert "https:// or http://" in message
    assert "secret" not in message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "names no feeds"),
        ('subscriptions = ["https://a.example/"]', "[[feeds]]"),
        ('feeds = "https://a.example/"', "does not list its feeds"),
        ("feeds = [", "not valid TOML"),
        ('feeds = ["https://a.example/"]\nfeeds = []', "overwrite"),
        ("<html><body/></html>", "neither TOML nor OPML"),
        ("<opml><body></opml>", "line 1"),
        ("<opml><body><outline xmlUrl='gopher://a.example/'/></body></opml>", "line 1: the address"),
        ('<!DOCTYPE opml SYSTEM "http://a.example/x.dtd"><opml/>', "document type"),
        ('<!DOCTYPE o [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><opml>&b;</opml>', "document type"),
        ("<opml>&lol;</opml>", "undefined entity"),
        ('<opml version="1.0"><body/></opml>', "names no feeds"),
        ("<opml><body><outline text='a' url='https://a.example/'/></body></opml>", "has an xmlUrl"),
        ("<opml>" + "<outline text='x'>" * 100, "deep"),
        ("<opml>\ud800</opml>", "not well-formed"),
        ("feeds = ['https://a.example/" + "x" * 3000 + "']", "2048"),
    ],
)
def test_a_file_that_is_no_list_of_feeds_is_refused_in_one_sentence(text, words):
    """The sentence names the file and what it lacks; nothing of such a file is used."""
    assert words in refusal(parse_feeds, text)


@given(st.one_of(st.text(), st.text().map("<opml>{}".format), st.text().map("feeds = {}".format)))
def test_any_text_is_read_or_refused(text):
    """No text, however odd, raises anything but a ListError."""
    with contextlib.suppress(ListError):
        parse_feeds(text, "mine")


# What ships


def test_forty_feeds_ship_in_several_languages_each_with_title_language_and_tags():
    """The default feeds are complete, encrypted, and without repetition."""
    feeds = parse_feeds(shipped("feeds.toml"), "feeds.toml")
    assert len(feeds) == len({feed.url for feed in feeds}) == len({feed.title for feed in feeds}) == 40
    assert all(feed.title and feed.lang and feed.tags and feed.url.startswith("https://") for feed in feeds)
    assert len({feed.lang for feed in feeds}) >= 8


def test_only_shipped_files_are_given():
    """A name is no path: nothing outside the folder can be read through it."""
    assert {"ukraine-peace-talks.toml", "feeds.toml"} <= set(shipped_names())
    with pytest.raises(ListError, match=r"feeds\.toml"):
        shipped("../model.py")
