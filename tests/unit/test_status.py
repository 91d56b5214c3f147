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


async def test_the_command_itself_does_not_wait():
    """It is an update that is being handled when it is counted."""
    chat = Chat(is_admin=True)
    chat.store.figures.status = replace(STATUS, inbox={**STATUS.inbox, "new": 3})
    assert "<b>Updates</b>: 2 waiting" in (await chat.say("/status")).text


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


def test_what_failed_and_who_is_kept_out_stands_in_it():
    """The most frequent reasons, escaped; nothing of it where there is nothing."""
    lines = said(failed={"a <b> reason": 5, "another": 2, "third": 1, "fourth": 1}, banned=2, invites=1)
    start = lines.index("Failed within a day, see /retry:")
    assert lines[start + 1 : start + 4] == ["• 5 × a <b> reason", "• 2 × another", "• 1 × third"]
    assert lines[-1] == "Access: 2 banned, 1 open invitations"
    assert not any("Access" in line or "Failed" in line for line in said())


def test_how_long_the_first_has_waited_is_told_when_it_is_long():
    """Of two minutes and more."""
    late = said(backlog=Backlog(waiting=4, lasts=timedelta(seconds=5), oldest=timedelta(minutes=7, seconds=50)))
    assert "• the first of them waits since 7 min" in late
    assert not any("the first" in line for line in said(backlog=Backlog(waiting=4, oldest=timedelta(seconds=90))))


def test_the_wait_is_counted_from_when_a_message_could_have_gone():
    """Not while its chat was left alone, nor before its time."""
    clock = FakeClock()
    tables = Tables(clock)
    for chat in (1, 2):
        tables().chats.ensure(chat, "private")
        tables().outbox.add(Outgoing(f"to {chat}", chat, "alert", "x"))
    tables().chats.pause(1, to_epoch(clock.now) + 100)
    clock.advance(300)
    assert tables().figures.backlog().oldest == timedelta(seconds=300)
    tables().outbox.claim(2)
    tables().outbox.finish(2, "sent")
    assert tables().figures.backlog().oldest == timedelta(seconds=200)
