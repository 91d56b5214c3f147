"""Every stage at which an item may be stopped on its way to a chat, as `/why` finds it in the database."""

from pathlib import Path

import pytest

from tests.fakes import item
from tests.press import fire, press
from watchlists.errors import NothingToExplain
from watchlists.model import Item
from watchlists.service import Service
from watchlists.why import Why

ANN = 7
A, B = "https://a.example/rss", "https://b.example/rss"
HEADLINE = "Trump expected to host Zelensky at Mar-a-Lago on Sunday"


@pytest.fixture
def news(tmp_path: Path):
    with press(tmp_path) as opened:
        opened.watch(ANN, "fire", "Mar-a-Lago meeting")
        yield opened


def report(number: int, title: str = HEADLINE) -> Item:
    host = f"paper{number}.example"
    return item(title, id=f"r{number}", url=f"https://{host}/{number}", source=host)


def why(news, link: str) -> Why:
    return news.storage.run_blocking(lambda store: Service(store).why(ANN, None, link))


def state(news, link: str) -> tuple[str, str]:
    fate = why(news, link).fate
    return fate.state, fate.reason


def test_a_feed_of_nobody_and_a_first_poll_are_stages(news):
    """The first: no feed brought it. The second: it was there before anybody could be told."""
    old, new = fire(1), fire(2)
    news.feed(A, old)
    with pytest.raises(NothingToExplain):
        why(news, new.url)
    assert why(news, old.url).reason.startswith("It stood in its feed when I read that for the first time")


def test_a_watch_that_is_younger_is_a_stage(news):
    """The item came before it."""
    url = news.feed(A, fire(1))
    flood = item("Flood in Tolen", id="x", url="https://wire.example/flood")
    news.poll(url, flood)
    news.clock.advance(60)
    news.watch(ANN, "flood")
    assert why(news, flood.url).reason.startswith("It came before you began to watch this")


def test_an_alert_waits_then_is_told(news):
    """Its own message is its fate."""
    url = news.feed(A)
    news.poll(url, fire(1))
    assert state(news, fire(1).url) == ("waiting", "")
    news.send()
    assert state(news, fire(1).url) == ("told", "")


def test_a_snooze_keeps_it_until_a_summary_tells(news):
    """Kept, then waiting with the summary, then told with it."""
    url = news.feed(A)
    news.prefer(lambda preferences: preferences.snooze(ANN, "1h"))
    news.poll(url, fire(1), after=60)
    assert state(news, fire(1).url) == ("kept", "")
    news.clock.advance(3600)
    news.release()
    assert state(news, fire(1).url) == ("waiting", "")
    news.send()
    assert state(news, fire(1).url) == ("told", "")


def test_a_message_that_was_dropped_is_lost_with_its_reason(news):
    """Nobody is left to be told."""
    url = news.feed(A)
    news.poll(url, fire(1))
    news.storage.run_blocking(lambda store: store.outbox.drop_chat(ANN, "the bot was blocked"))
    assert state(news, fire(1).url) == ("lost", "the bot was blocked")


def test_an_alert_in_a_list_has_the_fate_of_the_list(news):
    """The message of a burst tells of many."""
    url = news.feed(A)
    news.poll(url, *[fire(number) for number in range(9)])
    news.send()
    assert {state(news, fire(number).url) for number in range(9)} == {("told", "")}


def test_a_later_report_is_folded_into_the_alert_of_its_story(news):
    """Listed there, unless it hits nothing."""
    first, second = news.feed(A), news.feed(B)
    news.poll(first, report(1))
    news.poll(second, report(2))
    found = why(news, report(2).url)
    assert (found.is_later, found.is_listed) == (True, True)
    assert found.alert.item.id == "r1"
    assert found.report.item.id == "r2"
    assert not why(news, report(1).url).is_later


def test_what_was_shown_and_what_is_forgotten_have_a_fate(news):
    """A list that was asked for; a message whose row is gone was told long ago."""
    url = news.feed(A, fire(3))
    news.poll(url, item("Flood in Tolen", id="x", url="https://wire.example/flood"))
    news.storage.run_blocking(
        lambda store: Service(store).drafts.last_day(Service(store).watch(ANN, "flood").dialogue.draft)
    )
    assert state(news, "https://wire.example/flood") == ("shown", "")
    news.poll(url, fire(1))
    news.storage.run_blocking(lambda store: store.outbox._write("DELETE FROM outbox"))
    assert state(news, fire(1).url) == ("told", "")


def test_a_watch_that_waits_for_sources_is_a_stage(news):
    """One report is not two."""
    news.watch(ANN, "flood sources:2")
    url = news.feed(A, fire(3))
    news.poll(url, item("Flood in Tolen", id="x", url="https://wire.example/flood", source="wire.example"))
    assert "waits until 2 independent sources" in why(news, "https://wire.example/flood").reason
