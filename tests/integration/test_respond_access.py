"""Who is served, buttons and whose they are, and people who block the bot."""

import asyncio
from pathlib import Path

import pytest

from bot import respond
from bot.config import Settings
from bot.sandbox.events import Answered
from handlers import replies, replies_access
from tests.desk import open_desk
from tests.fakes import until


@pytest.fixture
async def desk(tmp_path: Path):
    async with open_desk(tmp_path) as made:
        yield made


async def test_by_invitation_only_strangers_are_told_so(desk):
    """ACCESS=invite: the admins are served, nobody else; nothing of theirs is stored."""
    desk.settings = Settings.model_construct(access="invite", admins=frozenset({1}))
    assert await desk.say("/watch fire") == replies_access.INVITE_ONLY
    assert await desk.watches() == []
    desk.settings = Settings.model_construct(access="invite", admins=frozenset({desk.box.ann.id}))
    assert "Watching" in await desk.say("/watch fire")


async def test_a_button_edits_its_message_and_is_answered(desk):
    """Undo: the message is replaced, the spinner stops with a short notice."""
    notices = []
    desk.box.telegram.subscribe(lambda event: notices.append(event.text) if isinstance(event, Answered) else None)
    await desk.say("/watch fire")
    message_id = await desk.shown()
    button = desk.box.telegram.message(desk.box.chat.id, message_id).button("Undo")
    desk.box.telegram.press(desk.box.ann, desk.box.chat, message_id, button.data)
    await desk.handle()
    row = (await desk.outbox())[-1]
    assert (row["kind"], row["edits"]) == ("edit", message_id)
    assert notices == ["Stopped"]
    assert await desk.watches() == []


async def test_a_press_that_cannot_be_answered_has_its_effect(desk):
    """The query is too old or the network gone: what was stored stays, and the update is done."""
    await desk.say("/watch fire")
    message_id = await desk.shown()
    button = desk.box.telegram.message(desk.box.chat.id, message_id).button("Undo")
    desk.box.telegram.press(desk.box.ann, desk.box.chat, message_id, button.data)
    desk.box.server.faults.drop(method="answerCallbackQuery")
    await desk.handle()
    assert await desk.watches() == []
    assert (await desk.ends())[-1] == ("done", "")


@pytest.fixture
async def pressed(desk):
    """Buttons have been pressed, more than are answered at once, and the server does not take the answers."""
    await desk.say("/watch fire")
    message_id = await desk.shown()
    undo = desk.box.telegram.message(desk.box.chat.id, message_id).button("Undo").data
    for _ in range(respond.PRESSES + 2):
        desk.box.telegram.press(desk.box.ann, desk.box.chat, message_id, undo)
    desk.box.server.faults.delay(3600, method="answerCallbackQuery", times=None)
    await desk.receive()
    return desk


async def test_an_answer_to_a_press_that_hangs_keeps_nobody_waiting(pressed, monkeypatch):
    """Not the next command, and not the end of the program, which takes it along."""
    monkeypatch.setattr(respond, "PRESS_LIMIT", 3600)
    responder = pressed.responder
    task = asyncio.create_task(responder.run())
    await until(lambda: len(responder._pressed) == respond.PRESSES + 2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)
    assert not responder._pressed


async def test_an_answer_to_a_press_has_its_limit(pressed, monkeypatch):
    """Then it is given up; nobody waits for it any more."""
    monkeypatch.setattr(respond, "PRESS_LIMIT", 0.01)
    responder = pressed.responder
    for received in await pressed.storage.run(lambda store: store.inbox.waiting()):
        await responder.handle(received)
    await asyncio.wait_for(responder.finish(), 5)


async def test_a_button_of_another_chats_watch_is_refused(desk):
    """Forged data name a watch of somebody else: nothing happens to it."""
    bob = desk.box.telegram.add_user("Bob")
    chat = desk.box.telegram.private_chat(bob)
    await desk.say("/watch fire")
    await desk.shown()
    desk.box.telegram.say(bob, chat, "/watches")
    await desk.handle()
    desk.box.telegram.press(bob, chat, await desk.shown(), "undo_watch:1", forged=True)
    await desk.handle()
    assert (await desk.outbox())[-1]["text"] == replies.GONE
    assert await desk.watches() == ["fire"]


async def test_a_button_in_a_channel_or_of_a_stranger_does_nothing(desk):
    """Channels have no buttons, and by invitation only those invited are served."""
    await desk.say("/watch fire")
    channel = desk.box.telegram.add_channel("Channel", desk.box.ann)
    message = await desk.box.bot.send_message(channel.id, "x")
    desk.box.telegram.press(desk.box.ann, channel, message.message_id, "undo_watch:1", forged=True)
    await desk.handle()
    message_id = await desk.shown()
    count = len(await desk.outbox())
    desk.settings = Settings.model_construct(access="invite", admins=frozenset())
    undo = desk.box.telegram.message(desk.box.chat.id, message_id).button("Undo").data
    desk.box.telegram.press(desk.box.ann, desk.box.chat, message_id, undo)
    await desk.handle()
    assert await desk.watches() == ["fire"]
    assert len(await desk.outbox()) == count


async def test_blocking_stops_and_unblocking_resumes_without_a_failed_send(desk):
    """What waits is dropped with the reason; the watches stay."""
    await desk.say("/watch fire")
    desk.box.telegram.block(desk.box.ann)
    await desk.handle()
    assert not await desk.storage.run(lambda store: store.chats.active([desk.box.chat.id]))
    assert [(row["state"], row["reason"]) for row in await desk.outbox()] == [
        ("dropped", "the bot was blocked or removed")
    ]
    desk.box.telegram.unblock(desk.box.ann)
    await desk.handle()
    assert await desk.storage.run(lambda store: store.chats.active([desk.box.chat.id]))
    assert await desk.watches() == ["fire"]
    assert await desk.storage.run(lambda store: store.chats.counts()) == {"total": 1, "active": 1}
