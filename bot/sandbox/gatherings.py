"""Who is there: people, groups, topics and channels, who comes and goes, and what the bot hears of it."""

from bot.sandbox.chats import Chat, Member, Status, Topic, User
from bot.sandbox.events import Changed, Said
from bot.sandbox.messages import Message
from bot.sandbox.updates import Json
from bot.sandbox.world import World

_ALL_CHANNEL = frozenset({"can_post_messages", "can_edit_messages", "can_delete_messages"})
_TOPIC_COLOUR = 0x6FB9F0  # the first of the six that Telegram lets an icon have


class Gatherings(World):
    """Chats of every type. Wrong use by a driver raises LookupError or ValueError."""

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

    # Topics

    def add_topic(self, chat: Chat, name: str, by: User | None = None) -> Topic:
        """A new thread of a forum, opened by a service message; `by` is the creator unless somebody is named."""
        if not chat.is_forum:
            raise ValueError("only a forum has topics")
        topic = Topic(chat.last_message_id + 1, name)
        chat.topics[topic.id] = topic
        self._note(chat, by, {"forum_topic_created": {"name": name, "icon_color": _TOPIC_COLOUR}}, topic.id)
        self.emit(Changed(chat))
        return topic

    def close_topic(self, chat: Chat, topic: Topic, *, closed: bool = True, by: User | None = None) -> None:
        """From now on only administrators write there; `closed=False` opens it again."""
        topic.closed = closed
        self._note(chat, by, {"forum_topic_closed" if closed else "forum_topic_reopened": {}}, topic.id)
        self.emit(Changed(chat))

    def delete_topic(self, chat: Chat, topic: Topic) -> None:
        """The thread is gone; messages to it are refused."""
        del chat.topics[topic.id]
        self.emit(Changed(chat))

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
        self.emit(Changed(chat))

    def invite(
        self, chat: Chat, user: User, by: User, status: Status = "member", rights: frozenset[str] = frozenset()
    ) -> None:
        """Somebody in the chat adds somebody; groups show it in a service message, channels do not."""
        was_present = (self.member(chat, user.id) or Member(user, "left")).present
        self.set_member(chat, user, status, rights, by=by)
        if not was_present and chat.type in ("group", "supergroup"):
            self._note(chat, by, {"new_chat_members": [user.to_json()]})

    def dismiss(self, chat: Chat, user: User, by: User) -> None:
        """Somebody is put out of the chat, which groups show in a service message; the bot no longer sees it."""
        self.set_member(chat, user, "kicked", by=by)
        if chat.type in ("group", "supergroup"):
            self._note(chat, by, {"left_chat_member": user.to_json()})

    def _note(self, chat: Chat, by: User | None, service: Json, thread: int | None = None) -> Message:
        """A service message; the bot gets those too while it is there, whatever its privacy mode."""
        sender = by or next(member.user for member in chat.members.values() if member.status == "creator")
        message = Message(chat, chat.next_message_id(), self.now(), sender, thread=thread, service=service)
        self.add_message(message)
        if self.bot_member(chat).present:
            self.updates.push("message", message.to_json())
        self.emit(Said(message))
        return message

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
        self._note(group, by, {"migrate_to_chat_id": chat.id})
        self._note(chat, by, {"migrate_from_chat_id": group.id})
        group.migrated_to = chat.id
        return chat
