"""From a parsed feed to the outbox: one transaction, and one alert per story and chat."""

from pathlib import Path

import pytest

from bot.post import Post
from bot.store.feeds import Feeds
from tests.fakes import item
from tests.press import EXPIRY, press
from watchlists.decide import Reason
from watchlists.model import Item

ANN, BOB = 7, 8
HEADLINE = "Trump expected to host Zelensky at Mar-a-Lago on Sunday"
LINK = "https://wire.example/mar-a-lago"


@pytest.fixture
def news(tmp_path: Path):
    with press(tmp_path) as opened:
        yield opened


def meeting(key: str = "m", url: str = LINK, title: str = HEADLINE, **others: object) -> Item:
    return item(title, id=key, url=url, source="wire.example", **others)


def test_a_new_item_that_a_watch_hits_becomes_one_alert(news):
    """Stored, alerted, enqueued with its time of expiry; the feed has its validators and its next poll."""
    news.watch(ANN, "Mar-a-Lago meeting")
    url = news.feed()
    assert news.poll(url, meeting(), item("Golf"), etag='"x"') == {"new": 2, "ALERT": 1}
    ((chat, text),) = news.outbox()
    assert chat == ANN
    assert "🔔 Mar-a-Lago meeting" in text
    ((key, kind, expires, alert),) = news.rows("SELECT dedup_key, kind, expires, alert_id FROM outbox")
    assert (key, kind, alert) == ("alert:2:2:7", "alert", 1), "the golf story came first"
    assert expires == news.clock.now.timestamp() + EXPIRY.total_seconds()
    assert news.rows("SELECT etag, primed, last_items, failures FROM feeds") == [('"x"', 1, 2, 0)]


@pytest.mark.parametrize("broken", [(Feeds, "succeeded"), (Post, "alert")], ids=["end", "middle"])
def test_a_crash_in_the_middle_leaves_nothing(news, monkeypatch, broken):
    """Neither items nor validators nor messages: an ETag without its items would hide them behind a 304 for ever."""

    def crash(*_arguments: object) -> None:
        raise RuntimeError("crash")

    news.watch(ANN, "Mar-a-Lago meeting")
    url = news.feed()
    with monkeypatch.context() as patched:
        patched.setattr(*broken, crash)
        with pytest.raises(RuntimeError):
            news.poll(url, meeting(), item("Golf"), etag='"x"')
    assert news.outbox() == []
    for table in ("items", "stories", "alerts", "alert_watches"):
        assert news.rows(f"SELECT count(*) FROM {table}") == [(0,)]
    assert news.rows("SELECT etag FROM feeds") == [("",)]
    assert news.poll(url, meeting(), item("Golf"), etag='"x"') == {"new": 2, "ALERT": 1}


def test_the_first_poll_alerts_nothing(news):
    """What is in a feed already is no news; an empty first poll counts; what comes next does alert."""
    news.watch(ANN, "Mar-a-Lago meeting")
    url = news.feed("https://a.example/rss", meeting("old"))
    assert news.outbox() == []
    empty = news.feed("https://b.example/rss")
    assert news.poll(empty, meeting(url="https://b.example/1", title="Meeting at Mar-a-Lago again")) == {
        "new": 1,
        "ALERT": 1,
    }
    assert news.poll(url, meeting("old")) == {}


def test_a_repeated_poll_adds_nothing(news):
    """The same document again, also with its order changed."""
    news.watch(ANN, "Mar-a-Lago meeting")
    url = news.feed()
    news.poll(url, meeting(), item("Golf"))
    assert news.poll(url, item("Golf"), meeting()) == {}
    assert len(news.outbox()) == 1


@pytest.mark.parametrize(
    "other",
    [
        LINK,
        "https://www.wire.example/mar-a-lago?utm_source=rss&utm_medium=feed#top",
        "http://wire.example/mar-a-lago/",
    ],
)
def test_the_same_link_in_two_feeds_is_one_story(news, other):
    """Tracking parameters, scheme and host prefix are clothes: the second is a duplicate."""
    news.watch(ANN, "Mar-a-Lago meeting")
    first, second = news.feed("https://a.example/rss"), news.feed("https://b.example/rss")
    assert news.poll(first, meeting())["ALERT"] == 1
    assert news.poll(second, meeting("other-guid", other, "Leaders' meeting at Mar-a-Lago")) == {
        "new": 1,
        "SAME_ARTICLE": 1,
    }
    assert len(news.outbox()) == 1


def test_the_same_headline_elsewhere_is_one_story_for_half_a_day(news):
    """An agency's text in another paper, under another link; tomorrow's is another story."""
    news.watch(ANN, "Mar-a-Lago meeting")
    first, second = news.feed("https://a.example/rss"), news.feed("https://b.example/rss")
    news.poll(first, meeting())
    assert news.poll(second, meeting("2", "https://other.example/x"))["SAME_ARTICLE"] == 1
    news.clock.advance(13 * 3600)
    assert news.poll(second, meeting("3", "https://other.example/y"))["ALERT"] == 1


def test_two_watches_on_one_item_are_one_alert_that_names_both(news):
    """By number, in one message; the record has both with their evidence."""
    news.watch(ANN, "Mar-a-Lago meeting", "earthquake", "Zelensky Trump")
    url = news.feed()
    assert news.poll(url, meeting())["ALERT"] == 1
    ((_, text),) = news.outbox()
    assert text.endswith("🔔 Mar-a-Lago meeting, Zelensky Trump")
    assert len(news.rows("SELECT * FROM alert_watches")) == 2


def test_two_chats_get_an_alert_each(news):
    """The same words are matched once and alerted twice."""
    news.watch(ANN, "Mar-a-Lago meeting")
    news.watch(BOB, "MAR-A-LAGO meeting")
    url = news.feed()
    assert news.poll(url, meeting())["ALERT"] == 2
    assert sorted(chat for chat, _ in news.outbox()) == [ANN, BOB]


def test_an_edited_item_is_no_second_alert(news):
    """The newest wording is kept, the alert stands; a watch that hits only the edit hears nothing."""
    news.watch(ANN, "Mar-a-Lago meeting")
    url = news.feed()
    news.poll(url, meeting())
    assert news.poll(url, meeting(title=f"UPDATE: {HEADLINE}")) == {}
    assert [text.split("\n")[0].startswith("<a") and "UPDATE: " in text for _, text in news.outbox()] == [True]
    assert news.rows("SELECT title FROM items") == [(f"UPDATE: {HEADLINE}",)]


def test_a_chat_that_cannot_be_reached_gets_nothing_written(news):
    """Its watches stay and count as hits; when it is back the next story comes."""
    news.watch(ANN, "Mar-a-Lago meeting")
    news.storage.run_blocking(lambda store: store.chats.deactivate(ANN, "blocked"))
    url = news.feed()
    assert news.poll(url, meeting()) == {"new": 1, "CHAT_INACTIVE": 1}
    news.storage.run_blocking(lambda store: store.chats.ensure(ANN, "private"))
    assert news.poll(url, meeting("2", "https://wire.example/2", "Second Mar-a-Lago meeting"))["ALERT"] == 1


def test_alerts_go_out_in_the_order_of_events(news):
    """Feeds put the newest first; people read the oldest first."""
    news.watch(ANN, "fire")
    url = news.feed()
    news.poll(url, item("Fire is out"), item("Fire spreads"), item("Fire begins"))
    assert [text.split("\n")[0] for _, text in news.outbox()] == [
        "<b>Fire</b> begins",
        "<b>Fire</b> spreads",
        "<b>Fire</b> is out",
    ]


def test_a_key_that_stands_twice_in_a_document_is_one_item(news):
    """Some feeds repeat an entry, or give two the same guid: one alert, one item."""
    news.watch(ANN, "fire")
    url = news.feed()
    assert news.poll(url, item("Fire one", id="x"), item("Fire two", id="x")) == {"new": 1, "ALERT": 1}
    assert news.rows("SELECT title FROM items") == [("Fire one",)]
    assert news.rows("SELECT count(*) FROM stories") == [(1,)]


def test_one_feed_never_swallows_anothers_item(news):
    """The same guid in two feeds are two items, and two stories where link and headline differ."""
    news.watch(ANN, "fire")
    first, second = news.feed("https://a.example/rss"), news.feed("https://b.example/rss")
    news.poll(first, item("Fire in Kyiv", id="1"))
    assert news.poll(second, item("Fire in Odesa", id="1"))["ALERT"] == 1


def test_a_watch_made_between_two_polls_hits_the_second(news):
    """The index asks the database before each use; a removed watch hits no more."""
    url = news.feed()
    assert news.poll(url, item("Fire one")) == {"new": 1}
    news.watch(ANN, "fire")
    assert news.poll(url, item("Fire two"))["ALERT"] == 1
    news.storage.run_blocking(lambda store: store.watches.remove(store.watches.active(ANN)[0]))
    assert news.poll(url, item("Fire three")) == {"new": 1}


def test_every_decision_is_logged_with_its_reason(news, caplog):
    """Item, chat, watch, score and why."""
    caplog.set_level("DEBUG")
    news.watch(ANN, "fire")
    news.feed("https://a.example/rss", item("Fire one"))
    assert "watch 1 (score 100 of" in caplog.text
    assert str(Reason.FIRST_POLL) in caplog.text
