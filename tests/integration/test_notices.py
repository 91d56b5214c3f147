"""What is said of feeds that die, return or move: once, to those whom it concerns."""

import re
from pathlib import Path

import pytest

from bot.notices import tell_of_feeds
from handlers import replies_health
from tests.press import Press, press
from watchlists.service import Service

ANN, BOB, ADMIN, OWN, COMMON = 7, 8, 99, "https://own.example/rss", "https://common.example/rss"
DAY = 86_400


@pytest.fixture
def news(tmp_path: Path):
    with press(tmp_path) as opened:
        for chat in (ANN, BOB, ADMIN):
            opened.storage.run_blocking(lambda store, chat=chat: store.chats.ensure(chat, "private"))
        opened.storage.run_blocking(lambda store: store.chat_feeds.add(ANN, OWN, "Own"))
        yield opened


def fail(news: Press, url: str = OWN, error: str = "The server cannot be reached.", *, stopped: bool = False) -> None:
    def work(store):
        feed = next(feed for feed in store.feeds.all() if feed.url == url)
        store.feeds.failed(feed.id, error, store.now, gone=stopped)

    news.storage.run_blocking(work)


def look(news: Press, days: float = 0, admins: tuple[int, ...] = ()) -> list[tuple[int, str]]:
    """The look after so many days: what it enqueues."""
    before = len(news.outbox())
    news.clock.advance(days * DAY)
    count = news.storage.run_blocking(lambda store: tell_of_feeds(store, admins))
    said = news.outbox()[before:]
    assert len(said) == count
    return [(chat, re.sub("<.*?>", "", text)) for chat, text in said]


def test_a_dead_feed_is_told_once_and_its_return_once(news):
    """After three days, with the reason; whoever has not added it hears nothing."""
    fail(news)
    assert look(news) == []
    fail(news)
    assert look(news, 2.9) == []
    ((chat, text),) = look(news, 0.2)
    assert chat == ANN
    assert text.startswith("⚠️ Your feed Own has not answered for 3 days: The server cannot be reached.\n")
    fail(news)
    assert look(news, 10) == []
    news.poll(OWN)
    assert look(news) == [(ANN, "✅ Your feed T answers again.")]
    assert look(news, 1) == []


def test_a_short_trouble_is_not_told(news):
    """Neither its end; and the three days begin anew."""
    for _ in range(3):
        fail(news)
        assert look(news) == []
        assert look(news, 2) == []
        news.poll(OWN)
        assert look(news) == []


def test_a_feed_that_is_gone_is_told_at_once(news):
    """Once, also where its silence was told before; and its return, when somebody finds it again."""
    fail(news)
    look(news)
    assert len(look(news, 4)) == 1
    fail(news, error="The feed is gone for good (410).", stopped=True)
    assert look(news) == [
        (
            ANN,
            "⛔ Your feed Own is read no more: The feed is gone for good (410).\n"
            "If it has a new address, add that with /addfeed.",
        )
    ]
    assert look(news, 5) == []
    news.storage.run_blocking(lambda store: store.chat_feeds.add(BOB, OWN, "Own"))
    assert look(news) == [(ANN, "✅ Your feed Own answers again."), (BOB, "✅ Your feed Own answers again.")]


def test_a_dead_feed_that_was_dropped_is_forgotten(news):
    """Nobody gets it, nobody is told."""
    fail(news)
    look(news)
    news.storage.run_blocking(lambda store: store.chat_feeds.remove(ANN, 1))
    assert look(news, 5) == []
    assert news.rows("SELECT told FROM feeds") == [("",)]


def test_admins_get_one_line_a_day(news):
    """Where something is wrong, with the operator's feeds too, of which the chats hear nothing."""
    news.feed(COMMON)
    assert look(news, admins=(ADMIN, 1000)) == []
    fail(news, COMMON)
    fail(news)
    line = "Feeds: 0 of 2 work, 2 failing, 0 stopped. /feedhealth says which."
    assert look(news, admins=(ADMIN, 1000)) == [(ADMIN, line)]
    fail(news, COMMON)
    assert look(news, 0.9, admins=(ADMIN,)) == []
    assert look(news, 0.2, admins=(ADMIN,)) == [(ADMIN, line)]
    said = look(news, 2, admins=(ADMIN,))
    assert [chat for chat, _ in said] == [ANN, ADMIN]


def test_a_feed_that_moved_is_told(news):
    """Followed after three permanent redirects in a row; old and new address, once."""
    for _ in range(3):
        news.poll(OWN, moved_to="https://new.example/rss")
        news.clock.advance(600)
    assert look(news) == [
        (
            ANN,
            "➡️ Your feed T has moved, and I have followed it.\nBefore: https://own.example/rss\n"
            "Now: https://new.example/rss",
        )
    ]
    assert look(news, 1) == []


def test_a_feed_that_moved_to_another_becomes_that(news):
    """Its chats get the other, once each, and the old address is polled no more."""
    new = "https://new.example/rss"
    news.storage.run_blocking(lambda store: [store.chat_feeds.add(chat, new, "New") for chat in (BOB,)])
    news.storage.run_blocking(lambda store: store.chat_feeds.add(BOB, OWN, "Own"))
    news.poll(new)
    for _ in range(3):
        news.poll(OWN, moved_to=new)
    assert [chat for chat, _ in look(news)] == [ANN, BOB]
    for chat in (ANN, BOB):
        (own,) = news.storage.run_blocking(lambda store, chat=chat: store.chat_feeds.of(chat))
        assert own.feed.url == new
    news.clock.advance(DAY)
    assert news.storage.run_blocking(lambda store: [feed.url for feed in store.feeds.due(9)]) == [new]
    assert look(news, 1) == []


def test_admins_see_which_feeds_do_not_answer(news):
    """The longest first, with since when and why."""
    news.feed(COMMON)
    fail(news, COMMON, "HTTP 404 <not found>")
    look(news, 2.5)
    fail(news, stopped=True, error="gone")
    reply = replies_health.feedhealth(news.storage.run_blocking(lambda store: Service(store).feeds.health()))
    assert reply.text == (
        "<b>2 feeds</b>: 0 working, 1 failing, 1 stopped, 0 not read yet\n"
        "⚠️ c2 T, for 2 days: HTTP 404 &lt;not found&gt;\n"
        "⛔ Own, for less than an hour: gone"
    )


def test_admins_see_which_feeds_are_slow(news):
    """After all that do not answer."""
    news.feed(COMMON)
    news.storage.run_blocking(lambda store: store.feeds.found_slow(2))
    fail(news, stopped=True, error="gone")
    reply = replies_health.feedhealth(news.storage.run_blocking(lambda store: Service(store).feeds.health()))
    assert reply.text.splitlines()[1:] == [
        "⛔ Own, for less than an hour: gone",
        "🐢 c2 T: slow, its last answer took 6 seconds",
    ]
