"""What is said of groups, topics and channels."""

import re
from collections.abc import Sequence
from html import escape

from handlers.context import Reply
from handlers.inert import inert
from watchlists.i18n import N_, _

_NAME = re.compile(r"@\w{4,32}", re.ASCII)
TOPIC_GONE = N_(
    "The topic for which the message above was is gone. I send nothing more for it. Its watches wait there; a command "
    "in another topic begins anew."
)
TOPIC_CLOSED = N_(
    "A topic here is closed, and I may not write in it. Its news waits and is sent when the topic is opened again, "
    "or when I may manage topics."
)

GREETING = N_(
    "Hello! I tell this group what the news says about the words it watches: its administrators set me up with /watch, "
    "and everybody can read /watches and /help."
)
ANSWER_BY_REPLY = N_("(Answer by a reply to this message.)")
ADMINISTRATORS_ONLY = N_("Only administrators of this group can do that. Everybody can use /watches, /recent, /why.")


def named(title: str) -> str:
    """A chat's name as HTML; only its own @name is one that can be tapped."""
    return escape(title if _NAME.fullmatch(title) else inert(title)) or _("a chat without a name")


def greeting() -> Reply:
    """The answer to /start in a group."""
    return Reply(_(GREETING))


def group_help(reading: Sequence[tuple[str, str]], changing: Sequence[tuple[str, str]]) -> Reply:
    """The commands with what they do: those of everybody, and those of the group's administrators."""
    lines = [_("<b>Everybody here</b>"), *_commands(reading), "", _("<b>Administrators</b>"), *_commands(changing)]
    lines += ["", _("How to write a watch: /help in a private chat with me.")]
    return Reply("\n".join(lines))


def _commands(listed: Sequence[tuple[str, str]]) -> list[str]:
    return [f"/{name} – {escape(line)}" for name, line in listed]


def topic_closed(title: str) -> str:
    """For whoever looks after the group."""
    text = _(
        "A topic of {chat} is closed, and I may not write in it. Its news waits and is sent when the topic is opened "
        "again, or when I may manage topics."
    )
    return text.format(chat=named(title))


def rights_lost(title: str) -> str:
    """For whoever looks after the chat."""
    text = _(
        "I may not write in {chat} any more. Its news waits. Give me the right to post again, and I go on by myself."
    )
    return text.format(chat=named(title))


def chat_lost(title: str) -> str:
    """For whoever looks after the chat."""
    text = _(
        "I cannot reach {chat} any more, so I have stopped. Its settings stay: add me again, and I go on by myself."
    )
    return text.format(chat=named(title))


def rights_back(title: str) -> str:
    """For whoever looks after the chat."""
    return _("I can write in {chat} again, and go on.").format(chat=named(title))
