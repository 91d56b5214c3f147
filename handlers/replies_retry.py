"""What the bot says to admins about messages that failed. HTML, escaped here."""

from html import escape

from handlers.context import Reply
from handlers.replies import and_more, fitting
from watchlists.clean import shorten
from watchlists.i18n import _, ngettext
from watchlists.operating import Retried
from watchlists.ports_roles import Failed

_CHATS = 10


def failed(found: Failed) -> Reply:
    """What failed, why, and for which chats it can be sent once more."""
    if not found.total:
        return Reply(_("No message has failed within a day."))
    total = ngettext("{n} message has failed within a day:", "{n} messages have failed within a day:", found.total)
    lines = [total, *(f"• {count} × {escape(shorten(reason, 120))}" for reason, count in found.reasons.items())]
    again = sum(found.chats.values())
    if not again:
        return Reply(fitting([*lines, "", _("None of them can be sent again.")]))
    lines += [
        "",
        ngettext(
            "{n} of them can be sent once more. By chat, for <code>/retry 123</code>:",
            "{n} of them can be sent once more. By chat, for <code>/retry 123</code>:",
            again,
        ),
    ]
    lines += [f"<code>{chat_id}</code> · {count}" for chat_id, count in [*found.chats.items()][:_CHATS]]
    if len(found.chats) > _CHATS:
        lines.append(and_more(len(found.chats) - _CHATS))
    return Reply(fitting(lines), (((_("Send all of them again"), "retry_all"),),))


def retried(found: Retried, edits: int | None = None) -> Reply:
    """So many are on their way once more."""
    if not found.count:
        return Reply(_("There is nothing to send again: each message is tried once more at most."), edits=edits)
    text = ngettext("{n} message is queued once more.", "{n} messages are queued once more.", found.count)
    return Reply(text, edits=edits, notice=_("OK"))
