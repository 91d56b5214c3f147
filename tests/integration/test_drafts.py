"""Dialogues about queries and the stories of the last day, in the real database."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes import FakeClock, Tables, item
from tests.press import fire, press
from watchlists.drafts import Drafts, LastDay
from watchlists.model import Item
from watchlists.service import Service

ANN, BOB = 7, 8
A, B, C = "https://a.example/rss", "https://b.example/rss", "https://c.example/rss"
HEADLINE = "Trump expected to host Zelensky at Mar-a-Lago on Sunday"


@pytest.fixture
def news(tmp_path: Path):
    with press(tmp_path) as opened:
        yield opened


def report(number: int, title: str = HEADLINE) -> Item:
    """The same story in another paper."""
    host = f"paper{number}.example"
    return item(title, id=f"r{number}", url=f"https://{host}/{number}", source=host)


def show_last_day(news, text: str = "Mar-a-Lago meeting") -> LastDay:
    """Ann watches it and looks at the last day."""

    def work(store):
        store.chats.ensure(ANN, "private")
        made = Service(store).watch(ANN, text)
        return Drafts(store).last_day(made.dialogue.draft)

    return news.storage.run_blocking(work)


def test_a_dialogue_stands_as_it_was_kept():
    """All of it; another chat's is nobody's, and what is old is forgotten."""
    clock = FakeClock()
    tables = Tables(clock)
    for chat in (ANN, BOB):
        tables().chats.ensure(chat, "private")
    draft = tables().drafts.add(ANN, "Gaza", None)
    changed = replace(draft, text="Gaza -golf", revision=3, words=("aid", "día"), before=("Gaza",), shown=True)
    tables().drafts.keep(changed)
    assert tables().drafts.get(ANN, draft.id) == changed
    assert tables().drafts.get(BOB, draft.id) is None
    clock.advance(60)
    for number in range(60):
        tables().drafts.add(BOB, f"word{number}", None)
    assert tables().drafts._value("SELECT count(*) FROM drafts WHERE chat_id = ?", [BOB]) == 50
    tables().drafts.prune(clock.now.timestamp() - 30)
    assert tables().drafts.get(ANN, draft.id) is None
    assert tables().drafts._value("SELECT count(*) FROM drafts") == 50


def test_a_story_that_was_shown_is_not_alerted_as_new(news):
    """A later report joins it without a word; only a new fact alerts."""
    feeds = [news.feed(url) for url in (A, B, C)]
    news.poll(feeds[0], report(1))
    assert [told.found.item.id for told in show_last_day(news).stories] == ["r1"]
    assert news.poll(feeds[1], report(2)) == {"new": 1, "FOLDED": 1}
    assert news.outgoing() == []
    told = news.poll(feeds[2], report(3, f"{HEADLINE} with Macron and 27 envoys"))
    assert told["FOLLOW_UP"] == 1
    ((kind, text),) = news.outgoing()
    assert kind == "alert"
    assert "Macron" in text


def test_what_was_shown_counts_as_told_when_it_came(news):
    """Neither as a burst of alerts now, nor twice; what the chat has an alert of stays that alert."""
    url = news.feed()
    news.watch(ANN, "Zelensky Sunday")
    news.poll(url, report(1))
    news.poll(url, *[fire(number) for number in range(12)])
    shown = show_last_day(news, "fire")
    assert (len(shown.stories), shown.rest) == (10, 2)
    assert news.rows("SELECT count(*), min(part), max(part) FROM alerts") == [(11, 1, 1)]
    show_last_day(news, "Mar-a-Lago")
    assert news.rows("SELECT count(*) FROM alerts") == [(11,)]
    assert news.poll(url, fire(99), after=180)["ALERT"] == 1


def test_recent_lists_what_was_told_and_not_what_waits(news):
    """The newest first, from an id on; of each it can be asked why."""
    url = news.feed()
    news.watch(ANN, "fire")
    news.poll(url, *[fire(number) for number in range(3)])
    news.prefer(lambda preferences: preferences.snooze(ANN, "1h"))
    news.poll(url, fire(7))

    def latest(store, before: int | None = None) -> list[str]:
        return [alert.item.id for _, alert in Service(store).recent(ANN, before).alerts]

    def asked(store) -> list[str]:
        service = Service(store)
        return [service.why_alert(ANN, alert_id).report.item.id for alert_id, _ in service.recent(ANN).alerts]

    assert news.storage.run_blocking(latest) == ["f0", "f1", "f2"]
    assert news.storage.run_blocking(lambda store: latest(store, 2)) == ["f2"]
    assert news.storage.run_blocking(asked) == ["f0", "f1", "f2"]
    news.clock.advance(timedelta(days=9).total_seconds())
    assert news.storage.run_blocking(latest) == ["f0", "f1", "f2"]
    news.clock.advance(timedelta(days=30).total_seconds())
    assert news.storage.run_blocking(latest) == []


def test_a_preview_looks_back_a_week_by_the_real_archive(news):
    """From the feeds' items to the counts."""
    url = news.feed()
    news.poll(url, fire(1))
    news.clock.advance(timedelta(days=6).total_seconds())
    news.poll(url, fire(2))
    news.clock.advance(timedelta(days=2).total_seconds())
    news.poll(url, fire(3))

    def work(store):
        store.chats.ensure(ANN, "private")
        return Service(store).preview(ANN, "fire").preview

    found = news.storage.run_blocking(work)
    assert (found.day.stories, found.week.stories) == (1, 2)
    assert [one.item.id for one in found.best] == ["f3", "f2"]
