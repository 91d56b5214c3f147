"""Alerts that are kept: snooze, quiet hours, digests, and the one summary afterwards. Nothing is lost or told twice."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes import invented_name, item
from tests.press import fire, press

ANN, BOB = 7, 8
A, B = "https://a.example/rss", "https://b.example/rss"
HEADLINE = "Fire in the harbour closes the terminal for ships"


@pytest.fixture
def news(tmp_path: Path):
    with press(tmp_path) as opened:
        yield opened


def test_what_comes_during_a_snooze_comes_as_one_summary_after_it(news):
    """No alert meanwhile; then a list of all, and nothing at the next look."""
    news.watch(ANN, "fire")
    url = news.feed()
    news.prefer(lambda p: p.snooze(ANN, "1h"))
    assert news.poll(url, fire(1), fire(2)) == {"new": 2, "SNOOZED": 2}
    assert (news.release(), news.outgoing()) == (0, [])
    news.clock.advance(3000)
    assert news.release() == 1
    ((kind, text),) = news.outgoing()
    assert kind == "digest"
    assert text.startswith("<b>While you snoozed: 2 stories</b>\n🔔 <b>fire</b> · 2\n")
    assert text.count('• <a href="https://wire.example/') == 2
    assert news.release() == 0
    assert news.poll(url, fire(3))["ALERT"] == 1


def test_snooze_off_tells_at_once_what_was_kept(news):
    """And so does the end of quiet hours by command."""
    news.watch(ANN, "fire")
    url = news.feed()
    news.prefer(lambda p: p.snooze(ANN, "2d"))
    news.poll(url, fire(1))
    assert news.prefer(lambda p: p.snooze(ANN, "off")).waiting == 1
    assert news.release() == 1
    assert len(news.digests()) == 1


def test_quiet_hours_keep_alerts_until_they_end(news):
    """In the zone of the chat: 22:00-15:00 in Kyiv ends at 13:00 UTC."""
    news.watch(ANN, "fire")
    news.prefer(lambda p: p.timezone(ANN, "Europe/Kyiv"))
    news.prefer(lambda p: p.quiet(ANN, "22:00-15:00"))
    url = news.feed()
    assert news.poll(url, fire(1))["QUIET_HOURS"] == 1
    news.clock.advance(2400 - 1)
    assert news.release() == 0
    news.clock.advance(1)
    assert news.release() == 1
    assert "During your quiet hours: 1 story" in news.digests()[0]
    assert "· 14:20" in news.digests()[0]


def test_a_digest_that_is_due_in_quiet_hours_waits_for_their_end(news):
    """Nobody is woken by it."""
    news.watch(ANN, "fire")
    news.prefer(lambda p: p.digest(ANN, "hourly"))
    news.prefer(lambda p: p.quiet(ANN, "12:50-15:00"))
    url = news.feed()
    assert news.poll(url, fire(1))["DIGEST"] == 1
    news.clock.advance(2400)
    assert (news.release(), news.digests()) == (1, [])
    news.clock.advance(7200)
    news.release()
    assert len(news.digests()) == 1


def test_a_watch_may_have_a_digest_of_its_own(news):
    """The other watches alert at once, and a story that both hit comes at once."""
    news.watch(ANN, "fire", invented_name(2))
    first = news.manage(lambda p: p.watch(ANN, 1))
    news.manage(lambda p: p.digest(first, "daily 18:00"))
    url = news.feed()
    assert news.poll(url, fire(1))["DIGEST"] == 1
    assert news.poll(url, fire(2))["ALERT"] == 1
    news.clock.advance(6 * 3600)
    news.release()
    assert ["Your digest: 1 story" in text for text in news.digests()] == [True]


def test_a_story_in_the_digest_is_told_at_once_when_another_watch_may(news):
    """The alert that was kept comes with the later report in it, and the digest does not repeat it."""
    news.watch(ANN, "harbour fire", "Odesa port")
    slow = news.manage(lambda p: p.watch(ANN, 1))
    news.manage(lambda p: p.digest(slow, "daily 18:00"))
    first, second = news.feed(A), news.feed(B)
    assert news.poll(first, item(HEADLINE, source="a.example", url="https://x.example/1"))["DIGEST"] == 1
    later = item(HEADLINE, summary="Odesa port is closed.", source="b.example", url="https://x.example/1")
    assert news.poll(second, later)["RAISED"] == 1
    ((kind, text),) = news.outgoing()
    assert kind == "alert"
    assert "🔔 harbour fire, Odesa port" in text
    news.clock.advance(86_400)
    assert news.release() == 0
    assert len(news.outgoing()) == 1


def test_later_reports_of_a_kept_story_are_counted_in_the_summary(news):
    """One line for the story."""
    news.watch(ANN, "harbour fire")
    first, second = news.feed(A), news.feed(B)
    news.prefer(lambda p: p.snooze(ANN, "1h"))
    news.poll(first, item(HEADLINE, source="a.example", url="https://a.example/1"))
    assert news.poll(second, item(HEADLINE, source="b.example", url="https://b.example/1"))["FOLDED"] == 1
    assert news.grow() == 0
    news.clock.advance(3600)
    news.release()
    assert "1 story" in news.digests()[0]
    assert "+1 report" in news.digests()[0]


def test_an_urgent_watch_passes_quiet_hours_digest_and_snooze(news):
    """That is what urgent means; another watch of the chat is kept."""
    news.watch(ANN, "fire", "weather")
    urgent = news.manage(lambda p: p.watch(ANN, 1))
    news.manage(lambda p: p.level(urgent, "urgent"))
    news.prefer(lambda p: p.quiet(ANN, "00:00-23:59"))
    news.prefer(lambda p: p.digest(ANN, "hourly"))
    news.prefer(lambda p: p.snooze(ANN, "1d"))
    url = news.feed()
    assert news.poll(url, fire(1))["ALERT"] == 1
    assert news.poll(url, item("Weather gets worse", source="w.example"))["SNOOZED"] == 1


@pytest.mark.parametrize("choice", ["story", "watch", "source"])
def test_what_is_snoozed_by_name_is_kept_even_when_urgent(news, choice):
    """From the buttons of its alert; other stories, watches and sources come."""
    news.watch(ANN, "fire", "weather")
    news.manage(lambda p: p.level(p.watch(ANN, 1), "urgent"))
    url = news.feed()
    told = item(HEADLINE, source="wire.example", url="https://wire.example/1")
    news.poll(url, told)
    news.prefer(lambda p: p.snooze_by_alert(p.subject(ANN, 1), choice))
    later = replace(fire(2), source="wire.example" if choice == "source" else "paper.example")
    if choice == "story":
        later = replace(told, id="later", source="paper.example", url="https://paper.example/1")
        news.rows("UPDATE alerts SET created = created - 90000")  # told long ago: what comes now is a further alert
    assert news.poll(url, later)["SNOOZED"] == 1
    assert news.poll(url, item("Weather gets worse", source="w.example"))["ALERT"] == 1
    news.clock.advance(86_400)
    news.release()
    assert "While you snoozed: 1 story" in news.digests()[0]


def test_a_silent_watch_makes_no_sound(news):
    """An alert that a normal watch hits too does."""
    news.watch(ANN, "fire", invented_name(2))
    news.manage(lambda p: p.level(p.watch(ANN, 1), "silent"))
    url = news.feed()
    news.poll(url, fire(1))
    news.poll(url, fire(2))
    assert news.rows("SELECT silent FROM outbox") == [(1,), (0,)]


def test_nothing_older_than_the_expiry_comes_singly(news):
    """A feed that brings old news, after an outage perhaps: one list, at once."""
    news.watch(ANN, "fire")
    url = news.feed()
    old = news.clock.now - timedelta(hours=8)
    assert news.poll(url, fire(1, published=old), fire(2, published=old)) == {"new": 2, "STALE": 2}
    news.release()
    assert "Too late to come one by one: 2 stories" in news.digests()[0]
    assert len(news.outgoing()) == 1
