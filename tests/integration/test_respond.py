"""Answers: use-case, reply and the update's end are one transaction, and each update ends in one way."""

import asyncio
from pathlib import Path

import pytest

import handlers
from bot.respond import MAX_ATTEMPTS
from bot.store.outbox import Outbox, Outgoing
from handlers import Command, replies
from handlers.context import Context, Reply
from tests.desk import open_desk
from tests.fakes import until

PICTURE = {"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}


@pytest.fixture
async def desk(tmp_path: Path):
    async with open_desk(tmp_path) as made:
        yield made


async def broken(_context: Context) -> None:
    raise RuntimeError("a bug")


@pytest.fixture
def bug(monkeypatch):
    """/watch ends in an error of ours."""
    monkeypatch.setitem(handlers._BY_NAME, "watch", Command("watch", "", broken).callback)


async def test_a_command_is_answered_once(desk):
    """The reply is in the outbox, the update is done, and whoever delivers is told."""
    assert "Watching" in await desk.say("/watch fire")
    (row,) = await desk.outbox()
    assert (row["kind"], row["priority"], row["chat_id"], row["state"]) == ("reply", 0, desk.box.chat.id, "queued")
    assert await desk.ends() == [("done", "")]
    assert desk.enqueued >= 1
    await desk.handle()
    assert len(await desk.outbox()) == 1


async def test_a_crash_between_use_case_and_reply_leaves_nothing(desk, monkeypatch):
    """The watch, its reply and `done` are stored together or not at all: the update waits as if untouched."""

    def crash(self, message: Outgoing) -> bool:
        raise KeyboardInterrupt

    desk.box.telegram.say(desk.box.ann, desk.box.chat, "/watch fire")
    await desk.receive()
    with monkeypatch.context() as patched:
        patched.setattr(Outbox, "add", crash)
        (received,) = await desk.storage.run(lambda store: store.inbox.waiting())
        with pytest.raises(KeyboardInterrupt):
            await desk.responder.handle(received)
    assert await desk.watches() == []
    assert await desk.outbox() == []
    assert await desk.ends() == [("new", "")]
    await desk.handle()
    assert await desk.watches() == ["fire"]
    assert len(await desk.outbox()) == 1


async def test_an_error_of_ours_is_told_honestly(desk, bug, caplog):
    """The person hears that it went wrong, the log has the traceback, the update has failed; the next goes on."""
    assert await desk.say("/watch fire") == replies.OWN_FAULT
    assert await desk.ends() == [("failed", "RuntimeError('a bug')")]
    assert "Traceback" in caplog.text
    assert "You watch nothing" in await desk.say("/watches")


async def test_an_error_after_the_answer_apologises_for_nothing(desk, monkeypatch):
    """What is stored is stored: no second message, but the log and the row know."""

    async def answers_then_fails(context: Context) -> None:
        await context.answer(lambda _service: Reply("fine"))
        raise RuntimeError("late")

    monkeypatch.setitem(handlers._BY_NAME, "watch", answers_then_fails)
    assert await desk.say("/watch x") == "fine"
    assert len(await desk.outbox()) == 1
    assert await desk.ends() == [("failed", "RuntimeError('late')")]


async def test_an_update_that_kills_the_program_is_tried_three_times(desk):
    """Each attempt is counted before it is made; then it has failed and the others go on."""
    desk.box.telegram.say(desk.box.ann, desk.box.chat, "/watch fire")
    await desk.receive()
    (received,) = await desk.storage.run(lambda store: store.inbox.waiting())
    for _ in range(MAX_ATTEMPTS):
        await desk.storage.run(lambda store: store.inbox.begin(received.update_id))
    await desk.handle()
    assert await desk.ends() == [("failed", "the program stopped each time it was handled")]
    assert await desk.watches() == []


@pytest.mark.parametrize(
    "body",
    [
        {"message": {"nothing": "that makes sense"}},
        {"message": "text"},
        {"callback_query": {"id": 5}},
    ],
)
async def test_an_update_that_cannot_be_read_is_skipped(desk, body, caplog):
    """With its reason; those behind it are handled."""
    desk.box.telegram.put_raw_update(body)
    assert "Watching" in await desk.say("/watch fire")
    (skipped, reason), done = await desk.ends()
    assert skipped == "skipped"
    assert reason.startswith("cannot be read")
    assert done == ("done", "")
    assert "skipped" in caplog.text


@pytest.mark.parametrize("text", [5, ["/watch"], {"a": 1}])
async def test_an_update_that_can_only_half_be_read_ends_too(desk, text):
    """Fields of a kind that nobody expects are an error of ours at worst."""
    chat = {"id": desk.box.chat.id, "type": "private"}
    desk.box.telegram.put_raw_update({"message": {"message_id": 1, "date": 1, "chat": chat, "text": text}})
    await desk.handle()
    desk.box.telegram.put_raw_update({"my_chat_member": {}})
    await desk.handle()
    assert {state for state, _ in await desk.ends()} <= {"failed", "skipped"}


@pytest.mark.parametrize("body", [{}, {"poll": {}}, {"something_new": {"x": 1}}])
async def test_a_kind_of_update_from_tomorrow_is_done(desk, body):
    """Nothing to do is no error."""
    desk.box.telegram.put_raw_update(body)
    await desk.handle()
    assert (await desk.ends())[0][0] in ("done", "skipped")
    assert await desk.outbox() == []


async def test_a_private_chat_of_nobody_is_answered(desk):
    """A message without a sender, as Telegram's types allow."""
    chat = {"id": desk.box.chat.id, "type": "private"}
    desk.box.telegram.put_raw_update({"message": {"message_id": 1, "date": 1, "chat": chat, "text": "/start"}})
    await desk.handle()
    assert (await desk.outbox())[0]["text"] == replies.START


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}}, "I understand commands"),
        ({"location": {"longitude": 1.0, "latitude": 2.0}}, "I understand commands"),
        ({"photo": [PICTURE], "caption": "Gaza truce"}, "Shall I watch"),
        ({"photo": [PICTURE], "caption": "Gaza truce", "media_group_id": "1"}, "Shall I watch"),
        ({"photo": [PICTURE], "media_group_id": "1"}, None),
        ({"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}}, None),
    ],
)
async def test_what_is_sent_without_text_is_answered_in_private(desk, sent, said):
    """A picture by its words, others with what can be done; an album once, and nothing that a client does itself."""
    chat = {"id": desk.box.chat.id, "type": "private"}
    desk.box.telegram.put_raw_update({"message": {"message_id": 1, "date": 1, "chat": chat, **sent}})
    await desk.handle()
    rows = await desk.outbox()
    assert len(rows) == (said is not None)
    assert said is None or said in rows[0]["text"]


async def test_the_loop_handles_what_waits_and_what_comes(desk):
    """First what was stored before the start, then each time it is told of news."""
    desk.box.telegram.say(desk.box.ann, desk.box.chat, "/start")
    await desk.receive()
    task = asyncio.create_task(desk.responder.run())
    for expected in (1, 2):
        await until(lambda: desk.enqueued >= 2 * expected)  # noqa: B023 - it is awaited here
        desk.box.telegram.say(desk.box.ann, desk.box.chat, "/help")
        await desk.receive()
        desk.news.set()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
