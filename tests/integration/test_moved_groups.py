"""A group that becomes a supergroup whose id was heard of first: nothing of either is lost, and nothing doubled."""

from datetime import timedelta

import pytest

from bot.store.outbox import Outgoing
from tests.fakes import NOON, FakeClock, Tables
from tests.fakes_lists import add_list, watchlist
from watchlists.delivery import Habits, Snooze
from watchlists.hours import read_digest
from watchlists.model import Look
from watchlists.ports_lists import Follow
from watchlists.query import parse

OLD, NEW = -5, -1005
PORTS = watchlist("ports", "ferry strike", "harbour fire", "dam burst")


@pytest.fixture
def tables() -> Tables:
    """Both ids are known, and there is a list of three watches."""
    made = Tables(FakeClock())
    made().chats.ensure(OLD, "group")
    made().chats.ensure(NEW, "supergroup")
    add_list(made(), PORTS)
    return made


def moved(tables: Tables) -> None:
    """Telegram says it twice."""
    for _ in range(2):
        tables().chats.move(OLD, NEW)


def follow(tables: Tables, chat_id: int, *numbers: int, **how: object) -> None:
    """`numbers`: the watches that are named."""
    ids = [watch.id for watch in tables().lists.watches(1)]
    tables().follows.put(Follow(1, chat_id, named=frozenset(ids[number - 1] for number in numbers), **how))


@pytest.mark.parametrize(
    ("old", "new", "heard"),
    [
        (((1,), {}), ((), {}), [2, 3]),  # muted before, and followed whole since
        (((1,), {}), ((2,), {}), [3]),
        (((1,), {"some": True}), ((), {}), [1, 2, 3]),  # the one that was chosen is no muted one
        (((1,), {"some": True}), ((1, 2), {}), [1, 3]),
        (((), {}), ((2,), {"some": True}), [1, 2, 3]),
        (((1,), {"some": True}), ((3,), {"some": True}), [1, 3]),
    ],
)
def test_a_list_that_both_follow_keeps_the_choices_of_both(tables, old, new, heard):
    """Each watch of it is there once."""
    follow(tables, OLD, *old[0], **old[1])
    follow(tables, NEW, *new[0], **new[1])
    moved(tables)
    assert [watch.number for watch in tables().follows.watches(NEW)] == heard
    assert not tables().follows.of_chat(OLD)
    assert not tables().follows.watches(OLD)


def test_how_a_list_is_followed_is_put_together(tables):
    """What the new one has set stays; where it has set nothing, it is as before."""
    follow(tables, OLD, level="silent", digest="hourly", without='-golf -"peace prize"', news=True, told=1)
    follow(tables, NEW, level="urgent", without="-source:rt.com")
    moved(tables)
    (found,) = tables().follows.of_chat(NEW)
    assert (found.level, found.digest, found.news, found.told) == ("urgent", "hourly", True, 1)
    assert found.without == '-source:rt.com -golf -"peace prize"'
    follow(tables, OLD, without=" ".join(f"-zz{n:040}" for n in range(3)))
    follow(tables, NEW, without=" ".join(f"-yy{n:040}" for n in range(3)))
    moved(tables)
    assert tables().follows.of_chat(NEW)[0].without.startswith("-yy")


@pytest.mark.parametrize(("ended", "heard"), [(OLD, [1, 3]), (NEW, [2, 3])])
def test_a_follow_that_one_has_ended_is_that_of_the_other(tables, ended, heard):
    """A list that either follows is followed."""
    follow(tables, OLD, 1)
    follow(tables, NEW, 2)
    tables().follows.remove(ended, 1)
    moved(tables)
    assert [watch.number for watch in tables().follows.watches(NEW)] == heard


def test_a_watch_of_both_is_one_with_what_either_has_set(tables):
    """Snoozed as long as either."""
    old, new = (tables().watches.add(chat_id, parse("fire")) for chat_id in (OLD, NEW))
    tables().watches.set_delivery(old, "urgent", "hourly")
    for chat_id, watch, hours in ((OLD, old, 9), (NEW, new, 2)):
        tables().snoozes.add(chat_id, Snooze("watch", str(watch.id), NOON + timedelta(hours=hours)))
        tables().snoozes.add(chat_id, Snooze("source", "rt.com", NOON + timedelta(hours=hours)))
    moved(tables)
    (watch,) = tables().watches.active(NEW)
    assert (watch.id, watch.level, watch.digest) == (new.id, "urgent", "hourly")
    found = [(each.kind, each.what, each.until) for each in tables().snoozes.active(NEW)]
    until = NOON + timedelta(hours=9)
    assert sorted(found) == [("source", "rt.com", until), ("watch", str(new.id), until)]


def test_alerts_about_one_story_stay_both(tables):
    """They are parts of what was told of it, each with its own message."""
    tables().chats._write("INSERT INTO feeds (id, url, next_poll, added) VALUES (1, 'https://a.example', 0, 0)")
    tables().chats._write("INSERT INTO stories (id, opened) VALUES (1, 0)")
    tables().chats._write(
        "INSERT INTO items (id, feed_id, key, story_id, title, summary, url, source, first_seen) "
        "VALUES (1, 1, 'a', 1, 'Fire', '', '', '', 0)"
    )
    for number, (chat_id, part) in enumerate(((OLD, 1), (OLD, 2), (NEW, 1)), start=1):
        sql = "INSERT INTO alerts (id, chat_id, story_id, item_id, part, created) VALUES (?, ?, 1, 1, ?, 0)"
        tables().chats._write(sql, [number, chat_id, part])
        tables().outbox.add(Outgoing(str(number), chat_id, "alert", "Fire", alert_id=number))
    moved(tables)
    rows = tables().chats._rows("SELECT id, chat_id, part FROM alerts ORDER BY part")
    assert [row["id"] for row in rows] == [3, 1, 2]
    assert {row["chat_id"] for row in rows} == {NEW}


def test_a_feed_that_one_has_dropped_is_that_of_the_other(tables):
    """And no row is left behind, which would keep a secret address when the group is forgotten."""
    for chat_id in (OLD, NEW):
        tables().chat_feeds.add(chat_id, "https://g.example/?key=hush", "Private")
    tables().chat_feeds.remove(NEW, 1)
    moved(tables)
    assert [each.feed.title for each in tables().chat_feeds.of(NEW)] == ["Private"]
    tables().forgetting.forget(NEW)
    assert tables().chats._rows("SELECT url FROM feeds") == [{"url": "gone:1"}]


def test_a_topic_that_both_have_keeps_its_settings_and_whoever_looks_after_the_group_is_told_once(tables):
    """Header, footer and hours of the old one where the new one has none."""
    old, new = tables().chats.topic(OLD, 9), tables().chats.topic(NEW, 9)
    tables().chats.set_habits(old, Habits("Europe/Kyiv", digest=read_digest("daily 08:00"), look=Look("", "Desk", "x")))
    tables().chats.set_habits(new, Habits(look=Look("", "", "y")))
    follow(tables, old, 1)
    for chat_id in (OLD, NEW):
        tables().links.link(7, chat_id)
    moved(tables)
    found = tables().chats.habits([new])[new]
    assert (found.zone_name, str(found.digest)) == ("Europe/Kyiv", "daily 08:00")
    assert (found.look.header, found.look.footer) == ("Desk", "y")
    assert [watch.number for watch in tables().follows.watches(new)] == [2, 3]
    assert tables().links._rows("SELECT user_id, chat_id FROM links") == [{"user_id": 7, "chat_id": NEW}]


def test_a_banned_group_stays_banned_where_the_new_id_was_unbanned(tables):
    """A ban that was lifted once lifts none."""
    tables().bans.add(NEW, 1, "")
    tables().bans.lift(NEW)
    tables().bans.add(OLD, 1, "spam")
    moved(tables)
    assert tables().bans.get(NEW).reason == "spam"
    assert tables().chats.active([OLD, NEW]) == set()
