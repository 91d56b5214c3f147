"""`/why`: what met what, what was missing, and the story behind an alert."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers import replies_why
from tests.fakes import NOON, MemoryStore, item
from watchlists.errors import NothingToExplain
from watchlists.model import Alert, Hit, Report, Watch
from watchlists.query import parse
from watchlists.score import THRESHOLDS, explain
from watchlists.service import Service
from watchlists.why import NOT_AN_ALERT, UNKNOWN_LINK, Why, missing

ANN, BOB = 7, 8
NEWS = item("Trump to host Zelensky at Mar-a-Lago", url="https://a.example/1", source="a.example")


def hit(text: str, news=NEWS) -> Hit:
    return Hit(Watch(1, ANN, 1, text), explain(parse(text), news))


@pytest.fixture
def store():
    made = MemoryStore()
    made.items.rows = [NEWS]
    return made


def test_an_alert_is_explained_by_the_message_that_shows_it(store):
    """Its hits with all their evidence, its story and when it was sent; another chat's message is none of ours."""
    store.alerts.rows[12] = Alert(ANN, 1, NEWS, (hit("Mar-a-Lago meeting"),), NOON)
    found = Service(store).why(ANN, 12)
    assert found.alert == store.alerts.rows[12]
    assert [report.item for report in found.reports] == [NEWS]
    for chat, message in ((BOB, 12), (ANN, 13), (ANN, None)):
        with pytest.raises(NothingToExplain, match=NOT_AN_ALERT):
            Service(store).why(chat, message)


def test_a_link_leads_to_its_alert(store):
    """Tracking marks are clothes."""
    store.alerts.rows[12] = Alert(ANN, 1, NEWS, (hit("Mar-a-Lago meeting"),), NOON)
    assert Service(store).why(ANN, None, "https://www.a.example/1?utm_source=x").alert


@pytest.mark.parametrize(
    ("watches", "reason", "nearest"),
    [
        ([], "You watch nothing yet", None),
        (["golf", "Zelensky Kyiv"], "No watch of yours came near enough", "Zelensky Kyiv"),
        (["golf", "Zelensky Mar-a-Lago"], "A watch of yours hits it now", "Zelensky Mar-a-Lago"),
    ],
)
def test_a_link_without_an_alert_names_the_nearest_watch(store, watches, reason, nearest):
    """The one whose score came nearest to its threshold."""
    for text in watches:
        store.watches.add(ANN, parse(text))
    found = Service(store).why(ANN, None, "https://a.example/1")
    assert found.alert is None
    assert found.reason.startswith(reason)
    assert (found.nearest and found.nearest.watch.text) == nearest


def test_a_link_that_no_feed_has_brought_is_said_to_be_so(store):
    """The first stage of all."""
    with pytest.raises(NothingToExplain, match="None of the feeds"):
        Service(store).why(ANN, None, "https://b.example/1")
    assert "/feeds" in UNKNOWN_LINK


def test_what_was_missing_is_named_as_written():
    """Ideas without evidence; exclusions are no ideas."""
    assert missing(hit("Zelensky +Kyiv -golf")) == ("Kyiv",)
    assert missing(hit("Mar-a-Lago meeting")) == ()


def test_the_answer_reads_like_this():
    """Score against threshold, each idea with its words, the story, and the way it took."""
    news = replace(NEWS, published=NOON - timedelta(minutes=4))
    second = item("Leaders meet at Mar-a-Lago", source="b.example")
    reports = [Report(news, NOON), Report(second, NOON + timedelta(minutes=10), "the same names: Mar-a-Lago")]
    alert = Alert(ANN, 1, news, (hit("Zelensky Mar-a-Lago"),), NOON)
    text = replies_why.why(Why(Report(news, NOON), reports, alert, NOON + timedelta(seconds=3))).text
    lines = text.split("\n")
    assert lines[0] == "<b>Why you got this</b>"
    assert lines[1] == f"🔔 Zelensky Mar-a-Lago: score 100, {THRESHOLDS['']} needed"
    assert lines[2].startswith("• Zelensky (")
    assert lines[2].endswith("“Zelensky” in the title, the same word")
    assert "<b>The story so far, 2 reports</b>" in lines
    assert "12:10 UTC Leaders meet at Mar-a-Lago · b.example – joined by the same names: Mar-a-Lago" in lines
    assert lines[-1] == "published 11:56 UTC → seen 4 min later → sent 3 s after that"


def test_text_of_strangers_stays_text():
    """Escaped and inert, also in the explanation."""
    news = item("<b>@boss</b> /start fire", source="<x>")
    text = replies_why.why(Why(Report(news, NOON), [Report(news, NOON)], nearest=hit("fire", news))).text
    assert "<b>@boss" not in text
    assert "<x>" not in text
