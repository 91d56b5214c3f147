"""The outbox: every message ends in exactly one counted state, and within a chat the order is kept."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.clock import to_epoch
from bot.store.outbox import PRIORITY, STATES, Head, Outgoing
from tests.fakes import FakeClock, Tables

CHATS = (1, 2, -3)
chats = st.sampled_from(CHATS)


class OutboxMachine(RuleBasedStateMachine):
    """Any sequence of what the deliverer and the pollers do. The model is what is known of each row."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.tables = Tables(self.clock)
        self.added = 0
        self.claimed: dict[int, int] = {}  # id → attempts
        self.uncertain: dict[int, int] = {}
        self.kinds: dict[int, str] = {}

    @property
    def outbox(self):
        return self.tables().outbox

    @initialize()
    def chats_exist(self):
        for chat in CHATS:
            self.tables().chats.ensure(chat, "private" if chat > 0 else "group")

    @rule(
        chat=chats, kind=st.sampled_from(sorted(PRIORITY)), key=st.integers(0, 40), life=st.none() | st.integers(0, 50)
    )
    def add(self, chat, kind, key, life):
        expires = None if life is None else to_epoch(self.clock.now) + life
        if self.outbox.add(Outgoing(f"key {key}", chat, kind, f"text {key}", expires=expires)):
            self.added += 1
            self.kinds[self.added] = kind

    @rule(data=st.data())
    def claim(self, data):
        heads = self.outbox.heads([], 10)
        if heads:
            head = data.draw(st.sampled_from(heads))
            delivery = self.outbox.claim(head.id)
            assert (delivery.id, delivery.chat_id) == (head.id, head.chat_id)
            assert self.outbox.claim(head.id) is None, "a message is claimed once"
            self.claimed[head.id] = delivery.attempts

    def _drawn(self, data) -> int:
        row = data.draw(st.sampled_from(sorted(self.claimed)))
        del self.claimed[row]
        return row

    @precondition(lambda self: self.claimed)
    @rule(data=st.data(), state=st.sampled_from(["sent", "failed", "dropped"]))
    def finish(self, data, state):
        self.outbox.finish(self._drawn(data), state, "because", 5)

    @precondition(lambda self: self.claimed)
    @rule(data=st.data(), wait=st.integers(0, 20), counted=st.booleans())
    def requeue(self, data, wait, counted):
        self.outbox.requeue(self._drawn(data), "later", to_epoch(self.clock.now) + wait, counted=counted)

    @precondition(lambda self: self.claimed)
    @rule(data=st.data())
    def requeue_plain(self, data):
        self.outbox.requeue_plain(self._drawn(data), "formatting")

    @precondition(lambda self: self.claimed)
    @rule(data=st.data(), holds=st.tuples(st.integers(0, 20), st.integers(0, 20)))
    def answer_lost(self, data, holds):
        row = self._drawn(data)
        state = self.outbox.uncertain(row, "no answer", holds)
        assert self.outbox.uncertain(row, "no answer", holds) == "", "one loss is one loss"
        self._uncertain(row, state)

    def _uncertain(self, row: int, state: str) -> None:
        self.uncertain[row] = self.uncertain.get(row, 0) + 1
        repeated = self.uncertain[row] <= (10 if self.kinds[row] == "edit" else 1)
        assert state == ("queued" if repeated else "failed"), "a lost answer is repeated once, an edit oftener"

    @rule(holds=st.tuples(st.integers(0, 20), st.integers(0, 20)))
    def hold_repeats(self, holds):
        self.outbox.hold_repeats(holds)
        if min(holds) > 0:
            heads = self.outbox.heads([], 10)
            assert all(self._value("uncertain", head.id) == 0 for head in heads), "no repeat goes before its time"
            assert self.outbox.heads([], 10, undoubted=True) == heads

    @rule()
    def release_repeats(self):
        self.outbox.release_repeats()
        ids = [row for row in self.uncertain if self._state(row) == "queued"]
        assert all(self._value("not_before", row) == 0 for row in ids)
        assert self.outbox.has_repeats() == bool(ids)

    @rule()
    def restart(self):
        repeated, failed = self.outbox.recover((5, 5))
        assert sorted(repeated + failed) == sorted(self.claimed)
        for row in self.claimed:
            assert (row in repeated) == (self._state(row) == "queued")
            self._uncertain(row, self._state(row))
        self.claimed.clear()
        assert self.outbox.recover((5, 5)) == ([], [])

    @rule(chat=chats)
    def drop_chat(self, chat):
        self.outbox.drop_chat(chat, "blocked")
        assert all(head.chat_id != chat for head in self.outbox.heads([], 10))

    @rule(seconds=st.integers(0, 60))
    def time_passes(self, seconds):
        self.clock.advance(seconds)

    @rule()
    def expire(self):
        self.tables().recall.late()

    @rule(data=st.data())
    def move(self, data):
        """A group may become one that is known already: both wait in one line then."""
        old, new = data.draw(st.permutations(CHATS))[:2]
        if self.tables().chats.active([old]):
            self.tables().chats.move(old, new)
            self.tables().chats.ensure(old, "group")

    @rule(chat=chats, seconds=st.integers(0, 30))
    def pause(self, chat, seconds):
        self.tables().chats.pause(chat, to_epoch(self.clock.now) + seconds)

    @rule()
    def forget(self):
        self.tables().retention.forget_texts(30, 100)
        self.tables().retention.forget_keys(60, 100)
        left = {row for (row,) in self.tables.database.execute("SELECT id FROM outbox")}
        self.uncertain = {row: times for row, times in self.uncertain.items() if row in left}

    def _value(self, column: str, row: int):
        return self.tables.database.execute(f"SELECT {column} FROM outbox WHERE id = ?", [row]).fetchone()[0]

    def _state(self, row: int) -> str:
        return self._value("state", row)

    @invariant()
    def everything_is_counted(self):
        counts = self.outbox.counts()
        assert counts["enqueued"] == self.added == sum(counts[state] for state in STATES)
        assert counts["sending"] == len(self.claimed)

    @invariant()
    def a_head_is_the_first_of_its_chat(self):
        heads = self.outbox.heads([], 10)
        assert len({head.chat_id for head in heads}) == len(heads)
        for head in heads:
            first = self.tables.database.execute(
                "SELECT id FROM outbox WHERE chat_id = ? AND state IN ('queued', 'sending') ORDER BY priority, id",
                [head.chat_id],
            ).fetchone()[0]
            assert head.id == first, "within a chat nothing overtakes"
        assert [(head.priority, head.id) for head in heads] == sorted((head.priority, head.id) for head in heads)

    @invariant()
    def the_first_of_a_chat_is_behind_no_other(self):
        """Or it would never be looked at."""
        for chat in CHATS:
            first = self.tables.database.execute(
                "SELECT behind FROM outbox WHERE chat_id = ? AND state IN ('queued', 'sending') ORDER BY priority, id",
                [chat],
            ).fetchone()
            assert first in (None, (0,))

    @invariant()
    def whoever_waits_is_woken(self):
        """A queued message of a chat that is not busy is a head now, or there is a time when it may be one."""
        busy = {self._chat(row) for row in self.claimed}
        waiting = self.tables.database.execute("SELECT DISTINCT chat_id FROM outbox WHERE state = 'queued'").fetchall()
        ready = {head.chat_id for head in self.outbox.heads([], 10)}
        assert self.outbox.next_wake() is not None or {chat for (chat,) in waiting} - busy <= ready

    def _chat(self, row: int) -> int:
        return self.tables.database.execute("SELECT chat_id FROM outbox WHERE id = ?", [row]).fetchone()[0]


TestOutbox = OutboxMachine.TestCase
TestOutbox.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)


def test_what_is_busy_or_paused_has_no_head():
    """A chat in flight, and one that Telegram asked to leave alone, wait; the others go on."""
    clock = FakeClock()
    tables = Tables(clock)
    for chat in CHATS:
        tables().chats.ensure(chat, "private")
        tables().outbox.add(Outgoing(f"to {chat}", chat, "alert", "x", ((("Undo", "undo:1"),),)))
    tables().chats.pause(2, to_epoch(clock.now) + 30)
    assert tables().outbox.heads([1], 10) == [Head(3, -3, -3, "private", PRIORITY["alert"], zone="UTC")]
    assert tables().outbox.next_wake() == to_epoch(clock.now) + 30
    clock.advance(30)
    assert [head.chat_id for head in tables().outbox.heads([1], 10)] == [2, -3]
    assert tables().outbox.next_wake() is None


def test_a_reply_overtakes_the_alerts_of_its_chat():
    """Whoever presses a button does not wait behind the news."""
    tables = Tables(FakeClock())
    tables().chats.ensure(1, "private")
    for number, kind in enumerate(["digest", "alert", "alert", "reply", "edit"]):
        tables().outbox.add(Outgoing(str(number), 1, kind, kind))
    order = []
    while heads := tables().outbox.heads([], 10):
        order.append(tables().outbox.claim(heads[0].id).text)
        tables().outbox.finish(heads[0].id, "sent")
    assert order == ["reply", "edit", "alert", "alert", "digest"]


def test_those_that_must_wait_crowd_nobody_out():
    """A limited look finds the message that may go, however many older ones may not yet."""
    clock = FakeClock()
    tables = Tables(clock)
    for chat in CHATS:
        tables().chats.ensure(chat, "private")
        tables().outbox.add(Outgoing(f"to {chat}", chat, "alert", "x"))
    for row in (1, 2):
        tables().outbox.claim(row)
        tables().outbox.requeue(row, "no network", to_epoch(clock.now) + 60)
    assert [head.id for head in tables().outbox.heads([], 1)] == [3]
