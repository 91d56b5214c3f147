"""The stories in memory are those of the database, whatever happens to a transaction or to the process."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.store.feeds import Feeds
from bot.storybook import StoryBook
from tests.fakes import item
from tests.press import press

A, B, C = "https://a.example/rss", "https://b.example/rss", "https://c.example/rss"
DAM = item("Dam bursts above Velmora, 14 missing", id="1", url="https://a.example/1", source="a.example")
AGAIN = item("Velmora dam burst: 14 missing", id="2", url="https://b.example/2", source="b.example")
THIRD = item("14 missing in Velmora after dam bursts", id="3", url="https://c.example/3", source="c.example")


@pytest.fixture
def news(tmp_path: Path):
    with press(tmp_path) as opened:
        yield opened


def stories(news) -> list[tuple[int]]:
    return [story for (story,) in news.rows("SELECT story_id FROM items ORDER BY id")]


def test_reports_of_an_event_are_stored_under_one_story(news):
    """With what joined them in words."""
    first, second = news.feed(A), news.feed(B)
    news.poll(first, DAM)
    news.poll(second, AGAIN)
    assert stories(news) == [1, 1]
    assert news.rows("SELECT count(*) FROM stories") == [(1,)]
    ((first_why,), (second_why,)) = news.rows("SELECT joined FROM items ORDER BY id")
    assert first_why == ""
    assert second_why == "same names: Velmora; same numbers: 14; same words: dam, burst, missing"


def test_a_restart_forgets_no_story(news):
    """The index is made anew from what is stored."""
    first, second = news.feed(A), news.feed(B)
    news.poll(first, DAM)
    news.stories = StoryBook()
    news.poll(second, AGAIN)
    assert stories(news) == [1, 1]


def test_a_rolled_back_transaction_leaves_no_story(news, monkeypatch):
    """What was never stored joins nothing: its number goes to the next story."""
    first, second, third = news.feed(A), news.feed(B), news.feed(C)

    def crash(*_arguments: object) -> None:
        raise RuntimeError("crash")

    with monkeypatch.context() as patched:
        patched.setattr(Feeds, "succeeded", crash)
        with pytest.raises(RuntimeError):
            news.poll(first, DAM)
    news.poll(second, item("Chess champion loses", id="4", source="x.example"))
    news.poll(third, AGAIN)
    assert stories(news) == [1, 2]
    news.poll(first, DAM)
    assert stories(news) == [1, 2, 2]


def test_a_story_ends_three_days_after_it_opened(news):
    """However often it has been told since, also for a program that was just started."""
    first, second, third = news.feed(A), news.feed(B), news.feed(C)
    news.poll(first, DAM)
    news.clock.advance(60 * 3600)
    news.poll(second, replace(AGAIN, title=DAM.title))
    assert stories(news) == [1, 1]
    news.clock.advance(13 * 3600)
    news.stories = StoryBook()
    news.poll(third, replace(THIRD, title=DAM.title))
    assert stories(news) == [1, 1, 2]


def test_a_page_about_many_things_joins_nothing(news):
    """The feed's own page, a home page, a page that several entries share: none is the link of a story."""
    titles = ["Golf club elects chairman", "Rain in Kelbrook", "Opera cancels tour", "Bridge closed for repairs"]
    links = ["https://a.example/status", "https://a.example/status", "https://a.example/", "https://a.example"]
    url = news.feed(A)
    items = [item(title, id=title, url=link) for title, link in zip(titles, links, strict=True)]
    news.poll(url, *items)
    assert len(set(stories(news))) == 4
    assert news.rows("SELECT DISTINCT link FROM items") == [("",)]


def test_a_feed_with_one_entry_that_links_to_the_feeds_page(news):
    """One entry at a time, each with the link of the page: each is a story of its own."""
    url = news.feed(A)
    page = "https://a.example/status"
    news.poll(url, item("Outage in Kelbrook", id="1", url=page), page=page)
    news.poll(url, item("All is well again", id="2", url=f"{page}/?utm_source=rss"), page=page)
    assert stories(news) == [1, 2]


def test_many_items_at_once_are_a_start(news, monkeypatch, caplog):
    """The log says how many stories there are."""
    caplog.set_level("INFO")
    monkeypatch.setattr("bot.storybook._MANY", 1)
    monkeypatch.setattr("bot.storybook.gc.freeze", lambda: None)
    url = news.feed(A)
    news.poll(url, DAM, AGAIN, item("Chess champion loses", id="c"))
    news.stories = StoryBook()
    news.poll(url)
    assert "2 stories of the last 72 hours are known" in caplog.text
