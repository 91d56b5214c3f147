"""Votes in the real tables."""

import pytest

from tests.press import fire, press
from watchlists.learning import Learning

ANN = 7


@pytest.fixture
def news(tmp_path):
    with press(tmp_path) as news:
        yield news


def vote(news, alert_id: int, said: str):
    return news.storage.run_blocking(lambda store: Learning(store).vote(ANN, alert_id, ANN, said))


def test_votes_are_counted_for_the_watch_until_something_was_proposed(news):
    """The last vote of a reader counts; after a proposal the count begins anew."""
    news.watch(ANN, "fire")
    news.poll(news.feed(), *(fire(number) for number in range(4)))
    watch = news.manage(lambda m: m.watch(ANN, 1))
    ids = [alert_id for (alert_id,) in news.rows("SELECT id FROM alerts ORDER BY id")]
    assert len(ids) == 4
    for alert_id in ids:
        vote(news, alert_id, "down")
    vote(news, ids[0], "up")
    votes = news.storage.run_blocking(
        lambda store: (store.votes.wrong_since_asked(watch), store.votes.judged(watch, store.now.replace(year=2000)))
    )
    assert votes[0] == 3
    assert [each.vote for each in votes[1]] == ["down", "down", "down", "up"]
    news.clock.advance(60)
    news.storage.run_blocking(lambda store: store.votes.ask(watch, "fire -drill"))
    assert news.storage.run_blocking(lambda store: store.votes.wrong_since_asked(watch)) == 0
    assert news.storage.run_blocking(lambda store: Learning(store).proposed(watch)) == "fire -drill"
    assert news.storage.run_blocking(lambda store: store.votes.of_alert(ids[0])) == "up"


def test_a_vote_on_an_alert_of_nobody_is_none(news):
    """And is not kept."""
    assert vote(news, 99, "down") is None
    assert news.rows("SELECT count(*) FROM votes") == [(0,)]
