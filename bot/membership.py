"""What Telegram tells of the bot's own membership, and of a group that moves or opens a topic again."""

from telegram import Chat, ChatMember, ChatMemberAdministrator, ChatMemberRestricted, ChatMemberUpdated, Message

from bot import warn
from bot.clock import to_epoch
from bot.hearing import GROUPS, client_language, thread
from bot.store import Store
from bot.store.outbox import Outgoing
from handlers import replies_access, replies_channels, replies_places
from handlers.context import Reply
from watchlists.channels import Channel
from watchlists.i18n import _, speaking

_GONE = (ChatMember.BANNED, ChatMember.LEFT)
REMOVED = "the bot was blocked or removed"
FIRST_PAUSE = 3600.0  # seconds until sending is tried all the same


def changed(store: Store, change: ChatMemberUpdated, update_id: int, *, is_invited: bool | None = None) -> None:
    """The bot was blocked or unblocked, added or removed, or its rights have changed: stop or go on without a send.

    `is_invited`: whoever did it, and so the chat from then on; None where nobody has to be.
    """
    chat, by = change.chat, change.from_user
    language = client_language(by)
    is_gone = change.new_chat_member.status in _GONE
    was_there = bool(store.chats.active([chat.id]))
    if is_invited and chat.type != "private" and not is_gone:
        store.invites.admit(chat.id, by.id)
    if is_gone:
        store.chats.give_up(chat.id, REMOVED)
        warn.of_loss(store, chat.id, but=by.id)
    elif chat.type == "private":
        store.chats.ensure(chat.id, "private", language)
    elif chat.type == "channel" and not store.chats.kind(chat.id):
        if _may_post(change.new_chat_member) and by.id in store.chats.active([by.id]):
            reply = _said(store, by.id, language, chat)
            store.outbox.add(Outgoing(f"added:{update_id}", by.id, "reply", reply.text, buttons=reply.buttons))
    else:
        store.chats.ensure(chat.id, chat.type, language)
        store.links.name(chat.id, chat.title or "", chat.username or "")
        if _may_post(change.new_chat_member):
            store.chats.resume(chat.id)
            warn.of_return(store, chat.id)
        elif warn.of_rights(store, chat.id):
            store.chats.rights_missing(chat.id)
            store.chats.pause(chat.id, to_epoch(store.now) + FIRST_PAUSE)
        is_refused = is_invited is False
        has_come = not was_there and (not is_refused or change.old_chat_member.status in _GONE)
        if chat.type in GROUPS and has_come:  # a refusal is not said again at each change of the bot's rights
            store.links.link(by.id, chat.id)
            _greet(store, chat.id, language, f"greeting:{update_id}", is_refused=is_refused)


def _may_post(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.can_send_messages
    # In groups administrators have no such right to be given: it says nothing there.
    return not isinstance(member, ChatMemberAdministrator) or member.can_post_messages is not False


def _said(store: Store, here: int, language: str, chat: Chat) -> Reply:
    with speaking(store.chats.answered_in(here, language)):
        return replies_channels.added_to(Channel(chat.id, chat.title or "", chat.username or ""))


def _greet(store: Store, chat_id: int, language: str, key: str, *, is_refused: bool) -> None:
    with speaking(store.chats.answered_in(chat_id, language)):
        store.outbox.add(
            Outgoing(key, chat_id, "reply", _(replies_access.INVITE_ONLY if is_refused else replies_places.GREETING))
        )


def note(store: Store, message: Message) -> None:
    """A service message of a group."""
    if message.migrate_to_chat_id:
        store.chats.move(message.chat.id, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id:
        store.chats.move(message.migrate_from_chat_id, message.chat.id)
    elif message.forum_topic_reopened:
        store.chats.resume(store.chats.topic(message.chat.id, thread(message)))
