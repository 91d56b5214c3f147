"""One item that many chats watch: one statement for all of them, and each gets its own alert."""

import time
from pathlib import Path

import pytest

from tests.fakes import item
from tests.press import fire, press
from watchlists.query import parse

FIRST, SECOND = "https://a.example/rss", "https://b.example/rss"


@pytest.fixture
def news(tmp_path: Path):
    with press(tmp_path) as opened:
        yield opened


def inserts(news, act) -> int:
    """How many statements insert rows while something is done."""
    asked: list[str] = []

    def trace(callback):
        news.storage.run_blocking(lambda store: store.outbox._database.conn.set_trace_callback(callback))

    trace(asked.append)
    act()
    trace(None)
    return sum(sql.lstrip().startswith("INSERT") for sql in asked)


@pytest.mark.parametrize("chats", [2, 50])
def test_the_statements_do_not_grow_with_the_chats_that_watch_the_same(news, chats):
    """An alert, what hit, and a message for each chat; then a later report under each."""
    for chat in range(1, chats + 1):
        news.watch(chat, "fire")
    first, second = news.feed(FIRST), news.feed(SECOND)
    headline = "Fire in the harbour closes the terminal for ships"
    assert inserts(news, lambda: news.poll(first, item(headline, source="a.example", url="https://a.example/1"))) < 20
    assert len(news.outbox()) == chats
    other = item(headline, id="2", source="b.example", url="https://b.example/2")
    assert inserts(news, lambda: news.poll(second, other)) < 20
    assert news.rows("SELECT count(*) FROM alert_items") == [(chats,)]


@pytest.mark.soak
def test_ten_thousand_chats_take_one_short_transaction(news, measured):
    """From the poll to the commit. The bound is wide, since others may share the machine; the figure is measured."""

    def watch(store):
        for chat in range(1, 10_001):
            store.chats.ensure(chat, "private")
            store.watches.add(chat, parse("fire"))

    news.storage.run_blocking(watch)
    url = news.feed(FIRST, fire(1))  # the index of the watches is made by then
    start = time.process_time()
    news.poll(url, fire(2))
    took = time.process_time() - start
    assert news.rows("SELECT count(*) FROM outbox WHERE state = 'queued'") == [(10_000,)]
    measured("P7", f"10,000 chats: {took * 1000:.0f} ms of CPU for one item, from the poll to the commit")
    assert took < 1


def test_chats_that_watch_otherwise_read_otherwise(news):
    """Their own words, their own zone, their own sound, and their own button."""
    for chat, text in ((1, "fire"), (2, "fire"), (3, "fire"), (4, "harbour")):
        news.watch(chat, text)
    news.prefer(lambda p: p.timezone(2, "Europe/Kyiv"))
    news.manage(lambda p: p.level(p.watch(3, 1), "silent"))
    news.poll(news.feed(), item("Fire in the harbour", source="a.example"))
    rows = news.rows("SELECT chat_id, text, silent, buttons, alert_id FROM outbox ORDER BY chat_id")
    assert [chat for chat, *_ in rows] == [1, 2, 3, 4]
    ann, bob, cy, dee = (text for _, text, *_ in rows)
    assert ann == cy
    assert "UTC" in ann
    assert "UTC" not in bob
    assert dee.endswith("🔔 harbour")
    assert [silent for _, _, silent, *_ in rows] == [0, 0, 1, 0]
    assert all(f'"snooze:{alert_id}"' in buttons for *_, buttons, alert_id in rows)
    assert len({alert_id for *_, alert_id in rows}) == 4


def test_a_further_alert_answers_the_one_before_in_each_chat(news):
    """Whoever has been told gets a reply; whoever has not gets an alert of its own."""
    news.watch(1, "fire")
    url = news.feed()
    news.poll(url, fire(1))
    news.watch(2, "fire")
    news.rows("UPDATE alerts SET created = created - 90000")  # told long ago: what comes now is a further alert
    again = item(fire(1).title, id="again", source="other.example", url="https://other.example/1")
    assert news.poll(url, again) == {"new": 1, "FOLLOW_UP": 1, "ALERT": 1}
    assert news.rows("SELECT chat_id, answers FROM outbox ORDER BY id")[1:] == [(2, None), (1, 1)]
