"""What the bot says of the operator's messages, and how those look. HTML, escaped here."""

from html import escape

from handlers.context import Reply
from watchlists.broadcasting import Progress
from watchlists.i18n import N_, _, ngettext
from watchlists.ports_broadcasts import Broadcast

USAGE = N_("What shall all chats be told? Send the text now. You see it first, and nothing is sent before you agree.")
NOT_SENT = N_("Nothing is sent. To begin anew: /broadcast")


def message(text: str) -> Reply:
    """A message of the operator as people get it; it says whose it is."""
    head = _("📢 <b>From the operator of this bot</b>")
    return Reply(f"{head}\n\n{escape(text)}", (((_("No more of these"), "broadcasts_off:0"),),))


def chosen(more: bool, edits: int | None) -> Reply:
    """What becomes of the button below such a message."""
    if more:
        return Reply("", (((_("No more of these"), "broadcasts_off:0"),),), edits, _("OK"))
    return Reply("", (((_("Get them again"), "broadcasts_off:1"),),), edits, _("You get no more of these."))


def preview(found: Broadcast) -> Reply:
    """The message as it will look, in the author's own language, and what to type."""
    if not found.chats:
        return Reply(_("There is no chat to which this could go."))
    ask = ngettext(
        "This is how it looks. It goes to {n} chat, silently and behind all alerts. To send it, type the number: {n}",
        "This is how it looks. It goes to {n} chats, silently and behind all alerts. To send it, type the number: {n}",
        found.chats,
    )
    return Reply(message(found.text).text, more=(Reply(ask + "\n" + _("Anything else, and nothing is sent.")),))


def started(found: Broadcast) -> Reply:
    """The answer to the right number."""
    return Reply(ngettext("It goes out now, to {n} chat.", "It goes out now, to {n} chats.", found.chats))


def progress(found: Progress, edits: int | None = None) -> Reply:
    """How far it is; with a button while it goes on."""
    titles = {"stopped": _("<b>Broadcast: stopped</b>"), "done": _("<b>Broadcast: done</b>")}
    lines = [titles.get(found.broadcast.state, _("<b>Broadcast: going out</b>"))]
    lines.append(_("{sent} sent, {missed} could not be sent").format(sent=found.sent, missed=found.missed))
    if found.broadcast.state == "stopped" and found.waiting:
        lines.append(ngettext("{n} chat does not get it", "{n} chats do not get it", found.waiting))
    if found.broadcast.state != "running":
        return Reply("\n".join(lines), edits=edits, notice=_("OK"))
    lines.append(ngettext("{n} chat to go", "{n} chats to go", found.waiting))
    return Reply("\n".join(lines), (((_("Stop"), f"broadcast_stop:{found.broadcast.id}"),),), edits, _("OK"))
