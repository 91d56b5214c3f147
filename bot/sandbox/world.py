"""Everything that Telegram knows about the bot's corner of it: users, chats, messages, updates, presses."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.clock import Clock
from bot.sandbox.chats import ANONYMOUS_ADMIN_ID, Chat, Member, User
from bot.sandbox.events import Event, Listener
from bot.sandbox.files import File, FileKind, Upload, new_file
from bot.sandbox.messages import Message
from bot.sandbox.updates import UpdateQueue

CALLBACK_LIFETIME = 60.0  # seconds; Telegram does not say, and it is well under two minutes


@dataclass(frozen=True, slots=True)
class Press:
    """A button press that waits for its answer."""

    id: str
    user: User
    message: Message
    data: str
    pressed: float


@dataclass(slots=True)
class BotProfile:
    """What the bot's owner and the bot itself have set."""

    user: User
    reads_all_group_messages: bool = False
    commands: dict[tuple[str, str], list[dict[str, object]]] = field(default_factory=dict)
    webhook: str = ""
    webhook_secret: str = ""
    webhook_error: tuple[int, str] | None = None  # when, and what


class World:
    """State and look-ups; it never refuses anything."""

    def __init__(self, token: str, clock: Clock, bot_name: str, bot_username: str) -> None:
        self.token = token
        self._clock = clock
        bot_id = token.partition(":")[0]
        self.bot = BotProfile(User(int(bot_id) if bot_id.isdigit() else 1, bot_name, "", bot_username, "", True))
        self.users: dict[int, User] = {self.bot.user.id: self.bot.user}
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, Press] = {}
        self.files: dict[str, File] = {}
        self.updates = UpdateQueue(self.now)
        self.anonymous_admin = User(ANONYMOUS_ADMIN_ID, "Group", "", "GroupAnonymousBot", "", True)
        self._messages: dict[int, dict[int, Message]] = {}
        self._listeners: list[Listener] = []
        self._numbers: dict[str, int] = {}

    def now(self) -> float:
        """The time in seconds since 1970, as the Bot API writes it."""
        return self._clock().timestamp()

    def number(self, of: str, start: int) -> int:
        """The next number of a kind, from `start` on."""
        self._numbers[of] = self._numbers.get(of, start - 1) + 1
        return self._numbers[of]

    # Watching

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Calls the listener, which must not raise, with each event; the returned function ends it."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def emit(self, event: Event) -> None:
        """Tells all who watch."""
        for listener in list(self._listeners):
            listener(event)

    # Messages

    def add_message(self, message: Message) -> Message:
        """Puts a message into its chat. In a topic, one that quotes none replies to what opened the topic."""
        if message.thread is not None and message.reply_to is None:
            message.reply_to = self.message(message.chat.id, message.thread)
        self._messages.setdefault(message.chat.id, {})[message.message_id] = message
        return message

    def message(self, chat_id: int, message_id: int) -> Message | None:
        """A message that stands, or None when there is none or it was deleted."""
        found = self._messages.get(chat_id, {}).get(message_id)
        return None if found is None or found.deleted else found

    def history(self, chat_id: int) -> list[Message]:
        """Every message that stands in a chat, oldest first."""
        return [message for message in self._messages.get(chat_id, {}).values() if not message.deleted]

    def messages(self, chat_id: int) -> list[Message]:
        """What the bot sent to a chat and what still stands, newest last."""
        return [message for message in self.history(chat_id) if message.by_bot]

    def sent(self) -> list[Message]:
        """What the bot sent anywhere, deleted or not, chat by chat."""
        return [message for chat in self._messages.values() for message in chat.values() if message.by_bot]

    # Chats

    def chat(self, chat_id: int | str) -> Chat | None:
        """A chat by id or by @username."""
        if isinstance(chat_id, int):
            return self.chats.get(chat_id)
        name = chat_id.removeprefix("@").lower()
        return next((chat for chat in self.chats.values() if chat.username and chat.username.lower() == name), None)

    def member(self, chat: Chat, user_id: int) -> Member | None:
        """What a user is in a chat; None for a user that Telegram does not know."""
        user = self.users.get(user_id)
        if user is None:
            return None
        return chat.members.get(user_id) or Member(user, "left")

    def bot_member(self, chat: Chat) -> Member:
        """What the bot is in a chat."""
        return chat.members.get(self.bot.user.id) or Member(self.bot.user, "left")

    # Files

    def add_file(self, kind: FileKind, upload: Upload) -> File | None:
        """Stores a file; None for a picture that is none."""
        file = new_file(self.number("file", 1), kind, upload)
        if file is not None:
            self.files[file.id] = file
        return file

    def file_at(self, path: str) -> File | None:
        """The file that getFile named by this path."""
        return next((file for file in self.files.values() if file.path == path), None)
