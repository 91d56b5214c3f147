"""The table "what each error means": one row each, and the order in which the rows are tried."""

from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

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
from bot.telegram import classify


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


PAGE = TelegramError("Invalid server response")  # python-telegram-bot's cause where the body was no JSON
ROWS = [
    (ChatMigrated(-1001), ChatMoved),
    (Forbidden("Forbidden: bot was blocked by the user"), ChatGone),
    (Forbidden("Forbidden: user is deactivated"), ChatGone),
    (Forbidden("Forbidden: bot was kicked from the supergroup chat"), ChatGone),
    (Forbidden("Forbidden: bot is not a member of the channel chat"), ChatGone),
    (Forbidden("Forbidden: the group chat was deleted"), ChatGone),
    (Forbidden("Forbidden: not enough rights to send text messages to the chat"), ChatPaused),
    (InvalidToken("Unauthorized"), Fatal),
    (Conflict("terminated by other getUpdates request"), NotSent),
    (BadRequest("Message is not modified: specified new message content"), Sent),
    (BadRequest("Message to edit not found"), Sent),
    (BadRequest("Message can't be edited"), Sent),
    (BadRequest("Query is too old and response timeout expired"), Sent),
    (BadRequest("Message thread not found"), TopicGone),
    (BadRequest("Topic_closed"), TopicClosed),
    (BadRequest("Topic closed"), TopicClosed),
    (BadRequest("Topic_deleted"), TopicGone),
    (BadRequest("Have no rights to send a message"), ChatPaused),
    (BadRequest("Chat not found"), ChatGone),
    (BadRequest("Peer_id_invalid"), ChatGone),
    (BadRequest("Channel_private"), ChatGone),
    (BadRequest("Group is deactivated"), ChatGone),
    (BadRequest("Not enough rights to send text messages to the chat"), ChatPaused),
    (BadRequest("Chat_write_forbidden"), ChatPaused),
    (BadRequest("Need administrator rights in the channel chat"), ChatPaused),
    (BadRequest("Can't parse entities: unsupported start tag"), BadMessage),
    (BadRequest("Entities_too_long"), BadMessage),
    (BadRequest("Message is too long"), BadMessage),
    (BadRequest("Message_too_long"), BadMessage),
    (BadRequest("Message text is empty"), BadMessage),
    (BadRequest("Text must be non-empty"), BadMessage),
    (BadRequest("Button_data_invalid"), BadMessage),
    (BadRequest("Wrong HTTP URL specified"), BadMessage),
    (BadRequest("Something nobody has seen"), Rejected),
    (caused(NetworkError("httpx.ConnectError"), httpx.ConnectError("refused")), Unreachable),
    (caused(TimedOut(), httpx.ConnectTimeout("slow")), Unreachable),
    (caused(TimedOut("Pool timeout"), httpx.PoolTimeout("full")), Unreachable),
    (caused(NetworkError("httpx.ProxyError"), httpx.ProxyError("no tunnel")), Unreachable),
    (NetworkError("Too Many Requests: retry later"), NotSent),
    (caused(TimedOut(), httpx.ReadTimeout("slow")), Uncertain),
    (caused(TimedOut(), httpx.WriteTimeout("slow")), Uncertain),
    (caused(NetworkError("httpx.RemoteProtocolError"), httpx.RemoteProtocolError("gone")), Uncertain),
    (NetworkError("Internal Server Error (500)"), Uncertain),
    (NetworkError("Bad Gateway"), Uncertain),
    (TelegramError("Invalid server response"), Uncertain),
    (caused(Forbidden("Forbidden (403)"), PAGE), Uncertain),
    (caused(InvalidToken("Not Found (404)"), PAGE), Uncertain),
    (caused(BadRequest("Bad Request (400)"), PAGE), Uncertain),
    (caused(NetworkError("Too Many Requests (429)"), PAGE), Uncertain),
    (TelegramError("anything else"), Rejected),
]


@pytest.mark.parametrize(("error", "outcome"), ROWS, ids=lambda value: str(value)[:60])
def test_each_error_has_one_meaning(error, outcome):
    """One row of the table each, in whatever case the library writes it."""
    assert type(classify(error)) is outcome


def test_what_the_outcome_needs_is_taken_from_the_error():
    """The seconds, the new id, the reason in Telegram's words."""
    assert classify(RetryAfter(timedelta(seconds=90))) == RetryAt(90.0)
    assert classify(ChatMigrated(-1001234)) == ChatMoved(-1001234)
    assert classify(Forbidden("Forbidden: bot was blocked by the user")) == ChatGone(
        "Forbidden: bot was blocked by the user"
    )
    assert classify(BadRequest("Message is not modified")) == Sent(None)
    told = classify(caused(NetworkError("httpx.ReadError: "), httpx.ReadError("")))
    assert told == Uncertain("ReadError: httpx.ReadError: ")
    assert classify(NetworkError("Bad Gateway")) == Uncertain("NetworkError: Bad Gateway")


def test_no_outcome_repeats_the_token(token):
    """The library's text about a wrong token contains it; ours does not."""
    assert token not in str(classify(InvalidToken(f"The token `{token}` was rejected by the server.")))
