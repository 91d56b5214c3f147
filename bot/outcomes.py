"""What can come of one send, in our words: nothing behind `bot/telegram.py` sees an error of the client library."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram has it. `message_id` is None where Telegram says that nothing had to be done."""

    message_id: int | None


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Telegram asked to leave the chat alone for `seconds`; the try does not count."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Unreachable:
    """No connection was made, so nothing was sent: no other message would get through now either."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """Telegram answered and did not take it, for a reason that passes: try again, later each time."""

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
class TopicClosed:
    """Only administrators may write in the forum topic, until it is opened again."""

    reason: str


@dataclass(frozen=True, slots=True)
class TopicGone:
    """There is no such forum topic any more."""

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


Outcome = (
    Sent
    | RetryAt
    | Unreachable
    | NotSent
    | Uncertain
    | ChatGone
    | ChatPaused
    | TopicClosed
    | TopicGone
    | ChatMoved
    | BadMessage
    | Rejected
    | Fatal
)
