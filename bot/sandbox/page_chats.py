"""A chat as the sandbox's page gets it: what it is, from whom one can write in it, and what the bot is there."""

import json
from dataclasses import dataclass

from bot.sandbox.chats import Chat, Member, User
from bot.sandbox.updates import Json
from bot.sandbox.world import BotProfile, World

_ROLES = {"creator": "owner", "administrator": "administrator", "member": "member", "restricted": "restricted"}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody whom the page can write as. An anonymous administrator speaks as the group."""

    user: User
    anonymous: bool = False

    @property
    def key(self) -> str:
        """How the page names it in a request."""
        return f"{self.user.id}:anonymous" if self.anonymous else str(self.user.id)


@dataclass(frozen=True, slots=True)
class View:
    """A chat that the page shows, the speakers in the order they are offered, and a line that says what it is."""

    chat: Chat
    speakers: tuple[Speaker, ...]
    about: str

    def speaker(self, key: str) -> Speaker | None:
        """The speaker of that key."""
        return next((speaker for speaker in self.speakers if speaker.key == key), None)


def chat_json(world: World, view: View) -> Json:
    """What the page shows of a chat beside its messages."""
    chat = view.chat
    return {
        "id": chat.id,
        "type": chat.type,
        "title": world.bot.user.first_name if chat.type == "private" else chat.name,
        "about": view.about,
        "forum": chat.is_forum,
        "members": sum(member.present for member in chat.members.values()),
        "bot": world.bot_member(chat).status,
        "topics": [{"id": topic.id, "name": topic.name, "closed": topic.closed} for topic in chat.topics.values()],
        "speakers": [_speaker(world, chat, speaker) for speaker in view.speakers],
    }


def _speaker(world: World, chat: Chat, speaker: Speaker) -> Json:
    member = world.member(chat, speaker.user.id) or Member(speaker.user, "left")
    role = "" if chat.type == "private" else _ROLES.get(member.status, "")
    own = world.anonymous_admin.id if speaker.anonymous else speaker.user.id
    return {
        "key": speaker.key,
        "id": chat.id if chat.type == "channel" else own,
        "name": speaker.user.first_name,
        "role": f"anonymous {role}" if speaker.anonymous else role,
        "admin": member.admin,
        "commands": commands(world.bot, chat, member),
    }


def commands(bot: BotProfile, chat: Chat, member: Member) -> list[dict[str, object]]:
    """The commands that somebody is offered in a chat: the narrowest scope first, their language before none."""
    if chat.type == "channel":
        return []
    language = member.user.language_code
    keys = ((json.dumps(it, sort_keys=True), spoken) for it in _scopes(chat, member) for spoken in (language, ""))
    return next((bot.commands[key] for key in keys if bot.commands.get(key)), [])


def _scopes(chat: Chat, member: Member) -> list[Json]:
    """https://core.telegram.org/bots/api#determining-list-of-commands"""
    here: Json = {"type": "chat", "chat_id": chat.id}
    if chat.type == "private":
        return [here, {"type": "all_private_chats"}, {"type": "default"}]
    own: Json = {"type": "chat_member", "chat_id": chat.id, "user_id": member.user.id}
    everybody: list[Json] = [{"type": "all_group_chats"}, {"type": "default"}]
    if not member.admin:
        return [own, here, *everybody]
    admins: Json = {"type": "chat_administrators", "chat_id": chat.id}
    return [own, admins, here, {"type": "all_chat_administrators"}, *everybody]
