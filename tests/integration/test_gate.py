"""Who is served: invitations and limits, between a real database and the sandbox Bot API server."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot import gate
from bot.config import Settings
from bot.gate import Verdict
from bot.sandbox.events import Answered
from handlers import replies, replies_access
from tests.desk import Desk, open_desk
from watchlists.ports_roles import Grant

OWNER = 424_242


@pytest.fixture
async def desk(tmp_path: Path):
    async with open_desk(tmp_path, OWNER) as made:
        yield made


@pytest.fixture
def closed(desk) -> Desk:
    """Only who is invited may talk to the bot."""
    desk.settings = Settings.model_construct(access="invite", admins=frozenset({OWNER}))
    return desk


async def invitation(desk: Desk, uses: int = 1, days: float = 7) -> str:
    def make(store) -> str:
        return store.invites.add(OWNER, uses, store.now + timedelta(days=days))[1]

    return await desk.storage.run(make)


async def test_an_invitation_lets_in_for_good(closed):
    """Then commands are obeyed, also when it has expired; it is used up for others."""
    code = await invitation(closed)
    assert await closed.say("/watches") == replies_access.INVITE_ONLY
    assert await closed.say(f"/start {code}") == replies.START
    closed.box.clock.advance(30 * 86_400)
    assert "Watching" in await closed.say("/watch fire")
    assert not await closed.storage.run(lambda store: store.invites.use(code, 99))


async def test_an_invitation_ends_in_three_ways(closed):
    """Used up, withdrawn, expired; whoever comes late is told to ask for another."""
    used, withdrawn, old = [await invitation(closed) for _ in range(3)]

    def end(store) -> None:
        assert store.invites.use(used, 99)
        assert store.invites.withdraw(2)
        assert not store.invites.withdraw(2)

    await closed.storage.run(end)
    assert await closed.say(f"/start {used}") == replies_access.INVITE_OVER
    closed.box.clock.advance(61)
    assert await closed.say(f"/start {withdrawn}") == replies_access.INVITE_OVER
    closed.box.clock.advance(7 * 86_400)
    assert await closed.say(f"/start {old}") == replies_access.INVITE_OVER
    assert await closed.storage.run(lambda store: store.invites.open()) == []


async def test_a_code_is_nowhere_in_the_database(closed):
    """Neither where it was made, nor in the message that told it, nor in that which used it; it has 192 bits."""
    closed.settings = Settings.model_construct(access="invite", admins=frozenset({closed.box.ann.id}))
    text = await closed.say("/invite")
    code = text.partition("?start=")[2].partition("\n")[0]
    assert len(code) == 32
    await closed.shown()
    closed.settings = Settings.model_construct(access="invite", admins=frozenset({OWNER}))
    assert await closed.say(f"/start {code}") == replies.START
    dump = await closed.storage.run(lambda store: "\n".join(store.invites._database.conn.iterdump()))
    assert code not in dump
    assert "for 1 more person" not in dump


async def test_the_uninvited_hear_one_sentence_a_minute(closed):
    """Whatever they send; a press is answered by a note, in the same minute no more."""
    for _ in range(5):
        closed.box.telegram.say(closed.box.ann, closed.box.chat, "/watch fire")
    await closed.handle()
    assert [row["text"] for row in await closed.outbox()] == [replies_access.INVITE_ONLY]
    closed.box.clock.advance(61)
    await closed.say("/start wrong")
    assert len(await closed.outbox()) == 2
    assert [reason for _state, reason in await closed.ends()] == [
        Verdict.UNINVITED,
        *[Verdict.UNINVITED_STILL] * 4,
        Verdict.UNINVITED,
    ]


async def test_who_has_a_role_needs_no_invitation(closed):
    """Editors and admins work here."""
    await closed.storage.run(lambda store: store.roles.add(Grant(closed.box.ann.id, 1), OWNER))
    assert "Watching" in await closed.say("/watch fire")


async def test_groups_come_in_with_who_is_invited(closed):
    """And not with a stranger; the group keeps its right when it becomes a supergroup."""
    stranger = closed.box.telegram.add_group("Strangers", closed.box.ann)
    await closed.handle()
    await closed.say(f"/start {await invitation(closed)}")
    group = closed.box.telegram.add_group("Friends", closed.box.ann)
    await closed.handle()

    def admitted(store) -> list[bool]:
        return [store.invites.admitted(chat_id) for chat_id in (stranger.id, group.id)]

    assert await closed.storage.run(admitted) == [False, True]

    def move(store) -> bool:
        store.chats.ensure(group.id, "group")
        store.chats.move(group.id, -100_777)
        return store.invites.admitted(-100_777)

    assert await closed.storage.run(move)


async def test_a_group_that_a_stranger_adds_reads_one_sentence_and_no_greeting(closed):
    """What is said there is not answered; to take the bot away admits nobody either."""
    group = closed.box.telegram.add_group("Strangers", closed.box.ann)
    await closed.handle()
    closed.box.telegram.say(closed.box.ann, group, "hello all")
    await closed.handle()
    assert [row["text"] for row in await closed.outbox()] == [replies_access.INVITE_ONLY]


async def test_in_an_admitted_group_all_are_served(closed):
    """Whoever added the bot was invited; the members need not be."""
    bob = closed.box.telegram.add_user("Bob")
    group = closed.box.telegram.add_group("Friends", closed.box.ann, bob)
    await closed.storage.run(lambda store: store.invites.admit(group.id, OWNER))
    closed.box.telegram.say(bob, group, "/lists")
    await closed.handle()
    assert (await closed.ends())[-1] == ("done", "")


async def test_a_banned_group_stays_banned_when_it_moves(desk):
    """It gets nothing under its new id."""

    def move(store) -> set[int]:
        store.chats.ensure(-5, "group")
        store.bans.add(-5, OWNER, "spam")
        store.chats.move(-5, -100_555)
        assert store.bans.get(-100_555)
        return store.chats.active([-5, -100_555])

    assert await desk.storage.run(move) == set()


async def test_a_flood_is_answered_once_a_minute_and_then_served_again(desk, monkeypatch):
    """What comes beyond the limit is kept in the inbox and leads to nothing; a restart changes nothing of it."""
    monkeypatch.setattr(gate, "PER_PERSON", 3)
    for number in range(6):
        desk.box.telegram.say(desk.box.ann, desk.box.chat, f"/watch fire{number}")
    await desk.handle()
    assert await desk.watches() == ["fire0", "fire1", "fire2"]
    assert (await desk.outbox())[-1]["text"] == replies_access.TOO_MANY
    assert len(await desk.outbox()) == 4
    assert [reason for _state, reason in await desk.ends()][3:] == [Verdict.TOO_MANY, *[Verdict.TOO_MANY_STILL] * 2]
    desk.box.clock.advance(61)
    assert "Watching" in await desk.say("/watch fire9")


async def test_what_waited_at_telegram_counts_by_when_it_was_written(desk, monkeypatch):
    """Commands of an hour that come at once after an outage are no flood."""
    monkeypatch.setattr(gate, "PER_PERSON", 2)
    for number in range(6):
        desk.box.telegram.say(desk.box.ann, desk.box.chat, f"/watch fire{number}")
        desk.box.clock.advance(40)
    await desk.handle()
    assert len(await desk.watches()) == 6


async def test_presses_count_and_are_told_by_a_note(desk, monkeypatch):
    """Beyond the limit a button does nothing."""
    monkeypatch.setattr(gate, "PER_PERSON", 2)
    notices = []
    desk.box.telegram.subscribe(lambda event: notices.append(event.text) if isinstance(event, Answered) else None)
    await desk.say("/watch fire")
    message_id = await desk.shown()
    undo = desk.box.telegram.message(desk.box.chat.id, message_id).button("Undo").data
    await desk.say("/watches")
    desk.box.telegram.press(desk.box.ann, desk.box.chat, message_id, undo)
    await desk.handle()
    assert notices == [replies_access.TOO_MANY]
    assert await desk.watches() == ["fire"]


async def test_admins_have_no_limit(desk, monkeypatch):
    """They have to mend what others break."""
    monkeypatch.setattr(gate, "PER_PERSON", 1)
    desk.settings = Settings.model_construct(access="open", admins=frozenset({desk.box.ann.id}))
    for _ in range(3):
        assert "You watch nothing" in await desk.say("/watches")


async def test_each_person_and_each_chat_is_counted_apart(desk, monkeypatch):
    """One who floods takes nothing from the others; in a group what is no command does not count."""
    monkeypatch.setattr(gate, "PER_PERSON", 2)
    bob = desk.box.telegram.add_user("Bob")
    home = desk.box.telegram.private_chat(bob)
    for _ in range(4):
        desk.box.telegram.say(desk.box.ann, desk.box.chat, "/watches")
    desk.box.telegram.say(bob, home, "/watches")
    await desk.handle()
    assert [row["chat_id"] for row in await desk.outbox()].count(home.id) == 1
    chat = {"id": -7, "type": "group", "title": "G"}
    ann = {"id": desk.box.ann.id, "is_bot": False, "first_name": "Ann"}
    desk.box.clock.advance(61)
    date = int(desk.box.clock.now.timestamp())
    for number in range(9):
        body = {"message_id": number, "date": date, "chat": chat, "from": ann, "text": "hello all"}
        desk.box.telegram.put_raw_update({"message": body})
    assert "You watch nothing" in await desk.say("/watches")


async def test_a_chat_has_a_limit_for_all_its_people_together(desk, monkeypatch):
    """So that many cannot do what one may not."""
    monkeypatch.setattr(gate, "PER_CHAT", 4)
    chat = {"id": -7, "type": "group", "title": "G"}
    date = int(desk.box.clock.now.timestamp())
    for number in range(6):
        writer = {"id": 500 + number, "is_bot": False, "first_name": "P"}
        body = {"message_id": number, "date": date, "chat": chat, "from": writer, "text": "/watches"}
        desk.box.telegram.put_raw_update({"message": body})
    await desk.handle()
    assert [reason for _state, reason in await desk.ends()] == [
        "",
        "",
        "",
        "",
        Verdict.TOO_MANY,
        Verdict.TOO_MANY_STILL,
    ]


async def test_those_who_write_as_a_chat_are_counted_by_it(desk, monkeypatch):
    """The id of anonymous administrators is that of all groups' at once."""
    monkeypatch.setattr(gate, "PER_PERSON", 1)
    date = int(desk.box.clock.now.timestamp())
    for number, chat_id in enumerate((-7, -8, -8)):
        chat = {"id": chat_id, "type": "supergroup", "title": "G"}
        bot = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
        body = {"message_id": number, "date": date, "chat": chat, "from": bot, "sender_chat": chat, "text": "/watches"}
        desk.box.telegram.put_raw_update({"message": body})
    await desk.handle()
    assert [reason for _state, reason in await desk.ends()] == ["", "", Verdict.TOO_MANY]


async def test_nothing_is_counted_by_writing(desk):
    """The tables that a flood grows are the inbox alone."""
    counts = "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM watches) + (SELECT count(*) FROM chats) AS n"
    for _ in range(gate.PER_PERSON + 1):
        desk.box.telegram.say(desk.box.ann, desk.box.chat, "/watches")
    await desk.handle()
    before = await desk.rows(counts)
    for _ in range(50):
        desk.box.telegram.say(desk.box.ann, desk.box.chat, "/watches")
    await desk.handle()
    assert await desk.rows(counts) == before
