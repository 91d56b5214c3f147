"""What is said of groups, topics and channels."""

from html import escape

from handlers.inert import inert
from watchlists.i18n import N_, _

TOPIC_GONE = N_(
    "The topic for which the message above was is gone. I send nothing more for it. Its watches wait there; a command "
    "in another topic begins anew."
)
TOPIC_CLOSED = N_(
    "A topic here is closed, and I may not write in it. Its news waits and is sent when the topic is opened again, "
    "or when I may manage topics."
)

ANSWER_BY_REPLY = N_("(Answer by a reply to this message.)")
ADMINISTRATORS_ONLY = N_("Only administrators of this group can do that. Everybody can use /watches, /recent, /why.")


def named(title: str) -> str:
    """A chat's name as HTML."""
    return escape(inert(title)) or _("a chat without a name")


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
