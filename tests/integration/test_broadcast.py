"""Broadcasts through a real database and the deliverer on virtual time: who gets them, in which order, and how far."""

from pathlib import Path

import pytest

from bot import broadcast
from tests.mail import Mail, mail
from watchlists.delivery import Habits
from watchlists.hours import read_quiet

OWNER_TEXT = "Down tonight"


@pytest.fixture
async def post(tmp_path: Path):
    async with mail(tmp_path) as made:
        yield made


async def chats(post: Mail, number: int) -> list[int]:
    """So many private chats that the bot knows, Ann's among them."""
    ids = [post.box.chat.id, *post.people(number - 1)]

    def know(store) -> None:
        for chat_id in ids:
            store.chats.ensure(chat_id, "private", "ru" if chat_id == ids[-1] else "en")

    await post.run(know)
    return ids


async def begin(post: Mail, text: str = OWNER_TEXT) -> int:
    """Ann's broadcast, confirmed."""

    def start(store) -> int:
        made = store.broadcasts.draft(post.box.chat.id, text, store.broadcasts.audience())
        assert store.broadcasts.start(made.id)
        return made.id

    return await post.run(start)


async def until_told(post: Mail) -> None:
    """The job and the deliverer by turns, until the job has nothing left to do."""
    for _ in range(100):
        await post.run(broadcast.send)
        await post.deliver(5)
        if not await post.run(lambda store: store.broadcasts.untold()):
            break
    await post.deliver()


def got(post: Mail, chat_id: int) -> int:
    return sum(OWNER_TEXT in text for text in post.texts(chat_id))


async def test_each_chat_gets_it_once_in_its_language(post):
    """Silently, and it says whose it is."""
    ids = await chats(post, 6)
    await begin(post)
    await until_told(post)
    assert [got(post, chat_id) for chat_id in ids] == [1] * 6
    assert post.texts(ids[1])[0].startswith("📢 From the operator")
    assert post.texts(ids[-1])[0].startswith("📢 От оператора")
    assert (await post.counts())["queued"] == 0


async def test_who_does_not_want_it_or_cannot_be_reached_gets_none(post):
    """Nor do banned chats, forgotten ones, and channels, which are read by many."""
    ids = await chats(post, 6)
    channel = post.box.telegram.add_channel("Channel", post.box.ann)

    def exclude(store) -> None:
        store.broadcasts.set_wanted(ids[1], wanted=False)
        store.bans.add(ids[2], 1, "")
        store.chats.deactivate(ids[3], "blocked")
        store.forgetting.forget(ids[4])
        store.chats.ensure(channel.id, "channel")
        assert store.broadcasts.audience() == 2

    await post.run(exclude)
    await begin(post)
    await until_told(post)
    assert [got(post, chat_id) for chat_id in ids] == [1, 0, 0, 0, 0, 1]
    assert got(post, channel.id) == 0


async def test_who_comes_while_it_goes_out_was_not_counted_and_gets_none(post):
    """It goes to as many chats as its author has confirmed."""
    await chats(post, 3)
    await begin(post)
    post.box.clock.advance(1)
    (late,) = post.people(1)
    await post.run(lambda store: store.chats.ensure(late, "private", "en"))
    await until_told(post)
    assert got(post, late) == 0


async def test_alerts_go_first(post, monkeypatch):
    """Also those that are written when the broadcast waits already."""
    ids = await chats(post, 4)
    await begin(post)
    await post.run(broadcast.send)
    for chat_id in ids:
        await post.write(f"alert {chat_id}", chat_id)
    await post.deliver()
    for chat_id in ids[1:]:
        texts = post.texts(chat_id)
        assert texts[0] == f"alert {chat_id}"
        assert OWNER_TEXT in texts[1]


async def test_few_are_in_the_outbox_at_once(post, monkeypatch):
    """The rest has its turn when those have gone."""
    monkeypatch.setattr(broadcast, "AHEAD", 3)
    ids = await chats(post, 10)
    await begin(post)
    for _ in range(3):
        await post.run(broadcast.send)
        waiting = await post.run(lambda store: store.broadcasts.progress(1))
        assert waiting["queued"] == 3
    await until_told(post)
    assert sum(got(post, chat_id) for chat_id in ids) == 10


async def test_its_author_sees_how_far_it_is(post, monkeypatch):
    """In one message that changes; the last word has no button."""
    monkeypatch.setattr(broadcast, "AHEAD", 4)
    await chats(post, 10)
    await begin(post)
    await until_told(post)
    shown = [message for message in post.box.telegram.messages(post.box.chat.id) if "Broadcast" in message.text]
    assert [message.text for message in shown] == ["Broadcast: done\n10 sent, 0 could not be sent"]
    assert not shown[0].keyboard
    states = await post.states()
    edits = [key for key in states if key.startswith("broadcast_progress:1:") and not key.endswith("first")]
    assert len(edits) >= 2
    assert set(states.values()) == {"sent"}


async def test_a_stop_drops_what_waits_and_leaves_nobody_behind(post, monkeypatch):
    """What is written to the same chats later goes out; the sum of the outbox holds."""
    monkeypatch.setattr(broadcast, "AHEAD", 5)
    ids = await chats(post, 20)
    await begin(post)
    await begin(post, "the second")
    await post.run(broadcast.send)
    await post.deliver(0.1)
    assert await post.run(lambda store: store.broadcasts.stop(1))
    assert not await post.run(lambda store: store.broadcasts.stop(1))
    await until_told(post)
    assert sum(got(post, chat_id) for chat_id in ids) < 6
    assert all(any("the second" in text for text in post.texts(chat_id)) for chat_id in ids)
    states = await post.states()
    assert "queued" not in states.values()
    assert await post.reason(next(key for key, state in states.items() if state == "dropped")) == (
        "the broadcast was stopped"
    )
    had = sum(got(post, chat_id) for chat_id in ids)
    expected = f"Broadcast: stopped\n{had} sent, 0 could not be sent\n{20 - had} chats do not get it"
    assert any(expected in text for text in post.texts())


async def test_one_goes_out_after_the_other(post, monkeypatch):
    """The second begins when the first is done."""
    monkeypatch.setattr(broadcast, "AHEAD", 2)
    await chats(post, 5)
    await begin(post)
    await begin(post, "the second")
    await post.run(broadcast.send)
    assert (await post.run(lambda store: store.broadcasts.running())).id == 1
    await until_told(post)
    assert post.texts().index(next(text for text in post.texts() if "second" in text)) > 0


async def test_a_restart_goes_on_where_it_was(post, monkeypatch):
    """Nothing of it is in memory: after a kill in flight each chat has it, and only that one may have it twice."""
    monkeypatch.setattr(broadcast, "AHEAD", 3)
    ids = await chats(post, 8)
    await begin(post)
    await post.run(broadcast.send)
    head = (await post.run(lambda store: store.outbox.heads([], 9)))[-1]
    await post.run(lambda store: store.outbox.claim(head.id))  # killed here
    await until_told(post)
    assert [got(post, chat_id) for chat_id in ids] == [1] * 8


async def test_quiet_hours_hold_it(post):
    """It comes when they are over."""
    (ann,) = await chats(post, 1)
    await post.run(lambda store: store.chats.set_habits(ann, Habits(quiet=read_quiet("10:00-14:00"))))
    await begin(post)
    await post.run(broadcast.send)
    await post.deliver(3600)
    assert got(post, ann) == 0
    await post.deliver(2 * 3600)
    assert got(post, ann) == 1


async def test_a_database_that_is_put_back_broadcasts_nothing(post):
    """Who has had it since the copy was made is not known."""
    await chats(post, 3)
    await begin(post)
    await post.run(broadcast.send)
    await post.run(lambda store: store.restored.settle("put back"))
    await until_told(post)
    assert post.calls() == []
    assert (await post.run(lambda store: store.broadcasts.get(1))).state == "stopped"
    assert (await post.counts())["dropped"] == 4


async def test_a_chat_that_moves_meanwhile_gets_it_once(post, monkeypatch):
    """Its new id may have its turn later."""
    monkeypatch.setattr(broadcast, "AHEAD", 1)
    ids = await chats(post, 3)
    await begin(post)
    await post.run(broadcast.send)
    first = min(ids)
    await post.run(lambda store: store.chats.move(first, max(ids) + 7))
    for _ in range(5):
        await post.run(broadcast.send)
        await post.run(lambda store: store.outbox._write("UPDATE outbox SET state = 'sent', finished = 1"))
    sql = "SELECT count(*) AS n FROM outbox WHERE broadcast_id = 1"
    assert (await post.run(lambda store: store.outbox._rows(sql)))[0]["n"] == 3


async def test_an_author_who_has_gone_is_told_nothing(post):
    """The broadcast goes out all the same, and is over."""
    ids = await chats(post, 3)
    await begin(post)
    await post.run(lambda store: store.chats.deactivate(ids[0], "blocked"))
    await until_told(post)
    assert [got(post, chat_id) for chat_id in ids] == [0, 1, 1]
    assert (await post.run(lambda store: store.broadcasts.get(1))).state == "done"


async def test_old_broadcasts_are_forgotten_with_their_messages(post):
    """Not before: their messages name them."""
    await chats(post, 1)
    await begin(post)
    await until_told(post)
    post.box.clock.advance(401 * 86_400)
    assert await post.run(lambda store: store.broadcasts.prune(post.now)) == 0
    await post.run(lambda store: store.outbox._write("UPDATE outbox SET broadcast_id = NULL"))
    assert await post.run(lambda store: store.broadcasts.prune(post.now - 400 * 86_400)) == 1


async def test_what_waits_behind_a_broadcast_goes_when_that_is_stopped(post):
    """Nothing that there is now waits behind one; whatever may come must not wait for ever."""
    (ann,) = await chats(post, 1)
    await begin(post)
    await post.run(broadcast.send)
    await post.run(lambda store: store.outbox._write("DELETE FROM outbox WHERE broadcast_id IS NULL"))
    await post.write("behind", ann, kind="digest", priority=99)
    await post.run(lambda store: store.broadcasts.stop(1))
    await post.deliver()
    assert post.texts(ann) == ["behind"]


async def test_those_of_one_author_that_go_out(post):
    """Neither drafts, nor what is over, nor another's."""
    await chats(post, 2)
    first, second = await begin(post), await begin(post)

    def others(store) -> None:
        store.broadcasts.draft(post.box.chat.id, "never confirmed", 2)
        store.broadcasts.start(store.broadcasts.draft(77, "another's", 2).id)
        store.broadcasts.stop(first)

    await post.run(others)
    assert await post.run(lambda store: store.broadcasts.under_way(post.box.chat.id)) == [second]
