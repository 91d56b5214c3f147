"""How delivery begins and ends: after a kill, at SIGTERM, and when something of ours goes wrong in between."""

import asyncio
import sqlite3

import pytest

from bot import deliver
from bot.deliver import Deliverer
from bot.settle import settle
from bot.store.outbox import Outgoing
from tests.fakes import until
from tests.mail import PATIENCE, mail

BROKEN = """CREATE TRIGGER broken BEFORE UPDATE OF state ON outbox WHEN new.state = 'sent' AND new.id = 1
BEGIN SELECT RAISE(ABORT, 'disk full'); END"""


@pytest.fixture
async def post(tmp_path):
    async with mail(tmp_path) as made:
        yield made


class Gate:
    """The sleep of a server whose slow answers come when the test says so."""

    def __init__(self) -> None:
        self.waiting = asyncio.Event()
        self.open = asyncio.Event()

    async def sleep(self, _seconds: float) -> None:
        self.waiting.set()
        await self.open.wait()


@pytest.fixture
async def slow(tmp_path):
    """A server that holds back its answers."""
    gate = Gate()
    async with mail(tmp_path, sleep=gate.sleep) as made:
        made.gate = gate
        yield made


async def started(post) -> tuple[Deliverer, asyncio.Task[None]]:
    """A deliverer that is in the middle of its first send."""
    deliverer = Deliverer(post.storage, post.box.bot, post.box.clock, post.news)
    task = asyncio.create_task(deliverer.run())
    await asyncio.wait_for(post.gate.waiting.wait(), PATIENCE)
    return deliverer, task


async def test_what_was_on_its_way_at_a_kill_goes_out_once_more(post, caplog):
    """`sending` at the start means that it may have arrived; the log names it, and it does not wait long."""
    await post.write("caught")
    await post.run(lambda store: store.outbox.claim(1))
    began = post.now
    await post.deliver()
    assert post.texts() == ["caught"]
    assert "to go out once more: messages [1]" in caplog.text
    assert post.now - began < 10


async def test_killed_twice_in_the_same_send_it_is_not_tried_again(post, caplog):
    """It may have arrived twice by now; it has failed, says why, and the log names it."""
    bob = post.box.telegram.private_chat(post.box.telegram.add_user("Bob"))
    await post.write("caught")
    for _ in range(2):
        await post.run(lambda store: store.outbox.recover((0, 0)))
        await post.run(lambda store: store.outbox.claim(1))
    await post.write("caught once", bob.id)
    await post.run(lambda store: store.outbox.claim(2))
    await post.deliver()
    assert await post.states() == {"caught": "failed", "caught once": "sent"}
    assert await post.reason("caught") == "it may have arrived: the program stopped during the send"
    assert post.texts() == []
    said = [(record.levelname, record.message) for record in caplog.records if record.name == "bot.deliver"]
    assert said[:2] == [
        ("WARNING", "on their way when the program stopped, to go out once more: messages [2]"),
        ("ERROR", "twice on their way when an answer was lost, not tried again: messages [1]"),
    ]


async def test_stopping_waits_for_what_is_in_flight(slow):
    """SIGTERM: no new send begins, the one on its way is answered and recorded."""
    slow.box.server.faults.delay(5)
    await slow.write("first")
    await slow.write("second")
    deliverer, task = await started(slow)
    assert deliverer.in_flight == 1
    deliverer.stop()
    slow.gate.open.set()
    await asyncio.wait_for(task, PATIENCE)
    assert await slow.states() == {"first": "sent", "second": "queued"}
    assert deliverer.in_flight == 0


async def test_stopping_does_not_wait_for_ever(slow, monkeypatch):
    """An answer that does not come is a lost answer: the repeat is not sent into the same trouble by the next start."""
    monkeypatch.setattr(deliver, "SHUTDOWN_GRACE", 0.01)
    slow.box.server.faults.deliver_then_stall()
    await slow.write("first")
    deliverer, task = await started(slow)
    deliverer.stop()
    await asyncio.wait_for(task, PATIENCE)
    assert await slow.states() == {"first": "queued"}
    slow.gate.open.set()
    await slow.deliver(15)
    assert slow.texts() == ["first"]
    await slow.deliver()
    assert await slow.states() == {"first": "sent"}
    assert slow.texts() == ["first", "first"]


async def test_a_repeat_that_is_cut_off_too_has_failed(slow, monkeypatch, caplog):
    """Twice out, twice without an answer: no third time, and the log names it."""
    monkeypatch.setattr(deliver, "SHUTDOWN_GRACE", 0.01)
    slow.box.server.faults.deliver_then_stall(times=2)
    await slow.write("first")
    for _ in range(2):
        slow.gate.waiting.clear()
        slow.box.clock.advance(31)
        deliverer, task = await started(slow)
        deliverer.stop()
        await asyncio.wait_for(task, PATIENCE)
    assert await slow.states() == {"first": "failed"}
    assert "not tried again: messages [1]" in caplog.text
    slow.gate.open.set()
    await slow.deliver()
    assert slow.texts() == ["first", "first"]


async def test_what_was_recorded_at_the_last_moment_is_not_doubted(slow):
    """A send that is cut off while its answer is being stored has been answered."""
    await slow.write("first")
    await slow.run(lambda store: store.outbox.claim(1))
    await slow.run(lambda store: store.outbox.finish(1, "sent"))
    assert await slow.run(lambda store: store.outbox.uncertain(1, "too late", (0, 0))) == ""
    assert await slow.states() == {"first": "sent"}


async def test_stopping_ends_the_question_too(slow):
    """Telegram does not answer whether it is there: nobody waits for that."""
    slow.box.server.faults.drop(method="sendMessage")
    slow.box.server.faults.delay(5, method="getMe")
    await slow.write("first")
    deliverer = Deliverer(slow.storage, slow.box.bot, slow.box.clock, slow.news)
    task = asyncio.create_task(deliverer.run())
    while not slow.gate.waiting.is_set():
        slow.box.clock.advance(1)
        slow.news.set()
        await asyncio.sleep(0.001)
    assert deliverer.in_flight == 1
    deliverer.stop()
    await asyncio.wait_for(task, 1)
    assert deliverer.in_flight == 0
    assert await slow.states() == {"first": "queued"}
    slow.gate.open.set()


async def test_after_a_kill_one_message_tries_the_line(slow):
    """Of several that may have arrived only one risks its repeat, until it is answered."""
    for number in range(3):
        chat = slow.box.telegram.private_chat(slow.box.telegram.add_user(f"P{number}"))
        await slow.write(f"to {number}", chat.id)
        await slow.run(lambda store, row=number + 1: store.outbox.claim(row))
    slow.box.server.faults.delay(5, times=None)
    deliverer = Deliverer(slow.storage, slow.box.bot, slow.box.clock, slow.news)
    task = asyncio.create_task(deliverer.run())
    while not slow.gate.waiting.is_set():
        await asyncio.sleep(0.001)
        slow.box.clock.advance(1)
        slow.news.set()
    for _ in range(20):
        await asyncio.sleep(0.001)
        slow.box.clock.advance(1)
        slow.news.set()
    assert (await slow.counts())["sending"] == 1
    slow.gate.open.set()
    while (await slow.counts())["sent"] < 3:
        slow.box.clock.advance(1)
        slow.news.set()
    deliverer.stop()
    await asyncio.wait_for(task, PATIENCE)


async def test_one_slow_chat_holds_up_no_other(slow):
    """Messages to others go out while one waits for its answer; its own next one waits."""
    bob = slow.box.telegram.private_chat(slow.box.telegram.add_user("Bob"))
    slow.box.server.faults.delay(5, chat_id=slow.box.chat.id)
    await slow.write("ann 1")
    await slow.write("ann 2")
    deliverer, task = await started(slow)
    await slow.write("bob 1", bob.id)
    slow.box.clock.advance(10)
    await until(lambda: bool(slow.texts(bob.id)))
    assert slow.texts() == []
    deliverer.stop()
    slow.gate.open.set()
    await asyncio.wait_for(task, PATIENCE)
    assert slow.texts() == ["ann 1"]


async def test_no_more_than_eight_are_in_flight(slow):
    """The library gets slower above that."""
    for number in range(12):
        chat = slow.box.telegram.private_chat(slow.box.telegram.add_user(f"P{number}"))
        await slow.write(f"to {number}", chat.id)
    slow.box.server.faults.delay(5, times=None)
    deliverer, task = await started(slow)
    while deliverer.in_flight < deliver.IN_FLIGHT:
        slow.box.clock.advance(1)
        slow.news.set()
        await asyncio.sleep(0.001)
    for _ in range(20):
        slow.box.clock.advance(1)
        slow.news.set()
        await asyncio.sleep(0.001)
    assert deliverer.in_flight == deliver.IN_FLIGHT
    assert (await slow.counts())["sending"] == deliver.IN_FLIGHT
    deliverer.stop()
    slow.gate.open.set()
    await asyncio.wait_for(task, PATIENCE)


async def test_a_result_that_cannot_be_recorded_holds_up_nobody(post, caplog):
    """Delivered, but the database refused to say so: repeated once as if the answer were lost, and the chat goes on."""
    await post.write("cursed")
    await post.write("next")
    await post.run(lambda store: store.outbox._write(BROKEN))
    await post.deliver()
    assert await post.states() == {"cursed": "failed", "next": "sent"}
    assert post.texts() == ["cursed", "cursed", "next"]
    assert "an error of ours" in caplog.text


async def test_an_outcome_without_a_rule_is_an_error_of_ours(post, caplog):
    """The rules cover every outcome; one that is added later without a rule is not lost in silence."""
    await post.write("odd")
    delivery = await post.run(lambda store: store.outbox.claim(1))
    with pytest.raises(TypeError, match="no rule"):
        await post.run(lambda store: settle(store, delivery, "nonsense", 0.0, (0.0, 0.0)))


async def test_an_idle_deliverer_wakes_for_news(post):
    """Whoever enqueues sets the event; nobody waits for the end of the idle time."""
    deliverer = Deliverer(post.storage, post.box.bot, post.box.clock, post.news)
    task = asyncio.create_task(deliverer.run())
    await post.write("news")
    await until(lambda: bool(post.texts()))
    deliverer.stop()
    await asyncio.wait_for(task, PATIENCE)
    assert await post.states() == {"news": "sent"}
    assert "delivery" in await post.run(lambda store: store.progress.all())


async def test_a_message_needs_a_chat_that_is_known(post):
    """The database checks references: a row that nobody could deliver is refused when it is written."""
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        await post.run(lambda store: store.outbox.add(Outgoing("x", 999, "reply", "x")))
