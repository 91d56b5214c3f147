"""The sample feeds as an HTTP client and a feed parser see them."""

import io
import json
from datetime import UTC, datetime, timedelta

import feedparser
import httpx
import pytest

from bot.sandbox.feeds import FeedServer
from bot.sandbox.news import ENTRIES_SHOWN, load

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
MEDIA_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def advance(self, seconds):
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def server(clock):
    server = FeedServer(load(), clock)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def quiet(clock):
    server = FeedServer(load().silent(), clock)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def client():
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


def entries(response):
    """(id, title, link, summary, published, language of the feed) of each entry, whatever the form."""
    if response.headers["content-type"].startswith(MEDIA_TYPES["json"]):
        feed = json.loads(response.content)
        return [
            (
                item["id"],
                item["title"],
                item["url"],
                item["content_text"],
                datetime.fromisoformat(item["date_published"]),
            )
            for item in feed["items"]
        ]
    parsed = feedparser.parse(io.BytesIO(response.content), sanitize_html=False)
    assert not parsed.bozo
    return [
        (entry.id, entry.title, entry.link, entry.summary, datetime(*entry.published_parsed[:6], tzinfo=UTC))
        for entry in parsed.entries
    ]


async def test_every_feed_is_well_formed_and_says_what_the_newsroom_says(server, client, clock):
    """RSS, Atom and JSON Feed carry the same titles, links, texts and times as the stories."""
    clock.advance(300)
    newsroom = load()
    for feed, url in zip(newsroom.feeds, server.urls, strict=True):
        response = await client.get(url)
        assert response.headers["content-type"] == f"{MEDIA_TYPES[feed.format]}; charset=utf-8"
        found = entries(response)
        expected = newsroom.entries_at(feed.id, 300)
        assert [(title, link) for _, title, link, _, _ in found] == [(e.title, e.link) for e in expected]
        assert [time for *_, time in found] == [START + timedelta(seconds=e.at) for e in expected]
        assert all(e.guid in id for (id, *_), e in zip(found, expected, strict=True))
        assert all(e.summary in summary for (*_, summary, _), e in zip(found, expected, strict=True))
    assert {feed.format for feed in newsroom.feeds} == set(MEDIA_TYPES)


async def test_an_unchanged_feed_answers_304_until_it_changes(server, client, clock):
    """ETag and Last-Modified each save the body; a new entry changes both, an edit changes the ETag."""
    url = server.url_of("harbour-wire")
    first = await client.get(url)
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    for headers in (
        {"If-None-Match": etag},
        {"If-None-Match": f'"other", W/{etag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": modified},
    ):
        again = await client.get(url, headers=headers)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert (
        await client.get(url, headers={"If-None-Match": '"other"', "If-Modified-Since": modified})
    ).status_code == 200
    clock.advance(20)
    for headers in ({"If-None-Match": etag}, {"If-Modified-Since": modified}):
        assert (await client.get(url, headers=headers)).status_code == 200


async def test_an_edit_changes_the_title_under_the_same_id(server, client, clock):
    """The edited headline replaces the first one in its place."""
    clock.advance(160)
    before = entries(await client.get(server.url_of("harbour-wire")))
    clock.advance(60)
    after = entries(await client.get(server.url_of("harbour-wire")))
    changed = [(old, new) for old in before for new in after if old[0] == new[0] and old[1] != new[1]]
    assert [(old[1], new[1]) for old, new in changed] == [
        ("Mar-a-Lago meeting set for 1 p.m. Sunday", "Mar-a-Lago meeting moved to 3 p.m. Sunday")
    ]


async def test_speed_brings_the_news_sooner_and_dates_it_so(clock, client):
    """At ten times the speed second 16 comes after 1.6 seconds; what lay before the start keeps its age."""
    server = FeedServer(load(), clock, speed=10)
    await server.start()
    try:
        clock.advance(2)
        found = entries(await client.get(server.url_of("harbour-wire")))
    finally:
        await server.stop()
    assert found[0][1] == "Trump expected to host Zelensky at Mar-a-Lago on Sunday"
    assert found[0][4] == START + timedelta(seconds=1)  # 1.6 s; a date in RSS has whole seconds
    assert found[1][4] == START - timedelta(seconds=1500)


async def test_what_is_published_appears_first_and_can_be_edited(quiet, client, clock):
    """An item published while the server runs is in the feed at once; its guid published again is an edit."""
    clock.advance(5)
    first = quiet.publish("meridian-post", "Ferry <runs> aground & floats", "No\x00body \ud800hurt.")
    quiet.publish("meridian-post", "Second", link="https://harbour-wire.example/a?utm_source=x", guid="my-id")
    clock.advance(5)
    edited = quiet.publish("meridian-post", "Ferry refloated", guid=first.guid)
    quiet.publish("touchline", "Same guid elsewhere", guid=first.guid)
    assert (edited.at, edited.updated, edited.link) == (5, 10, first.link)
    found = entries(await client.get(quiet.url_of("meridian-post")))
    assert [(title, link) for _, title, link, _, _ in found] == [
        ("Second", "https://harbour-wire.example/a?utm_source=x"),
        ("Ferry refloated", first.link),
    ]
    assert entries(await client.get(quiet.url_of("harbour-wire"))) == []
    with pytest.raises(LookupError):
        quiet.publish("gazette", "Nowhere")


async def test_odd_text_stays_well_formed(quiet, client):
    """Markup and characters that XML forbids are carried or dropped, never break the feed."""
    for feed in load().feeds:
        quiet.publish(feed.id, "A <b>& ]]> title\x0b", "Text\x00 with </p> and \ud800 &amp;")
        [(_, title, _, _, _)] = entries(await client.get(quiet.url_of(feed.id)))
        assert title == "A <b>& ]]> title"


async def test_a_feed_never_shows_more_than_its_share(quiet, client):
    """Old items leave the feed as new ones come."""
    for number in range(ENTRIES_SHOWN + 5):
        quiet.publish("touchline", f"Item {number}")
    found = entries(await client.get(quiet.url_of("touchline")))
    assert [title for _, title, *_ in found] == [f"Item {n}" for n in range(ENTRIES_SHOWN + 4, 4, -1)]


async def test_every_link_has_a_page_of_its_own(server, client, clock):
    """A link of an alert opens the article; markup in it stays text; what was never told is not found."""
    clock.advance(100)
    link = "https://harbour-wire.example/host-sunday?utm_source=morning-roundup"
    page = await client.get(server.article_url(link))
    assert page.headers["content-type"].startswith("text/html")
    assert "Trump expected to host Zelensky at Mar-a-Lago on Sunday" in page.text
    assert "Harbour Wire · 05 January 2026, 09:00 UTC" in page.text
    assert "Invented sample news" in page.text
    published = server.publish("touchline", "<script>alert(1)</script>")
    assert "<script>" not in (await client.get(server.article_url(published.link))).text
    assert server.article_url("https://harbour-wire.example/meeting-ends") is None
    address = f"http://{server.address}"
    for path in (
        "/article/harbour-wire.example/nothing",
        "/feeds/gazette.rss",
        "/feeds/harbour-wire.json",
        "/",
    ):
        assert (await client.get(address + path)).status_code == 404


async def test_a_stopped_server_refuses_and_comes_back_with_what_was_missed(server, client, clock):
    """Stopping twice is harmless; a server started again on its port goes on in the same story."""
    port = int(server.address.rpartition(":")[2])
    url = server.url_of("harbour-wire")
    await server.stop()
    await server.stop()
    with pytest.raises(httpx.ConnectError):
        await client.get(url)
    clock.advance(20)
    await server.start(port)
    assert server.url_of("harbour-wire") == url
    assert "host Zelensky" in (await client.get(url)).text


def test_before_it_starts_a_server_stands_at_the_beginning(clock):
    """What is published beforehand is dated at the start."""
    server = FeedServer(load().silent(), clock)
    clock.advance(100)
    assert server.publish("touchline", "Early").at == 0
    assert [entry.title for entry in server.entries("touchline")] == ["Early"]
