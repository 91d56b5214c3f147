"""The laws of identity: equal links share a form, and a key outlives what does not matter."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlists.identity import article_link, canonical_link, is_same_headline, item_key, site

PLAIN = "https://example.org/world/summit?id=7"
HOSTS = st.from_regex(r"(www\.)?[a-z]{1,8}\.(org|co\.uk|com)(:80|:443|:8080)?", fullmatch=True)
PATHS = st.from_regex(r"(/[A-Za-z0-9._~%-]{0,8}){0,4}/?", fullmatch=True)
QUERIES = st.lists(st.from_regex(r"[a-z]{1,3}=[A-Za-z0-9%+]{0,5}", fullmatch=True), max_size=4).map("&".join)
LINKS = st.builds(
    lambda scheme, host, path, query: f"{scheme}://{host}{path}{'?' if query else ''}{query}",
    st.sampled_from(["http", "https", "HTTP"]),
    HOSTS,
    PATHS,
    QUERIES,
)
MARKS = st.sampled_from(
    [
        *("utm_source=rss", "UTM_Medium=feed", "fbclid=IwAR0", "gclid=1", "at_medium=RSS", "at_campaign=K"),
        *("traffic_source=rss", "ref=home", "oc=5", "cmpid=x", "ns_mchannel=rss", "mc_cid=1"),
    ]
)


@pytest.mark.parametrize(
    "link",
    [
        "http://example.org/world/summit?id=7",  # the scheme says how to fetch, not what
        "https://www.example.org/world/summit?id=7",
        "https://EXAMPLE.org:443/world/summit?id=7",
        "http://example.org:80/world/summit/?id=7",
        "https://example.org/world/summit?id=7#comments",
        "https://example.org/world/./x/../summit?id=7",
        "  https://example.org/world/summit?utm_source=rss&id=7&utm_medium=feed ",
        "https://example.org/world/summit?at_medium=RSS&at_campaign=rss&id=7",
        "https://example.org/world/summit?id=7&traffic_source=rss&fbclid=x&gclid=y&ref=z&cmpid=c&oc=5",
        "https://m.example.org/world/summit?id=7",
        "http://mobile.example.org/world/summit/?id=7",
        "https://amp.example.org/world/summit?id=7",
        "https://www.example.org/world/summit/amp?id=7",
        "https://www.example.org/world/summit/amp/?id=7&amp=1",
        "https://example.org/world/summit.amp?id=7",
        "https://example.org/world/summit?id=7&amp",
        "https://example.org/world/summit?outputType=amp&id=7",
        "https://www.google.com/amp/s/www.example.org/world/summit?id=7",
        "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/world/summit/amp?id=7",
    ],
)
def test_links_that_differ_in_clothes_are_one(link: str) -> None:
    """Scheme, www., default port, trailing slash, fragment and tracking marks do not tell links apart."""
    assert canonical_link(link) == PLAIN


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org/world/summit?id=8",
        "https://example.org/World/summit?id=7",  # paths have case
        "https://example.org:8080/world/summit?id=7",
        "https://news.example.org/world/summit?id=7",
        "https://example.org/world/summit?id=7&page=2",
    ],
)
def test_links_that_differ_in_substance_stay_apart(link: str) -> None:
    """Another path, port, host or query is another article."""
    assert canonical_link(link) != PLAIN


@pytest.mark.parametrize(
    ("link", "form"),
    [
        ("https://en.m.wikipedia.org/wiki/News", "https://en.wikipedia.org/wiki/News"),
        ("https://example.org/2026/story.amp.html", "https://example.org/2026/story.html"),
        ("https://example.org/amp", "https://example.org/amp"),  # a page about amplifiers
        ("https://example.org/amp/12", "https://example.org/amp/12"),
        ("https://m.org/a", "https://m.org/a"),  # a name of two labels is whole
        ("https://google.com/amp/s/", "https://google.com/amp/s"),
        ("https://example.org/a?amplifier=1", "https://example.org/a?amplifier=1"),
        ("https://forum.example.org/a?p=12&ref_src=twsrc", "https://forum.example.org/a?p=12"),
    ],
)
def test_pages_for_telephones_are_told_with_care(link: str, form: str) -> None:
    """Where a part of the address may mean something else it stays."""
    assert canonical_link(link) == form


@pytest.mark.parametrize(
    ("link", "article"),
    [
        ("https://www.example.org/a/?utm_source=rss", "https://example.org/a"),
        ("https://www.example.org/", ""),
        ("https://example.org", ""),
        ("https://m.example.org/?ref=home", ""),
        ("https://example.org/?p=12", "https://example.org?p=12"),
        ("urn:uuid:1", ""),
        ("/a", ""),
        ("", ""),
    ],
)
def test_a_home_page_is_no_article(link: str, article: str) -> None:
    """What shows many articles is the link of none; a query may name one."""
    assert article_link(link) == article


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Dam bursts above Velmora", "UPDATE: Dam bursts above Velmora", True),
        ("Dam bursts above Velmora", "Velmora: dam bursts", True),
        ("Dam bursts above Velmora", "Chess champion loses", False),
        ("Velmora", "Velmora dam bursts, 14 are missing", False),
        ("—", "—", True),
        ("—", "…", False),
        ("", "", True),
    ],
)
def test_an_edited_headline_is_the_same(one: str, other: str, same: bool) -> None:
    """Half of the words of the longer one, either way round."""
    assert is_same_headline(one, other) is is_same_headline(other, one) is same


def test_google_news_redirects_are_left_alone() -> None:
    """A redirect of Google News is opaque: nothing in it is ours to drop."""
    link = "https://news.google.com/rss/articles/CBMiXkFVX3lxTE5?oc=5"
    assert canonical_link(link) == link


@pytest.mark.parametrize(
    "link", ["", "mailto:desk@example.org", "urn:uuid:1", "http://[::1/", "http://a:99999/", "//x/y"]
)
def test_what_is_no_web_link_comes_back_stripped(link: str) -> None:
    """A string that is no http link is its own canonical form."""
    assert canonical_link(f" {link} ") == link


@given(LINKS)
def test_canonical_links_are_stable(link: str) -> None:
    """Canonicalising twice is canonicalising once."""
    assert canonical_link(canonical_link(link)) == canonical_link(link)


@given(
    st.text() | st.text().map("http://".__add__) | st.text(alphabet=":/?#[]@.%&=;aw0 \\\ud800é").map("https://".__add__)
)
def test_any_text_has_a_canonical_link(text: str) -> None:
    """No text raises, and its form is stable."""
    assert canonical_link(canonical_link(text)) == canonical_link(text)


@given(LINKS, st.lists(MARKS, min_size=1, max_size=3), st.booleans())
def test_keys_ignore_tracking_parameters(link: str, marks: list[str], first: bool) -> None:
    """An entry without guid keeps its key whatever trackers add to its link, wherever they add it."""
    base, _, query = link.partition("?")
    pairs = [*marks, query] if first else [query, *marks]
    marked = f"{base}?{'&'.join(filter(None, pairs))}"
    assert item_key("", marked, "t", "s", None) == item_key("", link, "other", "text", None)


def test_the_guid_comes_first() -> None:
    """An entry with a guid keeps its key when link, title and text change."""
    when = datetime(2026, 1, 2, tzinfo=UTC)
    key = item_key(" tag:example.org,2026:1 ", "https://example.org/a", "Old", "", None)
    assert key == item_key("tag:example.org,2026:1", "https://example.org/b", "New", "more", when)
    assert key != item_key("tag:example.org,2026:2", "https://example.org/a", "Old", "", None)


def test_without_guid_and_link_the_content_counts() -> None:
    """Title, summary and date together make the key, and each of them counts."""
    when = datetime(2026, 1, 2, tzinfo=UTC)
    keys = {
        item_key("", "", title, summary, published)
        for title, summary, published in [
            ("a", "b", when),
            ("ab", "", when),
            ("a", "b", None),
            ("", "ab", when),
        ]
    }
    assert len(keys) == 4
    assert item_key("", "", "a", "b", when) in keys


def test_a_guid_never_meets_a_link() -> None:
    """A guid that reads like another entry's link is still not that entry."""
    assert item_key("https://example.org/a", "", "", "", None) != item_key("", "https://example.org/a", "", "", None)


def test_any_text_has_a_key() -> None:
    """Lone surrogates, which broken feeds hold, do not stop the hashing."""
    assert len(item_key("\ud800", "", "", "", None)) == len(item_key("", "", "\udfff", "", None)) == 32


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("https://www.example.org/a", "example.org"),
        ("http://m.example.org:8080/a", "example.org"),
        ("https://www.m.example.org/", "example.org"),
        ("https://amp.news.example.co.uk/x", "news.example.co.uk"),
        ("https://www.org/", "www.org"),  # a name of two labels is whole
        ("https://user@EXAMPLE.org/", "example.org"),
        ("ftp://example.org/", ""),
        ("/relative", ""),
        ("http://[bad/", ""),
    ],
)
def test_the_site_is_the_host_as_readers_know_it(link: str, name: str) -> None:
    """`www.`, `m.` and `amp.` are not part of a publisher's name."""
    assert site(link) == name
