"""The table "what each error means", row by row: what becomes of the message and of its chat."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest

from bot import deliver
from bot.sandbox.faults import Faults
from bot.sandbox.refusals import ApiError, bad_request, conflict, forbidden, too_many
from tests.mail import Mail, mail

HOUR = 3600.0
SEND, EDIT = "sendMessage", "editMessageText"


@dataclass(frozen=True)
class Row:
    """An error, met by every call of one method, and what is true two seconds later."""

    error: Callable[[Faults], object] | ApiError
    state: str
    calls: int = 1
    paused: float = 0.0
    active: bool = True
    held: bool = False
    edits: bool = False

    def happen(self, post: Mail) -> None:
        faults = post.box.server.faults
        method = EDIT if self.edits else SEND
        if isinstance(self.error, ApiError):
            faults.refuse(self.error, method=method, times=None)
        else:
            partial(self.error, faults)(method=method, times=None)


def gone(error: ApiError) -> Row:
    return Row(error, "dropped", active=False)


def paused(error: ApiError) -> Row:
    return Row(error, "queued", paused=HOUR)


def done(reason: str) -> Row:
    return Row(bad_request(reason), "sent", edits=True)


def refused_twice(reason: str) -> Row:
    return Row(bad_request(reason), "failed", calls=2)


def lost(error: Callable[[Faults], object] | ApiError) -> Row:
    return Row(error, "queued", held=True)


ROWS = {
    "RetryAfter": Row(too_many(30), "queued", paused=30.5),
    "blocked": gone(forbidden("bot was blocked by the user")),
    "deactivated": gone(forbidden("user is deactivated")),
    "kicked": gone(forbidden("bot was kicked from the supergroup chat")),
    "not a member": gone(forbidden("bot is not a member of the channel chat")),
    "deleted": gone(forbidden("the group chat was deleted")),
    "unknown method, send": Row(ApiError(404, "Not Found"), "queued", calls=2),
    "unknown method, edit": Row(ApiError(404, "Not Found"), "failed", edits=True),
    "Conflict": Row(conflict("terminated by other getUpdates request"), "queued", calls=2),
    "429 without a time": Row(ApiError(429, "Too Many Requests"), "queued", calls=2),
    "not modified": done("message is not modified"),
    "to edit not found": done("message to edit not found"),
    "can't be edited": done("message can't be edited"),
    "too old": done("query is too old and response timeout expired"),
    "no such topic": paused(bad_request("message thread not found")),
    "topic closed": paused(bad_request("TOPIC_CLOSED")),
    "chat not found": gone(bad_request("chat not found")),
    "PEER_ID_INVALID": gone(bad_request("PEER_ID_INVALID")),
    "CHANNEL_PRIVATE": gone(bad_request("CHANNEL_PRIVATE")),
    "group deactivated": gone(bad_request("group is deactivated")),
    "no rights": paused(bad_request("not enough rights to send text messages to the chat")),
    "no rights, 403": paused(forbidden("not enough rights to send text messages to the chat")),
    "CHAT_WRITE_FORBIDDEN": paused(bad_request("CHAT_WRITE_FORBIDDEN")),
    "administrator rights": paused(bad_request("need administrator rights in the channel chat")),
    "entities": refused_twice("can't parse entities: unsupported start tag"),
    "too long": refused_twice("message is too long"),
    "empty": refused_twice("message text is empty"),
    "button": refused_twice("BUTTON_DATA_INVALID"),
    "wrong URL": refused_twice("wrong HTTP URL specified"),
    "other 400": Row(bad_request("nobody has seen this"), "failed"),
    "500": lost(ApiError(500, "Internal Server Error")),
    "502 page": lost(Faults.bad_gateway),
    "dropped": lost(Faults.drop),
    "answer lost": lost(Faults.deliver_then_drop),
}


@pytest.fixture
async def post(tmp_path):
    async with mail(tmp_path) as made:
        yield made


async def chat_of(post: Mail) -> dict[str, object]:
    (row,) = await post.run(lambda store: store.chats._rows("SELECT * FROM chats WHERE id = ?", [post.box.chat.id]))
    return row


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
async def test_each_error_has_one_meaning_for_the_message_and_its_chat(post, row):
    """State, tries, pause and end of the chat are those of the table."""
    row.happen(post)
    await post.write("it", kind="edit" if row.edits else "alert", edits=5 if row.edits else None)
    began = post.now
    await post.deliver(2)
    assert (await post.states())["it"] == row.state
    assert len(post.calls()) == row.calls
    chat = await chat_of(post)
    assert bool(chat["active"]) is row.active
    assert max(0.0, chat["paused_until"] - began) == pytest.approx(row.paused, abs=1)
    (held,) = await post.run(lambda store: store.outbox._rows("SELECT uncertain, not_before FROM outbox"))
    assert (held["uncertain"] == 1 and held["not_before"] > post.now) is row.held


async def test_a_connection_that_is_not_made_costs_no_try(post):
    """The message waits as it was, and the line is asked."""
    post.box.cable.cut = lambda: True
    await post.write("it")
    await post.deliver(2)
    (row,) = await post.run(lambda store: store.outbox._rows("SELECT state, attempts, uncertain FROM outbox"))
    assert row == {"state": "queued", "attempts": 0, "uncertain": 0}
    assert post.box.cable.refused == 3


@pytest.fixture
def patient(monkeypatch):
    """No look at each third of a minute where days pass."""
    monkeypatch.setattr(deliver, "IDLE", HOUR)


async def test_missing_rights_pause_longer_each_time_and_then_end_the_chat(post, patient):
    """An hour, six, a day: time to mend it; then the chat is given up, and may come back by itself."""
    post.box.server.faults.bad_request("not enough rights to send text messages", method=SEND, times=4)
    await post.write("it")
    began = post.now
    await post.deliver()
    tries = [call.time - began for call in post.calls()]
    assert tries == pytest.approx([0, HOUR, 7 * HOUR, 31 * HOUR], abs=60)
    assert await post.states() == {"it": "dropped"}
    assert not (await chat_of(post))["active"]
    await post.write("back")
    await post.deliver()
    assert post.texts() == ["back"]


async def test_a_message_that_arrives_begins_the_count_anew(post, patient):
    """A right that is taken away again a year later costs an hour, not the chat."""
    for number in range(5):
        post.box.server.faults.bad_request("not enough rights to send text messages", method=SEND)
        await post.write(str(number))
        began = post.now
        await post.deliver()
        assert post.now - began < 1.1 * HOUR
    assert set((await post.states()).values()) == {"sent"}


async def test_five_refusals_in_a_row_pause_the_chat(post, patient):
    """For an hour, and each further one again; one that arrives begins the count anew; edits do not count."""
    refuse = partial(post.box.server.faults.bad_request, "nobody has seen this")
    for number in range(4):
        refuse(method=EDIT)
        await post.write(f"edit {number}", kind="edit", edits=5)
    refuse(method=SEND, times=4)
    for number in range(10):
        await post.write(str(number))
    began = post.now
    await post.deliver()
    assert post.now - began < 60, "four in a row, then one that arrived"
    assert post.texts() == ["4", "5", "6", "7", "8", "9"]
    refuse(method=SEND, times=6)
    for number in range(10, 17):
        await post.write(str(number))
    began = post.now
    await post.deliver()
    assert post.texts()[-1] == "16"
    assert 2 * HOUR < post.now - began < 2.1 * HOUR
