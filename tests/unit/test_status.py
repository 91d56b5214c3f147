"""/status: what there is, that it adds up, and when the backlog will have gone out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import to_epoch
from bot.pace import Pace, lasts
from bot.plain import to_plain
from bot.store.outbox import Outgoing
from handlers.replies_status import status
from tests.fakes import STATUS, FakeClock, Tables
from tests.talk import Chat
from watchlists.status import Backlog


def said(**changes: object) -> list[str]:
    return to_plain(status(replace(STATUS, **changes)).text).splitlines()


def test_each_part_has_a_line():
    """The messages as a sum that can be checked by eye."""
    assert said() == [
        "Feeds: 38 of 40 work, 1 failing, 0 stopped, 1 not read yet",
        "News: 900 items in 700 stories",
        "Chats: 11 of 12 can be reached; 30 watches, 500 alerts",
        "Messages: 9 = 3 waiting + 1 being sent + 2 sent + 1 failed + 1 dropped + 1 too late",
        "• 2 messages sent within the last minute",
        "• 4 messages wait, until about 12:00 UTC (in 5 s)",
        "Updates: 0 waiting, 0 failed",
    ]


def test_trouble_stands_last():
    """A sum that is wrong, and loops that stand still."""
    lines = said(outbox=STATUS.outbox | {"enqueued": 10}, stalled=("polling", "delivery"))
    assert "do not add up" in lines[-2]
    assert lines[-1].startswith("⚠️ No progress for two minutes in: polling, delivery.")


def test_what_cannot_go_now_is_told_apart():
    """Held until a time of its own, or for a chat that has to be left alone: no end is foretold for these."""
    lines = said(backlog=Backlog(later=1, paused=3))
    assert lines[4:7] == [
        "• 0 messages sent within the last minute",
        "• 1 message waits for a time of its own",
        "• 3 messages wait for chats that have to be left alone for now",
    ]
    assert "until about 12:20 UTC (in 20 min)" in said(backlog=Backlog(waiting=1, lasts=timedelta(minutes=20)))[5]


async def test_status_is_for_admins():
    """To others it does not exist."""
    chat = Chat()
    assert "I do not know /status" in (await chat.say("/status")).text
    chat.is_admin = True
    assert "<b>Feeds</b>: 38 of 40 work" in (await chat.say("/status")).text


@pytest.mark.parametrize(
    "waiting",
    [
        [],
        [("private", 1)],
        [("private", 40)],
        [("group", 100)],
        [("private", 1)] * 500,
        [("group", 40), ("private", 9)],
    ],
    ids=str,
)
def test_the_estimate_is_what_the_pace_takes(waiting):
    """Within a tenth, and a second: told by the rules, and then counted out by them."""
    pace, now = Pace(), 0.0
    left = {chat: [kind, count] for chat, (kind, count) in enumerate(waiting)}
    while left:
        waits = {chat: pace.wait(chat, kind, now) for chat, (kind, _count) in left.items()}
        chat = min(waits, key=waits.__getitem__)
        now += waits[chat]
        pace.sending(chat, now)
        left[chat][1] -= 1
        if not left[chat][1]:
            del left[chat]
    assert lasts(waiting) == pytest.approx(now, rel=0.1, abs=1.1)


def test_the_backlog_is_counted_by_what_may_go():
    """Messages of chats that can be written to, those with a time of their own, those of chats that are left alone."""
    clock = FakeClock()
    tables = Tables(clock)
    for chat in range(1, 102):
        tables().chats.ensure(chat, "private")
        tables().outbox.add(Outgoing(f"to {chat}", chat, "alert", "x"))
    tables().chats.pause(1, to_epoch(clock.now) + 3600)
    tables().outbox.claim(2)
    tables().outbox.finish(2, "sent")
    tables().outbox.claim(3)
    tables().outbox.requeue(3, "later", to_epoch(clock.now) + 3600)
    assert tables().figures.backlog() == Backlog(98, 1, 1, timedelta(seconds=98 / 25), 1)
    clock.advance(61)
    assert tables().figures.backlog().sent == 0
