"""Buttons of messages in private whose number is not known (yet): pressed before the answer of Telegram, or it is lost.

They do what the same buttons do otherwise: to the channel that the message speaks of, else to the person.
"""

from pathlib import Path

import pytest

from bot import telegram
from bot.sandbox.events import Answered
from tests.desk import Desk, open_desk

OLD = "This button is too old to work. /help shows what I can do."
HOLDS = (5.0, 5.0)


@pytest.fixture
async def desk(tmp_path: Path):
    """Ann has a watch of her own and edits a channel, which has one, too."""
    async with open_desk(tmp_path) as made:
        made.box.telegram.add_channel("Harbour", made.box.ann, username="harbour")
        await made.handle()
        for text in ("/watch gold", "/channel @harbour", "/watch ferry"):
            await made.say(text)
        await settle(made)
        made.notices = []
        made.box.telegram.subscribe(
            lambda event: made.notices.append(event.text) if isinstance(event, Answered) else None
        )
        yield made


async def settle(desk: Desk) -> None:
    """All that waits is sent, and the clock is past it."""
    while await desk.storage.run(lambda store: store.outbox.heads([], 1)):
        await desk.shown()
        desk.box.clock.advance(2)


async def in_flight(desk: Desk) -> tuple[int, int]:
    """The newest reply is in the chat, and Telegram has not said so: (its row, its message)."""
    head = (await desk.storage.run(lambda store: store.outbox.heads([], 1)))[0]
    row = await desk.storage.run(lambda store: store.outbox.claim(head.id))
    sent = await telegram.send(desk.box.bot, row)
    return row.id, sent.message_id


async def press(desk: Desk, message_id: int, data: str) -> None:
    desk.box.telegram.press(desk.box.ann, desk.box.chat, message_id, data)
    await desk.handle()


async def all_watches(desk: Desk) -> set[str]:
    return {row["text"] for row in await desk.rows("SELECT text FROM watches WHERE removed IS NULL")}


@pytest.mark.parametrize("moment", ["in flight", "before the repeat", "after the repeat"])
@pytest.mark.parametrize(("place", "left"), [("a channel", "gold"), ("the person", "ferry")])
async def test_a_button_is_about_what_its_message_speaks_of_before_its_number_is_known(desk, moment, place, left):
    """The answer to the send may take seconds, or never come: then the message comes twice, and either one works."""
    if place == "the person":
        await desk.say("/done")
        await settle(desk)
    await desk.say("/forget")
    row, message = await in_flight(desk)
    if moment != "in flight":
        await desk.storage.run(lambda store: store.outbox.uncertain(row, "lost", HOLDS))
    if moment == "after the repeat":
        desk.box.clock.advance(10)
        await settle(desk)
    await press(desk, message, "forget_do")
    assert desk.notices[-1:] != [OLD]
    assert await all_watches(desk) == {left}


async def test_an_old_message_is_not_taken_for_the_one_on_its_way(desk):
    """What it spoke of is not known: it was sent before the other was written."""
    await desk.say("/forget")
    _row, unknown = await in_flight(desk)
    await desk.storage.run(lambda store: store.outbox._write("DELETE FROM outbox WHERE state = 'sending'"))
    desk.box.clock.advance(60)
    await desk.say("/done")
    await in_flight(desk)
    await press(desk, unknown, "forget_do")
    assert desk.notices == [OLD]
    assert await all_watches(desk) == {"gold", "ferry"}
