"""The sandbox's HTTP side: bodies, polling, limits, faults and the journal."""

import asyncio
import json

import httpx
import pytest
import telegram
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.sandbox.faults import Fault
from bot.sandbox.journal import Journal, read_journal
from tests.botapi import client, running


@pytest.fixture(autouse=True)
def timedelta(monkeypatch):
    """The client library warns of a coming change unless it is made now."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def box():
    async with running() as sandbox:
        yield sandbox


class Naps:
    """A sleep that lasts until it is let go, and remembers what was asked of it."""

    def __init__(self):
        self.asked = []
        self.over = asyncio.Event()
        self.begun = asyncio.Event()

    async def __call__(self, seconds):
        self.asked.append(seconds)
        self.begun.set()
        await self.over.wait()


@pytest.fixture
def naps():
    return Naps()


@pytest.fixture
async def napping(naps):
    async with running(sleep=naps) as sandbox:
        yield sandbox


def api(box, method):
    return f"/bot{box.telegram.token}/{method}"


async def test_a_body_may_be_json_a_form_a_query_or_nothing(box):
    """Each way of asking is understood, in any case of the method's name."""
    to_ann = {"chat_id": str(box.chat.id), "text": "x"}
    answers = [
        await box.http.get(api(box, "getMe")),
        await box.http.post(api(box, "GETME")),
        await box.http.get(api(box, "sendMessage"), params=to_ann),
        await box.http.post(api(box, "sendMessage"), data=to_ann),
        await box.http.post(api(box, "sendMessage"), json={"chat_id": box.chat.id, "text": "x", "reply_markup": None}),
        await box.http.post(api(box, "sendDocument"), data={"chat_id": "1"} | to_ann, files={"document": b"x"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 200, 400]
    assert answers[-1].json()["description"] == 'Bad Request: method sendDocument has no parameter "text"'


@pytest.mark.parametrize(
    ("path", "verb", "status", "description"),
    [
        ("/bot1:wrong/getMe", "GET", 401, "Unauthorized"),
        ("/bot{token}/sendPoll", "GET", 404, "Not Found: method not found"),
        ("/bot{token}/getMe", "PUT", 405, "Method Not Allowed"),
        ("/elsewhere", "GET", 404, "Not Found"),
    ],
)
async def test_a_wrong_address_has_its_own_answer(box, path, verb, status, description):
    """Wrong token, unknown method, wrong verb, unknown path: JSON with the code in it."""
    answer = await box.http.request(verb, path.format(token=box.telegram.token))
    assert answer.status_code == status
    assert answer.json() == {"ok": False, "error_code": status, "description": description}


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
async def test_a_body_that_cannot_be_read_is_refused(box, body):
    """400, not 500."""
    answer = await box.http.post(api(box, "getMe"), content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["ok"]) == (400, False)


async def test_a_poll_waits_for_the_first_update(napping, naps):
    """It answers as soon as something comes, and asked for no longer wait than it was told to."""
    poll = asyncio.create_task(napping.bot.get_updates(timeout=30))
    await naps.begun.wait()
    napping.telegram.say(napping.ann, napping.chat, "hello")
    assert [update.message.text for update in await poll] == ["hello"]
    assert naps.asked == [30]


async def test_a_poll_ends_empty_when_its_time_is_up(napping, naps):
    """No update, no error."""
    poll = asyncio.create_task(napping.bot.get_updates(timeout=500))
    await naps.begun.wait()
    naps.over.set()
    assert await poll == ()
    assert naps.asked == [50]


async def test_a_second_poller_ends_the_first(napping, naps):
    """The older call gets 409, the newer one the updates."""
    async with client(napping.server) as second:
        older = asyncio.create_task(napping.bot.get_updates(timeout=30))
        await naps.begun.wait()
        naps.begun.clear()
        newer = asyncio.create_task(second.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await older
        await naps.begun.wait()
        napping.telegram.say(napping.ann, napping.chat, "hello")
        assert [update.message.text for update in await newer] == ["hello"]


async def test_an_update_is_seen_until_it_is_confirmed(box):
    """The same again without an offset; limit takes the oldest; a higher offset is the receipt."""
    for text in "abc":
        box.telegram.say(box.ann, box.chat, text)
    first = await box.bot.get_updates(limit=2)
    assert [update.message.text for update in first] == ["a", "b"]
    assert await box.bot.get_updates(limit=2) == first
    rest = await box.bot.get_updates(offset=first[-1].update_id + 1)
    assert [update.message.text for update in rest] == ["c"]


async def test_an_update_that_no_client_can_read_is_delivered_as_it_is(box):
    """The raw dict arrives, with an id, between the others."""
    raw = box.telegram.put_raw_update({"message": {"chat": "nonsense"}})
    box.telegram.say(box.ann, box.chat, "after")
    updates = (await box.http.get(api(box, "getUpdates"))).json()["result"]
    assert updates[0] == {"update_id": raw, "message": {"chat": "nonsense"}}
    assert updates[1]["update_id"] == raw + 1


async def test_a_flood_is_stopped_and_only_deliveries_count(box):
    """The sixth message in a second is refused with retry_after; answers and look-ups are free, edits are not."""
    sent = await box.bot.send_message(box.chat.id, "0")
    for number in range(2):
        await box.bot.send_message(box.chat.id, str(number))
        await box.bot.edit_message_text(f"edit {number}", box.chat.id, sent.message_id)
        await box.bot.send_chat_action(box.chat.id, "typing")
        with pytest.raises(BadRequest):
            await box.bot.send_message(box.chat.id, "<p>", parse_mode="HTML")
    with pytest.raises(RetryAfter) as caught:
        await box.bot.send_message(box.chat.id, "6")
    assert caught.value.retry_after.total_seconds() == 3
    box.clock.advance(3)
    await box.bot.send_message(box.chat.id, "6")
    assert (box.server.limits.refused, len(box.telegram.messages(box.chat.id))) == (1, 4)


async def test_faults_that_refuse_deliver_nothing(box):
    """429, 403, 400, migration and the page of a proxy, each once, and then all is well."""
    faults = box.server.faults
    faults.too_many(35)
    faults.forbidden()
    faults.bad_request("chat not found")
    faults.migrate(-1001)
    faults.bad_gateway()
    faults.drop()
    seen = []
    for _ in range(6):
        with pytest.raises(telegram.error.TelegramError) as caught:
            await box.bot.send_message(box.chat.id, "x")
        seen.append(type(caught.value).__name__)
    assert seen == ["RetryAfter", "Forbidden", "BadRequest", "ChatMigrated", "NetworkError", "NetworkError"]
    assert box.telegram.messages(box.chat.id) == []
    await box.bot.send_message(box.chat.id, "x")
    assert [kind for _, _, kind in faults.met] == [*["refuse"] * 4, "page", "drop"]
    assert [call.status for call in box.server.calls] == [200, 429, 403, 400, 400, 502, 0, 200]


async def test_a_lost_answer_is_a_delivered_message(box):
    """Deliver, then drop: the client sees a network error, the person sees the message."""
    box.server.faults.deliver_then_drop(method="sendMessage", chat_id=box.chat.id)
    with pytest.raises(NetworkError) as caught:
        await box.bot.send_message(box.chat.id, "x")
    assert isinstance(caught.value.__cause__, httpx.RemoteProtocolError)
    assert [message.text for message in box.telegram.messages(box.chat.id)] == ["x"]


async def test_a_stalled_answer_is_a_delivered_message(napping, naps):
    """Deliver, then stall: the client times out; the server can be stopped all the same."""
    napping.server.faults.deliver_then_stall(99)
    with pytest.raises(TimedOut):
        await napping.bot.send_message(napping.chat.id, "x", read_timeout=0.05)
    assert [message.text for message in napping.telegram.messages(napping.chat.id)] == ["x"]
    assert naps.asked == [99]


async def test_a_delayed_call_is_done_even_when_the_client_has_gone(napping, naps):
    """What was on its way arrives, after the timeout: the reason for at-least-once."""
    napping.server.faults.delay(7, method="sendMessage")
    with pytest.raises(TimedOut):
        await napping.bot.send_message(napping.chat.id, "x", read_timeout=0.05)
    assert napping.telegram.messages(napping.chat.id) == []
    arrived = asyncio.Event()
    napping.telegram.subscribe(lambda event: arrived.set())
    naps.over.set()
    await asyncio.wait_for(arrived.wait(), 5)
    assert [message.text for message in napping.telegram.messages(napping.chat.id)] == ["x"]


async def test_a_chooser_may_decide_for_each_call(box):
    """It is asked with method and chat."""
    asked = []

    def chooser(method, chat_id):
        asked.append((method, chat_id))
        return Fault("page") if len(asked) == 2 else None

    box.server.faults.chooser = chooser
    await box.bot.send_message(box.chat.id, "x")
    with pytest.raises(NetworkError):
        await box.bot.send_message(box.chat.id, "y")
    assert asked == [("sendMessage", box.chat.id)] * 2


async def test_the_journal_holds_every_delivery_before_its_answer(tmp_path):
    """Messages and edits, those too whose answer was lost; nothing that was refused; a torn last line is no line."""
    path = tmp_path / "journal.jsonl"
    assert read_journal(path) == []
    async with running(journal=Journal(path)) as box:
        sent = await box.bot.send_message(box.chat.id, "<b>one</b>", parse_mode="HTML")
        assert [line["text"] for line in read_journal(path)] == ["one"]
        await box.bot.edit_message_text("two", box.chat.id, sent.message_id)
        box.server.faults.deliver_then_drop()
        with pytest.raises(NetworkError):
            await box.bot.send_message(box.chat.id, "three")
        box.server.faults.forbidden()
        with pytest.raises(Forbidden):
            await box.bot.send_message(box.chat.id, "four")
        await box.bot.send_chat_action(box.chat.id, "typing")
    with path.open("a") as file:
        file.write('{"method": "sendMes')
    lines = read_journal(path)
    assert [(line["method"], line["text"], line["html"]) for line in lines] == [
        ("sendMessage", "one", "<b>one</b>"),
        ("editMessageText", "two", "two"),
        ("sendMessage", "three", "three"),
    ]
    assert {line["chat_id"] for line in lines} == {box.chat.id}


async def test_the_server_can_be_stopped_in_the_middle_of_a_poll_and_started_again(napping, naps):
    """The waiting poll gets its answer; state outlives the server."""
    poll = asyncio.create_task(napping.http.get(api(napping, "getUpdates"), params={"timeout": 30}))
    await naps.begun.wait()
    await napping.server.stop()
    assert json.loads((await poll).content)["result"] == []
    await napping.server.start()
    async with client(napping.server) as bot:
        await bot.send_message(napping.chat.id, "x")
    assert len(napping.telegram.messages(napping.chat.id)) == 1
