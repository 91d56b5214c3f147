"""What delivery asks of the outbox at each look costs no more in a large outbox than in a small one."""

from collections.abc import Callable

import pytest

from bot.clock import to_epoch
from bot.store import Store
from bot.store.outbox import Outgoing
from tests.fakes import FakeClock, Tables

FLOODED, QUIET, PAUSED, GONE = 1, 2, 3, 4


def filled(rows: int) -> Tables:
    """So many messages that have ended, and as many that wait for a chat, more for one that is paused, a few others."""
    clock = FakeClock()
    tables = Tables(clock)
    for chat in (FLOODED, QUIET, PAUSED, GONE):
        tables().chats.ensure(chat, "private")
    for chat in range(100, 100 + rows):
        tables().chats.ensure(chat, "private")
    tables().chats.pause(PAUSED, to_epoch(clock.now) + 60)
    for number in range(rows):
        tables().outbox.add(Outgoing(f"ended {number}", QUIET, "alert", "x"))
        tables().outbox.claim(number + 1)
        tables().outbox.finish(number + 1, "sent")
    for chat in (PAUSED, FLOODED):
        for number in range(rows):
            tables().outbox.add(Outgoing(f"{chat} {number}", chat, "alert", "x", expires=to_epoch(clock.now) + 1e6))
    tables().outbox.add(Outgoing("quiet", QUIET, "alert", "x"))
    for key in ("first", "second"):
        tables().outbox.add(Outgoing(key, GONE, "alert", "x"))
    return tables


QUESTIONS: dict[str, Callable[[Store], object]] = {
    "heads": lambda store: store.outbox.heads([], 64),
    "heads, one busy": lambda store: store.outbox.heads([FLOODED], 64),
    "next_wake": lambda store: store.outbox.next_wake(),
    "late": lambda store: store.recall.late(),
    "hush": lambda store: store.recall.hush(QUIET, 1e10),
    "summaries": lambda store: store.recall.summaries([QUIET]),
    "add": lambda store: store.outbox.add(Outgoing("new", FLOODED, "alert", "x")),
    "claim": lambda store: store.outbox.claim(store.outbox.heads([], 1)[0].id),
    "finish": lambda store: store.outbox.finish(store.outbox.heads([], 1)[0].id, "sent"),
    "recover": lambda store: store.outbox.recover((5, 5)),
    "hold_repeats": lambda store: store.outbox.hold_repeats((5, 5)),
    "release_repeats": lambda store: store.outbox.release_repeats(),
    "has_repeats": lambda store: store.outbox.has_repeats(),
    "drop_chat": lambda store: store.outbox.drop_chat(GONE, "blocked"),
}


def steps(tables: Tables, question: Callable[[Store], object]) -> int:
    """How many instructions of SQLite's machine the question takes, in hundreds; what it changes is taken back."""
    counted = [0]

    def count() -> None:
        counted[0] += 1

    connection = tables.database.conn
    connection.execute("BEGIN")
    connection.set_progress_handler(count, 100)
    question(tables())
    connection.set_progress_handler(None, 0)
    connection.execute("ROLLBACK")
    return counted[0]


@pytest.fixture(scope="module")
def sizes() -> tuple[Tables, Tables]:
    return filled(5), filled(2000)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_no_question_reads_the_whole_outbox(sizes, question):
    """Each is answered by an index, however many messages have ended, wait behind others, or are paused."""
    small, large = (steps(tables, question) for tables in sizes)
    assert large <= small + 3


def test_a_flooded_chat_hides_nobody():
    """Its first message is seen, and those of the others behind its thousands."""
    tables = filled(200)
    heads = tables().outbox.heads([], 64)
    assert [head.chat_id for head in heads] == [FLOODED, QUIET, GONE]
