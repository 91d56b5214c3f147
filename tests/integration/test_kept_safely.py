"""What is kept survives crashes, clocks that jump, chats that go and move; and many chats cost little more than one."""

from pathlib import Path

import pytest

from bot import digest
from bot.store.kept import Kept
from bot.store.outbox import Outbox
from tests.press import fire, press
from watchlists.delivery import BURST

ANN = 7


@pytest.fixture
def news(tmp_path: Path):
    with press(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("broken", [(Outbox, "add"), (Kept, "let_go")], ids=["enqueue", "let go"])
def test_a_crash_between_keeping_and_the_summary_loses_and_repeats_nothing(news, monkeypatch, broken):
    """Messages and the end of the wait are one transaction."""

    def crash(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("crash")

    news.watch(ANN, "fire")
    url = news.feed()
    news.prefer(lambda p: p.snooze(ANN, "1h"))
    news.poll(url, fire(1), fire(2))
    news.clock.advance(3600)
    with monkeypatch.context() as patched:
        patched.setattr(*broken, crash)
        with pytest.raises(RuntimeError):
            news.storage.run_blocking(digest.release)
    assert news.outgoing() == []
    assert news.release() == 1
    assert [text.count("•") for text in news.digests()] == [2]


@pytest.mark.parametrize("jump", [-86_400, 86_400], ids=["a day back", "a day on"])
@pytest.mark.parametrize("how", ["snooze", "quiet", "digest"])
def test_a_clock_that_jumps_a_day_loses_and_repeats_nothing(news, jump, how):
    """Whatever keeps the alert: it comes once, and within the time that it would have waited anyway."""
    news.watch(ANN, "fire")
    url = news.feed()
    if how == "snooze":
        news.prefer(lambda p: p.snooze(ANN, "2h"))
    elif how == "quiet":
        news.prefer(lambda p: p.quiet(ANN, "12:00-14:30"))
    else:
        news.prefer(lambda p: p.digest(ANN, "daily 14:00"))
    news.release()
    assert "ALERT" not in news.poll(url, fire(1))
    news.release()
    news.clock.advance(jump)
    for _ in range(30):
        news.release()
        news.clock.advance(300)
    assert [text.count("•") for text in news.digests()] == [1]
    news.clock.advance(-2 * jump)
    news.release()
    assert len(news.digests()) == 1


def test_a_chat_that_cannot_be_reached_is_told_nothing_late(news):
    """What was kept for it goes, and nothing waits for ever."""
    news.watch(ANN, "fire")
    url = news.feed()
    news.prefer(lambda p: p.snooze(ANN, "1h"))
    news.poll(url, fire(1))
    news.storage.run_blocking(lambda store: store.chats.deactivate(ANN, "blocked"))
    news.clock.advance(3600)
    assert news.release() == 1
    assert (news.outgoing(), news.release()) == ([], 0)


def test_many_chats_are_summed_up_in_turns(news):
    """A bounded transaction for so many chats; each gets its own."""
    for chat in range(1, 121):
        news.watch(chat, "fire")
        news.prefer(lambda p, chat=chat: p.digest(chat, "hourly"))
    url = news.feed()
    assert news.poll(url, fire(1))["DIGEST"] == 120
    news.clock.advance(3600)
    assert news.storage.run_blocking(digest.release) == digest.CHATS_AT_ONCE
    news.release()
    assert len({chat for chat, _ in news.outbox()}) == len(news.outbox()) == 120


def test_a_group_that_moves_takes_its_settings_and_snoozes_along(news):
    """The supergroup is as quiet as the group was."""
    news.watch(-5, "fire")
    news.prefer(lambda p: p.quiet(-5, "22-7"))
    news.prefer(lambda p: p.snooze(-5, "1d"))
    url = news.feed()
    news.poll(url, fire(1))
    news.storage.run_blocking(lambda store: store.chats.move(-5, -1005))
    found = news.prefer(lambda p: p.overview(-1005))
    assert (str(found.habits.quiet), len(found.snoozes), found.waiting) == ("22:00-07:00", 1, 1)
    assert news.prefer(lambda p: p.overview(-5)).snoozes == []


def test_what_expired_in_the_outbox_is_summed_up(news):
    """Alerts whose messages came too late, lists of a burst with all that they list; not at night."""
    news.watch(ANN, "fire")
    url = news.feed()
    news.poll(url, *[fire(number, source=f"w{number}.example") for number in range(8)])
    assert len(news.outgoing()) == 6
    news.prefer(lambda p: p.quiet(ANN, "18:00-20:00"))
    news.clock.advance(6 * 3600)
    news.storage.run_blocking(lambda store: store.recall.late())
    news.release()
    assert news.digests() == []
    news.clock.advance(2 * 3600)
    news.release()
    assert "During your quiet hours: 8 stories" in news.digests()[0]
    counts = news.storage.run_blocking(lambda store: store.outbox.counts())
    assert (counts["expired"], counts["queued"]) == (6, 1)


def test_a_summary_that_waits_to_be_sent_grows(news):
    """An outage of hours ends with one summary, not with one for each hour; one that may have arrived stays."""
    news.watch(ANN, "fire")
    news.prefer(lambda p: p.digest(ANN, "hourly"))
    url = news.feed()
    for number in range(5):
        news.poll(url, fire(number, source=f"w{number}.example"), after=3600)
        news.release()
    queued = "SELECT text FROM outbox WHERE state = 'queued'"
    assert ["4 stories" in text for (text,) in news.rows(queued)] == [True]
    news.rows("UPDATE outbox SET uncertain = 1 WHERE state = 'queued'")
    news.clock.advance(3600)
    news.release()
    assert ["4 stories" in text for (text,) in news.rows(queued)] == [True]
    news.send()
    news.release()
    assert ["1 story" in text for (text,) in news.rows(queued)] == [True]


@pytest.mark.parametrize("how", ["digest", "burst"])
def test_the_statements_do_not_grow_with_the_chats(news, how):
    """Settings, snoozes and bursts are read for all chats at once."""
    chats = range(1, 40)
    for chat in chats:
        news.watch(chat, "fire")
        if how == "digest":
            news.prefer(lambda p, chat=chat: p.digest(chat, "hourly"))
    url = news.feed()
    if how == "burst":
        news.poll(url, *[fire(number, source=f"w{number}.example") for number in range(BURST)])
    asked: list[str] = []

    def trace(callback):
        news.storage.run_blocking(lambda store: store.outbox._database.conn.set_trace_callback(callback))

    trace(asked.append)
    assert news.poll(url, fire(7, source="w7.example"), after=10)[how.upper()] == len(chats)
    trace(None)
    read = [sql for sql in asked if sql.lstrip().startswith("SELECT")]
    assert len(read) < 32
