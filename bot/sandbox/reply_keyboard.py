"""The keyboard below the field: a tap on a button says its text, or lets the person choose a chat for the bot.

https://core.telegram.org/bots/api#replykeyboardmarkup
"""

from dataclasses import dataclass

from bot.sandbox.chats import Chat, User
from bot.sandbox.refusals import ApiError, bad_request

_OPTIONS = {"is_persistent", "resize_keyboard", "one_time_keyboard", "input_field_placeholder", "selective"}
_REMOVAL = {"remove_keyboard", "selective"}
_REPLY = {"force_reply", "input_field_placeholder", "selective"}
_BUTTON = {"text", "request_chat"}
_REQUEST = {"request_id", "chat_is_channel", "chat_is_created", "bot_is_member"}


@dataclass(frozen=True, slots=True)
class Request:
    """Which chats a button lets choose: channels or groups, one's own alone, those with the bot in them alone."""

    id: int
    is_channel: bool
    is_created: bool = False
    bot_is_member: bool = False

    def fits(self, chat: Chat, user: User, bot: User) -> bool:
        """Whether the person may choose this chat."""
        own, robot = chat.members.get(user.id), chat.members.get(bot.id)
        if chat.type == "private" or chat.migrated_to or own is None or not own.present:
            return False
        if (chat.type == "channel") != self.is_channel or (self.is_created and own.status != "creator"):
            return False
        return not self.bot_is_member or (robot is not None and robot.present)


@dataclass(frozen=True, slots=True)
class ReplyButton:
    """Without a request, a tap says the text."""

    text: str
    request: Request | None = None


@dataclass(frozen=True, slots=True)
class ReplyKeyboard:
    """Without rows it takes away the one before. `is_one_time`: it goes when it has been used."""

    rows: tuple[tuple[ReplyButton, ...], ...] = ()
    is_one_time: bool = False

    def request(self, request_id: int) -> Request | None:
        """The request of that id."""
        asked = (button.request for row in self.rows for button in row)
        return next((it for it in asked if it is not None and it.id == request_id), None)


def reply_keyboard(markup: dict[str, object] | None, chat: Chat) -> ReplyKeyboard | None:
    """The keyboard of a `reply_markup`, None where it has none or leaves the one before. Raises ApiError."""
    if markup is None or "inline_keyboard" in markup:
        return None
    if "keyboard" in markup:
        _check(markup, _OPTIONS | {"keyboard"}, "reply markup")
        rows = markup["keyboard"]
        if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
            raise bad_request("can't parse reply keyboard markup JSON object: rows must be Arrays")
        read = tuple(tuple(_button(button, chat) for button in row) for row in rows if row)
        return ReplyKeyboard(read, markup.get("one_time_keyboard") is True)
    if "remove_keyboard" in markup:
        _check(markup, _REMOVAL, "reply markup")
        return ReplyKeyboard()
    if "force_reply" in markup:
        _check(markup, _REPLY, "reply markup")
        return None
    raise bad_request("object expected as reply markup")


def _button(value: object, chat: Chat) -> ReplyButton:
    if isinstance(value, str):
        value = {"text": value}
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        raise _unreadable('Can\'t find field "text"')
    if not value["text"].strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    _check(value, _BUTTON, "keyboard button")
    return ReplyButton(value["text"], _request(value["request_chat"], chat) if "request_chat" in value else None)


def _request(value: object, chat: Chat) -> Request:
    if not isinstance(value, dict) or type(value.get("request_id")) is not int:
        raise _unreadable('Can\'t find field "request_id"')
    _check(value, _REQUEST, "request_chat")
    if chat.type != "private":
        raise bad_request("Chats can be requested in private chats only")
    return Request(
        value["request_id"],
        value.get("chat_is_channel") is True,
        value.get("chat_is_created") is True,
        value.get("bot_is_member") is True,
    )


def _check(value: dict[str, object], known: set[str], what: str) -> None:
    """What is not modelled is refused rather than shown otherwise than Telegram shows it."""
    if unknown := set(value) - known:
        raise bad_request(f"{what} has an unknown field {min(unknown)!r}")


def _unreadable(reason: str) -> ApiError:
    return bad_request(f"can't parse keyboard button: {reason}")
