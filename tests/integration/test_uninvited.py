"""Who is not let in gets nothing that they did not ask for, between a real database and the sandbox Bot API server."""

from pathlib import Path

import pytest

from bot import broadcast
from bot.store.outbox import Outgoing
from handlers import replies_access, replies_places
from tests.desk import Desk, open_desk
from watchlists.ports_roles import Grant
from watchlists.query import parse

OWNER = 424_242


@pytest.fixture
async def desk(tmp_path: Path):
    """Only who is invited is served; the owner has written."""
    async with open_desk(tmp_path, OWNER, access="invite") as made:
        await guard(made)
        await made.storage.run(lambda store: store.chats.ensure(OWNER, "private"))
        yield made


async def guard(desk: Desk, *, invite_only: bool = True) -> None:
    """As at each start."""
    await desk.storage.run(lambda store: store.invites.guard({OWNER}, invite_only=invite_only))


async def reached(desk: Desk) -> set[int]:
    """The chats that a broadcast goes to; their number is what its author is told."""

    def look(store) -> set[int]:
        made = store.broadcasts.draft(OWNER, "hello", store.broadcasts.audience())
        chats = {*store.broadcasts.next_chats(made.id, 99)}
        assert len(chats) == made.chats
        return chats

    return await desk.storage.run(look)


async def test_a_stranger_reads_the_refusal_and_no_broadcast(desk):
    """Neither the count nor the sending has a chat in which nobody is served; a stranger's group is none either."""
    assert await desk.say("/start") == replies_access.INVITE_ONLY
    desk.box.telegram.add_group("Strangers", desk.box.ann)
    await desk.handle()
    assert await desk.shown()
    assert await reached(desk) == {OWNER}
    assert not (await desk.storage.run(lambda store: store.failures.recent())).chats


async def test_a_ban_outlives_the_time_of_invitations(desk):
    """Whoever was not let in and was banned then gets nothing either when all are let in, and all when it is lifted."""
    await desk.say("/start")
    await desk.storage.run(lambda store: store.bans.add(desk.box.ann.id, OWNER, "flood"))
    await guard(desk, invite_only=False)
    assert await reached(desk) == {OWNER}
    await desk.storage.run(lambda store: store.bans.lift(desk.box.ann.id))
    assert await reached(desk) == {OWNER, desk.box.ann.id}


async def test_an_invitation_a_role_and_their_end_change_it_at_once(desk):
    """So does a ban that is lifted: it lets nobody in."""
    ann = desk.box.ann.id
    await desk.say("/start")
    await desk.storage.run(lambda store: store.roles.add(Grant(ann, None), OWNER))
    assert await reached(desk) == {OWNER, ann}
    await desk.storage.run(lambda store: store.roles.remove(Grant(ann, None)))
    assert await reached(desk) == {OWNER}
    await desk.storage.run(lambda store: (store.bans.add(ann, OWNER, ""), store.bans.lift(ann)))
    assert await reached(desk) == {OWNER}
    await desk.storage.run(lambda store: store.invites.admit(ann, OWNER))
    assert await reached(desk) == {OWNER, ann}


async def test_a_broadcast_under_way_heeds_another_access(desk, monkeypatch):
    """What waits for those who are out is dropped, and nobody else of them has a turn."""
    monkeypatch.setattr(broadcast, "AHEAD", 2)
    await guard(desk, invite_only=False)

    def begin(store) -> None:
        for chat_id in (1, 2, 3):
            store.chats.ensure(chat_id, "private")
        store.invites.admit(2, OWNER)
        store.broadcasts.start(store.broadcasts.draft(OWNER, "hello", store.broadcasts.audience()).id)
        broadcast.send(store)

    await desk.storage.run(begin)
    await guard(desk)
    for _ in range(4):
        await desk.storage.run(broadcast.send)
        await desk.storage.run(lambda store: store.outbox._write("UPDATE outbox SET state = 'sent' WHERE id = 2"))
    rows = await desk.rows("SELECT chat_id, state FROM outbox WHERE broadcast_id = 1 ORDER BY chat_id")
    assert [(row["chat_id"], row["state"]) for row in rows] == [(1, "dropped"), (2, "sent"), (OWNER, "queued")]


async def test_who_is_out_gets_no_alerts_and_loses_nothing(desk):
    """They could not stop them; their watches wait for the day on which they are let in."""
    await guard(desk, invite_only=False)
    ann = desk.box.ann.id

    def watch(store) -> None:
        store.chats.ensure(ann, "private")
        store.watches.add(ann, parse("fire"))
        store.outbox.add(Outgoing("news", ann, "alert", "a fire"))

    await desk.storage.run(watch)
    await guard(desk)
    assert not await desk.storage.run(lambda store: store.chats.habits([ann]))
    assert [row["state"] for row in await desk.outbox()] == ["dropped"]
    await guard(desk, invite_only=False)
    assert await desk.storage.run(lambda store: store.chats.habits([ann]))
    assert await desk.watches() == ["fire"]


async def test_a_channel_and_a_group_are_in_with_who_looks_after_them(desk):
    """Also where they were set up while everybody was served; they go out with that person."""
    ann = desk.box.ann.id

    def link(store) -> None:
        store.invites.admit(ann, OWNER)
        for chat_id, kind in ((ann, "private"), (-5, "group"), (-6, "group"), (-7, "channel")):
            store.chats.ensure(chat_id, kind)
        for chat_id in (-5, -7):
            store.links.link(ann, chat_id)

    def alive(store) -> set[int]:
        return store.chats.active([ann, -5, -6, -7])

    await desk.storage.run(link)
    assert await desk.storage.run(alive) == {ann, -5, -7}
    await guard(desk, invite_only=False)
    await guard(desk)
    assert await desk.storage.run(alive) == {ann, -5, -7}
    await desk.storage.run(lambda store: store.links.unlink(ann, -7))
    assert await desk.storage.run(alive) == {ann, -5}
    await desk.storage.run(lambda store: store.invites._write("DELETE FROM admitted"))
    await guard(desk)
    assert await desk.storage.run(alive) == set()


async def test_an_invited_administrator_brings_a_strangers_group_in(desk):
    """By setting it up: else it would be told that it watches, and hear nothing. A member does not."""
    bob = desk.box.telegram.add_user("Bob")
    group = desk.box.telegram.add_group("Strangers", bob, desk.box.ann)
    await desk.handle()
    await desk.storage.run(lambda store: store.invites.admit(desk.box.ann.id, OWNER))
    desk.box.telegram.say(desk.box.ann, group, "/watch fire")
    await desk.handle()
    assert not await desk.storage.run(lambda store: store.invites.admitted(group.id))
    await desk.storage.run(lambda store: store.invites.admit(bob.id, OWNER))
    desk.box.telegram.say(bob, group, "/watch fire")
    await desk.handle()
    assert group.id in await reached(desk)


async def test_without_owners_no_role_lets_in(desk):
    """As the gate has it: then nobody has one."""

    def work(store) -> set[int]:
        store.roles.add(Grant(5, None), OWNER)
        store.chats.ensure(5, "private")
        store.invites.guard((), invite_only=True)
        return store.chats.active([5, OWNER])

    assert await desk.storage.run(work) == set()


async def test_to_be_let_in_ends_no_other_reason_for_silence(desk):
    """A ban, a chat that was left, an id that is another by now: none of them is over when everybody is served."""
    ann = desk.box.ann.id

    def work(store) -> None:
        for chat_id, kind in ((ann, "private"), (-5, "group"), (-6, "group"), (-7, "group")):
            store.chats.ensure(chat_id, kind)
        store.bans.add(ann, OWNER, "")
        store.chats.deactivate(-5, "kicked")
        store.chats.move(-6, -1006)

    def alive(store) -> set[int]:
        return store.chats.active([ann, -5, -6, -1006, -7])

    await desk.storage.run(work)
    assert await desk.storage.run(alive) == set()
    await guard(desk, invite_only=False)
    assert await desk.storage.run(alive) == {-1006, -7}
    await guard(desk)
    await desk.storage.run(lambda store: store.bans.lift(ann))
    assert await desk.storage.run(alive) == set()
    await guard(desk, invite_only=False)
    assert await desk.storage.run(alive) == {ann, -1006, -7}


async def test_a_group_that_was_let_in_is_so_under_its_new_id(desk):
    """Telegram may tell of the new id first, by somebody who was not let in."""

    def work(store) -> set[int]:
        store.invites.admit(-5, OWNER)
        store.chats.ensure(-5, "group")
        store.chats.ensure(-1005, "supergroup")
        store.chats.move(-5, -1005)
        return store.chats.active([-5, -1005])

    assert await desk.storage.run(work) == {-1005}


async def test_a_group_is_refused_once_and_greeted_when_somebody_who_was_let_in_adds_the_bot(desk):
    """Not anew at each change of the bot's rights; whoever was let in looks after the group from then on."""
    telegram, ann = desk.box.telegram, desk.box.ann
    bob = telegram.add_user("Bob")
    group = telegram.add_group("Strangers", bob, ann)
    await desk.storage.run(lambda store: store.invites.admit(ann.id, OWNER))
    for status in ("administrator", "member", "administrator", "left"):
        telegram.set_member(group, telegram.bot.user, status, by=bob)
    await desk.handle()
    assert [row["text"] for row in await desk.outbox()] == [replies_access.INVITE_ONLY]
    telegram.set_member(group, telegram.bot.user, "member", by=ann)
    await desk.handle()
    assert (await desk.outbox())[-1]["text"] == replies_places.GREETING
    assert await desk.storage.run(lambda store: store.links.has(ann.id, group.id))
    assert group.id in await reached(desk)
