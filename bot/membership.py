"""What Telegram tells of the bot's own membership, and of a group that moves or opens a topic again."""

from telegram import ChatMember, ChatMemberUpdated, Message

from bot.hearing import client_language, thread
from bot.store import Store

_GONE = (ChatMember.BANNED, ChatMember.LEFT)
REMOVED = "the bot was blocked or removed"


def changed(store: Store, change: ChatMemberUpdated) -> None:
    """The bot was blocked or unblocked, added or removed: stop or resume without a failed send."""
    chat = change.chat
    if change.new_chat_member.status in _GONE:
        for place in store.chats.family(chat.id):
            store.chats.deactivate(place, REMOVED)
            store.outbox.drop_chat(place, REMOVED)
    elif chat.type == "private":
        store.chats.ensure(chat.id, "private", client_language(change.from_user))


def note(store: Store, message: Message) -> None:
    """A service message of a group."""
    if message.migrate_to_chat_id:
        store.chats.move(message.chat.id, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id:
        store.chats.move(message.migrate_from_chat_id, message.chat.id)
    elif message.forum_topic_reopened:
        store.chats.resume(store.chats.topic(message.chat.id, thread(message)))
