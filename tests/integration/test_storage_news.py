"""Feeds, items, stories, watches and alerts in the database."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cadence import Habit, Hints
from bot.clock import to_epoch
from bot.store.feeds import PollResult
from bot.watching import WatchIndex
from tests.fakes import NOON, FakeClock, Tables, item, match, spot, stored
from watchlists.decide import Told
from watchlists.model import Alert, Details, Hit
from watchlists.query import parse

URL = "https://a.example/rss"


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def tables(clock):
    return Tables(clock)


def poll(tables, feed_id: int = 1, wait: float = 600.0, changed: bool = False, **others: object) -> None:
    """A good poll, after which the feed is due again in `wait` seconds."""
    store = tables()
    store.feeds.succeeded(feed_id, PollResult(**{"etag": "", "last_modified": ""} | others))
    store.feeds.schedule(feed_id, store.now + timedelta(seconds=wait), Habit(), changed=changed)


def test_a_feed_is_known_once_and_due_at_once(tables, clock):
    """By its address; a second time is no news."""
    assert tables().feeds.add(URL, "A")
    assert not tables().feeds.add(URL, "B")
    (due,) = tables().feeds.due(10)
    assert (due.url, due.etag, due.failures, due.primed) == (URL, "", 0, False)
    (feed,) = tables().feeds.all()
    assert (feed.title, feed.next_poll, feed.last_success) == ("A", NOON, None)
    assert tables().feeds.counts()["waiting"] == 1


def test_the_longest_overdue_feed_is_the_first(tables, clock):
    """And a limited look leaves out the others, not the oldest."""
    for number in (1, 2, 3):
        tables().feeds.add(f"https://{number}.example")
    for number in (3, 2, 1):
        clock.advance(1)
        tables().feeds.failed(number, "x", clock.now)
    assert [feed.id for feed in tables().feeds.due(2)] == [3, 2]


def test_what_a_feed_asked_for_is_remembered(tables, clock):
    """As it was said last."""
    tables().feeds.add(URL)
    assert tables().feeds.due(1)[0].hints == Hints()
    for hints in (Hints(60.0, 1.5, {0, 23}, {6}), Hints()):
        poll(tables, wait=0, hints=hints)
        assert tables().feeds.due(1)[0].hints == hints


def test_what_health_is_judged_by_is_kept(tables, clock):
    """Since when it fails, how long it takes, when it changed last, and how long it has paused at most."""
    tables().feeds.add(URL)
    for hours, changed in ((1, True), (5, True), (2, False), (1, True), (9, False)):
        clock.advance(hours * 3_600)
        poll(tables, changed=changed, took=float(hours))
    failing = clock.now
    for _ in range(2):
        tables().feeds.failed(1, "x", clock.now)
        clock.advance(60)
    (feed,) = tables().feeds.all()
    assert (feed.added, feed.took, feed.failing_since) == (NOON, 9.0, failing)
    assert (feed.last_change, feed.longest_pause) == (NOON + timedelta(hours=9), timedelta(hours=5))
    tables().feeds.failed(1, "gone", clock.now, gone=True)
    assert (tables().feeds.all()[0].stopped, tables().feeds.all()[0].gone) == (True, True)
    poll(tables)
    assert tables().feeds.all()[0].failing_since is None


def test_no_host_and_no_slow_feeds_fill_the_look(tables, clock):
    """A host with hundreds of late feeds hides nobody, nor do feeds that fail or are slow."""
    for number in range(40):
        tables().feeds.add(f"https://many.example/{number}")
    for number in range(10):
        tables().feeds.add(f"https://own{number}.example")
    clock.advance(1)
    found = [feed.url for feed in tables().feeds.due(100, per_host=3)]
    assert [url.partition("e/")[2] for url in found[:3]] == ["0", "1", "2"]
    assert len(found) == 13
    tables().feeds.failed(41, "x", NOON)
    for number in range(42, 46):
        poll(tables, number, wait=0, took=9.0)
    found = tables().feeds.due(100, per_host=3, slow=2)
    assert (len(found), sum(feed.slow for feed in found)) == (10, 2)


def test_a_good_poll_ends_the_failures(tables, clock):
    """New content primes the feed, sets its title and the validators; 304 keeps all of that."""
    tables().feeds.add(URL, "A")
    tables().feeds.failed(1, "HTTP 500", clock.now)
    poll(tables, etag='"x"', last_modified="Mon", title="Title", items=5)
    (feed,) = tables().feeds.all()
    assert (feed.failures, feed.error, feed.title, feed.last_success) == (0, "", "Title", NOON)
    assert tables().feeds.due(10) == []
    clock.advance(600)
    (due,) = tables().feeds.due(10)
    assert (due.etag, due.last_modified, due.primed) == ('"x"', "Mon", True)
    poll(tables, etag='"x"', title="")
    (feed,) = tables().feeds.all()
    assert feed.title == "Title"
    assert tables().feeds.counts()["ok"] == 1


def test_failures_add_up_and_a_stopped_feed_is_not_due(tables, clock):
    """Each one more in a row with its reason; 410 stops it for good."""
    tables().feeds.add(URL)
    for _ in range(3):
        tables().feeds.failed(1, "HTTP 500", clock.now)
    assert tables().feeds.due(10)[0].failures == 3
    assert tables().feeds.counts()["failing"] == 1
    tables().feeds.failed(1, "gone", clock.now, stopped=True)
    assert tables().feeds.due(10) == []
    assert tables().feeds.counts() == {"total": 1, "ok": 0, "failing": 0, "stopped": 1, "waiting": 0}


def test_the_address_changes_after_three_permanent_redirects_to_the_same_place(tables, clock):
    """Not after two, not when another place or none comes between, never onto an address that is known."""
    tables().feeds.add(URL)
    new = "https://new.example/rss"

    def moves(*places: str) -> str:
        for place in places:
            poll(tables, moved_to=place)
        return next(feed.url for feed in tables().feeds.all() if feed.id == 1)

    assert moves(new, new, "", new, new, "https://other.example", new, new) == URL
    assert moves(new) == new
    tables().feeds.add("https://third.example")
    assert moves(*["https://third.example"] * 4) == new


def test_an_item_is_known_by_feed_and_key(tables):
    """A repeated poll adds nothing; one feed can never swallow another's item."""
    for url in (URL, "https://b.example"):
        tables().feeds.add(url)
    news = item("Fire", published=NOON, lang="en", url="https://x.example", source="x.example", summary="s")
    story = tables().items.open_story()
    assert tables().items.add(1, news, story)
    assert tables().items.add(1, news, story) is None
    assert tables().items.add(2, news, story)
    assert set(tables().items.known(1, ["Fire", "Smoke"])) == {"Fire"}
    assert stored(tables()) == [news, news]
    assert tables().items.counts() == {"items": 2, "stories": 1}


def test_what_an_item_carries_comes_back_and_is_forgotten_with_its_text(tables, clock):
    """Authors and the rest are kept as they are, follow the newest wording, and go when the text goes."""
    tables().feeds.add(URL)
    story = tables().items.open_story()
    details = Details(
        ("Ada",), ("World", "Ports"), NOON, "https://a.example/p.jpg", "https://a.example/s.mp3", "audio/mpeg"
    )
    tables().items.add(1, item("Fire", details=details), story)
    assert stored(tables())[0].details == details
    tables().items.update_text(1, item("Fire", summary="more", details=Details(("Ben",))))
    assert stored(tables())[0].details == Details(("Ben",))
    clock.advance(1)
    with tables.transaction() as store:
        store.retention.forget_texts(0, 10)
    assert tables.database.execute("SELECT details FROM items").fetchone() == ("",)


def test_old_items_lose_their_text(tables, clock):
    """And no others; their keys stay."""
    tables().feeds.add(URL)
    story = tables().items.open_story()
    for number in range(4):
        tables().items.add(1, item(f"n{number}"), story)
        clock.advance(number % 2)
    assert [found.title for found in stored(tables())] == ["n3", "n2", "n1", "n0"]
    assert tables().retention.forget_texts(to_epoch(clock.now) - to_epoch(NOON) - 0.5, 10) == 2
    assert [found.title for found in stored(tables())] == ["n3", "n2"]
    assert set(tables().items.known(1, ["n0"])) == {"n0"}


def test_an_edited_item_keeps_its_place(tables, clock):
    """The newest wording counts; a pruned item stays empty."""
    tables().feeds.add(URL)
    tables().items.add(1, item("Fire", id="1"), tables().items.open_story())
    tables().items.update_text(1, item("Fire is out", id="1", summary="New"))
    assert [(found.title, found.summary) for found in stored(tables())] == [("Fire is out", "New")]
    clock.advance(1)
    with tables.transaction() as store:
        store.retention.forget_texts(0, 10)
    tables().items.update_text(1, item("Again", id="1"))
    assert stored(tables()) == []


def test_a_watch_goes_and_comes_back_under_its_number(tables):
    """Removed once, restored, and given the next number where the old one is taken."""
    tables().chats.ensure(7, "private")
    one, two = (tables().watches.add(7, parse(text)) for text in ("one", "two"))
    tables().watches.remove(two)
    assert not tables().watches.is_active(two)
    assert tables().watches.find(7, parse("TWO").key) is None
    assert tables().watches.restore(two) == two
    tables().watches.remove(two)
    three = tables().watches.add(7, parse("three"))
    assert three.number == 2
    assert tables().watches.restore(two) == replace(two, number=3)
    assert tables().watches.active(7) == [one, three, replace(two, number=3)]
    assert tables().watches.count() == 3
    assert tables().watches.get(7, two.id) == replace(two, number=3)
    assert tables().watches.get(8, two.id) is None


def test_the_index_hears_of_every_change_once(tables):
    """Added, removed, restored, in the order of the changes; equal queries of two chats are one entry."""
    for chat in (7, 8):
        tables().chats.ensure(chat, "private")
    index = WatchIndex()

    def hits() -> dict[int, list[int]]:
        index.refresh(tables().watches)
        found = index.hits(item("Fire in the harbour"))
        return {chat: [hit.watch.number for hit in of_chat] for chat, of_chat in sorted(found.items())}

    fire = tables().watches.add(7, parse("fire"))
    tables().watches.add(8, parse("FIRE"))
    assert hits() == {7: [1], 8: [1]}
    tables().watches.add(7, parse("harbour"))
    assert hits() == {7: [1, 2], 8: [1]}
    tables().watches.remove(fire)
    assert hits() == {7: [2], 8: [1]}
    tables().watches.remove(tables().watches.get(8, 2))
    assert hits() == {7: [2]}
    tables().watches.restore(fire)
    assert hits() == hits() == {7: [1, 2]}


def test_a_watch_that_can_no_longer_be_read_stops_nobody(tables, caplog):
    """A later version may read queries more strictly: one such watch is named in the log, the others match."""
    tables().chats.ensure(7, "private")
    for text in ("fire", "harbour"):
        tables().watches.add(7, parse(text))
    tables.database.execute("UPDATE watches SET text = '\"open' WHERE number = 1")
    index = WatchIndex()
    index.refresh(tables().watches)
    assert [hit.watch.number for hit in index.hits(item("Fire in the harbour"))[7]] == [2]
    assert "watch 1" in caplog.text
    caplog.clear()
    index.refresh(tables().watches)
    assert caplog.text == ""


def test_an_alert_keeps_who_hit_and_why(tables):
    """Score and evidence; a further alert about the story is its next part."""
    tables().chats.ensure(7, "private")
    tables().feeds.add(URL)
    watch = tables().watches.add(7, parse("fire"))
    story = tables().items.open_story()
    news = item("Fire in the harbour")
    item_id = tables().items.add(1, news, story)
    alert = Alert(7, story, news, (Hit(watch, match(spot(news.title, "Fire"))),), NOON)
    assert tables().alerts.told(story) == {}
    assert tables().fanout.record({7: alert.hits}, story, item_id) == {7: 1}
    assert tables().alerts.get(1) == alert
    assert tables().alerts.told(story) == {7: Told(1, timedelta(), 1)}
    assert tables().fanout.record({7: alert.hits}, story, item_id) == {7: 2}
    assert [row["part"] for row in tables().alerts._rows("SELECT part FROM alerts ORDER BY id")] == [1, 2]
    score, evidence = tables.database.execute("SELECT score, evidence FROM alert_watches").fetchone()
    assert score == 90
    assert json.loads(evidence)[0]["found"] == "Fire"
