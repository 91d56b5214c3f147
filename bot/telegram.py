"""The edge that knows Telegram: sends one message and says in our words what came of it.

Errors are told apart here and nowhere else, in the order of `classify`. The order matters:
python-telegram-bot's `BadRequest` and `TimedOut` are both subclasses of `NetworkError`.
"""

from typing import Any

import httpx
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    KeyboardButton,
    KeyboardButtonRequestChat,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.botapi import is_page
from bot.outcomes import (
    BadMessage,
    ChatGone,
    ChatMoved,
    ChatPaused,
    Fatal,
    NotSent,
    Outcome,
    Rejected,
    RetryAt,
    Sent,
    TopicClosed,
    TopicGone,
    Uncertain,
    Unreachable,
)
from bot.plain import to_plain
from bot.store.outbox import Delivery
from watchlists.channels import CHOOSE_CHANNEL, CHOSEN_CHANNEL

SEND_TIMEOUT = 60.0  # seconds for an answer: each one that is given up on too early may become a duplicate
ASK_TIMEOUT = 10.0

# Lower-case parts of Telegram's texts. python-telegram-bot strips "Bad Request: " and changes the case.
_DONE = (
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    "query is too old",
)
_GONE = (
    "chat not found",
    "peer_id_invalid",
    "channel_private",
    "group is deactivated",
    "user is deactivated",
)
_RIGHTS = (
    "not enough rights",
    "chat_write_forbidden",
    "administrator rights",
    "need administrator",
    "no rights to send",
    "chat_restricted",
)
_TOPIC_CLOSED = ("topic_closed", "topic closed")
_TOPIC_GONE = ("topic_deleted", "topic deleted", "message thread not found")
_BAD_MESSAGE = (
    "can't parse entities",
    "too long",
    "too_long",  # MESSAGE_TOO_LONG, ENTITIES_TOO_LONG
    "text is empty",
    "text must be non-empty",
    "button_",
    "wrong http url",
    "reply markup",
    "inline keyboard",
)
_NO_CONNECTION = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
# `do_api_request` gives Telegram's result as it is; `send_message` would make a `Message` of it and fail where a
# field is missing. It warns of names that `Bot` has as methods, hence the spelling, which it turns into camel case.
_SEND, _SEND_FILE = "send_Message", "send_Document"
_EDIT, _EDIT_BUTTONS = "edit_Message_Text", "edit_Message_Reply_Markup"
# Raised for `200 {"ok": false}`, in which python-telegram-bot looks for the result, and for JSON that is no object.
_NO_ANSWER = (KeyError, TypeError, AttributeError)


def classify(error: TelegramError) -> Outcome:
    """What an error of python-telegram-bot means for the message and its chat."""
    text = str(error).lower()
    match error:
        case _ if is_page(error):
            return Uncertain(f"the answer is a page, and not Telegram's: {str(error)[:200]}")
        case RetryAfter():
            return RetryAt(float(_seconds(error)))
        case ChatMigrated():
            return ChatMoved(error.new_chat_id)
        case Forbidden():
            return ChatPaused(str(error)) if _any(_RIGHTS, text) else ChatGone(str(error))
        case InvalidToken():
            return Fatal("Telegram does not know this token")
        case Conflict():
            return NotSent(str(error))
        case BadRequest():
            return _bad_request(str(error), text)
        case NetworkError():
            return _network(error, text)
        case _:
            return Rejected(str(error))


def _bad_request(message: str, text: str) -> Outcome:
    if _any(_DONE, text):
        return Sent(None)
    if _any(_GONE, text):
        return ChatGone(message)
    if _any(_RIGHTS, text):
        return ChatPaused(message)
    if _any(_TOPIC_CLOSED, text):
        return TopicClosed(message)
    if _any(_TOPIC_GONE, text):
        return TopicGone(message)
    if _any(_BAD_MESSAGE, text):
        return BadMessage(message)
    return Rejected(message)


def _network(error: NetworkError, text: str) -> Outcome:
    cause = error.__cause__
    reason = f"{type(cause).__name__ if cause else type(error).__name__}: {error}"
    if isinstance(cause, _NO_CONNECTION):
        return Unreachable(reason)
    # A 429 that does not say for how long is no more than a network error to python-telegram-bot.
    return NotSent(reason) if "too many requests" in text else Uncertain(reason)


def _any(parts: tuple[str, ...], text: str) -> bool:
    return any(part in text for part in parts)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait if isinstance(wait, int | float) else wait.total_seconds()


async def send(bot: Bot, delivery: Delivery) -> Outcome:
    """Send or edit one message. Never raises for what Telegram or the network does."""
    endpoint, parameters = _request(delivery)
    try:
        result = await bot.do_api_request(endpoint, parameters, read_timeout=SEND_TIMEOUT)
    except (EndPointNotFound, InvalidToken) as error:
        return await _refused(bot, delivery, error)
    except TelegramError as error:
        return classify(error)
    except _NO_ANSWER:
        return Uncertain("Telegram's answer could not be read")
    message_id = result.get("message_id") if isinstance(result, dict) else None
    return Sent(message_id if isinstance(message_id, int) else None)


async def _refused(bot: Bot, delivery: Delivery, error: TelegramError) -> Outcome:
    """401 is about the token; 404, which looks alike here, may be about this one method, so Telegram is asked."""
    told = error.__cause__ if isinstance(error.__cause__, TelegramError) else error
    outcome = classify(told)
    if not isinstance(outcome, Fatal) or "unauthorized" in str(told).lower():
        return outcome
    answer = await ask(bot)
    if isinstance(answer, Fatal):
        return answer
    if answer is None and delivery.edits is not None:
        return Rejected("Telegram says that it cannot edit messages")
    return NotSent("Telegram says that it cannot send messages")


async def ask(bot: Bot) -> Unreachable | Fatal | None:
    """Ask Telegram who we are, which changes nothing. None when it answers, whatever the answer is."""
    try:
        await bot.get_me(read_timeout=ASK_TIMEOUT)
    except TelegramError as error:
        match classify(error):
            case Fatal() as refusal:
                return refusal
            case Unreachable(reason) | Uncertain(reason):
                return Unreachable(reason)
    except _NO_ANSWER:
        return Unreachable("Telegram's answer could not be read")
    return None


def _request(delivery: Delivery) -> tuple[str, dict[str, Any]]:
    text = to_plain(delivery.text) if delivery.plain else delivery.text
    if delivery.edits is not None and not delivery.text:
        return _EDIT_BUTTONS, {
            "chat_id": delivery.telegram_id,
            "message_id": delivery.edits,
            "reply_markup": None if delivery.plain else _markup(delivery),
        }
    text = text.encode(errors="replace").decode()  # half a surrogate pair: no JSON carries it
    parameters: dict[str, Any] = {"chat_id": delivery.telegram_id}
    if not delivery.plain:
        parameters |= {"parse_mode": ParseMode.HTML, "reply_markup": _markup(delivery)}
    if delivery.edits is None and delivery.thread_id:
        parameters["message_thread_id"] = delivery.thread_id
    if delivery.file_name:
        file = InputFile(delivery.file.encode(errors="replace"), delivery.file_name)
        return _SEND_FILE, parameters | {"document": file, "caption": text}
    parameters |= {"text": text, "link_preview_options": LinkPreviewOptions(is_disabled=True)}
    if delivery.edits is None:
        return _SEND, parameters | {
            "reply_parameters": _reply(delivery),
            "disable_notification": delivery.silent or None,
        }
    return _EDIT, parameters | {"message_id": delivery.edits}


def _reply(delivery: Delivery) -> ReplyParameters | None:
    """Whoever has deleted the first message gets this one all the same."""
    if delivery.reply_to is None:
        return None
    return ReplyParameters(delivery.reply_to, allow_sending_without_reply=True)


def _markup(delivery: Delivery) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None:
    if not delivery.buttons:
        return None
    ((label, data), *_others) = delivery.buttons[0]
    if data == CHOOSE_CHANNEL:
        return ReplyKeyboardMarkup([[_choose_channel(label)]], resize_keyboard=True, one_time_keyboard=True)
    if data == CHOSEN_CHANNEL:
        return ReplyKeyboardRemove()
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in delivery.buttons]
    )


def _choose_channel(label: str) -> KeyboardButton:
    """Opens Telegram's list of the channels that both the person and the bot are in."""
    return KeyboardButton(label, request_chat=KeyboardButtonRequestChat(1, chat_is_channel=True, bot_is_member=True))
