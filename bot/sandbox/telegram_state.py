"""The sandbox's Telegram: the world, and what people do in it. What the bot does comes through `api.py`.

people (terminal, page, tests) ─say, press, block─→ Telegram ─updates─→ getUpdates
                               ←─────events──────      ↑
                                                calls of the Bot API
"""

from bot.clock import Clock, utc_now
from bot.sandbox.chats import Chat, Member, User
from bot.sandbox.entities import detect, in_order
from bot.sandbox.events import Pressed, Said
from bot.sandbox.files import Upload
from bot.sandbox.gatherings import Gatherings
from bot.sandbox.messages import Message
from bot.sandbox.updates import Json
from bot.sandbox.world import Press

DEFAULT_TOKEN = "1234567890:SANDBOX-token-of-no-worth-anywhere"  # noqa: S105


class Telegram(Gatherings):
    """One bot and what the people around it say. Wrong use by a driver raises LookupError or ValueError."""

    def __init__(
        self,
        token: str = DEFAULT_TOKEN,
        clock: Clock = utc_now,
        bot_name: str = "Wirewatch",
        bot_username: str = "wirewatch_sandbox_bot",
    ) -> None:
        super().__init__(token, clock, bot_name, bot_username)

    def say(
        self,
        user: User,
        chat: Chat,
        text: str,
        thread: int | None = None,
        *,
        reply_to: Message | None = None,
        anonymous: bool = False,
    ) -> Message:
        """A person says something. `anonymous` is an administrator who speaks as the group."""
        message = self._said(user, chat, text, thread, anonymous)
        message.reply_to = reply_to
        return self._deliver(message)

    def send_file(
        self,
        user: User,
        chat: Chat,
        name: str,
        data: bytes,
        caption: str = "",
        thread: int | None = None,
        *,
        anonymous: bool = False,
    ) -> Message:
        """A person sends a document, which the bot can fetch by getFile."""
        message = self._said(user, chat, caption, thread, anonymous)
        message.file = self.add_file("document", Upload(name, data))
        return self._deliver(message)

    def post(self, channel: Chat, text: str, *, reply_to: Message | None = None) -> Message:
        """A post of the channel itself, written by one of its administrators."""
        entities = in_order(detect(text))
        message = Message(channel, channel.next_message_id(), self.now(), None, text, entities, sender_chat=channel)
        message.reply_to = reply_to
        self.add_message(message)
        if self.bot_member(channel).present:
            self.updates.push("channel_post", message.to_json())
        self.emit(Said(message))
        return message

    def _said(self, user: User, chat: Chat, text: str, thread: int | None, anonymous: bool) -> Message:
        admin = (self.member(chat, user.id) or Member(user, "left")).admin
        topic = chat.topics.get(thread) if thread is not None else None
        if thread is not None and topic is None:
            raise LookupError(f"{chat.name} has no topic {thread}")
        if topic is not None and topic.closed and not admin:
            raise ValueError("only administrators write in a closed topic")
        if anonymous and not admin:
            raise ValueError("only an administrator speaks as the group")
        sender = self.anonymous_admin if anonymous else user
        message = Message(chat, chat.next_message_id(), self.now(), sender, text, in_order(detect(text)))
        message.thread = thread
        message.sender_chat = chat if anonymous else None
        return message

    def _deliver(self, message: Message) -> Message:
        self.add_message(message)
        if self.bot_member(message.chat).present and self._bot_reads(message):
            self.updates.push("message", message.to_json())
        self.emit(Said(message))
        return message

    def _bot_reads(self, message: Message) -> bool:
        """In privacy mode a bot in a group sees commands, mentions of it and replies to it; as admin, all."""
        if message.chat.type == "private" or self.bot.reads_all_group_messages:
            return True
        if self.bot_member(message.chat).admin or (message.reply_to is not None and message.reply_to.by_bot):
            return True
        own = f"@{self.bot.user.username}".lower()
        words = message.text.lower()
        if own in words:
            return True
        return words.startswith("/") and "@" not in words.split(maxsplit=1)[0]

    def press(self, user: User, chat: Chat, message_id: int, data: str, *, forged: bool = False) -> str:
        """A person presses a button; returns the query's id. `forged` sends data that no button has."""
        message = self.message(chat.id, message_id)
        if message is None:
            raise LookupError(f"no message {message_id} in {chat.name}")
        if not forged and all(button.data != data for button in message.buttons):
            raise LookupError(f"message {message_id} has no button with {data!r}")
        press = Press(str(self.number("press", 90_000_000_001)), user, message, data, self.now())
        self.presses[press.id] = press
        body: Json = {
            "id": press.id,
            "from": user.to_json(),
            "message": message.to_json(),
            "chat_instance": str(abs(chat.id) * 31),
            "data": data,
        }
        self.updates.push("callback_query", body)
        self.emit(Pressed(user, message, data))
        return press.id

    def shareable(self, user: User, message: Message, request_id: int) -> list[Chat]:
        """The chats among which a button below the field lets the person choose. Raises LookupError."""
        request = message.below.request(request_id) if message.below is not None else None
        if request is None:
            raise LookupError(f"message {message.message_id} asks for no chat by {request_id}")
        return [chat for chat in self.chats.values() if request.fits(chat, user, self.bot.user)]

    def share_chat(self, user: User, message: Message, request_id: int, shared: Chat) -> Message:
        """The person has chosen one of those."""
        if shared not in self.shareable(user, message, request_id):
            raise ValueError(f"{shared.name} is none of the chats that are asked for")
        return self._note(message.chat, user, {"chat_shared": {"request_id": request_id, "chat_id": shared.id}})

    def put_raw_update(self, body: Json) -> int:
        """Queues any dict as an update, with the next id unless it brings its own."""
        return self.updates.push_raw(body)
