"""One alert per chat and story, which grows: what a chat sees of a story that many report."""

from pathlib import Path

import pytest

from tests.fakes import item
from tests.press import press
from watchlists.model import Item
from watchlists.service import Service

ANN, BOB = 7, 8
A, B, C = "https://a.example/rss", "https://b.example/rss", "https://c.example/rss"
HEADLINE = "Trump expected to host Zelensky at Mar-a-Lago on Sunday"


@pytest.fixture
def news(tmp_path: Path):
    with press(tmp_path) as opened:
        yield opened


def report(number: int, title: str = HEADLINE, source: str = "") -> Item:
    """The same story in another paper."""
    host = source or f"paper{number}.example"
    return item(title, id=f"r{number}", url=f"https://{host}/{number}", source=host)


def test_a_later_report_is_listed_under_the_sent_alert(news):
    """No second message: an edit that names the headline and who brings it."""
    news.watch(ANN, "Mar-a-Lago meeting")
    first, second = news.feed(A), news.feed(B)
    news.poll(first, report(1))
    news.send()
    assert news.poll(second, report(2)) == {"new": 1, "FOLDED": 1, "edits": 1}
    (_, (kind, text)) = news.outgoing()
    assert kind == "edit"
    assert f'also: <a href="https://paper2.example/2">{HEADLINE}</a> · paper2.example' in text
    assert text.endswith("🔔 Mar-a-Lago meeting")
    assert news.rows("SELECT edits FROM outbox WHERE kind = 'edit'") == [(101,)]


def test_a_message_that_still_waits_is_rewritten(news):
    """What has not been sent needs no edit."""
    news.watch(ANN, "Mar-a-Lago meeting")
    first, second = news.feed(A), news.feed(B)
    news.poll(first, report(1))
    news.poll(second, report(2))
    ((kind, text),) = news.outgoing()
    assert kind == "alert"
    assert "paper2.example" in text


def test_an_alert_is_edited_once_a_minute_at_most(news):
    """What comes in between waits, and comes with the next edit; then there is nothing more to say."""
    news.watch(ANN, "Mar-a-Lago meeting")
    feeds = [news.feed(url) for url in (A, B, C)]
    news.poll(feeds[0], report(1))
    news.send()
    news.poll(feeds[1], report(2))
    news.send()
    news.clock.advance(-590)
    news.poll(feeds[2], report(3))
    assert len(news.outgoing()) == 2
    assert news.grow() == 0
    news.clock.advance(60)
    assert news.grow() == 1
    assert "paper2.example" in news.outgoing()[-1][1]
    assert "paper3.example" in news.outgoing()[-1][1]
    news.clock.advance(60)
    assert news.grow() == 0


def test_after_five_reports_the_others_are_counted(news):
    """The first five by name."""
    news.watch(ANN, "Mar-a-Lago meeting")
    url = news.feed(A)
    news.poll(url, *[report(number) for number in range(9, 0, -1)])
    ((_, text),) = news.outgoing()
    assert text.count("also: ") == 5
    assert "+3 more sources" in text


def test_a_watch_that_hits_the_story_later_is_added_to_its_alert(news):
    """One alert that names both, whoever came first."""
    news.watch(ANN, "Mar-a-Lago meeting", "Zelensky Sunday visit")
    first, second = news.feed(A), news.feed(B)
    news.poll(first, report(1, "Leaders' meeting at Mar-a-Lago", "x.example"))
    shared = item("Zelensky visit on Sunday", id="2", url="https://x.example/1", source="x.example")
    assert news.poll(second, shared)["SAME_ARTICLE"] == 1
    ((_, text),) = news.outgoing()
    assert text.endswith("🔔 Mar-a-Lago meeting, Zelensky Sunday visit")
    assert "also" not in text
    news.send()
    assert news.poll(news.feed(C), shared) == {"new": 1, "SAME_ARTICLE": 1}


def test_an_article_that_another_chat_alone_has_read_is_listed(news):
    """That a feed of theirs brought it tells this chat nothing; it hears of it from its own."""
    news.watch(ANN, "Mar-a-Lago meeting")
    news.watch(BOB, "Mar-a-Lago meeting")
    first, third = news.feed(A), news.feed(C)
    news.storage.run_blocking(lambda store: store.chat_feeds.add(BOB, B, "Bob's"))
    news.poll(B)
    news.poll(first, report(1))
    news.poll(B, report(2))
    assert news.poll(third, report(2)) == {"new": 1, "SAME_ARTICLE": 1, "FOLDED": 1}
    assert ["paper2.example" in text for _, text in news.outbox()] == [True, True]


@pytest.mark.parametrize("state", ["failed", "dropped"])
def test_an_alert_that_never_arrived_takes_in_no_reports(news, state):
    """They would be listed where nobody reads them: the next report of the story is told as the first."""
    news.watch(ANN, "Mar-a-Lago meeting")
    first, second = news.feed(A), news.feed(B)
    news.poll(first, report(1))
    news.end(state)
    assert news.poll(second, report(2)) == {"new": 1, "ALERT": 1}
    assert [kind for kind, _ in news.outgoing()] == ["alert", "alert"]
    news.send()
    assert news.poll(first, report(3)) == {"new": 1, "FOLDED": 1, "edits": 1}


def test_a_summary_that_never_arrived_takes_in_no_reports(news):
    """Nor does the alert that it lists; one that is kept does, since its summary is still to come."""
    news.watch(ANN, "Mar-a-Lago meeting")
    news.prefer(lambda p: p.snooze(ANN, "1h"))
    first, second = news.feed(A), news.feed(B)
    news.poll(first, report(1))
    assert news.poll(second, report(2)) == {"new": 1, "FOLDED": 1}
    news.clock.advance(3600)
    news.release()
    news.end("dropped")
    assert news.poll(second, report(3)) == {"new": 1, "ALERT": 1}


def test_what_was_kept_for_a_chat_that_was_gone_takes_in_no_reports(news):
    """No summary was written, since nobody could be reached: whoever is back hears of the story by its next report."""
    news.watch(ANN, "Mar-a-Lago meeting")
    news.prefer(lambda p: p.snooze(ANN, "1h"))
    first, second = news.feed(A), news.feed(B)
    news.poll(first, report(1))
    news.storage.run_blocking(lambda store: store.chats.deactivate(ANN, "blocked"))
    news.clock.advance(3600)
    news.release()
    news.storage.run_blocking(lambda store: store.chats.ensure(ANN, "private"))
    assert news.poll(second, report(2)) == {"new": 1, "ALERT": 1}


def test_an_alert_stops_growing_after_a_day(news):
    """Then what comes is told anew, in reply to the first."""
    news.watch(ANN, "Mar-a-Lago meeting")
    url = news.feed(A)
    news.poll(url, report(1))
    news.send()
    for number in (2, 3, 4):  # the story goes on
        news.clock.advance(9 * 3600)
        news.poll(url, report(number))
        news.send()
    kinds = [kind for kind, _ in news.outgoing()]
    assert kinds == ["alert", "edit", "edit", "alert"]
    assert news.rows("SELECT part FROM alerts") == [(1,), (2,)]
    assert news.rows("SELECT answers FROM outbox WHERE kind = 'alert'") == [(None,), (1,)]


def test_new_facts_are_told_in_reply(news):
    """A rare name or a number that the story lacked is news; the reply names the message that it answers."""
    news.watch(ANN, "Mar-a-Lago meeting")
    url = news.feed(A)
    news.poll(url, report(1))
    news.send()
    further = report(2, "Trump expected to host Zelensky at Mar-a-Lago on Sunday with 19 ministers")
    assert news.poll(url, further) == {"new": 1, "FOLLOW_UP": 1}
    head = news.storage.run_blocking(lambda store: store.outbox.claim(store.outbox.heads([], 1)[0].id))
    assert head.reply_to == 101


def test_a_watch_may_wait_for_more_sources(news):
    """`sources:2` alerts when the second publisher tells it; a second host of the same one does not count."""
    news.watch(ANN, "Mar-a-Lago meeting sources:2")
    news.watch(BOB, "Mar-a-Lago meeting")
    url = news.feed(A)
    assert news.poll(url, report(1, source="wire.example")) == {"new": 1, "ALERT": 1, "HELD": 1}
    assert news.poll(url, report(2, source="uk.wire.example")) == {"new": 1, "FOLDED": 1, "HELD": 1}
    assert [chat for chat, _ in news.outbox()] == [BOB]
    assert news.poll(url, report(3, source="other.example")) == {"new": 1, "FOLDED": 1, "ALERT": 1}
    assert [chat for chat, _ in news.outbox()] == [BOB, ANN]
    assert news.rows("SELECT * FROM held_hits") == []
    assert news.poll(url, report(4, source="third.example")) == {"new": 1, "FOLDED": 2}


def test_one_headline_with_changing_numbers_is_grouped_after_the_third(news):
    """Within an hour; no fact is hidden: each is listed under the third."""
    news.watch(ANN, "bitcoin")
    url = news.feed(A)
    ticks = [item(f"Bitcoin at {number}", id=f"b{number}", source="coin.example") for number in range(91_000, 91_006)]
    assert news.poll(url, *ticks) == {"new": 6, "ALERT": 3, "GROUPED": 3}
    assert [text.count("also: ") for _, text in news.outbox()] == [0, 0, 3]
    news.clock.advance(3600)
    assert news.poll(url, item("Bitcoin at 92000", id="later", source="coin.example"))["ALERT"] == 1


def test_a_thousand_equal_headlines_of_one_feed_are_no_flood(news):
    """Three alerts at most, the last of which counts the others."""
    news.watch(ANN, "weather")
    url = news.feed(A)
    counts = news.poll(url, *[item("Weather", id=f"w{number}", source="w.example") for number in range(300)])
    assert sum(kind == "alert" for kind, _ in news.outgoing()) <= 3, counts


def test_a_headline_that_changes_for_real_changes_the_sent_alert(news):
    """An edit of the message, no second one; a change of case only is none."""
    news.watch(ANN, "Mar-a-Lago meeting")
    url = news.feed(A)
    news.poll(url, report(1))
    news.send()
    news.poll(url, report(1, HEADLINE.upper()))
    assert len(news.outgoing()) == 1
    news.poll(url, report(1, "Trump hosts Zelensky at Mar-a-Lago today"))
    (_, (kind, text)) = news.outgoing()
    assert kind == "edit"
    assert "today" in text


def test_ten_thousand_chats_are_told_in_few_statements(news):
    """Reading and writing is for all chats at once: the statements do not grow with the chats."""
    for chat in range(1, 40):
        news.watch(chat, "Mar-a-Lago meeting")
    url = news.feed(A)
    asked: list[str] = []

    def trace(callback):
        news.storage.run_blocking(lambda store: store.outbox._database.conn.set_trace_callback(callback))

    trace(asked.append)
    assert news.poll(url, report(1))["ALERT"] == 39
    trace(None)
    selects = [sql for sql in asked if sql.lstrip().startswith("SELECT")]
    assert len(selects) < 30


def test_what_was_grouped_under_an_alert_is_all_in_its_explanation(news):
    """The message names five and counts the rest; `/why` lists them, other stories though they are."""
    news.watch(ANN, "bitcoin")
    url = news.feed(A)
    news.poll(url, *[item(f"Bitcoin at {number}", id=f"b{number}", source="coin.example") for number in range(91, 99)])
    news.send()
    last = news.rows("SELECT max(id) FROM alerts")[0][0]
    message = news.rows(f"SELECT message_id FROM outbox WHERE alert_id = {last}")[0][0]
    why = news.storage.run_blocking(lambda store: Service(store).why(ANN, message))
    listed = [report.item.title for report in why.reports]
    assert len(listed) == 6
    assert set(listed) <= {f"Bitcoin at {number}" for number in range(91, 99)}
