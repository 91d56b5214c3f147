"""Who speaks in an update, whether it is meant for the bot, and which destination it is about."""

from dataclasses import dataclass, replace

from telegram import Chat, Message, MessageOriginChannel, Update, User

from bot.store import Store
from handlers.rights import Place
from watchlists.roles import ANONYMOUS_ADMIN, FORWARDER, Role

GROUPS = ("group", "supergroup")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who writes or presses.

    `administrates` is what the update itself says: True for an anonymous administrator, False for another chat that
    speaks in a group; None where Telegram has to be asked.
    """

    user_id: int
    language: str
    administrates: bool | None = None
    role: Role = Role.USER


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an update comes from: `here` is the destination that answers go to, `chat_id` the one they are about.

    `telegram_id` is the chat whose administrators count; `title` names a channel that is spoken of from private;
    `answers` is whether the message answers what the bot has asked, which in private the very next one does;
    `left` is whether it may have been meant for a channel that the person has had to stop editing.
    """

    here: int
    chat_id: int
    telegram_id: int
    kind: str
    place: Place
    language: str
    title: str = ""
    answers: bool = True
    left: bool = False


def speaker(update: Update, role: Role = Role.USER) -> Speaker | None:
    """Who it is, with the role that they have; None for what nobody has said or pressed."""
    user, message = update.effective_user, update.message
    if user is None:
        return Speaker(0, "") if message and message.chat.type == "private" else None
    language = client_language(user)
    if message is None or message.chat.type == "private":
        return Speaker(user.id, language, role=role)
    if user.id == FORWARDER or message.is_automatic_forward:
        return None
    if message.sender_chat is None:
        return None if user.is_bot else Speaker(user.id, language, role=role)
    is_group = message.sender_chat.id == message.chat.id and user.id == ANONYMOUS_ADMIN
    return Speaker(user.id, "", is_group)


def is_meant(message: Message, username: str) -> bool:
    """Whether a message in a group is for the bot: a command of its own, or a reply to what it has said."""
    text = message.text or ""
    if text.startswith("/"):
        _name, _at, addressee = text.split(maxsplit=1)[0].partition("@")
        return not addressee or addressee.lower() == username.lower()
    return bool(text or message.document) and replied(message, username) is not None


def replied(message: Message, username: str = "") -> int | None:
    """The message that this one answers; with `username`, only one of that bot's.

    In a topic, what answers nothing stands as a reply to the note that the topic was opened.
    """
    to = message.reply_to_message
    if to is None or to.forum_topic_created is not None:
        return None
    is_ours = to.from_user is not None and to.from_user.username == username
    return to.message_id if is_ours or not username else None


def named_channel(message: Message) -> str:
    """The id of a channel that somebody has chosen in Telegram's list, or forwards a post of, in private; or ""."""
    if message.chat.type != "private":
        return ""
    if message.chat_shared is not None:
        return str(message.chat_shared.chat_id)
    origin = message.forward_origin
    return str(origin.chat.id) if isinstance(origin, MessageOriginChannel) else ""


def thread(message: Message) -> int:
    """The forum topic of a message; 0 for General and where there are none. Replies elsewhere have threads, too."""
    return (message.message_thread_id or 0) if message.is_topic_message and message.chat.type == "supergroup" else 0


def spot(store: Store, chat: Chat, said: Speaker, message: Message | None, answer_to: int | None) -> Spot:
    """The destination of a message. A topic that is not known yet is from now on."""
    if chat.type == "private":
        editing = store.links.editing(said.user_id)
        is_command = message is not None and (message.text or "").startswith("/")
        about = None if is_command else store.questions.about(chat.id)
        found = _private(store, chat.id, said, about or (editing.id if editing else chat.id))
        return replace(found, left=found.place is Place.PRIVATE and store.links.has_left(said.user_id))
    here = store.chats.topic(chat.id, thread(message) if message else 0)
    store.links.name(chat.id, chat.title or "", chat.username or "")
    answers = answer_to is not None and store.questions.is_answer(here, answer_to)
    language = store.chats.answered_in(here, said.language)
    return Spot(here, here, chat.id, chat.type, Place.GROUP, language, answers=answers)


def pressed(store: Store, chat: Chat, said: Speaker, message: Message | None, message_id: int) -> Spot | None:
    """The destination of a button: that which its message speaks of, whatever has been chosen since.

    None where that was a channel which has been forgotten, or may have been one, since the message is younger than a
    backup that was restored: what was meant for it must not befall the person. Likewise where the person does not look
    after it any more: its name is none of theirs. Nor must befall General what was meant for a topic, where Telegram
    does not show the message and so does not say which.
    """
    if chat.type != "private":
        is_unclear = message is None and len(store.chats.family(chat.id)) > 1
        return None if is_unclear else spot(store, chat, said, message, None)
    about = store.links.meant(chat.id, message_id, message.date if message else None)
    if about is None or (about != chat.id and not store.links.has(said.user_id, about)):
        return None
    return _private(store, chat.id, said, about)


def _private(store: Store, here: int, said: Speaker, about: int) -> Spot:
    language = store.chats.answered_in(here, said.language)
    channel = store.links.channel(about) if about != here else None
    if channel is None:
        return Spot(here, here, here, "private", Place.PRIVATE, language)
    return Spot(here, about, about, "private", Place.CHANNEL, language, channel.name)


def client_language(user: User | None) -> str:
    """The tag of the language of somebody's client; empty where it is not known."""
    return (user.language_code or "") if user else ""


def is_shown(message: Message) -> bool:
    """Whether it is a picture, a voice or the like that somebody sent in private: answered, by its words if it has any.

    The pictures of an album come as a message each; those without words are passed over.
    """
    is_sent = message.chat.type == "private" and message.effective_attachment is not None
    return is_sent and bool(message.caption or not message.media_group_id)
