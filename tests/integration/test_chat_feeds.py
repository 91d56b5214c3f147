"""Feeds of chats: shared and polled once, matched for those who get them, left alone when nobody does."""

from pathlib import Path

import pytest

from bot.config import Settings
from bot.first_start import first_start
from tests.fakes import item
from tests.press import Press, press
from watchlists.errors import NothingToExplain
from watchlists.why import why_link

ANN, BOB, COMMON, OWN = 7, 8, "https://common.example/rss", "https://own.example/rss"
HEADLINE = "Fire in the old harbour of Odesa stops all grain ships for a week"
FIRE = item(HEADLINE, url="https://wire.example/fire", source="wire.example")
MORE = item(HEADLINE, id="more", url="https://other.example/fire", source="other.example")


@pytest.fixture
def news(tmp_path: Path):
    with press(tmp_path) as opened:
        for chat in (ANN, BOB):
            opened.watch(chat, "fire")
        yield opened


def work(news: Press, what):
    return news.storage.run_blocking(what)


def add(news: Press, chat: int, url: str = OWN, title: str = "Own") -> int:
    return work(news, lambda store: store.chat_feeds.add(chat, url, title)).feed.id


def due(news: Press) -> list[str]:
    return work(news, lambda store: [feed.url for feed in store.feeds.due(100)])


def told(news: Press) -> list[int]:
    return [chat for chat, _ in news.outbox()]


def test_an_own_feed_alerts_those_who_have_added_it(news):
    """The other chat watches the same words and hears nothing; the feed is one row, however many add it."""
    add(news, ANN)
    news.poll(OWN)
    assert news.poll(OWN, FIRE) == {"new": 1, "ALERT": 1}
    assert told(news) == [ANN]
    assert add(news, ANN) == add(news, BOB)
    news.poll(OWN, item("Fire on the hill", url="https://wire.example/hill"))
    assert sorted(told(news)) == [ANN, ANN, BOB]


def test_a_common_feed_alerts_all_but_those_who_want_only_their_own(news):
    """Who has added the operator's feed gets it all the same."""
    news.feed(COMMON)
    work(news, lambda store: store.chat_feeds.choose(ANN, own_only=True))
    news.poll(COMMON, FIRE)
    assert told(news) == [BOB]
    add(news, ANN, COMMON)
    news.poll(COMMON, item("Fire on the hill", url="https://wire.example/hill"))
    assert sorted(told(news)) == [ANN, BOB, BOB]


def test_a_chat_is_not_shown_reports_of_feeds_that_it_does_not_get(news):
    """Neither listed under its alert, nor as the report that lets a held hit go."""
    news.watch(BOB, "harbour sources:2")
    news.feed(COMMON)
    add(news, ANN)
    news.poll(OWN)
    news.poll(COMMON, FIRE)
    assert news.poll(OWN, MORE) == {"new": 1, "FOLDED": 1}
    rows = news.rows("SELECT a.chat_id FROM alert_items i JOIN alerts a ON a.id = i.alert_id")
    assert rows == [(ANN,)]
    assert news.rows("SELECT count(*) FROM held_hits") == [(1,)]


def test_a_feed_that_nobody_gets_is_not_polled(news):
    """Removed by the last chat, or added only by chats that cannot be written to; back with them."""
    add(news, ANN)
    feed = add(news, BOB)
    assert due(news) == [OWN]
    work(news, lambda store: store.chat_feeds.remove(ANN, feed))
    work(news, lambda store: store.chats.deactivate(BOB, "blocked"))
    assert due(news) == []
    work(news, lambda store: store.chats.ensure(BOB, "private"))
    assert due(news) == [OWN]


def test_a_feed_that_slept_begins_anew(news):
    """What it published while nobody got it for over a day alerts nobody, without a 304 that hides what comes next."""
    feed = add(news, ANN)
    news.poll(OWN, etag="e1")
    for away, back in (
        (lambda s: s.chat_feeds.remove(ANN, feed), lambda s: s.chat_feeds.restore(ANN, feed)),
        (lambda s: s.chats.deactivate(ANN, "blocked"), lambda s: s.chats.ensure(ANN, "private")),
    ):
        work(news, away)
        news.clock.advance(2 * 86_400)
        work(news, back)
        assert work(news, lambda store: [(f.primed, f.etag) for f in store.feeds.due(1)]) == [(False, "")]
        news.poll(OWN, FIRE)
        assert told(news) == []
        news.poll(OWN)


@pytest.mark.parametrize("how", ["share", "add"])
def test_a_common_feed_that_was_dropped_comes_back_without_its_backlog(news, how):
    """Nobody gets it, nobody polls it; after days its old news alert nobody, after minutes it goes on."""

    def again(store):
        return store.chat_feeds.share(1) if how == "share" else store.feeds.add(COMMON)

    news.feed(COMMON)
    for pause, primed in ((600, 1), (3 * 86_400, 0)):
        news.clock.advance(86_400)
        work(news, lambda store: store.feeds._write("UPDATE feeds SET last_success = ?", [store.feeds._now]))
        assert work(news, lambda store: store.chat_feeds.unshare(1))
        assert work(news, lambda store: store.chat_feeds.unshare(1)) is None
        assert due(news) == []
        news.clock.advance(pause)
        assert work(news, again)
        assert news.rows("SELECT primed FROM feeds") == [(primed,)]
        assert due(news) == [COMMON]


def test_a_dropped_feed_does_not_come_back_at_the_next_start(news):
    """Files are read for a database without feeds only; the row of a dropped one stays."""
    listed = news.storage._database.path.with_name("feeds.toml")
    listed.write_text(f'[[feeds]]\nurl = "{COMMON}"\n')
    settings = Settings.model_construct(feeds=listed)
    work(news, lambda store: first_start(store, settings))
    work(news, lambda store: store.chat_feeds.unshare(1))
    work(news, lambda store: first_start(store, settings))
    assert due(news) == []


def test_a_feed_that_was_taken_back_at_once_goes_on(news):
    """An undo loses no news."""
    feed = add(news, ANN)
    news.poll(OWN, etag="e1")
    work(news, lambda store: store.chat_feeds.remove(ANN, feed))
    news.clock.advance(3600)
    work(news, lambda store: store.chat_feeds.restore(ANN, feed))
    news.poll(OWN, FIRE)
    assert told(news) == [ANN]


def test_a_feed_that_answers_again_is_polled_again(news):
    """It was stopped as gone, and somebody who adds it has just seen that it is there."""
    feed = add(news, ANN)
    work(news, lambda store: store.feeds.failed(feed, "gone", store.now, stopped=True))
    assert due(news) == []
    add(news, BOB)
    assert due(news) == [OWN]
    assert [own.feed.error for own in work(news, lambda store: store.chat_feeds.of(ANN))] == [""]


def test_numbers_do_not_shift(news):
    """A removed feed leaves its number free for its return; where that is taken by now, it gets the next."""
    feeds = [add(news, ANN, f"https://{name}.example/rss", name) for name in "abc"]

    def numbers():
        return [(own.number, own.feed.title) for own in work(news, lambda store: store.chat_feeds.of(ANN))]

    assert numbers() == [(1, "a"), (2, "b"), (3, "c")]
    work(news, lambda store: store.chat_feeds.remove(ANN, feeds[2]))
    add(news, ANN, "https://d.example/rss", "d")
    assert work(news, lambda store: store.chat_feeds.restore(ANN, feeds[2])).number == 4
    work(news, lambda store: store.chat_feeds.remove(ANN, feeds[0]))
    assert numbers() == [(2, "b"), (3, "d"), (4, "c")]
    assert work(news, lambda store: store.chat_feeds.restore(ANN, feeds[0])).number == 1
    assert work(news, lambda store: store.chat_feeds.get(BOB, feeds[0])) is None


def test_the_operator_takes_over_a_feed_of_a_chat(news):
    """Added by the operator too, it is for all."""
    add(news, ANN)
    assert work(news, lambda store: store.feeds.add(OWN))
    assert not work(news, lambda store: store.feeds.add(OWN))
    assert [feed.url for feed in work(news, lambda store: store.feeds.common())] == [OWN]


def test_a_group_that_moves_keeps_its_feeds(news):
    """Its feeds, without those that the new one has, its choice and its lookups."""
    shared = add(news, ANN)
    add(news, ANN, "https://a.example/rss", "a")
    add(news, BOB)
    work(news, lambda store: store.chat_feeds.choose(ANN, own_only=True))
    work(news, lambda store: store.lookups.ask(ANN, "address", "x", detailed=False))
    for _ in range(2):
        work(news, lambda store: store.chats.move(ANN, BOB))
    assert [(own.number, own.feed.id == shared) for own in work(news, lambda store: store.chat_feeds.of(BOB))] == [
        (1, True),
        (3, False),
    ]
    assert work(news, lambda store: store.chat_feeds.own_only(BOB))
    assert work(news, lambda store: store.lookups.waiting("address", 9))[0].chat_id == BOB


def test_lookups_are_counted_and_forgotten(news):
    """By chat and hour; a result takes its candidates with it, and another chat's are not there."""
    first = work(news, lambda store: store.lookups.ask(ANN, "address", "x", detailed=True))
    work(news, lambda store: store.lookups.note(first, [(0, OWN, "Own")]))
    (candidate,) = work(news, lambda store: store.lookups.noted(first))
    assert work(news, lambda store: store.lookups.candidate(ANN, candidate.id)) == candidate
    assert work(news, lambda store: store.lookups.candidate(BOB, candidate.id)) is None
    news.clock.advance(3601)
    work(news, lambda store: store.lookups.ask(ANN, "opml", "y", detailed=False))
    assert work(news, lambda store: store.lookups.counts(ANN)) == (2, 1)
    work(news, lambda store: store.lookups.finish(first))
    work(news, lambda store: store.lookups.prune(news.clock().timestamp()))
    assert work(news, lambda store: store.lookups.noted(first)) == []
    assert [lookup.asked for lookup in work(news, lambda store: store.lookups.waiting("opml", 9))] == ["y"]


def test_another_chats_feed_is_not_explained(news):
    """Its address may be private, and so may what it brings: asked about by link, the item was never there."""
    add(news, ANN)
    news.poll(OWN)
    news.poll(OWN, FIRE)
    (report,) = work(news, lambda store: why_link(store, ANN, FIRE.url)).reports
    assert report.item.title == FIRE.title
    with pytest.raises(NothingToExplain):
        work(news, lambda store: why_link(store, BOB, FIRE.url))
    news.feed(COMMON)
    news.poll(COMMON, MORE)
    assert len(work(news, lambda store: why_link(store, ANN, MORE.url)).reports) == 2
    assert len(work(news, lambda store: why_link(store, BOB, MORE.url)).reports) == 1
