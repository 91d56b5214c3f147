"""Bursts: the first alerts singly, the rest in one message that grows; and watches that fire too often."""

from pathlib import Path

import pytest

from bot import loud
from bot.sandbox.formatting import message_text
from bot.store.kept import BURST_LISTS
from tests.fakes import invented_name, item
from tests.press import press
from watchlists.delivery import BURST
from watchlists.loud import FIRES
from watchlists.model import Item

ANN, BOB = 7, 8


@pytest.fixture
def news(tmp_path: Path):
    with press(tmp_path) as opened:
        yield opened


def stories(count: int, first: int = 0, title: str = "Fire in the {}", source: str = "w{}.example") -> list[Item]:
    """Each of another publisher, so that no two are a series."""
    numbers = range(first, first + count)
    return [
        item(title.format(invented_name(number)), id=f"s{number}", source=source.format(number)) for number in numbers
    ]


def kinds(news) -> list[str]:
    return [kind for kind, _ in news.outgoing()]


def test_the_first_five_come_singly_and_the_rest_in_one_message(news):
    """Written while it waits in the outbox; each story is named once."""
    news.watch(ANN, "fire")
    url = news.feed()
    assert news.poll(url, *stories(12)) == {"new": 12, "ALERT": 5, "BURST": 7}
    assert kinds(news) == ["alert"] * 6
    text = news.outgoing()[-1][1]
    assert text.startswith("<b>More news at once: 7 stories</b>\n🔔 <b>fire</b> · 7\n")
    assert text.count("\n• ") == 7
    message_text(text, "HTML")


def test_a_sent_list_grows_by_edits_at_most_once_a_minute(news):
    """Silently, and its buttons stay."""
    news.watch(ANN, "fire")
    url = news.feed()
    news.poll(url, *stories(7))
    news.send()
    news.clock.advance(60)
    news.poll(url, *stories(1, 7), after=0)
    assert kinds(news) == ["alert"] * 6 + ["edit"]
    assert "3 stories" in news.outgoing()[-1][1]
    news.send()
    assert news.poll(url, *stories(1, 8), after=30)["BURST"] == 1
    assert news.grow() == 0
    news.clock.advance(30)
    assert news.grow() == 1
    assert "4 stories" in news.outgoing()[-1][1]
    assert news.rows("SELECT DISTINCT buttons FROM outbox WHERE kind = 'edit'") == [
        ('[[["💤 Snooze", "snooze:6"], ["Why?", "why:6"]]]',)
    ]


def test_after_two_quiet_minutes_alerts_come_singly_again(news):
    """The burst is over."""
    news.watch(ANN, "fire")
    url = news.feed()
    news.poll(url, *stories(8))
    assert news.poll(url, *stories(2, 8)) == {"new": 2, "ALERT": 2}


def test_a_full_list_is_followed_by_another(news):
    """So many lines fit a message; no story is lost."""
    news.watch(ANN, "fire")
    url = news.feed()
    count = BURST + BURST_LISTS + 3
    assert news.poll(url, *stories(count))["BURST"] == BURST_LISTS + 3
    texts = [text for _, text in news.outgoing()]
    assert [text.count("\n• ") for text in texts[BURST:]] == [BURST_LISTS, 3]


def test_an_urgent_watch_comes_singly_in_a_burst_too(news):
    """And other chats have bursts of their own."""
    news.watch(ANN, "fire", "flood")
    news.watch(BOB, "flood")
    news.manage(lambda p: p.level(p.watch(ANN, 2), "urgent"))
    url = news.feed()
    news.poll(url, *stories(8))
    assert news.poll(url, item("Flood in the valley", source="v.example"), after=10)["ALERT"] == 2


def test_a_later_report_of_a_listed_story_is_counted_in_the_list(news):
    """The message that shows the story is the one that changes."""
    news.watch(ANN, "fire")
    url = news.feed()
    headline = "Fire in the harbour closes the terminal for ships"
    news.poll(url, item(headline, source="a.example", url="https://a.example/1"), *stories(5))  # the newest first
    news.send()
    assert news.poll(url, item(headline, id="2", source="b.example", url="https://b.example/2"))["FOLDED"] == 1
    assert "+1 report" in news.outgoing()[-1][1]
    assert news.rows("SELECT edits FROM outbox WHERE kind = 'edit'") == [(106,)]


def ask(news) -> int:
    return news.storage.run_blocking(loud.ask)


def fire_often(news, count: int, title: str = "Fire in the {}", first: int = 0) -> None:
    url = news.rows("SELECT url FROM feeds")[0][0]
    for start in range(first, first + count, 5):
        news.poll(url, *stories(min(5, first + count - start), start, title), after=125)


def test_the_owner_of_a_loud_watch_is_asked_once(news):
    """More than twenty alerts in an hour; not at twenty, and never again."""
    news.watch(ANN, "fire")
    news.feed()
    fire_often(news, FIRES)
    assert ask(news) == 0
    fire_often(news, 10, first=FIRES)
    assert ask(news) == 1
    kind, text = news.outgoing()[-1]
    assert kind == "digest"
    assert "“<b>fire</b>” has alerted you 30 times within the hour" in text
    assert ask(news) == 0


def test_the_words_to_exclude_are_found_in_the_hits(news):
    """Pressing one changes the watch, in its words; undo brings the old ones back."""
    news.watch(ANN, "fire")
    news.feed()
    fire_often(news, 15, "Fire drill at the {}")
    fire_often(news, 15, "Fire in the {}", first=15)
    ask(news)
    buttons = news.rows("SELECT buttons FROM outbox ORDER BY id DESC LIMIT 1")[0][0]
    assert '"Not: drill", "loud_without:1:0"' in buttons
    assert news.manage(lambda p: p.without(p.own(ANN, 1), 0)).text == "fire -drill"
    url = news.rows("SELECT url FROM feeds")[0][0]
    news.clock.advance(7200)
    assert "ALERT" not in news.poll(url, item("Fire drill at noon", source="n.example"))
    assert news.manage(lambda p: p.reword_back(p.own(ANN, 1))).text == "fire"
    assert news.manage(lambda p: p.strictness(p.own(ANN, 1), "strict")).text == "strict: fire"
    assert news.manage(lambda p: p.without(p.own(ANN, 1), 99)) is None


def test_a_watch_with_a_digest_is_never_too_loud(news):
    """Its alerts come together anyway."""
    news.watch(ANN, "fire")
    news.prefer(lambda p: p.digest(ANN, "daily"))
    news.feed()
    fire_often(news, 30)
    assert ask(news) == 0
