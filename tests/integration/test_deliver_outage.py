"""Outages on virtual time: no message spends both its tries on one, and no line is knocked at without end."""

import asyncio

import pytest

from bot.deliver import Deliverer
from bot.sandbox.refusals import ApiError
from tests.mail import PATIENCE, mail

MINUTE, HOUR = 60.0, 3600.0


@pytest.fixture
async def post(tmp_path):
    async with mail(tmp_path) as made:
        yield made


def copies(post, chats) -> list[int]:
    return [len(post.texts(chat)) for chat in chats]


@pytest.mark.parametrize(("kind", "methods"), [("page", ""), ("page", "sendMessage"), ("lose", "")])
async def test_ten_bad_seconds_cost_no_alert(post, kind, methods):
    """A page of a proxy, a cut line, a lost answer, for sixty chats: each gets its alert, none more than twice."""
    chats = post.people(60)
    for chat in chats:
        await post.write(f"to {chat}", chat)
    post.trouble(kind, 10, methods)
    began = post.now
    await post.deliver()
    assert (await post.counts())["sent"] == 60
    assert set(copies(post, chats)) <= {1, 2}
    assert sum(copies(post, chats)) <= 66, "only those that tried the line may come twice"
    assert post.now - began < 30


async def test_an_hour_without_a_connection_costs_nothing(post):
    """No message fails or comes twice; a question each half minute and a few looks a minute, no busy loop."""
    chats = post.people(60)
    for chat in chats:
        await post.write(f"to {chat}", chat)
    end = post.now + HOUR
    post.box.cable.cut = lambda: post.now < end
    await post.deliver(HOUR - 1)
    assert (await post.counts())["queued"] == 60
    assert 100 < post.box.cable.refused < 130
    assert post.pauses < 4 * 130
    await post.deliver()
    assert copies(post, chats) == [1] * 60
    assert (await post.counts())["sent"] == 60
    assert post.now - end < 35, "at most one wait between two questions late, and the pace"


@pytest.mark.parametrize(
    ("chats", "messages", "kind", "most"),
    [(60, 1, "alert", 0), (8, 1, "alert", 5), (1, 10, "alert", 3), (1, 10, "reply", 4), (8, 3, "reply", 7)],
)
async def test_sends_that_fail_for_ten_minutes_cost_a_handful(post, chats, messages, kind, most):
    """Telegram answers questions and loses messages: seven of them in ten minutes at most, over all chats."""
    for chat in post.people(chats):
        for number in range(messages):
            await post.write(f"{number} to {chat}", chat, kind)
    post.trouble("drop", 10 * MINUTE, "sendMessage")
    await post.deliver()
    counts = await post.counts()
    assert counts["failed"] <= most
    assert counts["sent"] == chats * messages - counts["failed"]
    assert len(post.calls()) < 2 * chats * messages + 10


@pytest.mark.parametrize(("kind", "seconds"), [("alert", 30), ("reply", 10)])
async def test_a_single_lost_answer_is_repeated_within_a_minute(post, kind, seconds):
    """Where there is nothing else to send; a reply, for which somebody waits, earlier."""
    post.box.server.faults.drop(method="sendMessage")
    await post.write("lost", kind=kind)
    began = post.now
    await post.deliver()
    assert post.texts() == ["lost"]
    assert 1 < post.now - began < seconds


async def test_a_repeat_goes_after_another_message_has_arrived(post):
    """It does not wait for the end of its hold then, and never goes before one that is in no doubt."""
    first, second, third = post.people(3)
    post.box.server.faults.drop(method="sendMessage", times=2)
    for chat in (first, second, third):
        await post.write(f"to {chat}", chat)
    began = post.now
    await post.deliver()
    sent = [(call.parameters["chat_id"], call.status) for call in post.calls()]
    assert sent == [(first, 0), (second, 0), (third, 200), (first, 200), (second, 200)]
    assert post.now - began < 5


async def test_what_was_never_in_doubt_tries_the_line_first(post):
    """Even where the hold of an older message has ended: it is not its last try that shows whether the line is good."""
    first, second = post.people(2)
    post.box.server.faults.drop(method="sendMessage")
    await post.write("doubtful", first)
    await post.deliver(1)
    end = post.now + MINUTE
    post.box.cable.cut = lambda: post.now < end
    await post.write("fresh", second)
    await post.deliver()
    assert [call.parameters["text"] for call in post.calls()] == ["doubtful", "fresh", "doubtful"]


async def test_a_message_behind_a_held_one_waits_and_a_reply_does_not(post):
    """The order within a chat is kept, among those of one priority."""
    post.box.server.faults.drop(method="sendMessage")
    for key in ("one", "two"):
        await post.write(key)
    await post.deliver(3)
    await post.write("help", kind="reply")
    post.box.server.faults.drop(method="sendMessage")
    await post.deliver()
    assert post.texts() == ["help", "one", "two"]


async def test_an_edit_tries_the_line_before_a_repeat_does(post):
    """Repeating it does no harm."""
    bob, cy = post.people(2)
    await post.write("shown", bob)
    await post.deliver()
    post.box.server.faults.drop(method="sendMessage")
    post.box.server.faults.drop(method="editMessageText")
    await post.write("doubtful", cy)
    await post.deliver(0.1)
    await post.write("changed", bob, "edit", edits=1)
    await post.deliver()
    calls = [(call.method, call.status) for call in post.calls()][1:]
    assert calls == [("sendMessage", 0), ("editMessageText", 0), ("editMessageText", 200), ("sendMessage", 200)]


async def test_the_hold_survives_a_restart(post):
    """A new process neither repeats at once nor waits longer."""
    post.box.server.faults.drop(method="sendMessage")
    await post.write("lost")
    began = post.now
    for _ in range(3):
        await post.deliver(5)
    assert len(post.calls()) == 1
    await post.deliver()
    assert post.texts() == ["lost"]
    assert 19 < post.now - began < 35


async def test_a_restart_with_repeats_begins_one_at_a_time(post):
    """The line may still be bad: one of eight whose hold has ended tries it, and the others keep their repeat."""
    chats = post.people(8)
    for number, chat in enumerate(chats):
        await post.write(f"to {chat}", chat)
        await post.run(lambda store, row=number + 1: store.outbox.claim(row))
    post.trouble("drop", 20, "sendMessage")
    await post.deliver()
    assert (await post.counts())["failed"] == 1
    assert (await post.counts())["sent"] == 7


async def test_a_revoked_token_is_noticed_by_the_question(post):
    """Asked after an outage, Telegram does not know us any more: the end, and nothing is lost."""
    await post.write("kept")
    post.box.server.faults.drop(method="sendMessage")
    post.box.server.faults.refuse(ApiError(404, "Not Found"), method="getMe")
    with pytest.raises(Exception, match="does not know this token"):
        await post.deliver()
    assert await post.states() == {"kept": "queued"}


async def test_a_reply_does_not_wait_for_the_next_question(post):
    """After an hour without a connection the update that it answers shows that Telegram is back."""
    end = post.now + HOUR
    post.box.cable.cut = lambda: post.now < end
    heard: list[float] = []

    async def pause(news: asyncio.Event, seconds: float) -> None:
        if deliverer.in_flight or news.is_set():
            await asyncio.wait_for(news.wait(), PATIENCE)
        elif not (await post.counts())["queued"]:
            deliverer.stop()
        elif post.now + seconds > end and not heard:
            post.box.clock.advance(end - post.now)
            heard.append(post.now)
            deliverer.heard()
        else:
            post.box.clock.advance(seconds)

    await post.write("reply", kind="reply")
    deliverer = Deliverer(post.storage, post.box.bot, post.box.clock, post.news, lambda: 1.0, pause)
    await asyncio.wait_for(deliverer.run(), PATIENCE)
    assert post.texts() == ["reply"]
    assert post.now - end < 1


async def test_after_a_halt_of_the_whole_bot_one_message_tries(tmp_path):
    """Three chats were told to wait: then one send at a time, until one arrives; then all at once."""
    together: list[int] = []
    at_the_gate = 0
    gate = asyncio.Event()

    async def wait_at_the_gate(_seconds: float) -> None:
        nonlocal at_the_gate
        at_the_gate += 1
        post.news.set()
        await gate.wait()
        at_the_gate -= 1

    async def pause(news: asyncio.Event, seconds: float) -> None:
        nonlocal gate
        if deliverer.in_flight > at_the_gate or news.is_set():
            await asyncio.wait_for(news.wait(), PATIENCE)
        elif deliverer.in_flight and seconds > 1:  # no more may begin
            together.append(deliverer.in_flight)
            opened, gate = gate, asyncio.Event()
            opened.set()
            await asyncio.wait_for(news.wait(), PATIENCE)
        elif len(post.calls()) == 3 and len(await post.states()) == 3:
            for chat in chats[3:]:
                await post.write(f"to {chat}", chat)
        elif not (await post.counts())["queued"]:
            deliverer.stop()
        else:
            post.box.clock.advance(seconds)

    async with mail(tmp_path, sleep=wait_at_the_gate) as post:
        chats = post.people(6)
        for chat in chats[:3]:
            post.box.server.faults.too_many(5, chat_id=chat)
            await post.write(f"to {chat}", chat)
        for chat in chats:
            post.box.server.faults.delay(1, chat_id=chat, times=None)
        deliverer = Deliverer(post.storage, post.box.bot, post.box.clock, post.news, lambda: 1.0, pause)
        await asyncio.wait_for(deliverer.run(), PATIENCE)
        assert together == [1, 5]
        assert (await post.counts())["sent"] == 6
