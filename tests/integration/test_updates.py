"""Updates: stored before anything is done with them, and whatever Telegram answers, the loop goes on."""

import json
from urllib.parse import parse_qs

import httpx
import pytest
from telegram import Bot
from telegram.error import InvalidToken
from telegram.request import HTTPXRequest

from bot.db import Database
from bot.sandbox.refusals import ApiError
from bot.store import Storage
from bot.updates import ALLOWED, BACKOFF_MOST, CONFLICT_PAUSE, IDLE_MOST, LONG_POLL, MAX_ID, UpdateLoop
from tests.botapi import Sandbox, running

DAY = 86_400.0


class EndOfTestError(Exception):
    """Raised by the sleep to leave the endless loop."""


class Loop:
    """An update loop whose sleeps are counted and take no time; after `sleeps` of them it ends.

    On its clock every answer takes `answers_after` seconds.
    """

    def __init__(self, box: Sandbox, storage: Storage) -> None:
        self.box = box
        self.storage = storage
        self.arrivals = 0
        self.slept: list[float] = []
        self.sleeps = 1
        self.asked: dict[str, str] = {}
        self.answers_after = float(LONG_POLL)
        self._now = 0.0
        self._updates = self.asking(box.bot)

    def asking(self, bot: Bot) -> UpdateLoop:
        return UpdateLoop(self.storage, bot, self._arrived, self._sleep, self._monotonic)

    def _monotonic(self) -> float:
        self._now += self.answers_after
        return self._now

    def _arrived(self) -> None:
        self.arrivals += 1

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if len(self.slept) >= self.sleeps:
            raise EndOfTestError

    async def step(self) -> int:
        return await self._updates.step()

    async def run(self, sleeps: int = 1) -> list[float]:
        """Run until it has slept so often; how long each time."""
        self.slept, self.sleeps = [], sleeps
        with pytest.raises(EndOfTestError):
            await self._updates.run()
        return self.slept

    async def inbox(self) -> list[tuple[int, str]]:
        rows = await self.storage.run(lambda store: store.inbox._rows("SELECT * FROM inbox ORDER BY update_id"))
        return [(row["update_id"], row["state"]) for row in rows]


@pytest.fixture
async def loop(tmp_path):
    async with running() as box:
        database = Database.open(tmp_path / "wirewatch.db")
        yield Loop(box, Storage(database, box.clock))
        database.close()


def answering(loop: Loop, *bodies: bytes, status: int = 200) -> UpdateLoop:
    """A loop whose server gives these answers, the last one for ever, to getMe as well."""
    waiting = list(bodies)

    def answer(request: httpx.Request) -> httpx.Response:
        assert not request.url.query
        loop.asked = {name: value for name, (value,) in parse_qs(request.content.decode()).items()}
        return httpx.Response(status, content=waiting.pop(0) if len(waiting) > 1 else waiting[0])

    request = HTTPXRequest(httpx_kwargs={"transport": httpx.MockTransport(answer)})
    return loop.asking(Bot("1:x", "http://telegram.example/bot", request=request, get_updates_request=request))


async def test_updates_are_stored_before_they_are_confirmed(loop):
    """The next question's offset is what is in the database: until then Telegram keeps them."""
    for text in ("/start", "/watch fire"):
        loop.box.telegram.say(loop.box.ann, loop.box.chat, text)
    await loop.step()
    stored = await loop.inbox()
    assert [state for _, state in stored] == ["new", "new"]
    assert loop.arrivals == 1
    assert len(loop.box.telegram.updates) == 2
    bodies = [received.body["message"]["text"] for received in await loop.storage.run(lambda s: s.inbox.waiting())]
    assert bodies == ["/start", "/watch fire"]
    loop.box.telegram.say(loop.box.ann, loop.box.chat, "third")
    await loop.step()
    assert len(loop.box.telegram.updates) == 1
    assert [number for number, _ in await loop.inbox()] == [stored[0][0], stored[0][0] + 1, stored[0][0] + 2]
    assert "updates" in await loop.storage.run(lambda store: store.progress.all())


async def test_only_the_kinds_that_are_handled_are_asked_for(loop):
    """Named, since an empty list would leave out kinds, and Telegram remembers an earlier list."""
    loop.box.telegram.say(loop.box.ann, loop.box.chat, "x")
    await loop.step()
    assert loop.box.telegram.updates.allowed == sorted(ALLOWED)


async def test_an_update_that_cannot_be_understood_is_stored_like_any_other(loop):
    """What it means is for later; here it must not stop those behind it."""
    loop.box.telegram.put_raw_update({"message": {"nothing": "that makes sense"}})
    loop.box.telegram.say(loop.box.ann, loop.box.chat, "after it")
    await loop.step()
    assert len(await loop.inbox()) == 2


async def test_an_update_without_a_usable_id_is_skipped_and_logged(loop, caplog):
    """Those beside it are kept."""
    odd = [{"message": {}}, "text", None, {"update_id": "5"}, {"update_id": MAX_ID + 1}, {"update_id": -1}]
    body = json.dumps({"ok": True, "result": [*odd, {"update_id": 7, "x": "\ud83d"}, {"update_id": MAX_ID}]}).encode()
    await answering(loop, body).step()
    assert await loop.inbox() == [(7, "new"), (MAX_ID, "new")]
    assert caplog.text.count("without an id") == len(odd)


async def test_the_question_stands_in_the_body(loop):
    """As a form, like every other call: a server that reads bodies only is told offset and time to wait, too."""
    await answering(loop, b'{"ok": true, "result": [{"update_id": 900}]}').step()
    assert loop.asked == {"offset": "0", "timeout": str(LONG_POLL), "allowed_updates": json.dumps(ALLOWED)}


@pytest.mark.parametrize("result", [[], [{"message": {}}], [{"update_id": 5}]], ids=["empty", "no id", "known"])
async def test_an_answer_at_once_without_news_is_no_reason_to_ask_at_once_again(loop, caplog, result):
    """A server that does not wait, or repeats what is known: longer pauses, up to a few seconds, and one line."""
    await loop.storage.run(lambda store: store.inbox.add(5, {}))
    loop.answers_after, loop.sleeps = 0.9, 5
    with pytest.raises(EndOfTestError):
        await answering(loop, json.dumps({"ok": True, "result": result}).encode()).run()
    assert loop.slept == [1, 2, 4, IDLE_MOST, IDLE_MOST]
    assert loop.arrivals == 0
    assert caplog.text.count("does not wait") == 1


async def test_a_long_poll_that_brings_nothing_is_asked_again_at_once(loop):
    """It has waited long enough; so has one that brings news at once. Only the broken answer behind them costs time."""
    loop.answers_after = 1.0
    nothing = b'{"ok": true, "result": []}'
    with pytest.raises(EndOfTestError):
        await answering(loop, nothing, nothing, b"[]").run()
    assert loop.slept == [1]
    loop.answers_after, loop.slept = 0.0, []
    news = b'{"ok": true, "result": [{"update_id": %d}]}'
    with pytest.raises(EndOfTestError):
        await answering(loop, news % 7, news % 8, b"[]").run()
    assert loop.slept == [1]


async def test_after_six_quiet_days_the_question_is_open(loop):
    """Telegram may go on from a lower number after a week."""
    updates = answering(loop, b'{"ok": true, "result": [{"update_id": 900}]}', b'{"ok": true, "result": []}')
    await updates.step()
    await updates.step()
    assert loop.asked["offset"] == "901"
    loop.box.clock.advance(6 * DAY + 1)
    await updates.step()
    assert loop.asked["offset"] == "0"


@pytest.mark.parametrize(
    ("fault", "pauses"),
    [
        (lambda faults: faults.too_many(7, method="getUpdates", times=2), [7.5, 7.5]),
        (
            lambda faults: faults.refuse(ApiError(409, "Conflict: other"), method="getUpdates", times=2),
            [CONFLICT_PAUSE] * 2,
        ),
        (lambda faults: faults.bad_gateway(method="getUpdates", times=None), [1, 2, 4, 8, 16, 32, 60, 60]),
        (lambda faults: faults.drop(method="getUpdates", times=None), [1, 2, 4, 8, 16, 32, 60, 60]),
        (lambda faults: faults.refuse(ApiError(500, "Oops"), method="getUpdates", times=3), [1, 2, 4]),
        (lambda faults: faults.bad_request("odd", method="getUpdates", times=2), [1, 2]),
        (lambda faults: faults.refuse(ApiError(404, "Not Found"), method="getUpdates", times=3), [1, 2, 4]),
        (lambda faults: faults.refuse(ApiError(401, "Unauthorized"), method="getUpdates", times=2), [1, 2]),
    ],
    ids=["429", "409", "502", "dropped", "500", "400", "404", "401"],
)
async def test_every_trouble_passes_after_a_pause(loop, fault, pauses):
    """As long as Telegram asked, longer each time for the others, at most a minute; then the updates come."""
    fault(loop.box.server.faults)
    loop.box.telegram.say(loop.box.ann, loop.box.chat, "/start")
    assert await loop.run(len(pauses)) == pauses
    assert max(pauses) <= BACKOFF_MOST
    loop.box.server.faults.clear()
    await loop.step()
    assert len(await loop.inbox()) == 1


async def test_a_good_answer_ends_the_growing_pauses(loop):
    """The next trouble begins with a short pause again."""
    loop.box.server.faults.bad_gateway(method="getUpdates", times=3)
    assert await loop.run(3) == [1, 2, 4]
    loop.box.telegram.say(loop.box.ann, loop.box.chat, "x")
    await loop.step()
    fails_once_more = answering(loop, b'{"ok": true, "result": [{"update_id": 900000000}]}', b"[]")
    loop.slept, loop.sleeps = [], 2
    with pytest.raises(EndOfTestError):
        await fails_once_more.run()
    assert loop.slept == [1, 2]


async def test_a_server_that_is_not_there_is_asked_again(loop):
    """The connection is refused."""
    await loop.box.server.stop()
    assert await loop.run(2) == [1, 2]


@pytest.mark.parametrize("body", [b'{"ok": false}', b"[]", b"<html>", b"", b'{"ok": true, "result": {}}', b"null"])
async def test_an_answer_that_makes_no_sense_is_a_trouble_like_any_other(loop, body):
    """A proxy's page, JSON of another shape: a pause, and no end of the program."""
    loop.sleeps = 1
    with pytest.raises(EndOfTestError):
        await answering(loop, body).run()
    assert loop.slept == [1]


async def test_a_wrong_token_ends_the_loop(loop):
    """getMe says so too: nothing will ever come; the program says so and stops."""
    loop.box.telegram.token = "1:other"
    with pytest.raises(InvalidToken):
        await loop.run()
    assert loop.slept == []


async def test_a_refusal_that_getme_cannot_confirm_is_a_trouble_like_any_other(loop):
    """A gateway that says 404 to one call and nothing to the next has not judged the token."""
    loop.box.server.faults.refuse(ApiError(404, "Not Found"), method="getUpdates", times=2)
    loop.box.server.faults.bad_gateway(method="getMe", times=2)
    assert await loop.run(2) == [1, 2]


@pytest.mark.parametrize("status", [401, 404])
async def test_the_page_of_a_proxy_has_not_judged_the_token(loop, status):
    """Somebody's network asks to sign in, or has nothing there: the program waits until that is over."""
    loop.sleeps = 3
    with pytest.raises(EndOfTestError):
        await answering(loop, b"<html>sign in first</html>", status=status).run()
    assert loop.slept == [1, 2, 4]


async def test_a_webhook_that_keeps_updates_away_is_removed(loop):
    """At the start that may have failed, and somebody may set one later."""
    loop.box.telegram.bot.webhook = "https://old.example"
    loop.box.server.faults.bad_gateway(method="deleteWebhook", times=1)
    assert await loop.run(2) == [1, 2]
    assert loop.box.telegram.bot.webhook == ""
    loop.box.telegram.say(loop.box.ann, loop.box.chat, "/start")
    assert await loop.step() == 1
