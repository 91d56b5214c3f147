"""`/why`: what met what, what was missing, and the story behind an alert."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers import replies_why
from tests.fakes import NOON, MemoryStore, item
from watchlists.delivery import Habits
from watchlists.errors import NothingToExplain
from watchlists.model import Alert, Fate, Hit, Report, Watch
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
        (["golf", "Zelensky -Trump"], "A watch of yours would hit it, were it not for -Trump:", "Zelensky -Trump"),
        (["loose: Trump Zelensky Mar-a-Lago +golf"], "A watch of yours would hit it, were it not for +golf", None),
        (["Zelensky source:b.example lang:en"], "A watch of yours would hit it, were it not for source:b", None),
    ],
)
def test_a_link_without_an_alert_names_the_nearest_watch(store, watches, reason, nearest):
    """The one whose score came nearest to its threshold."""
    for text in watches:
        store.watches.add(ANN, parse(text))
    found = Service(store).why(ANN, None, "https://a.example/1")
    assert found.alert is None
    assert found.reason.startswith(reason)
    if nearest or not watches:
        assert (found.nearest and found.nearest.watch.text) == nearest


@pytest.mark.parametrize(
    ("stage", "reason"),
    [
        ("held", "A watch of yours hits it, and waits until 2 independent sources tell the story"),
        ("young", "It came before you began to watch this"),
        ("first poll", "It stood in its feed when I read that for the first time"),
    ],
)
def test_a_link_whose_watch_hits_names_the_stage_that_stopped_it(store, stage, reason):
    """Waiting for sources, a watch that is younger, the first poll of a feed."""
    watch = store.watches.add(ANN, parse("Zelensky"))
    store.watches._put(replace(watch, sources=2))
    if stage == "held":
        store.fates.held.add((1, watch.id))
    elif stage == "young":
        store.fates.since[watch.id] = NOON + timedelta(seconds=1)
    else:
        store.fates.of_first_poll.add(1)
    assert Service(store).why(ANN, None, "https://a.example/1").reason.startswith(reason)


def test_of_two_watches_the_one_that_forbids_nothing_is_nearer(store):
    """Equal scores."""
    for text in ("Zelensky -Trump", "+Zelensky"):
        store.watches.add(ANN, parse(text))
    assert Service(store).why(ANN, None, "https://a.example/1").nearest.watch.text == "+Zelensky"


LATER = item("Leaders meet in Florida", url="https://b.example/2", source="b.example")


@pytest.mark.parametrize(("listed", "said"), [(True, "It is listed under this alert"), (False, "the same article, or")])
def test_a_later_report_leads_to_the_alert_of_its_story(store, listed, said):
    """Which, and whether it is listed there."""
    store.items.rows = [LATER]
    store.alerts.rows[12] = Alert(ANN, 1, NEWS, (hit("Mar-a-Lago"),), NOON)
    if listed:
        store.fates.listed.add((12, 1))
    found = Service(store).why(ANN, None, LATER.url)
    assert (found.is_later, found.is_listed) == (True, listed)
    lines = replies_why.why(found).text.split("\n")
    assert lines[0] == "<b>Why this came as no alert of its own</b>"
    assert "Leaders meet in Florida" in lines[1]
    assert said in lines[3]
    assert "Trump to host Zelensky" in lines[4]


@pytest.mark.parametrize(
    ("fate", "heading", "sentence"),
    [
        (Fate("waiting"), "have not got this yet", "It waits to be sent."),
        (Fate("lost", "the chat <is> gone"), "did not get this", "could not be sent: the chat &lt;is&gt; gone"),
        (Fate("shown"), "got this", "in the list of the last 24 hours"),
        (Fate("told"), "got this", "🔔 Mar-a-Lago: score"),
    ],
)
def test_what_became_of_an_alert_is_said_first(store, fate, heading, sentence):
    """Why it is not there yet, or never will be; what was sent as it should be needs no word."""
    store.alerts.rows[12] = Alert(ANN, 1, NEWS, (hit("Mar-a-Lago"),), NOON)
    store.fates.alerts[12] = fate
    text = replies_why.why(Service(store).why(ANN, 12)).text
    assert text.startswith(f"<b>Why you {heading}</b>\n")
    assert sentence in text


def test_an_alert_is_explained_by_its_id_to_its_own_chat(store):
    """As its button does."""
    store.alerts.rows[12] = Alert(ANN, 1, NEWS, (hit("Mar-a-Lago"),), NOON)
    assert Service(store).why_alert(ANN, 12).alert
    assert Service(store).why_alert(BOB, 12) is None


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
    sent = NOON + timedelta(seconds=3)
    text = replies_why.why(Why(Report(news, NOON), reports, Habits(), NOON, alert, sent, total=2)).text
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
    text = replies_why.why(
        Why(Report(news, NOON), [Report(news, NOON)], Habits(), NOON, nearest=hit("fire", news))
    ).text
    assert "<b>@boss" not in text
    assert "<x>" not in text
