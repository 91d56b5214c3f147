"""One call of a method: its typed parameters, and the checks that many methods share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from bot.sandbox.chats import Chat
from bot.sandbox.limits import RateLimits
from bot.sandbox.refusals import bad_request, forbidden, migrated
from bot.sandbox.telegram_state import Telegram

T = TypeVar("T")
_GENERAL_TOPIC = 1  # a thread id that Telegram itself refuses in sendMessage
_KIND = {"group": "group chat", "supergroup": "supergroup chat", "channel": "channel chat"}


@dataclass(frozen=True, slots=True)
class Call:
    """A method with its parameters; `get` gives each in the type that the caller names."""

    telegram: Telegram
    method: str
    parameters: Mapping[str, object]
    limits: RateLimits | None = None

    def get(self, name: str, default: T) -> T:
        """A parameter, or the default. The table in `parameters.py` has already checked its type."""
        value = self.parameters.get(name, default)
        return value if isinstance(value, type(default)) else default

    def spend(self, chat: Chat) -> None:
        """Counts a delivery, when all checks are passed and nothing is changed yet."""
        if self.limits is not None:
            self.limits.spend(chat)

    def optional_object(self, name: str) -> dict[str, object] | None:
        """A parameter that is an object, or None."""
        value = self.parameters.get(name)
        return value if isinstance(value, dict) else None

    def chat(self) -> Chat:
        """The chat that is meant; it must exist and not have moved."""
        chat_id = self.parameters.get("chat_id")
        if not isinstance(chat_id, int | str) or chat_id == "":
            raise bad_request("chat_id is empty")
        chat = self.telegram.chat(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            raise migrated(chat.migrated_to)
        return chat

    def readable_chat(self) -> Chat:
        """A chat that the bot can look into."""
        chat = self.chat()
        if chat.type != "private" and not self.telegram.bot_member(chat).present:
            raise forbidden(_absence(self.telegram, chat))
        return chat

    def writable_chat(self, what: str = "text messages") -> Chat:
        """A chat that the bot may write to now."""
        chat = self.chat()
        bot = self.telegram.bot_member(chat)
        if chat.forbidden:
            raise forbidden(chat.forbidden)
        if not bot.present:
            raise forbidden(_absence(self.telegram, chat))
        if chat.type == "channel" and not bot.may("can_post_messages"):
            raise bad_request("need administrator rights in the channel chat")
        if chat.type in ("group", "supergroup") and not bot.admin and (chat.muted or not bot.may("can_send_messages")):
            raise bad_request(f"not enough rights to send {what} to the chat")
        return chat

    def thread(self, chat: Chat) -> int | None:
        """The topic that is meant: it must exist and be open. General has none: its id 1 is refused."""
        value = self.parameters.get("message_thread_id")
        if not isinstance(value, int) or value == 0:
            return None
        topic = chat.topics.get(value) if value != _GENERAL_TOPIC else None
        if topic is None:
            raise bad_request("message thread not found")
        if topic.closed and not self.telegram.bot_member(chat).may("can_manage_topics"):
            raise bad_request("TOPIC_CLOSED")
        return topic.id


def _absence(telegram: Telegram, chat: Chat) -> str:
    if chat.type == "private":
        return "bot was blocked by the user"
    kicked = telegram.bot_member(chat).status == "kicked"
    return f"bot was kicked from the {_KIND[chat.type]}" if kicked else f"bot is not a member of the {_KIND[chat.type]}"
