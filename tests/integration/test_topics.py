"""Forum topics as destinations: what Telegram is told, and what it says of one topic or of the whole group."""

import pytest

from bot.clock import to_epoch
from bot.sandbox.refusals import bad_request, forbidden, too_many
from bot.store.chats import MOVED
from bot.store.outbox import Outgoing
from tests.fakes import FakeClock, Tables
from tests.mail import mail
from watchlists.delivery import Habits
from watchlists.hours import read_digest, read_quiet
from watchlists.model import Look
from watchlists.query import parse

HOUR = 3600.0


@pytest.fixture
async def post(tmp_path):
    async with mail(tmp_path) as made:
        yield made


@pytest.fixture
def forum(post):
    """A forum with the bot in it, and two topics."""
    group = post.box.telegram.add_group("Desk", post.box.ann, forum=True)
    return group, post.box.telegram.add_topic(group, "Markets"), post.box.telegram.add_topic(group, "Weather")


async def write(post, forum, key: str, topic=None, **others) -> int:
    """A message for a topic, or for General; the id of its destination."""

    def add(store):
        store.chats.ensure(forum[0].id, "supergroup")
        place = store.chats.topic(forum[0].id, topic.id if topic else 0)
        store.chats.ensure(place, "supergroup")
        store.outbox.add(Outgoing(key, place, "alert", key, **others))
        return place

    post.news.set()
    return await post.run(add)


def arrived(post, forum) -> list[tuple[str, int | None]]:
    messages = post.box.telegram.messages(forum[0].id)
    return [(message.text, message.thread) for message in messages if message.sender.is_bot]


async def column(post, what: str) -> dict[int, object]:
    rows = await post.run(lambda store: store.chats._rows(f"SELECT id, {what} AS it FROM chats WHERE id != 0"))
    return {row["id"]: row["it"] for row in rows}


async def test_each_message_comes_to_its_topic(post, forum):
    """And to General without a thread, which Telegram wants so."""
    _group, markets, weather = forum
    for key, topic in (("a", markets), ("b", weather), ("c", None)):
        await write(post, forum, key, topic)
    await post.deliver()
    assert sorted(arrived(post, forum)) == [("a", markets.id), ("b", weather.id), ("c", None)]


async def test_the_pace_is_the_groups(post, forum):
    """Twenty a minute for all its topics together."""
    for number in range(60):
        await write(post, forum, str(number), forum[1 + number % 2])
    began = post.now
    await post.deliver()
    assert len(arrived(post, forum)) == 60
    assert post.now - began >= 180 - 60
    assert post.box.server.limits.refused == 0


async def test_a_pause_that_telegram_asks_for_is_the_groups(post, forum):
    """Of a 429 all topics hear, one that is written to later too."""
    post.box.server.faults.refuse(too_many(30), method="sendMessage", times=1)
    await write(post, forum, "a", forum[1])
    await write(post, forum, "b", forum[2])
    await post.deliver(1)
    assert arrived(post, forum) == []
    await write(post, forum, "c")
    assert len({*(await column(post, "paused_until")).values()}) == 1


async def test_a_closed_topic_waits_and_the_others_go_on(post, forum):
    """Whoever added the bot is told once, in private; it is sent when the topic is open again."""
    group, markets, _weather = forum

    def know(store):
        store.chats.ensure(post.box.ann.id, "private")
        store.chats.ensure(group.id, "supergroup")
        store.links.link(post.box.ann.id, group.id)
        store.links.name(group.id, "Desk & Co", "")

    await post.run(know)
    post.box.telegram.close_topic(group, markets)
    closed = await write(post, forum, "a", markets)
    await write(post, forum, "b", forum[2])
    await post.deliver(8 * HOUR)
    assert [text for text, _thread in arrived(post, forum)] == ["b"]
    (told,) = post.texts()
    assert told.startswith("A topic of Desk & Co is closed")
    post.box.telegram.close_topic(group, markets, closed=False)
    await post.run(lambda store: store.chats.resume(closed))
    await post.deliver()
    assert ("a", markets.id) in arrived(post, forum)


async def test_of_a_closed_topic_the_group_is_told_where_nobody_else_can_be(post, forum):
    """In General, which everybody reads."""
    post.box.telegram.close_topic(forum[0], forum[1])
    await write(post, forum, "a", forum[1])
    await post.deliver(3 * HOUR)
    ((text, thread),) = arrived(post, forum)
    assert (text.startswith("A topic here is closed"), thread) == (True, None)


async def test_the_last_message_for_a_deleted_topic_comes_to_general(post, forum):
    """With a word on it; what else waited for the topic is dropped, and the other topic goes on."""
    group, markets, weather = forum
    gone = await write(post, forum, "a", markets, buttons=((("Why?", "why:1"),),))
    await write(post, forum, "a2", markets)
    post.box.telegram.delete_topic(group, markets)
    await write(post, forum, "b", weather)
    await post.deliver()
    shown = arrived(post, forum)
    assert [thread for text, thread in shown if text == "b"] == [weather.id]
    general = [text for text, thread in shown if thread is None]
    assert (general[0], general[1].startswith("The topic for which")) == ("a", True)
    assert (await post.states())["a2"] == "dropped"
    assert {place for place, active in (await column(post, "active")).items() if not active} == {gone}


async def test_a_group_that_is_gone_takes_its_topics_with_it(post, forum):
    """One answer of Telegram ends them all; when the bot is back, all are but the topic that was deleted."""
    deleted = await write(post, forum, "0", forum[1])
    post.box.server.faults.refuse(bad_request("message thread not found"), method="sendMessage", times=1)
    await post.deliver()
    post.box.server.faults.refuse(forbidden("bot was kicked from the supergroup chat"), method="sendMessage")
    waits = await write(post, forum, "a", forum[2])
    await write(post, forum, "b")
    await post.deliver()
    assert {(await post.states())[key] for key in "ab"} == {"dropped"}
    active = await column(post, "active")
    assert (active[forum[0].id], active[waits], active[deleted]) == (0, 0, 0)
    await post.run(lambda store: store.chats.revive(forum[0].id))
    active = await column(post, "active")
    assert (active[forum[0].id], active[waits], active[deleted]) == (1, 1, 0)


async def test_a_missing_right_is_the_groups_and_told_once(post, forum):
    """Not once for each topic and each hour; sending goes on when the right is there."""
    group = forum[0]

    def know(store):
        store.chats.ensure(post.box.ann.id, "private")
        store.chats.ensure(group.id, "supergroup")
        store.links.link(post.box.ann.id, group.id)

    await post.run(know)
    group.muted = True
    await write(post, forum, "a", forum[1])
    await write(post, forum, "b", forum[2])
    await post.deliver(3 * HOUR)
    assert [text[:14] for text in post.texts()] == ["I may not writ"]
    group.muted = False
    await post.run(lambda store: store.chats.resume(group.id))
    await post.deliver(5)
    assert sorted(text for text, _thread in arrived(post, forum)) == ["a", "b"]


def test_a_topic_is_one_row_however_often_it_is_asked_for():
    """With an id that Telegram never gives; General is the group itself."""
    tables = Tables(FakeClock())
    tables().chats.ensure(-1005, "supergroup", "uk")
    first, second = tables().chats.topic(-1005, 7), tables().chats.topic(-1005, 9)
    assert tables().chats.topic(-1005, 7) == first
    assert tables().chats.topic(-1005, 0) == -1005
    assert len({first, second, tables().chats.topic(-1006, 7)}) == 3
    assert max(first, second) < -(1 << 56)
    assert tables().chats.telegram_id(first) == -1005
    assert sorted(tables().chats.family(second)) == sorted([-1005, first, second])
    assert tables().chats.answered_in(first, "es") == "uk"


def test_a_moved_group_takes_its_topics_along():
    """Twice changes nothing; one that is known at the new id already takes over what the old one had."""
    tables = Tables(FakeClock())
    tables().chats.ensure(-5, "group")
    moved, merged = tables().chats.topic(-5, 7), tables().chats.topic(-5, 9)
    known = tables().chats.topic(-1005, 9)
    for place in (moved, merged):
        tables().watches.add(place, parse("fire"))
        tables().outbox.add(Outgoing(str(place), place, "alert", "x"))
    tables().links.link(7, -5)
    for _ in range(2):
        tables().chats.move(-5, -1005)
        assert tables().chats.telegram_id(moved) == -1005
        assert [watch.text for watch in tables().watches.active(moved)] == ["fire"]
        assert [watch.text for watch in tables().watches.active(known)] == ["fire"]
        heads = tables().outbox.heads([], 10)
        assert {(head.chat_id, head.telegram_id) for head in heads} == {(moved, -1005), (known, -1005)}
        assert tables().links._value("SELECT chat_id FROM links") == -1005


@pytest.mark.parametrize("known", [True, False])
def test_a_moved_group_keeps_its_settings(known):
    """Also where Telegram told of the new id first, in which nothing was set yet."""
    tables = Tables(FakeClock())
    tables().chats.ensure(-5, "group")
    tables().chats.set_habits(-5, Habits("Europe/Kyiv", digest=read_digest("daily 08:00"), look=Look("group", "Desk")))
    if known:
        tables().chats.ensure(-1005, "supergroup", "uk")
        tables().chats.set_habits(-1005, Habits(quiet=read_quiet("22:00-07:00")))
    tables().chats.move(-5, -1005)
    found = tables().chats.habits([-1005])[-1005]
    assert (found.zone_name, str(found.digest), found.look.header) == ("Europe/Kyiv", "daily 08:00", "Desk")
    assert bool(found.quiet) is known


def test_a_moved_group_leaves_no_table_behind():
    """Whatever has the id of a chat moves along, but for a question, which is asked anew."""
    tables = Tables(FakeClock())
    having = tables().chats._rows(
        "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c "
        "WHERE m.type = 'table' AND c.name = 'chat_id'"
    )
    by_themselves = {"watches", "alerts", "chat_feeds", "follows", "follow_watches"}
    assert {row["name"] for row in having} == {*MOVED, *by_themselves, "questions"}


def test_a_topic_is_forgotten_by_itself():
    """Its group and the other topic keep what they have, and what was said there stays known."""
    clock = FakeClock()
    tables = Tables(clock)
    tables().chats.ensure(-1005, "supergroup")
    first, second = tables().chats.topic(-1005, 7), tables().chats.topic(-1005, 9)
    for place in (-1005, first, second):
        tables().watches.add(place, parse("fire"))
    for number, thread in enumerate((None, 7, 9)):
        said = {"chat": {"id": -1005}, "text": "/watch fire"}
        said |= {"message_thread_id": thread, "is_topic_message": True} if thread else {}
        tables().inbox.add(number, {"message": said})
        tables().inbox.finish(number, "done")
    tables().forgetting.forget(first)
    assert tables().forgetting.sweep() == 1
    assert [len(tables().watches.active(place)) for place in (-1005, first, second)] == [1, 0, 1]
    bodies = [row["body"] != "{}" for row in tables().inbox._rows("SELECT body FROM inbox ORDER BY update_id")]
    assert bodies == [True, False, True]
    assert to_epoch(clock.now) > 0
    tables().forgetting.forget(-1005)
    assert tables().forgetting.sweep() == 1
    assert [len(tables().watches.active(place)) for place in (-1005, second)] == [0, 1]
