"""The state of the line to Telegram: an outage costs a question now and then, and no message its tries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.link import ASK_MOST, HOLD_FIRST, HOLD_MOST, Link
from bot.outcomes import ChatGone, NotSent, RetryAt, Sent, Uncertain, Unreachable

LOST, AWAY, SENT = Uncertain("502"), Unreachable("no route"), Sent(1)
START = 1_772_000_000.0


def made() -> Link:
    return Link(lambda: 1.0)


def try_one(link: Link, outcome, now: float = START) -> bool:
    """One send from its beginning to its end."""
    assert link.free
    begun = link.begin()
    learnt = link.learn(begun, outcome, now)
    link.end(begun)
    return learnt


def answer(link: Link, now: float) -> float:
    """Wait until Telegram may be asked, and let it answer; the time then."""
    now += link.ask_in(now)
    link.ask(now)
    link.answered(told=True)
    return now


def test_a_good_line_takes_any_number_at_once():
    """Nothing is asked and nothing is held while messages arrive, or are refused by name."""
    link = made()
    begun = [link.begin() for _ in range(8)]
    assert link.free
    for outcome in (SENT, RetryAt(5), ChatGone("blocked"), NotSent("409")):
        assert not link.learn(begun.pop(), outcome, START)
    assert (link.free, link.suspect, link.half_open) == (True, False, False)


@pytest.mark.parametrize("trouble", [LOST, AWAY])
def test_after_a_failure_nothing_is_sent_until_telegram_answers(trouble):
    """Then one at a time, until one arrives; then all at once again."""
    link = made()
    try_one(link, trouble)
    assert (link.suspect, link.free) == (True, False)
    now = answer(link, START)
    assert (link.suspect, link.half_open, link.free) == (False, True, True)
    begun = link.begin()
    assert not link.free, "one at a time"
    assert link.learn(begun, SENT, now)
    link.end(begun)
    assert link.free
    link.begin()
    assert link.free


def test_a_refusal_proves_nothing():
    """A chat that is gone lets the next one try, still one at a time."""
    link = made()
    link.doubt()
    assert not try_one(link, ChatGone("blocked"))
    assert link.half_open
    assert not try_one(link, RetryAt(5))
    assert try_one(link, SENT)


def test_what_began_before_the_trouble_says_nothing():
    """Neither a late answer that it is over, nor late losses that it is worse."""
    link = made()
    eight = [link.begin() for _ in range(8)]
    assert not link.learn(eight[0], LOST, START)
    holds, wait = link.holds, link.ask_in(START)
    for begun, outcome in zip(eight[1:], [SENT, LOST, AWAY] * 3, strict=False):
        assert not link.learn(begun, outcome, START)
        assert link.suspect
    for begun in eight:
        link.end(begun)
    assert (link.holds, link.ask_in(START)) == (holds, wait)
    answer(link, START)
    assert link.free, "those that still wait for an answer do not keep the one from trying"


def test_questions_come_later_each_time_and_never_cease():
    """0.5 s, then twice as long each time, at most half a minute."""
    link, now, waits = made(), START, []
    try_one(link, AWAY, now)
    for _ in range(10):
        waits.append(link.ask_in(now))
        now += waits[-1]
        link.ask(now)
        link.answered(told=False)
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30, 30]
    assert link.suspect


def test_an_update_lets_the_question_be_asked_at_once():
    """Telegram is there again: nobody waits half a minute for a reply. Once for each update."""
    link, now = made(), START
    try_one(link, AWAY, now)
    for _ in range(8):
        now += link.ask_in(now)
        link.ask(now)
        link.answered(told=False)
    assert link.ask_in(now) == 30
    link.heard()
    assert link.ask_in(now) == 0
    link.ask(now)
    assert link.ask_in(now) == 30
    assert link.suspect


def test_updates_do_not_hurry_a_line_that_loses_messages():
    """Each try there may cost a message."""
    link, now = made(), START
    for _ in range(8):
        try_one(link, LOST, now)
        wait = link.ask_in(now)
        link.heard()
        assert link.ask_in(now) == wait
        now = answer(link, now)
    assert wait == 30


def test_a_question_that_is_not_answered_is_not_asked_again_at_once():
    """While it is on its way, or when something of ours went wrong with it."""
    link = made()
    try_one(link, AWAY)
    now = START + link.ask_in(START)
    link.ask(now)
    assert link.ask_in(now) == 1


def test_answers_to_questions_do_not_make_sends_more_frequent():
    """Where questions are answered and messages are lost, each loss still doubles the wait."""
    link, now, waits = made(), START, []
    for _ in range(8):
        try_one(link, LOST, now)
        waits.append(link.ask_in(now))
        now = answer(link, now)
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30]
    try_one(link, SENT, now)
    try_one(link, LOST, now)
    assert link.ask_in(now) == 0.5, "after one that arrived all begins anew"


def test_the_hold_of_repeats_doubles_with_each_loss():
    """Replies wait less at first; both are bounded, and begin anew after a message that arrived."""
    link, now, replies, others = made(), START, [], []
    for _ in range(9):
        try_one(link, LOST, now)
        replies.append(link.holds[0])
        others.append(link.holds[1])
        now = answer(link, now)
    assert replies == [5, 10, 20, 40, 80, 160, 320, 600, 600]
    assert others == [20, 40, 80, 160, 320, 600, 600, 600, 600]
    try_one(link, SENT, now)
    assert link.holds == HOLD_FIRST


def test_connections_that_are_not_made_do_not_lengthen_the_hold():
    """Nothing was lost by them."""
    link, now = made(), START
    for _ in range(9):
        try_one(link, AWAY, now)
        now = answer(link, now)
    assert link.holds == HOLD_FIRST


def test_several_chats_that_are_told_to_wait_leave_one_at_a_time():
    """Until one arrives; a line that is suspect stays so."""
    link = made()
    before = link.begin()
    link.doubt()
    assert link.free, "what was on its way before does not count"
    begun = link.begin()
    assert not link.free
    link.learn(before, SENT, START)
    assert link.half_open
    assert link.learn(begun, SENT, START)
    try_one(link, AWAY)
    link.doubt()
    assert link.suspect


def test_a_clock_that_goes_back_does_not_lengthen_the_wait():
    """A day back is no day of silence."""
    link = made()
    try_one(link, LOST)
    assert link.ask_in(START - 86_400) == 0.5
    assert link.ask_in(START - 86_400 + 0.5) == 0


def test_it_is_logged_once_when_it_begins_and_when_it_ends(caplog):
    """And not at each try of an outage."""
    link, now = made(), START
    for _ in range(5):
        try_one(link, LOST, now)
        now = answer(link, now)
    try_one(link, SENT, now)
    try_one(link, SENT, now)
    assert [record.message for record in caplog.records] == [
        "sending waits until Telegram can be reached again: 502",
        "messages get through to Telegram again",
    ]


@given(st.lists(st.sampled_from([LOST, AWAY, SENT, RetryAt(1), "late", "ask", "silence", "heard"]), max_size=60))
def test_no_sequence_stops_it_for_good(events):
    """Whatever happens, after one answer and one message that arrives the line is open; the waits are bounded."""
    link, now, old = made(), START, []
    for event in events:
        now += 1
        if event in ("ask", "silence"):
            if link.suspect:
                link.ask(now)
                link.answered(told=event == "ask")
        elif event == "heard":
            link.heard()
        elif event == "late":
            if link.free:
                old.append(link.begin())
        elif link.free:
            try_one(link, event, now)
        assert link.ask_in(now) <= ASK_MOST
        assert max(link.holds) <= HOLD_MOST
    for begun in old:
        link.learn(begun, LOST, now)
        link.end(begun)
    now = answer(link, now) if link.suspect else now
    try_one(link, SENT, now)
    assert link.free
    assert not link.suspect
