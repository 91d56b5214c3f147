"""What people type where a feed is wanted: the addresses to look at, by each service's own rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlists.addresses import derived, starts, usual_places

YOUTUBE = "https://www.youtube.com/feeds/videos.xml"


@pytest.mark.parametrize(
    ("typed", "tried"),
    [
        ("https://paper.example/rss", ["https://paper.example/rss"]),
        ("  <HTTP://Paper.example:8080/rss?a=b>  ", ["HTTP://Paper.example:8080/rss?a=b"]),
        ("paper.example", ["https://paper.example", "http://paper.example"]),
        ("paper.example/world", ["https://paper.example/world", "http://paper.example/world"]),
        ("127.0.0.1:8000/x", ["https://127.0.0.1:8000/x", "http://127.0.0.1:8000/x"]),
        ("http://[2001:db8::1]/x", ["http://[2001:db8::1]/x"]),
        ("газета.example", ["https://газета.example", "http://газета.example"]),
        ("@ann@social.example", ["https://social.example/@ann.rss"]),
        ("ann@social.example", ["https://social.example/@ann.rss"]),
        ("feed:https://paper.example/rss", ["https://paper.example/rss"]),
        ("feed://paper.example/rss", ["https://paper.example/rss", "http://paper.example/rss"]),
        ("https://paper.example/feed:a", ["https://paper.example/feed:a"]),
        ("“https://paper.example/rss”,", ["https://paper.example/rss"]),
        ("r/europe", ["https://www.reddit.com/r/europe/.rss", "https://www.reddit.com/r/europe"]),
        ("/r/europe/", ["https://www.reddit.com/r/europe/.rss", "https://www.reddit.com/r/europe"]),
        ("u/somebody", ["https://www.reddit.com/user/somebody/.rss", "https://www.reddit.com/u/somebody"]),
        (
            "youtube.com/channel/UCabc",
            [f"{YOUTUBE}?channel_id=UCabc", "https://youtube.com/channel/UCabc", "http://youtube.com/channel/UCabc"],
        ),
    ],
)
def test_what_is_typed_leads_to_addresses(typed, tried):
    """A derived feed first, then the page; https before http where nothing is said."""
    assert list(starts(typed)) == tried


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "hello", "two words.example", "ftp://paper.example/rss", "javascript:alert(1)", "file:///etc/passwd",
     "https://", "https:///path", "http://[::1", "@ann", "a" * 3000 + ".example", "paper.example/\nx"],
)  # fmt: skip
def test_what_is_no_address_leads_nowhere(typed):
    """Words, other schemes, no host, too long."""
    assert starts(typed) == ()


@given(st.text() | st.text(alphabet="/:.@?#[]a1-"))
def test_any_text_is_taken(typed):
    """Whatever is typed: no exception, and only web addresses come back."""
    assert all(address.lower().startswith(("http://", "https://")) for address in starts(typed))


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("https://www.youtube.com/channel/UCabc/videos", f"{YOUTUBE}?channel_id=UCabc"),
        ("https://m.youtube.com/user/somebody", f"{YOUTUBE}?user=somebody"),
        ("https://www.youtube.com/playlist?list=PL-1_a", f"{YOUTUBE}?playlist_id=PL-1_a"),
        ("https://www.youtube.com/@somebody", ""),
        ("https://www.youtube.com/watch?v=abc", ""),
        ("https://old.reddit.com/r/europe/", "https://www.reddit.com/r/europe/.rss"),
        ("https://www.reddit.com/r/europe/top/?t=day", "https://www.reddit.com/r/europe/top/.rss?t=day"),
        ("https://www.reddit.com/r/europe/.rss", ""),
        ("https://www.reddit.com/", ""),
        ("https://social.example/@ann", "https://social.example/@ann.rss"),
        ("https://social.example/@ann@other.example", "https://social.example/@ann@other.example.rss"),
        ("https://social.example/@ann.rss", ""),
        ("https://social.example/@ann/1234", ""),
        ("https://medium.com/@ann", "https://medium.com/feed/@ann"),
        ("https://medium.com/feed/@ann", ""),
        ("https://ann.medium.com/story", "https://ann.medium.com/feed"),
        ("https://github.com/owner/name", "https://github.com/owner/name/releases.atom"),
        ("https://github.com/owner/name/tags", "https://github.com/owner/name/tags.atom"),
        ("https://github.com/owner/name/tags.atom", ""),
        ("https://github.com/owner", ""),
        ("https://bsky.app/profile/ann.example", "https://bsky.app/profile/ann.example/rss"),
        ("https://ann.substack.com/p/story", "https://ann.substack.com/feed"),
        ("https://ann.tumblr.com/", "https://ann.tumblr.com/rss"),
        ("https://ann.tumblr.com/rss", ""),
        ("https://ann.blogspot.com/2024/01/x.html", "https://ann.blogspot.com/feeds/posts/default"),
        ("https://ann.wordpress.com/about", "https://ann.wordpress.com/feed/"),
        ("https://youtube.com.evil.example/channel/UCabc", ""),
        ("https://paper.example/world", ""),
    ],
)
def test_each_service_has_its_rule(page, feed):
    """The address of the feed where the service has a rule for it, and nothing where it has none."""
    assert derived(page) == ((feed,) if feed else ())


def test_the_usual_places_begin_below_the_page():
    """A section may have its own feed; the site's are at the root."""
    assert usual_places("https://paper.example:8080/world/?a=b")[:2] == (
        "https://paper.example:8080/world/feed",
        "https://paper.example:8080/feed",
    )
    assert usual_places("https://paper.example")[0] == "https://paper.example/feed"
    assert len(usual_places("https://paper.example/world")) <= 7
