"""Lists that chats follow, from a poll to the message: each follower gets what a list's watch hits as it wants it."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import NOON, item
from tests.fakes_lists import add_list, watchlist
from tests.press import fire, press
from watchlists.learning import Learning
from watchlists.lists import ListedWatch
from watchlists.ports_lists import Follow
from watchlists.query import parse

ANN, BOB, CY = 1, 2, 3
A, B = "https://a.example/rss", "https://b.example/rss"
HEADLINE = "Fire in the harbour closes the terminal"


@pytest.fixture
def news(tmp_path: Path):
    with press(tmp_path) as opened:
        yield opened


def add(news, content, *chats, **how):
    return news.storage.run_blocking(lambda store: add_list(store, content, *chats, **how))


def follow(press, stored, chat, *named: int, **how):
    """A chat follows a list; `named` are numbers of its watches."""

    def work(store):
        ids = frozenset(watch.id for watch in store.lists.watches(stored.id) if watch.number in named)
        store.chats.ensure(chat, "private")
        store.follows.put(Follow(stored.id, chat, named=ids, **how))

    press.storage.run_blocking(work)


def edit(news, stored, content):
    return news.storage.run_blocking(lambda store: store.lists.change(stored, content, 0, "edit"))


def told(news) -> list[int]:
    return [chat for chat, _text in news.outbox()]


def story(number: int = 1, source: str = "", **others):
    host = source or f"paper{number}.example"
    return item(HEADLINE, id=f"s{number}", url=f"https://{host}/{number}", source=host, **others)


def test_each_follower_gets_the_alert_which_names_list_and_watch(news):
    """One statement for all of them; a chat that does not follow gets nothing."""
    add(news, watchlist("ports", "harbour fire"), ANN, BOB)
    news.watch(CY, "volcano")
    assert news.poll(news.feed(A), story()) == {"new": 1, "ALERT": 2}
    assert told(news) == [ANN, BOB]
    assert all(text.endswith("🔔 harbour fire (ports)") for _chat, text in news.outbox())


def test_an_own_watch_and_a_list_give_one_alert(news):
    """It names both, and two lists that have the same watch."""
    news.watch(ANN, "terminal closes")
    add(news, watchlist("ports", "harbour fire"), ANN)
    add(news, watchlist("blazes", "harbour fire"), ANN)
    assert news.poll(news.feed(A), story()) == {"new": 1, "ALERT": 1}
    ((_chat, text),) = news.outbox()
    assert text.endswith("🔔 terminal closes, harbour fire (ports), harbour fire (blazes)")
    assert news.rows("SELECT count(*) FROM alert_watches") == [(3,)]


def test_one_watch_of_a_list_is_followed_or_muted(news):
    """Some watches only, or all but some."""
    stored = add(news, watchlist("ports", "harbour fire", "ferry strike"))
    follow(news, stored, ANN, 2, some=True)
    follow(news, stored, BOB, 1)
    follow(news, stored, CY, 2)
    url = news.feed(A)
    news.poll(url, story())
    assert told(news) == [CY]
    news.poll(url, item("Ferry crews on strike", source="c.example"))
    assert told(news) == [CY, ANN, BOB]


def test_own_exclusions_keep_out_what_the_others_get(news):
    """Words, phrases and sources."""
    stored = add(news, watchlist("ports", "harbour fire"))
    follow(news, stored, ANN, without="-terminal")
    follow(news, stored, BOB, without='-"terminal the" -source:paper9.example')
    follow(news, stored, CY, without="-source:paper1.example")
    news.poll(news.feed(A), story())
    assert told(news) == [BOB]


def test_delivery_is_the_lists_unless_the_follower_has_chosen(news):
    """Level and digest, when the alert is made and when its summary is due."""
    loud = replace(watchlist("ports"), watches=(ListedWatch(parse("harbour fire"), level="urgent"),))
    stored = add(news, loud)
    follow(news, stored, ANN)
    follow(news, stored, BOB, level="silent")
    follow(news, stored, CY, level="normal", digest="hourly")
    assert news.poll(news.feed(A), story()) == {"new": 1, "ALERT": 2, "DIGEST": 1}
    assert news.rows("SELECT chat_id, silent, priority FROM outbox ORDER BY chat_id")[1][1] == 1
    assert (
        len({priority for _chat, _silent, priority in news.rows("SELECT chat_id, silent, priority FROM outbox")}) == 2
    )
    news.clock.advance(3600)
    news.release()
    (digest,) = news.digests()
    assert "🔔 <b>harbour fire (ports)</b>" in digest


def test_a_list_that_waits_for_sources_waits_for_each_follower(news):
    """Whoever gets another feed hears of it when that brings the story; nobody twice."""
    stored = add(news, watchlist("ports", "harbour fire sources:2"))
    for chat in (ANN, BOB):
        follow(news, stored, chat)
    first, second = news.feed(A), news.feed(B)
    news.storage.run_blocking(lambda store: store.chat_feeds.add(BOB, A, "A"))
    news.storage.run_blocking(lambda store: store.chat_feeds.choose(BOB, own_only=True))
    assert news.poll(first, story(1)) == {"new": 1, "HELD": 2}
    assert news.poll(second, story(2)) == {"new": 1, "ALERT": 1}
    assert news.poll(first, story(3))["ALERT"] == 1
    assert told(news) == [ANN, BOB]


def test_whoever_was_told_hears_nothing_of_reports_that_hit_nothing(news):
    """What a list held for more sources is held for others still, but those who were told are done with it."""
    add(news, watchlist("ports", "harbour fire sources:2"), ANN)
    first, second = news.feed(A), news.feed(B)
    news.poll(first, story(1))
    assert news.poll(second, story(2))["ALERT"] == 1
    assert news.poll(second, item("Ships wait", id="w", url=story(1).url, source="paper9.example")) == {"new": 1}


def test_an_own_watch_and_that_of_a_list_read_otherwise_though_they_say_the_same(news):
    """Only the follower's alert names the list."""
    add(news, watchlist("ports", "harbour fire"), ANN)
    news.watch(BOB, "harbour fire")
    news.poll(news.feed(A), story())
    assert [text.endswith("(ports)") for _chat, text in sorted(news.outbox())] == [True, False]


def test_an_edit_reaches_all_followers_at_the_next_poll(news):
    """What is added alerts, what is gone does not, and an undo brings the same watch back."""
    stored = add(news, watchlist("ports", "harbour fire", "ferry strike"))
    follow(news, stored, ANN)
    follow(news, stored, BOB, 1)
    url = news.feed(A)
    (before,) = news.rows("SELECT id FROM watches WHERE key LIKE '%fire%'")
    changed = edit(news, stored, watchlist("ports", "ferry strike", "volcano"))
    assert news.poll(url, story()) == {"new": 1}
    assert news.poll(url, item("Volcano erupts", source="c.example")) == {"new": 1, "ALERT": 2}
    edit(news, changed, stored.content)
    assert news.rows("SELECT id FROM watches WHERE key LIKE '%fire%'") == [before]
    assert news.poll(url, item("Fire in the other harbour", source="d.example")) == {"new": 1, "ALERT": 1}


def test_a_reworded_watch_stays_muted(news):
    """It is the same watch with other words."""
    stored = add(news, watchlist("ports", "harbour fire"))
    follow(news, stored, ANN, 1)
    edit(news, stored, watchlist("ports", "harbour (fire | blaze)"))
    assert news.poll(news.feed(A), story()) == {"new": 1}


def test_a_vote_on_a_list_is_its_editors_to_see(news):
    """It proposes nothing to the follower, who cannot change the watch, and counts for the list."""
    stored = add(news, watchlist("ports", "fire"), ANN)
    url = news.feed(A)
    for number in range(4):
        news.poll(url, fire(number))

    def vote(store, alert):
        return Learning(store).vote(ANN, alert, ANN, "down")

    for (alert,) in news.rows("SELECT id FROM alerts ORDER BY id"):
        assert news.storage.run_blocking(lambda store, alert=alert: vote(store, alert)) == []
    assert list(news.storage.run_blocking(lambda store: store.lists.votes(stored.id, NOON)).values()) == [(0, 4)]


def test_a_watch_of_a_list_can_be_snoozed(news):
    """By its button, for this chat alone."""
    add(news, watchlist("ports", "fire"), ANN, BOB)
    url = news.feed(A)
    news.poll(url, fire(1))
    (alert,) = news.rows("SELECT id FROM alerts WHERE chat_id = 1")[0]
    news.prefer(lambda p: p.snooze_by_alert(p.subject(ANN, alert), "watch"))
    assert news.poll(url, fire(2)) == {"new": 1, "ALERT": 1, "SNOOZED": 1}


def test_a_group_that_moves_goes_on_following(news):
    """With what it has muted."""
    stored = add(news, watchlist("ports", "fire", "strike"))
    follow(news, stored, -5, 2)
    news.storage.run_blocking(lambda store: store.chats.move(-5, -1005))
    assert news.poll(news.feed(A), fire(1)) == {"new": 1, "ALERT": 1}
    assert told(news) == [-1005]
    assert [watch.text for watch in news.storage.run_blocking(lambda s: s.follows.watches(-1005))] == ["fire"]


def test_a_chat_that_is_forgotten_follows_nothing(news):
    """Nothing names it any more, and the others go on."""
    stored = add(news, watchlist("ports", "fire", "strike"))
    follow(news, stored, ANN, 2)
    follow(news, stored, BOB)
    news.storage.run_blocking(lambda store: store.forgetting.forget(ANN))
    assert news.rows("SELECT chat_id FROM follows UNION ALL SELECT chat_id FROM follow_watches") == [(BOB,)]
    assert news.poll(news.feed(A), fire(1)) == {"new": 1, "ALERT": 1}


@pytest.mark.parametrize("chats", [2, 50])
def test_the_statements_do_not_grow_with_the_followers(news, chats):
    """The list is read once for an item, whoever follows it."""
    add(news, watchlist("ports", "harbour fire"), *range(1, chats + 1))
    url = news.feed(A)
    asked: list[str] = []
    news.storage.run_blocking(lambda store: store.outbox._database.conn.set_trace_callback(asked.append))
    assert news.poll(url, story())["ALERT"] == chats
    news.storage.run_blocking(lambda store: store.outbox._database.conn.set_trace_callback(None))
    assert len(asked) < 80


def test_whoever_wants_it_reads_in_the_digest_what_is_new_in_a_list(news):
    """Once for each larger change, and only in a digest; small changes are nobody's news."""
    stored = add(news, watchlist("ports", "fire", "strike"))
    follow(news, stored, ANN, news=True, told=1, digest="hourly")
    follow(news, stored, BOB, told=1, digest="hourly")
    url = news.feed(A)
    stored = edit(news, stored, watchlist("ports", "fire", "gangway", "mooring"))

    def hour(number: int) -> list[str]:
        news.poll(url, fire(number))
        news.clock.advance(3600)
        news.release()
        return [text for _kind, text in news.outgoing() if "new in lists" in text]

    (told_once,) = hour(1)
    assert told_once.endswith("<code>ports</code>\n➕ gangway\n➕ mooring\n➖ strike")
    assert hour(2) == [told_once]
    edit(news, stored, replace(stored.content, tags=("sea",)))
    assert hour(3) == [told_once]


def test_a_list_that_cannot_be_read_any_more_stops_no_other(news, caplog):
    """An older version could read it: the others are shown and alert."""
    add(news, watchlist("ports", "fire"), ANN)
    add(news, watchlist("locks", "lock gate"), ANN)
    news.rows("UPDATE list_versions SET file = 'slug = ' WHERE list_id = 2")
    assert [one.content.slug for one in news.storage.run_blocking(lambda store: store.lists.all())] == ["ports"]
    assert "list 2 is not valid TOML" in caplog.text
    assert news.poll(news.feed(A), fire(1)) == {"new": 1, "ALERT": 1}


def test_what_stood_in_a_feed_at_its_first_poll_alerts_no_follower(news):
    """As it alerts nobody who watches for it."""
    add(news, watchlist("ports", "fire"), ANN)
    news.feed(A, fire(1))
    assert told(news) == []
