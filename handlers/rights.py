"""The table of rights: who may use which command and button, and where. README.md shows it; nothing else decides.

A command or button without a row here does not exist. What it does to rows of other chats, or to somebody else's list,
is no question of rights: use-cases look up what belongs to the chat and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto


class Place(Enum):
    """Where somebody writes: in private, in a group or one of its topics, or in private about a channel."""

    PRIVATE = auto()
    GROUP = auto()
    CHANNEL = auto()


class Right(Enum):
    """What one has to be. In private everybody may change what is theirs; a channel is its administrators' alone."""

    READ = auto()  # anybody who can write there
    CHANGE = auto()  # the person in private; an administrator of the group or channel
    EDIT = auto()  # editors of lists and admins; which list is decided by the use-case
    ADMIN = auto()  # admins, as the configuration or an admin has named them


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: the right that is needed, and the places where the command or button exists."""

    right: Right
    places: frozenset[Place] = frozenset(Place)


READ, CHANGE = Rule(Right.READ), Rule(Right.CHANGE)
PERSONAL = Rule(Right.READ, frozenset({Place.PRIVATE}))
EDIT = Rule(Right.EDIT, frozenset({Place.PRIVATE}))
ADMIN = Rule(Right.ADMIN, frozenset({Place.PRIVATE}))

COMMANDS: Mapping[str, Rule] = {
    "start": READ,
    "help": READ,
    "watch": CHANGE,
    "watches": READ,
    "unwatch": CHANGE,
    "preview": CHANGE,
    "recent": READ,
    "why": READ,
    "snooze": CHANGE,
    "quiet": CHANGE,
    "digest": CHANGE,
    "urgent": CHANGE,
    "silent": CHANGE,
    "settings": CHANGE,
    "language": CHANGE,
    "lists": READ,
    "follow": CHANGE,
    "unfollow": CHANGE,
    "feeds": READ,
    "addfeed": CHANGE,
    "delfeed": CHANGE,
    "export": CHANGE,
    "import": CHANGE,
    "forget": CHANGE,
    "channel": PERSONAL,
    "done": PERSONAL,
    "newlist": EDIT,
    "listadd": EDIT,
    "listdel": EDIT,
    "listset": EDIT,
    "listlog": EDIT,
    "undo": EDIT,
    "listexport": EDIT,
    "listimport": EDIT,
    "status": ADMIN,
    "feedhealth": ADMIN,
    "grant": ADMIN,
    "revoke": ADMIN,
    "invite": ADMIN,
    "broadcast": ADMIN,
    "retry": ADMIN,
    "ban": ADMIN,
    "unban": ADMIN,
}
TEXT = CHANGE  # words that are no command, and files
BUTTONS: Mapping[str, Rule] = {
    "undo_watch": CHANGE,
    "undo_unwatch": CHANGE,
    "draft": CHANGE,
    "recent": READ,
    "why": READ,
    "reports": READ,
    "snooze": CHANGE,
    "snooze_do": CHANGE,
    "snooze_undo": CHANGE,
    "snooze_close": CHANGE,
    "snooze_for": CHANGE,
    "settings": CHANGE,
    "quiet_set": CHANGE,
    "digest_set": CHANGE,
    "zone_set": CHANGE,
    "language": CHANGE,
    "forget_do": CHANGE,
    "forget_not": CHANGE,
    "vote_up": CHANGE,
    "vote_down": CHANGE,
    "learn_do": CHANGE,
    "learn_not": CHANGE,
    "ask_watch": CHANGE,
    "try": CHANGE,
    "see_example": READ,
    "help": READ,
    "watches": READ,
    "watch_page": CHANGE,
    "watch_menu": CHANGE,
    "watch_set": CHANGE,
    "watch_reword": CHANGE,
    "watch_delete": CHANGE,
    "watch_undo": CHANGE,
    "loud_digest": CHANGE,
    "loud_strict": CHANGE,
    "loud_without": CHANGE,
    "lists": READ,
    "list": READ,
    "list_share": READ,
    "list_follow": CHANGE,
    "list_unfollow": CHANGE,
    "list_again": CHANGE,
    "list_watch": CHANGE,
    "list_menu": CHANGE,
    "list_set": CHANGE,
    "list_undo": EDIT,
    "list_log": EDIT,
    "list_remove": EDIT,
    "list_keep": EDIT,
    "undo_addfeed": CHANGE,
    "undo_delfeed": CHANGE,
    "pick_feed": CHANGE,
    "share_feed": ADMIN,
    "unshare_feed": ADMIN,
    "own_feeds": CHANGE,
    "all_feeds": CHANGE,
    "export_feeds": CHANGE,
    "channel_pick": PERSONAL,
    "role_grant": ADMIN,
    "role_revoke": ADMIN,
    "invites": ADMIN,
    "invite_withdraw": ADMIN,
    "broadcast_stop": ADMIN,
    "retry_all": ADMIN,
    "broadcasts": CHANGE,
    "broadcasts_off": CHANGE,
    "ban": ADMIN,
    "unban": ADMIN,
}


def needs_administrator(rule: Rule, place: Place) -> bool:
    """Whether whoever writes there has to be an administrator of the group or channel."""
    return place is Place.CHANNEL or (place is Place.GROUP and rule.right is not Right.READ)
