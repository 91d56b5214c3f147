"""The feeds that a page names, read from pages as they are: broken, hostile, in any encoding."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlists.pages import FeedLink, feed_links, looks_like_page

PAGE = "https://paper.example/world/"
RSS = 'rel="alternate" type="application/rss+xml"'


def links(markup: str, content_type: str = "text/html; charset=utf-8") -> list[tuple[str, str]]:
    return [(link.url, link.title) for link in feed_links(markup.encode(), content_type, PAGE)]


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        (f'<link {RSS} title="World" href="https://paper.example/rss">', ("https://paper.example/rss", "World")),
        (f"<LINK {RSS.upper()} HREF=/rss />", ("https://paper.example/rss", "")),
        (f"<link href='rss.xml?a=1&amp;b=2' {RSS}>", ("https://paper.example/world/rss.xml?a=1&b=2", "")),
        ('<link rel="alternate home" type="application/atom+xml;charset=utf-8" href="//cdn.example/a">',
         ("https://cdn.example/a", "")),
        ('<link rel="alternate"\n type="application/feed+json"\n title="A &amp; B\u202e"\n href="f.json"\n>',
         ("https://paper.example/world/f.json", "A & B")),
        ('<link rel="feed" href="/feed">', ("https://paper.example/feed", "")),
        (f'<link data-x="a>b" {RSS} href="/rss">', ("https://paper.example/rss", "")),
        (f'<link\t{RSS}\thref="/rss" href="/second">', ("https://paper.example/rss", "")),
    ],
)  # fmt: skip
def test_a_link_to_a_feed_is_found(tag, found):
    """Whatever the order, the case and the quotes of its attributes; absolute, with the page's word for it."""
    assert links(f"<!doctype html><html><head>{tag}</head><body>") == [found]


@pytest.mark.parametrize(
    "tag",
    [
        '<link rel="stylesheet" type="text/css" href="/a.css">',
        '<link rel="alternate" hreflang="de" href="/de">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed">',
        '<link rel="alternate" type="application/json" href="/wp-json/oEmbed/1.0/embed">',
        '<link rel="alternate" type="application/rss+xml-preview" href="/preview">',
        f"<link {RSS}>",
        f'<link {RSS} href="javascript:alert(1)">',
        f'<link {RSS} href="http://[broken/">',
        f'<link {RSS} href="https://paper.example/{"x" * 3000}">',
        f'<!-- <link {RSS} href="/old"> -->',
        f"<script>document.write('<link {RSS} href=/x>')</script>",
        f'<linkage {RSS} href="/x">',
        f'<link rel="icon" href="/i"> {RSS} href="/x">',
    ],
)
def test_what_is_no_link_to_a_feed_is_not(tag):
    """Styles, translations, embeddings, no address, comments, scripts, other tags."""
    assert links(f"<html>{tag}") == []


def test_each_address_once_and_comments_last():
    """In the order of the page otherwise; what a base tag says holds from there on."""
    page = (
        f'<link {RSS} title="Comments" href="/comments/feed/"><base href="https://base.example/x/">'
        f'<link {RSS} title="All" href="all"><link {RSS} title="Again" href="all">'
    )
    assert links(page) == [("https://base.example/x/all", "All"), ("https://paper.example/comments/feed/", "Comments")]


def test_the_encoding_is_the_one_that_is_named():
    """By the header, else by the page, if it is an encoding of text; else UTF-8, with what cannot be read replaced."""
    tag = f'<link {RSS} title="Новости" href="/rss">'
    body = f'<meta charset="windows-1251">{tag}'.encode("windows-1251")
    assert feed_links(body, "text/html", PAGE) == (FeedLink("https://paper.example/rss", "Новости"),)
    assert feed_links(tag.encode("koi8-r"), "text/html; charset=KOI8-R", PAGE)[0].title == "Новости"
    for charset in ("zlib", "idna", "punycode", "iso-8859-99", "utf-16"):
        assert feed_links(tag.encode(), f"text/html; charset={charset}", PAGE)[0].title == "Новости"


@pytest.mark.parametrize(
    "hostile",
    [
        "<!--" * 75_000,
        "<script" * 43_000,
        "<link " * 50_000,
        "<link " + 'a="' * 100_000,
        "<link " + "a" * 299_000,
        ("<link " + "a=' \"" * 380) * 150,
        ("<link " + "ab- =" * 380) * 150,
    ],
)
def test_a_page_made_to_hurt_is_read_in_time(hostile):
    """Well within a turn of the event loop, by the processor's clock."""
    begun = time.process_time()
    feed_links(hostile.encode(), "text/html", PAGE)
    assert time.process_time() - begun < 0.2


@given(st.text() | st.text(alphabet="<link rel=\"alternate' href>/!-"))
def test_any_page_is_read(text):
    """No exception."""
    feed_links(text.encode("utf-8", "replace"), text, PAGE)


@pytest.mark.parametrize(
    ("body", "is_page"),
    [
        (b"<!DOCTYPE HTML><html>", True),
        (b"<!doctype html>\n<title>A page without its first tag</title>", True),
        (b"\n\n<html lang=en>", True),
        (b"<?xml version='1.0'?><rss><channel><description>&lt;<html>", False),
        (b"<feed xmlns='x'><title><html></title>", False),
        (b'{"version": "https://jsonfeed.org/version/1"}', False),
        (b"", False),
    ],
)
def test_a_page_is_told_from_a_feed(body, is_page):
    """By how it begins, not by its label."""
    assert looks_like_page(body) is is_page
