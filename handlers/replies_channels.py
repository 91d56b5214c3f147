"""What the bot says about setting up channels from a private chat. HTML, escaped here."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from handlers.context import Reply
from handlers.replies_places import named
from watchlists.channels import CHOOSE_CHANNEL, CHOSEN_CHANNEL, Channel
from watchlists.clean import shorten
from watchlists.i18n import N_, _

CHOOSE_FIRST = N_(
    "Which channel do you want to set up? Send <code>/channel @name</code>, forward me a post of it, or choose it with "
    "the button below. Both of us have to be its administrators."
)
CHOOSE_ANOTHER = N_(
    "Another one: send <code>/channel @name</code>, forward me a post of it, or choose it with the button below. "
    "Both of us have to be its administrators."
)
MAX_SHOWN = 20  # channels with a button
MAX_LABEL = 40
LEFT = N_(
    "You are not editing the channel any more: all about it was deleted, or you do not administrate it now. So nothing "
    "was done. From here on, what you write is about your own watches again."
)


def marked(reply: Reply, title: str) -> Reply:
    """The reply with a first line that says which channel it is about; without text it changes buttons alone."""
    line = _("✏️ Editing {chat} · /done leaves").format(chat=named(title))
    more = tuple(replace(each, text=f"{line}\n{each.text}") for each in reply.more)
    return replace(reply, text=f"{line}\n{reply.text}" if reply.text else "", more=more)


def linked(channel: Channel) -> Reply:
    """From now on the channel is edited; Telegram's list, however it was named, is needed no more."""
    text = _(
        "You are editing {chat} now: /watch, /watches, /settings and all else are about the channel, and its alerts "
        "come there. /done goes back to your own watches."
    )
    return Reply(text.format(chat=f"<b>{named(channel.name)}</b>"), ((("", CHOSEN_CHANNEL),),))


def added_to(channel: Channel) -> Reply:
    """For whoever has made the bot an administrator of a channel."""
    text = _("I may post in {chat} now. Do you want to set up what I tell there?")
    button = (_("Set it up"), f"channel_pick:{channel.id}")
    return Reply(text.format(chat=f"<b>{named(channel.name)}</b>"), ((button,),))


def done(*, ended: bool) -> Reply:
    """The answer to /done."""
    if ended:
        return Reply(_("Done. What you write here is about your own watches again."))
    return Reply(_("You are not editing a channel: all here is about your own watches. /channel @name begins."))


def not_possible(typed: str) -> Reply:
    """The same for whatever is wrong, so that nobody learns more of a channel than they know."""
    what = escape(shorten(typed, 80)) or _("that channel")
    text = _(
        "I cannot set up {what} for you. Both of us have to be its administrators, and I need the right to post "
        "messages: add me there, then send <code>/channel @name</code> once more."
    )
    return Reply(text.format(what=what), notice=_("Not possible"))


def choose(channels: Sequence[Channel], editing: str) -> Reply:
    """The channels that the person has linked, and Telegram's own list for another."""
    lines = [_("You are editing {chat}. /done goes back.").format(chat=named(editing))] if editing else []
    if channels:
        lines.append(_("Which channel do you want to edit?"))
    usage = _(CHOOSE_ANOTHER if lines else CHOOSE_FIRST)
    rows = tuple(((shorten(each.name, MAX_LABEL), f"channel_pick:{each.id}"),) for each in channels[:MAX_SHOWN])
    picker = Reply(usage, (((_("Choose a channel"), CHOOSE_CHANNEL),),))
    return Reply("\n".join(lines), rows, more=(picker,)) if lines else picker


def no_administrator(title: str) -> str:
    """For whoever was an administrator of the channel, or where Telegram does not tell. No HTML."""
    text = _(
        "You do not seem to be an administrator of {chat} now, so nothing was done. /done goes back to your own "
        "watches."
    )
    return text.format(chat=title)
