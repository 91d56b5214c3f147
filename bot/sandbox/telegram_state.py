"""The sandbox's Telegram: the world, and what people do in it. What the bot does comes through `api.py`.

people (terminal, page, tests) ─say, press, block─→ Telegram ─updates─→ getUpdates
                               ←─────events──────      ↑
                                                calls of the Bot API
"""

from bot.clock import Clock, utc_now
from bot.sandbox.chats import Chat, Member, Status, Topic, User
from bot.sandbox.entities import detect, in_order
from bot.sandbox.events import Pressed, Said
from bot.sandbox.files import Upload
from bot.sandbox.messages import Message
from bot.sandbox.updates import Json
from bot.sandbox.world import Press, World

DEFAULT_TOKEN = "1234567890:SANDBOX-token-of-no-worth-anywhere"  # noqa: S105
_ALL_CHANNEL = frozenset({"can_post_messages", "can_edit_messages", "can_delete_messages"})


class Telegram(World):
    """One bot and the people around it. Wrong use by a driver raises LookupError or ValueError."""

    def __init__(
        self,
        token: str = DEFAULT_TOKEN,
        clock: Clock = utc_now,
        bot_name: str = "Wirewatch",
        bot_username: str = "wirewatch_sandbox_bot",
    ) -> None:
        super().__init__(token, clock, bot_name, bot_username)

    # Who is there

    def add_user(self, first_name: str, language_code: str = "en", *, last_name: str = "", username: str = "") -> User:
        """A new person. The bot can write to them only after `private_chat`."""
        user = User(self.number("user", 100_001), first_name, last_name, username, language_code)
        self.users[user.id] = user
        return user

    def private_chat(self, user: User) -> Chat:
        """The user's chat with the bot, as after pressing Start; the same one each time."""
        if user.id in self.chats:
            return self.chats[user.id]
        chat = Chat(user.id, "private", "", user.username, user.first_name, user.last_name)
        chat.members = {
            user.id: Member(user, "member"),
            self.bot.user.id: Member(self.bot.user, "member"),
        }
        self.chats[chat.id] = chat
        return chat

    def add_group(
        self,
        title: str,
        creator: User,
        *members: User,
        supergroup: bool = True,
        forum: bool = False,
        username: str = "",
        bot_status: Status = "member",
        bot_rights: frozenset[str] = frozenset(),
    ) -> Chat:
        """A group with the bot in it (`bot_status="left"` for one without). Forums are supergroups."""
        chat_id = -(self.number("group", 4_000_001))
        if supergroup or forum:
            chat_id -= 1_000_000_000_000
        kind = "supergroup" if supergroup or forum else "group"
        chat = Chat(chat_id, "supergroup" if kind == "supergroup" else "group", title, username, is_forum=forum)
        chat.last_message_id = 1  # the service message that opened the group; in a forum, General
        self._open_chat(chat, creator, *members)
        self._join_bot(chat, creator, Member(self.bot.user, bot_status, bot_rights))
        return chat

    def add_channel(
        self,
        title: str,
        creator: User,
        *members: User,
        username: str = "",
        bot_status: Status = "administrator",
        bot_rights: frozenset[str] = _ALL_CHANNEL,
    ) -> Chat:
        """A channel; bots are in channels as administrators only."""
        chat = Chat(-1_000_000_000_000 - self.number("group", 4_000_001), "channel", title, username)
        self._open_chat(chat, creator, *members)
        self._join_bot(chat, creator, Member(self.bot.user, bot_status, bot_rights))
        return chat

    def _open_chat(self, chat: Chat, creator: User, *members: User) -> None:
        chat.members = {user.id: Member(user, "member") for user in members}
        chat.members[creator.id] = Member(creator, "creator")
        self.chats[chat.id] = chat

    def _join_bot(self, chat: Chat, by: User, member: Member) -> None:
        if member.status != "left":
            self.set_member(chat, member.user, member.status, member.rights, by=by)

    def add_topic(self, chat: Chat, name: str) -> Topic:
        """A new thread of a forum."""
        if not chat.is_forum:
            raise ValueError("only a forum has topics")
        topic = Topic(chat.next_message_id(), name)
        chat.topics[topic.id] = topic
        return topic

    def delete_topic(self, chat: Chat, topic: Topic) -> None:
        """The thread is gone; messages to it are refused."""
        del chat.topics[topic.id]

    # What people say and press

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
        self, user: User, chat: Chat, name: str, data: bytes, caption: str = "", thread: int | None = None
    ) -> Message:
        """A person sends a document, which the bot can fetch by getFile."""
        message = self._said(user, chat, caption, thread, anonymous=False)
        message.file = self.add_file("document", Upload(name, data))
        return self._deliver(message)

    def post(self, channel: Chat, text: str) -> Message:
        """A post of the channel itself, written by one of its administrators."""
        entities = in_order(detect(text))
        message = Message(channel, channel.next_message_id(), self.now(), None, text, entities, sender_chat=channel)
        self.add_message(message)
        self.updates.push("channel_post", message.to_json())
        self.emit(Said(message))
        return message

    def _said(self, user: User, chat: Chat, text: str, thread: int | None, anonymous: bool) -> Message:
        if thread is not None and thread not in chat.topics:
            raise LookupError(f"{chat.name} has no topic {thread}")
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
        self.emit(Pressed(press.id, user, message, data))
        return press.id

    def put_raw_update(self, body: Json) -> int:
        """Queues any dict as an update, with the next id unless it brings its own."""
        return self.updates.push_raw(body)

    # Who comes and goes

    def set_member(
        self,
        chat: Chat,
        user: User,
        status: Status,
        rights: frozenset[str] = frozenset(),
        *,
        by: User | None = None,
        anonymous: bool = False,
    ) -> None:
        """Somebody joins, leaves, is promoted or banned; the bot hears of itself, of others if it asks."""
        old = chat.members.get(user.id) or Member(user, "left")
        new = Member(user, status, rights, anonymous)
        chat.members[user.id] = new
        body: Json = {
            "chat": chat.to_json(),
            "from": (by or user).to_json(),
            "date": int(self.now()),
            "old_chat_member": old.to_json(chat.type),
            "new_chat_member": new.to_json(chat.type),
        }
        self.updates.push("my_chat_member" if user == self.bot.user else "chat_member", body)

    def block(self, user: User) -> None:
        """The user stops the bot."""
        self.set_member(self.private_chat(user), self.bot.user, "kicked", by=user)

    def unblock(self, user: User) -> None:
        """The user starts the bot again."""
        self.set_member(self.private_chat(user), self.bot.user, "member", by=user)

    def close_chat(self, chat: Chat, reason: str = "user is deactivated") -> None:
        """From now on every message to the chat is refused with 403 and this reason, without any update."""
        chat.forbidden = reason

    def migrate(self, group: Chat, by: User) -> Chat:
        """A group becomes a supergroup: a new id, two service messages, and 400 for the old id."""
        chat = Chat(-1_000_000_000_000 - self.number("group", 4_000_001), "supergroup", group.title)
        chat.members = dict(group.members)
        self.chats[chat.id] = chat
        for place, note in (
            (group, {"migrate_to_chat_id": chat.id}),
            (chat, {"migrate_from_chat_id": group.id}),
        ):
            message = Message(place, place.next_message_id(), self.now(), by)
            message.service.update(note)
            self.add_message(message)
            self.updates.push("message", message.to_json())
            self.emit(Said(message))
        group.migrated_to = chat.id
        return chat
