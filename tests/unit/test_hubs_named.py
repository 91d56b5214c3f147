"""Where feeds name their hub and their own address."""

from datetime import UTC, datetime

import pytest

from bot.headers import link
from bot.parse_child import Document, read

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HUB, TOPIC = "https://hub.example/", "https://news.example/feed"
RSS = "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>T</title>{}</channel></rss>"
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>{}</feed>"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (f'<{HUB}>; rel="hub"', HUB),
        (f"<{HUB}>; rel=hub, <{TOPIC}>; rel=self", HUB),
        (f'<{TOPIC}>; rel="self", <{HUB}>;type=x; REL="other Hub"', HUB),
        (f"<{HUB}>; rel=hubs", ""),
        (f"<{HUB}>", ""),
        (f"{HUB}; rel=hub", ""),
        (f"<{'x' * 3_000}>; rel=hub", ""),
        ("<" * 60_000, ""),
        ("", ""),
    ],
)
def test_a_link_header_names_the_hub(value: str, found: str) -> None:
    """In all its forms (RFC 8288); nonsense is as if it were not there."""
    assert link(value, "hub") == found


@pytest.mark.parametrize(
    "body",
    [
        RSS.format(f"<atom:link rel='hub' href='{HUB}'/><atom:link rel='self' href='{TOPIC}'/>"),
        ATOM.format(
            f"<link rel='self' href='{TOPIC}'/><link href='https://news.example/'/><link rel='hub' href='{HUB}'/>"
        ),
        '{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [], "hubs": [{"type": "rssCloud", '
        f'"url": "http://x.example"}}, {{"type": "WebSub", "url": "{HUB}"}}], "feed_url": "{TOPIC}"}}',
    ],
)
def test_a_document_names_the_hub(body: str) -> None:
    """RSS and Atom by a link, JSON Feed by a list."""
    feed = read(Document(body.encode(), "https://news.example/x", "", (), NOW))
    assert feed is not None
    assert (feed.hub, feed.topic) == (HUB, TOPIC)


def test_a_hub_that_is_no_web_address_is_none() -> None:
    """Relative addresses are those of the feed's site; other schemes are not asked."""
    for href, hub in (("/hub", "https://news.example/hub"), ("javascript:x", ""), ("file:///etc/passwd", "")):
        body = RSS.format(f"<atom:link rel='hub' href='{href}'/>")
        feed = read(Document(body.encode(), "https://news.example/x", "", (), NOW))
        assert feed is not None
        assert feed.hub == hub
