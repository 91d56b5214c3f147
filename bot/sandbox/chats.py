"""Who is there: users, chats of every type, forum topics, and who may do what in a chat."""

from dataclasses import dataclass, field
from typing import Literal

ChatType = Literal["private", "group", "supergroup", "channel"]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

ANONYMOUS_ADMIN_ID = 1087968824  # Telegram's own account, under which administrators speak as the group

_COMMON_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
_CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages")
_GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics", "can_manage_tags")
_PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
RIGHTS = frozenset((*_COMMON_RIGHTS, *_CHANNEL_RIGHTS, *_GROUP_RIGHTS, *_PERMISSIONS))


@dataclass(frozen=True, slots=True)
class User:
    """A person or a bot."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False

    def to_json(self) -> dict[str, object]:
        """As `User`."""
        body: dict[str, object] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if value := getattr(self, name):
                body[name] = value
        return body


@dataclass(slots=True)
class Topic:
    """A thread of a forum; its id is that of the message that opened it. 1 is General."""

    id: int
    name: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """What somebody is in a chat. `rights` are names like `can_post_messages`; a creator has all of them."""

    user: User
    status: Status
    rights: frozenset[str] = frozenset()
    anonymous: bool = False

    @property
    def present(self) -> bool:
        """Whether the member can read the chat now."""
        return self.status not in ("left", "kicked")

    @property
    def admin(self) -> bool:
        """Creator or administrator."""
        return self.status in ("creator", "administrator")

    def may(self, right: str) -> bool:
        """Whether the member has a right. Plain members have none of the named ones but speech."""
        if self.status == "creator":
            return True
        if self.status == "member":
            return right.startswith("can_send_")
        return self.present and (right in self.rights or (self.admin and right.startswith("can_send_")))

    def to_json(self, chat_type: ChatType) -> dict[str, object]:
        """As one of the `ChatMember…` types."""
        body: dict[str, object] = {"user": self.user.to_json(), "status": self.status}
        if self.status == "creator":
            body["is_anonymous"] = self.anonymous
        elif self.status == "administrator":
            own = _CHANNEL_RIGHTS if chat_type == "channel" else _GROUP_RIGHTS
            body.update(can_be_edited=False, is_anonymous=self.anonymous)
            body.update({right: right in self.rights for right in (*_COMMON_RIGHTS, *own)})
            body["can_manage_chat"] = True  # implied by any other right
        elif self.status == "restricted":
            body.update(is_member=True, until_date=0)
            body.update({right: right in self.rights for right in _PERMISSIONS})
        elif self.status == "kicked":
            body["until_date"] = 0
        return body


@dataclass(slots=True)
class Chat:
    """A place where messages stand.

    `forbidden`, when set, is why the bot cannot write here (the words behind "Forbidden: "); `muted` forbids
    plain members to speak; `migrated_to` is the id of the supergroup that a group has become.
    """

    id: int
    type: ChatType
    title: str = ""
    username: str = ""
    first_name: str = ""
    last_name: str = ""
    is_forum: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    migrated_to: int | None = None
    forbidden: str = ""
    muted: bool = False
    last_message_id: int = 0

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.title or " ".join(filter(None, (self.first_name, self.last_name)))

    def next_message_id(self) -> int:
        """A new message id; ids grow within a chat."""
        self.last_message_id += 1
        return self.last_message_id

    def to_json(self) -> dict[str, object]:
        """As `Chat`, the short form inside messages."""
        body: dict[str, object] = {"id": self.id, "type": self.type}
        for name in ("title", "username", "first_name", "last_name"):
            if value := getattr(self, name):
                body[name] = value
        if self.is_forum:
            body["is_forum"] = True
        return body

    def full_json(self) -> dict[str, object]:
        """As `ChatFullInfo`, the answer of getChat."""
        gifts = (
            "unlimited_gifts",
            "limited_gifts",
            "unique_gifts",
            "premium_subscription",
            "gifts_from_channels",
        )
        body = self.to_json()
        body.update(accent_color_id=0, max_reaction_count=11, accepted_gift_types=dict.fromkeys(gifts, False))
        if self.type in ("group", "supergroup"):
            allowed = {right: not self.muted for right in _PERMISSIONS if right != "can_edit_tag"}
            body["permissions"] = {**allowed, "can_change_info": False, "can_pin_messages": False}
        if self.username:
            body["active_usernames"] = [self.username]
        return body
