"""Many alerts in one message: grouped, counted, split where it gets long, and always what Telegram takes."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import listing
from bot.sandbox.formatting import MESSAGE_LIMIT, message_text
from tests.fakes import NOON, item, match
from watchlists.model import Alert, Hit, Watch

FIRE, HARBOUR = Watch(1, 7, 1, "fire"), Watch(2, 7, 2, "harbour")


def alert(story: int, title: str = "Fire", *watches: Watch, more: int = 0, minutes: int = 0, **others) -> Alert:
    hits = tuple(Hit(watch, match()) for watch in watches or (FIRE,))
    seen = NOON - timedelta(minutes=minutes)
    return Alert(7, story, item(title, **others), hits, seen, more=more)


def read(alerts: list[Alert], **others) -> list[str]:
    texts = [message_text(text, "HTML") for text in listing.messages("Your digest", alerts, NOON, **others)]
    assert all(len(text.entities) <= 100 for text in texts)
    return [text.text for text in texts]


def test_stories_stand_under_their_watches_with_counts():
    """By the watches' numbers, the newest story first; a story of two watches stands once."""
    alerts = [
        alert(1, "Old fire", minutes=60, source="a.example", more=2),
        alert(2, "Ferry aground", HARBOUR, minutes=30),
        alert(3, "Fire at the harbour", FIRE, HARBOUR, minutes=5, url="https://a.example/3"),
    ]
    assert read(alerts) == [
        "Your digest: 3 stories\n"
        "🔔 fire · 2\n"
        "• Fire at the harbour · 11:55\n"
        "• Old fire · a.example · 11:00 · +2 reports\n"
        "🔔 harbour · 1\n"
        "• Ferry aground · 11:30"
    ]


def test_the_parts_of_a_story_are_one_line():
    """A further alert about it counts as a report."""
    assert read([alert(1, "Fire", more=1), alert(1, "Fire put out")]) == [
        "Your digest: 1 story\n🔔 fire · 1\n• Fire · 12:00 · +2 reports"
    ]


def test_a_long_list_is_split_into_whole_messages():
    """Each within the limit and numbered; nothing is cut in the middle, nothing is named twice."""
    alerts = [alert(n, f"Fire {n} " + "x" * 140, Watch(n // 20, 7, n // 20, f"watch {n // 20}")) for n in range(100)]
    texts = read(alerts)
    assert len(texts) > 3
    assert all(text.startswith(f"Your digest: 100 stories ({n}/{len(texts)})") for n, text in enumerate(texts, 1))
    assert sum(text.count("\n• ") for text in texts) == 100


def test_of_one_watch_so_many_are_named_and_the_others_counted():
    """A digest of thousands is nobody's pleasure."""
    (text, *_) = read([alert(n, f"Fire {n}") for n in range(500)])
    assert f"… and {500 - listing.MAX_OF_WATCH} more" in text


@pytest.mark.parametrize("most", [1, 3])
def test_the_number_of_messages_is_bounded_and_the_rest_is_counted(most):
    """Named and counted together are all that there were."""
    alerts = [alert(n, "Fire " + "x" * 150, Watch(n // 30, 7, n // 30, f"watch {n // 30}")) for n in range(900)]
    texts = read(alerts, most=most)
    assert len(texts) == most
    counted = [int(line.split()[2]) for text in texts for line in text.splitlines() if line.startswith("… and")]
    assert sum(text.count("\n• ") for text in texts) + sum(counted) == 900


def test_nothing_gives_no_message():
    """An empty summary is not sent."""
    assert listing.messages("Your digest", [], NOON) == []


@given(
    st.lists(
        st.builds(
            lambda story, title, source, url: alert(story, title, source=source, url=url),
            st.integers(1, 40),
            st.text(max_size=400),
            st.text(max_size=200),
            st.text(max_size=50) | st.just("https://a.example/" + "x" * 1500),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_whatever_the_feeds_say_telegram_takes_it(alerts):
    """Whole HTML of at most 4096 units."""
    for text in listing.messages("While you snoozed", alerts, NOON):
        assert len(message_text(text, "HTML").text.encode("utf-16-le")) // 2 <= MESSAGE_LIMIT
