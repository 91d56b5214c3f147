"""The edge that knows Telegram: sends one message and says in our words what came of it.

Errors are told apart here and nowhere else, in the order of `classify`. The order matters:
python-telegram-bot's `BadRequest` and `TimedOut` are both subclasses of `NetworkError`.
"""

from dataclasses import dataclass

import httpx
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.plain import to_plain
from bot.store.outbox import Delivery


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram has it. `message_id` is None where Telegram says that nothing had to be done."""

    message_id: int | None


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Telegram asked to leave the chat alone for `seconds`; the try does not count."""

    seconds: float


@dataclass(frozen=True, slots=True)
class NotSent:
    """The request never reached Telegram: try again, later each time."""

    reason: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The request went out and the answer was lost: it may have been delivered."""

    reason: str


@dataclass(frozen=True, slots=True)
class ChatGone:
    """The chat cannot be written to any more, until it comes back by itself."""

    reason: str


@dataclass(frozen=True, slots=True)
class ChatPaused:
    """The bot lacks a right in the chat, which its admins may mend."""

    reason: str


@dataclass(frozen=True, slots=True)
class ChatMoved:
    """The group became a supergroup with this id."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class BadMessage:
    """Telegram refuses the formatting or the buttons: send it once more as plain text."""

    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """Telegram refuses it for a reason that repeating does not mend."""

    reason: str


@dataclass(frozen=True, slots=True)
class Fatal:
    """The token is not valid: nothing can be sent at all."""

    reason: str


Outcome = Sent | RetryAt | NotSent | Uncertain | ChatGone | ChatPaused | ChatMoved | BadMessage | Rejected | Fatal

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
    "chat_restricted",
    "topic_closed",
    "message thread not found",
)
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
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def classify(error: TelegramError) -> Outcome:
    """What an error of python-telegram-bot means for the message and its chat."""
    text = str(error).lower()
    match error:
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
        case _ if "invalid server response" in text:  # 200 with a proxy's page: what Telegram answered is lost
            return Uncertain(str(error))
        case _:
            return Rejected(str(error))


def _bad_request(message: str, text: str) -> Outcome:
    if _any(_DONE, text):
        return Sent(None)
    if _any(_GONE, text):
        return ChatGone(message)
    if _any(_RIGHTS, text):
        return ChatPaused(message)
    if _any(_BAD_MESSAGE, text):
        return BadMessage(message)
    return Rejected(message)


def _network(error: NetworkError, text: str) -> Outcome:
    cause = error.__cause__
    reason = f"{type(cause).__name__ if cause else type(error).__name__}: {error}"
    # A 429 that does not say for how long is no more than a network error to python-telegram-bot.
    if isinstance(cause, _NOT_SENT) or "too many requests" in text:
        return NotSent(reason)
    return Uncertain(reason)


def _any(parts: tuple[str, ...], text: str) -> bool:
    return any(part in text for part in parts)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait if isinstance(wait, int | float) else wait.total_seconds()


async def send(bot: Bot, delivery: Delivery) -> Outcome:
    """Send or edit one message. Never raises for what Telegram or the network does."""
    try:
        return Sent(await _call(bot, delivery))
    except TelegramError as error:
        return classify(error)
    except (KeyError, TypeError, AttributeError):
        # python-telegram-bot looks for the result in `200 {"ok": false}`, and in JSON that is no object
        return Uncertain("Telegram's answer could not be read")


async def _call(bot: Bot, delivery: Delivery) -> int | None:
    text = to_plain(delivery.text) if delivery.plain else delivery.text
    text = text.encode(errors="replace").decode()  # half a surrogate pair: no JSON carries it
    mode = None if delivery.plain else ParseMode.HTML
    markup = None if delivery.plain else _markup(delivery)
    preview = LinkPreviewOptions(is_disabled=True)
    if delivery.edits is not None:
        changed = await bot.edit_message_text(
            text,
            chat_id=delivery.chat_id,
            message_id=delivery.edits,
            parse_mode=mode,
            reply_markup=markup,
            link_preview_options=preview,
        )
        return changed.message_id if isinstance(changed, Message) else None
    message = await bot.send_message(
        delivery.chat_id,
        text,
        parse_mode=mode,
        reply_markup=markup,
        reply_parameters=_reply(delivery),
        link_preview_options=preview,
    )
    return message.message_id


def _reply(delivery: Delivery) -> ReplyParameters | None:
    """Whoever has deleted the first message gets this one all the same."""
    if delivery.reply_to is None:
        return None
    return ReplyParameters(delivery.reply_to, allow_sending_without_reply=True)


def _markup(delivery: Delivery) -> InlineKeyboardMarkup | None:
    if not delivery.buttons:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in delivery.buttons]
    )
