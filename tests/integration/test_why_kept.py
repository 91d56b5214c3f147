"""What /why says of alerts that were kept: until when and why, and afterwards with what they came."""

from pathlib import Path

import pytest

from handlers import replies_why
from tests.fakes import item
from tests.press import fire, press
from watchlists.service import Service

ANN = 7


@pytest.fixture
def news(tmp_path: Path):
    with press(tmp_path) as opened:
        opened.watch(ANN, "fire")
        yield opened


def why(news, number: int = 1) -> str:
    """The answer about the link of a fire."""
    link = fire(number).url
    return news.storage.run_blocking(lambda store: replies_why.why(Service(store).why(ANN, None, link)).text)


@pytest.mark.parametrize(
    ("setting", "waits", "came"),
    [
        (lambda p: p.snooze(ANN, "2h"), "Kept until 14:00, since you snoozed it", "in a list after your snooze"),
        (lambda p: p.snooze(ANN, "3d"), "Kept until 5 Mar 12:00, since you snoozed it", "in a list after your snooze"),
        (lambda p: p.quiet(ANN, "9-15"), "Kept until 15:00 because of your quiet hours", "list after your quiet hours"),
        (lambda p: p.digest(ANN, "hourly"), "Kept for your digest at 13:00", "It came with your digest"),
    ],
    ids=["snooze", "long snooze", "quiet", "digest"],
)
def test_a_kept_alert_says_until_when_and_with_what_it_came(news, setting, waits, came):
    """Times are those of the chat's zone; what has been sent by then is told as sent."""
    news.prefer(setting)
    news.poll(news.feed(), fire(1))
    assert f"\n⏸ {waits}" in why(news)
    assert why(news).endswith("not sent yet")
    news.clock.advance(3 * 86_400 + 4 * 3600)
    news.release()
    assert came in why(news)
    assert why(news).endswith("not sent yet")
    news.send()
    assert why(news).endswith("after that")


def test_the_time_is_that_of_the_chat(news):
    """15:00 in Kyiv."""
    news.prefer(lambda p: p.timezone(ANN, "Europe/Kyiv"))
    news.prefer(lambda p: p.quiet(ANN, "9-15"))
    news.poll(news.feed(), fire(1))
    assert "Kept until 15:00 because" in why(news)


def test_what_came_singly_says_nothing_of_waiting(news):
    """And so does what was kept, but came after all because another watch hit it."""
    news.poll(news.feed(), fire(1))
    news.send()
    assert "⏸" not in why(news)


def test_what_a_burst_lists_says_so(news):
    """The first ones came singly; what the list names was sent with it."""
    news.poll(news.feed(), *[fire(number, source=f"w{number}.example") for number in range(8)])
    news.send()
    assert sum("many came at once" in why(news, number) for number in range(8)) == 2, (
        "five singly, and one has the list"
    )
    assert all(why(news, number).endswith("after that") for number in range(8))


def test_all_reports_of_a_story_can_be_seen(news):
    """Page by page, with buttons to those before and after it; the pages together have every report once."""
    url, title = news.feed(), "Fire destroys the old harbour warehouse at Lowmoor"
    for host in (f"host{number}.example" for number in range(43)):
        news.poll(url, item(title, id=host, source=host, url=f"https://{host}/1"), after=60)
    last = news.rows("SELECT max(id) FROM alerts")[0][0]
    reply = news.storage.run_blocking(lambda store: replies_why.why(Service(store).why_alert(ANN, last)))
    seen: list[str] = []
    for _turn in range(5):
        skip = int(reply.buttons[-1][-1][1].rpartition(":")[2])
        page = news.storage.run_blocking(lambda store, skip=skip: Service(store).reports(ANN, last, skip))
        reply = replies_why.reports(page, 55)
        assert reply.text.count("Fire destroys") == len(page.reports)
        assert f"{page.total} reports" in reply.text
        seen += [report.item.id for report in page.reports]
    assert sorted(seen) == sorted({*seen})
    assert len(seen) == page.total == 43
    assert news.storage.run_blocking(lambda store: Service(store).reports(8, last, 0)) is None


def test_what_came_too_late_says_so(news):
    """Taken back from the outbox after six hours."""
    news.poll(news.feed(), fire(1))
    news.clock.advance(7 * 3600)
    news.storage.run_blocking(lambda store: store.recall.late())
    assert "Too late to come singly: it comes in a list" in why(news)
    news.release()
    assert "too late to come singly" in why(news)
