"""The pace: never faster than Telegram allows, whatever is asked and in whatever order."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pace import EVERYWHERE, GROUP, GROUP_IN_WINDOW, GROUP_WINDOW, PRIVATE, Pace

KINDS = {1: "private", 2: "private", -3: "group", -4: "channel"}
ROUNDING = 1e-6
START = 1_772_000_000.0

steps = st.lists(
    st.tuples(st.sampled_from(sorted(KINDS)), st.floats(0, 3), st.none() | st.floats(0.5, 90)), max_size=120
)


def send(pace: Pace, chat: int, now: float) -> None:
    assert pace.wait(chat, KINDS[chat], now) <= 0
    pace.sending(chat, now)


def check_limits(sent: list[tuple[float, int]]) -> None:
    times = [at for at, _ in sent]
    assert all(later - earlier >= EVERYWHERE - ROUNDING for earlier, later in pairwise(times))
    for chat, kind in KINDS.items():
        own = [at for at, to in sent if to == chat]
        gap = PRIVATE if kind == "private" else GROUP
        assert all(later - earlier >= gap - ROUNDING for earlier, later in pairwise(own))
        if kind != "private":
            windows = zip(own, own[GROUP_IN_WINDOW:], strict=False)
            assert all(later - earlier >= GROUP_WINDOW - ROUNDING for earlier, later in windows)


@given(steps)
def test_no_sequence_of_sends_breaks_a_limit(asked):
    """25 a second in all, one a second for a chat, 18 a minute for a group, in any window of any sequence."""
    pace, now, sent = Pace(), START, []
    for chat, pause, refused_for in asked:
        now += pause
        if refused_for is not None:
            pace.refused(chat, refused_for, now)
        elif pace.wait(chat, KINDS[chat], now) <= 0:
            pace.sending(chat, now)
            sent.append((now, chat))
    check_limits(sent)


@given(st.lists(st.sampled_from(sorted(KINDS)), max_size=80))
def test_whoever_waits_as_told_may_send(chats):
    """The wait that is named is enough, and never more than a minute: nobody waits for ever."""
    pace, now, sent = Pace(), START, []
    for chat in chats:
        wait = pace.wait(chat, KINDS[chat], now)
        assert wait <= GROUP_WINDOW
        now += wait + ROUNDING
        send(pace, chat, now)
        sent.append((now, chat))
    check_limits(sent)


def test_an_idle_hour_saves_no_credit():
    """After a pause the next two messages still keep their distance."""
    pace = Pace()
    send(pace, 1, START)
    send(pace, 1, START + 3600)
    assert pace.wait(2, "private", START + 3600) > 0
    assert pace.wait(1, "private", START + 3600 + 1) > 0


def test_three_chats_refused_within_ten_seconds_halt_everything():
    """Two may be chats of their own; three at once mean the bot, and it waits for the longest."""
    pace = Pace()
    assert not pace.refused(1, 5, START)
    assert not pace.refused(2, 30, START + 4)
    assert pace.wait(9, "private", START + 4) == 0
    assert pace.refused(-3, 7, START + 9)
    assert pace.wait(9, "private", START + 9) == 25
    assert pace.wait(9, "private", START + 35) == 0


def test_refusals_far_apart_are_no_halt():
    """The same chat thrice, or three chats over a minute, stop nobody else."""
    pace = Pace()
    for at in (0, 1, 2, 20, 40):
        pace.refused(1, 60, START + at)
    pace.refused(2, 60, START + 60)
    pace.refused(-3, 60, START + 75)
    assert pace.wait(9, "private", START + 75) == 0


def test_the_chat_served_least_recently_is_known():
    """A chat never written to comes before all others."""
    pace = Pace()
    send(pace, 1, START)
    assert pace.last_served(1) == START
    assert pace.last_served(2) == 0


def test_a_clock_that_goes_back_stops_nobody():
    """An operator who sets the clock back a day must not silence the bot for a day."""
    pace = Pace()
    for number in range(GROUP_IN_WINDOW):
        send(pace, -3, START + 2 * number)
    for chat in (1, 2, -4):
        pace.refused(chat, 5, START + 40)
    back = START - 86_400
    assert pace.wait(9, "private", back) <= 5
    assert pace.wait(-3, "group", back) <= GROUP_WINDOW
    assert pace.wait(1, "private", back) <= 5


def test_memory_is_bounded():
    """Chats whose window has passed are forgotten; those within it are not."""
    pace = Pace()
    for chat in range(10_001):
        pace.sending(chat, START + chat)
    assert pace.last_served(0) == 0
    assert pace.last_served(10_000) == START + 10_000
    assert pace.last_served(9_990) == START + 9_990


def test_a_late_wake_up_is_made_up_for_and_no_more():
    """A loop that always wakes a little late keeps the full pace; half a second late brings one message, not twelve."""
    pace, now, late = Pace(), START, 0.03
    for number in range(101):
        wait = pace.wait(number, "private", now)
        planned = now + wait if wait else None
        now += wait + (late if wait else 0)
        pace.sending(number, now, planned)
    assert now - START < 101 / 25 + 2 * late
    pace.sending(500, now + 0.5, now)
    assert pace.wait(501, "private", now + 0.5) == 0
    pace.sending(501, now + 0.5)
    assert pace.wait(502, "private", now + 0.5) == pytest.approx(1 / 25)
