"""One send through the real client against the sandbox: what the server does, and what we call it."""

from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.outcomes import (
    BadMessage,
    ChatGone,
    ChatMoved,
    ChatPaused,
    Fatal,
    NotSent,
    Rejected,
    RetryAt,
    Sent,
    TopicClosed,
    TopicGone,
    Uncertain,
    Unreachable,
)
from bot.sandbox.faults import Faults
from bot.sandbox.refusals import ApiError
from bot.store.outbox import Delivery
from bot.telegram import ASK_TIMEOUT, SEND_TIMEOUT, ask, send
from tests.botapi import Sandbox, client, running

SOME = Delivery(id=1, chat_id=7, telegram_id=7, text="x", buttons=(), edits=None, attempts=1, plain=False)


@pytest.fixture
async def box():
    async with running() as sandbox:
        yield sandbox


def message(box: Sandbox, text: str = "<b>x</b>", **others: object) -> Delivery:
    return replace(SOME, **{"telegram_id": box.chat.id, "text": text} | others)


FAULTS: list[tuple[str, Callable[[Faults], object], type, bool]] = [
    ("429", lambda faults: faults.too_many(30), RetryAt, False),
    ("429 bare", lambda faults: faults.refuse(ApiError(429, "Too Many Requests")), NotSent, False),
    ("migrated", lambda faults: faults.migrate(-1009), ChatMoved, False),
    ("blocked", lambda faults: faults.forbidden(), ChatGone, False),
    ("deactivated", lambda faults: faults.forbidden("user is deactivated"), ChatGone, False),
    ("401", lambda faults: faults.refuse(ApiError(401, "Unauthorized")), Fatal, False),
    ("404", lambda faults: faults.refuse(ApiError(404, "Not Found")), NotSent, False),
    ("409", lambda faults: faults.refuse(ApiError(409, "Conflict: terminated by other")), NotSent, False),
    ("PEER_ID_INVALID", lambda faults: faults.bad_request("PEER_ID_INVALID"), ChatGone, False),
    ("CHANNEL_PRIVATE", lambda faults: faults.bad_request("CHANNEL_PRIVATE"), ChatGone, False),
    ("CHAT_WRITE_FORBIDDEN", lambda faults: faults.bad_request("CHAT_WRITE_FORBIDDEN"), ChatPaused, False),
    ("TOPIC_CLOSED", lambda faults: faults.bad_request("TOPIC_CLOSED"), TopicClosed, False),
    ("thread", lambda faults: faults.bad_request("message thread not found"), TopicGone, False),
    ("BUTTON_DATA_INVALID", lambda faults: faults.bad_request("BUTTON_DATA_INVALID"), BadMessage, False),
    ("other 400", lambda faults: faults.bad_request("nobody has seen this"), Rejected, False),
    ("500", lambda faults: faults.refuse(ApiError(500, "Internal Server Error")), Uncertain, False),
    ("502 page", lambda faults: faults.bad_gateway(), Uncertain, False),
    ("dropped", lambda faults: faults.drop(), Uncertain, False),
    ("lost answer", lambda faults: faults.deliver_then_drop(), Uncertain, True),
]


@pytest.mark.parametrize(("fault", "outcome", "delivered"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
async def test_what_goes_wrong_has_a_name(box, fault, outcome, delivered):
    """Every fault that the server can produce; only a lost answer may hide a delivery."""
    fault(box.server.faults)
    assert type(await send(box.bot, message(box))) is outcome
    assert bool(box.telegram.messages(box.chat.id)) is delivered


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("<p>x</p>", BadMessage),
        ("x" * 4097, BadMessage),
        ("<b> </b>", BadMessage),
        ("<b>x</b> " * 101, BadMessage),
        ("x", Sent),
    ],
    ids=["tag", "long", "empty", "entities", "fine"],
)
async def test_a_text_is_judged_by_telegram(box, text, outcome):
    """What the strict checker refuses is a message of ours to mend."""
    assert type(await send(box.bot, message(box, text))) is outcome


async def test_buttons_that_are_refused_are_a_bad_message(box):
    """65 bytes of data are one too many."""
    buttons = ((("Undo", "x" * 65),),)
    assert isinstance(await send(box.bot, message(box, buttons=buttons)), BadMessage)


async def test_a_message_goes_out_as_html_with_buttons_or_plain_without(box):
    """Formatted as rendered; the second try has neither marks nor buttons."""
    delivery = message(box, "<b>Fire</b> &amp; smoke", buttons=((("Undo", "undo:1"),),))
    first = await send(box.bot, delivery)
    second = await send(box.bot, replace(delivery, plain=True))
    formatted, plain = box.telegram.messages(box.chat.id)
    assert (first, second) == (Sent(formatted.message_id), Sent(plain.message_id))
    assert formatted.text == plain.text == "Fire & smoke"
    assert formatted.button("Undo").data == "undo:1"
    assert (plain.entities, plain.buttons) == ((), [])
    assert formatted.preview == {"is_disabled": True}


async def test_an_edit_changes_the_message_that_it_names(box):
    """Text and buttons are replaced; what needs no change counts as done."""
    sent = await send(box.bot, message(box, "one", buttons=((("Undo", "undo:1"),),)))
    edit = message(box, "two", edits=sent.message_id)
    assert await send(box.bot, edit) == sent
    assert await send(box.bot, edit) == Sent(None)
    assert await send(box.bot, replace(edit, edits=999)) == Sent(None)
    (seen,) = box.telegram.messages(box.chat.id)
    assert (seen.text, seen.buttons) == ("two", [])


async def test_a_chat_that_is_not_there_is_gone(box):
    """Unknown to Telegram, or the account behind it deleted."""
    assert isinstance(await send(box.bot, message(box, telegram_id=42)), ChatGone)
    box.telegram.close_chat(box.chat)
    assert isinstance(await send(box.bot, message(box)), ChatGone)


async def test_a_missing_right_pauses(box):
    """In a channel where the bot may not post, its administrators can mend that."""
    channel = box.telegram.add_channel("News", box.ann, bot_rights=frozenset())
    assert isinstance(await send(box.bot, message(box, telegram_id=channel.id)), ChatPaused)


async def test_a_wrong_token_is_fatal(box):
    """Nothing can be sent at all, and the reason does not repeat the token."""
    async with client(box.server, "1:wrong").request as request:
        stranger = Bot("1:wrong", base_url=f"{box.server.url}/bot", request=request)
        assert await send(stranger, message(box)) == Fatal("Telegram does not know this token")


async def test_a_server_that_is_not_there_got_nothing(box):
    """The connection was refused: to be sent again, without any doubt."""
    address = box.server.url
    await box.server.stop()
    async with HTTPXRequest(httpx_kwargs={"verify": False}) as request:
        nobody = Bot(box.telegram.token, base_url=f"{address}/bot", request=request)
        assert isinstance(await send(nobody, message(box)), Unreachable)
        assert isinstance(await ask(nobody), Unreachable)


@asynccontextmanager
async def answering(token: str, status: int, body: bytes, asked: list[httpx.Request] | None = None):
    """A client whose every call gets this answer; the calls are noted."""

    def answer(request: httpx.Request) -> httpx.Response:
        if asked is not None:
            asked.append(request)
        return httpx.Response(status, content=body)

    async with HTTPXRequest(httpx_kwargs={"transport": httpx.MockTransport(answer)}) as request:
        yield Bot(token, request=request)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b'{"ok": false}'),
        (200, b"<html>sign in</html>"),
        (200, b"[]"),
        (200, b""),
        (200, b'"yes"'),
        (400, b"<html>refused</html>"),
        (403, b"<html>sign in</html>"),
        (404, b"<html>nothing here</html>"),
        (429, b"<html>slower</html>"),
        (503, b"[]"),
    ],
)
async def test_an_answer_that_cannot_be_read_is_uncertain(token, status, body):
    """A proxy's page, whatever its status, may hide a delivery; it says nothing about the chat or the token."""
    async with answering(token, status, body) as bot:
        assert isinstance(await send(bot, SOME), Uncertain)
        assert isinstance(await ask(bot), Unreachable)


@pytest.mark.parametrize(
    ("result", "message_id"), [('{"message_id": 5}', 5), ("true", None), ("{}", None), ('{"message_id": "x"}', None)]
)
async def test_whatever_telegram_calls_ok_is_sent(token, result, message_id):
    """A message of which the answer shows no more than its id, or less, has arrived all the same."""
    async with answering(token, 200, b'{"ok": true, "result": %s}' % result.encode()) as bot:
        assert await send(bot, SOME) == Sent(message_id)
        assert await send(bot, replace(SOME, edits=5)) == Sent(message_id)


async def test_a_send_waits_longer_for_its_answer_than_a_question(token):
    """Each answer that is given up on too early may become a duplicate."""
    asked: list[httpx.Request] = []
    async with answering(token, 403, b'{"ok": false, "description": "Forbidden"}', asked) as bot:
        await send(bot, SOME)
        assert await ask(bot) is None
    assert [request.url.path.rsplit("/")[-1] for request in asked] == ["sendMessage", "getMe"]
    assert [request.extensions["timeout"]["read"] for request in asked] == [SEND_TIMEOUT, ASK_TIMEOUT] == [60, 10]


@pytest.mark.parametrize(("edits", "outcome"), [(None, NotSent), (5, Rejected)])
async def test_a_method_that_telegram_does_not_know_is_not_the_token(box, edits, outcome):
    """404 is fatal only when Telegram then does not know us; else a send waits, and an edit has failed."""
    faults = box.server.faults
    for method in ("sendMessage", "editMessageText"):
        faults.refuse(ApiError(404, "Not Found"), method=method, times=None)
    assert type(await send(box.bot, message(box, edits=edits))) is outcome
    faults.bad_gateway(method="getMe", times=None)
    assert type(await send(box.bot, message(box, edits=edits))) is NotSent
    faults.clear()
    faults.refuse(ApiError(404, "Not Found"), times=None)
    assert await send(box.bot, message(box, edits=edits)) == Fatal("Telegram does not know this token")
    assert isinstance(await ask(box.bot), Fatal)


async def test_any_answer_of_telegram_is_an_answer(box):
    """Asked who we are, Telegram may refuse in any way but one: without a word, or in another's words."""
    faults = box.server.faults
    faults.too_many(30, method="getMe")
    faults.forbidden(method="getMe")
    faults.bad_request("odd", method="getMe")
    assert [await ask(box.bot) for _ in range(4)] == [None] * 4
    faults.bad_gateway(method="getMe")
    faults.drop(method="getMe")
    assert [type(await ask(box.bot)) for _ in range(2)] == [Unreachable] * 2


async def test_half_a_pair_is_replaced(box):
    """What no JSON can carry costs one character and not the message."""
    assert isinstance(await send(box.bot, message(box, "half a pair: \ud83d")), Sent)
    assert box.telegram.messages(box.chat.id)[0].text == "half a pair: ?"
