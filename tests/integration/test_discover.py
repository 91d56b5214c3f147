"""From what is typed to feeds, against a real server: one answer whatever is there, within few requests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot import discover
from bot.discover import Finder
from bot.fetch import Fetcher, FetchError
from bot.guard import Guard
from bot.parse import ParseError
from tests.fakes import FakeClock, until
from tests.newsstand import Newsstand, Story
from tests.polling import HereParser

STORIES = [Story(f"News {number}", f"https://wire.example/{number}") for number in range(5)]


class World:
    """A newsstand and a finder that may read it."""

    def __init__(self, stand: Newsstand) -> None:
        self.stand = stand
        clock = FakeClock()
        self.fetcher = Fetcher(Guard(frozenset({stand.address})))
        self.finder = Finder(self.fetcher, HereParser(clock), clock)

    def page(self, *links: str, name: str = "") -> None:
        """A page that names feeds."""
        tags = "".join(f'<link rel="alternate" type="application/rss+xml" href="{link}">' for link in links)
        self.stand.answers[name] = (200, f"<!doctype html><html><head>{tags}</head>".encode())

    async def urls(self, typed: str) -> list[str]:
        """The feeds found, without the server's address."""
        found = await self.finder.find(typed)
        assert bool(found.feeds) != bool(found.reason)
        return [feed.url.removeprefix(self.stand.url("")) for feed in found.feeds]


@pytest.fixture
async def world():
    stand = Newsstand({"rss": STORIES, "world": STORIES[:2]})
    await stand.start()
    made = World(stand)
    yield made
    await made.fetcher.aclose()
    await stand.stop()


async def test_what_is_a_feed_is_found_with_a_look_at_it(world):
    """One request; its name and its three latest items."""
    (feed,) = (await world.finder.find(f"  {world.stand.url('rss')}#top ")).feeds
    assert (feed.url, feed.title, feed.latest) == (world.stand.url("rss"), "rss", ("News 0", "News 1", "News 2"))
    assert world.stand.requests == [("rss", 200)]


async def test_without_a_scheme_both_are_tried(world):
    """This server speaks http only."""
    assert await world.urls(f"{world.stand.address}/rss") == ["rss"]


async def test_the_feeds_that_a_page_names_are_those_that_answer(world):
    """In its order; what is no feed, not there or the same in another form is left out."""
    world.stand.feeds["again"] = STORIES
    world.stand.answers["atom"] = (200, b"<nothing/>")
    world.page("/atom", "/missing", "/world", "/rss", "http://[broken", "javascript:alert(1)")
    assert await world.urls(world.stand.url("")) == ["world", "rss"]


async def test_one_feed_in_two_forms_is_one(world):
    """The same name and the same latest items: the form that the page names first."""
    body = b"<rss version='2.0'><channel><title>One</title><item><title>N</title><guid>1</guid></item></channel></rss>"
    world.stand.answers |= {"a": (200, body), "b": (200, body)}
    world.page("/b", "/a", "/rss")
    assert await world.urls(world.stand.url("")) == ["b", "rss"]


async def test_a_page_that_names_none_has_the_usual_places_looked_at(world):
    """Below it first; the first feed there ends the look."""
    world.page(name="section/")
    world.stand.feeds["section/feed"] = STORIES
    assert await world.urls(world.stand.url("section/")) == ["section/feed"]
    world.page()
    assert await world.urls(world.stand.url("")) == ["rss"]


@pytest.mark.parametrize("there", ["page", "error", "empty", "nonsense", "refused", "nobody"])
async def test_where_there_is_no_feed_there_is_a_reason(world, there):
    """Never an exception, and few requests."""
    del world.stand.feeds["rss"]
    world.page("/missing", *(f"/{n}" for n in range(50)), name="page")
    world.stand.answers |= {"error": (500, b""), "empty": (200, b""), "nonsense": (200, b"\0\1\2 hello")}
    places = {"refused": "http://127.0.0.1:1/", "nobody": f"http://{world.stand.address}.invalid/"}
    assert await world.urls(places.get(there, world.stand.url(there))) == []
    assert len(world.stand.requests) <= discover.REQUESTS


async def test_a_page_leads_to_nothing_that_the_guard_refuses(world):
    """What a page names goes through the same gate as what a person types."""
    other = Newsstand({"secret": STORIES})
    await other.start()
    world.page(other.url("secret"), f"http://localhost:{world.stand.address.rpartition(':')[2]}/rss")
    del world.stand.feeds["rss"]
    assert await world.urls(world.stand.url("")) == []
    assert other.requests == []
    await other.stop()


async def test_a_permanent_redirect_names_the_feed_and_another_does_not(world):
    """The server's word for where the feed is; "found elsewhere for now" is none."""
    world.stand.answers |= {"old": (301, b"Location: /rss"), "now": (302, b"Location: /rss")}
    assert await world.urls(world.stand.url("old")) == ["rss"]
    assert await world.urls(world.stand.url("now")) == ["now"]


async def test_a_look_ends_in_time(world, monkeypatch):
    """However slowly each address answers."""
    monkeypatch.setattr(discover, "TOTAL", 0.05)

    @asynccontextmanager
    async def hang(url: str) -> AsyncIterator[None]:
        await asyncio.Event().wait()
        yield

    monkeypatch.setattr(world.fetcher, "holding", hang)
    assert (await world.finder.find(world.stand.url("rss"))).reason == "There was no answer in time."


async def test_a_host_is_asked_for_two_at_a_time(world, monkeypatch):
    """Whoever asks; another host does not wait for it."""
    waiting: list[str] = []
    go = asyncio.Event()

    @asynccontextmanager
    async def held(url: str) -> AsyncIterator[None]:
        waiting.append(url)
        await go.wait()
        raise FetchError("timeout", "The server did not answer in time.")
        yield

    monkeypatch.setattr(world.fetcher, "holding", held)
    urls = [f"http://slow.example/{n}" for n in range(5)] + ["http://other.example/"]
    looks = [asyncio.create_task(world.finder.check(url)) for url in urls]
    await until(lambda: len(waiting) == 3)
    assert sorted(waiting) == [urls[5], urls[0], urls[1]]
    go.set()
    assert all(isinstance(error, FetchError) for error in await asyncio.gather(*looks, return_exceptions=True))
    assert len(waiting) == 6


async def test_a_line_of_a_file_has_to_be_a_feed_itself(world):
    """A page is none, though it names one."""
    world.page("/rss")
    with pytest.raises(ParseError):
        await world.finder.check(world.stand.url(""))
    assert (await world.finder.check(world.stand.url("rss"))).title == "rss"
