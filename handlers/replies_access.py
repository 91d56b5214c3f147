"""What the bot says about who may use it. HTML, escaped here."""

from collections.abc import Sequence
from html import escape

from handlers.context import Reply
from handlers.replies import and_more
from watchlists.i18n import N_, _, ngettext
from watchlists.ports_access import Invite

INVITE_ONLY = N_("This bot is by invitation only. Ask the person who runs it.")
INVITE_OVER = N_("This invitation is used up, withdrawn or too old. Ask whoever gave it to you for a new one.")
TOO_MANY = N_("That was a lot within one minute: I did not read the last of it. Please wait a minute.")
USAGE = N_(
    "For how many people, and for how many days? Without numbers it is one person and seven days.\n"
    "<code>/invite 5 30</code>"
)
_SHOWN = 20


def invited(made: Invite, code: str, bot_name: str) -> Reply:
    """A new invitation, which is shown this once."""
    if bot_name:
        text = _("Pass this link on. Whoever opens it and presses Start may use this bot:")
        text += f"\nhttps://t.me/{escape(bot_name)}?start={escape(code)}"
    else:
        text = _("Pass this on. Whoever sends it to this bot may use it:\n<code>/start {code}</code>")
        text = text.format(code=escape(code))
    text += f"\n\n{_line(made)}\n" + _("I keep no copy of it, so it cannot be shown again.")
    withdraw = (_("Withdraw"), f"invite_withdraw:{made.id}")
    return Reply(text, ((withdraw, (_("All invitations"), "invites")),), secret=True)


def invites(found: Sequence[Invite], edits: int | None) -> Reply:
    """The invitations that are open, each with a button."""
    if not found:
        return Reply(_("No invitation is open. Make one with /invite."), edits=edits, notice=_("OK"))
    shown = found[:_SHOWN]
    lines = [_("<b>Open invitations</b>"), *(f"{each.id}. {_line(each)}" for each in shown)]
    if len(found) > _SHOWN:
        lines.append(and_more(len(found) - _SHOWN))
    lines.append(_("Who has come in by one stays when it is withdrawn; /ban shuts them out."))
    buttons = [(_("Withdraw {number}").format(number=each.id), f"invite_withdraw:{each.id}") for each in shown]
    rows = tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
    return Reply("\n".join(lines), rows, edits, _("OK"))


def _line(invite: Invite) -> str:
    left = ngettext("for {n} more person", "for {n} more people", invite.uses - invite.used)
    return _("{left}, until {day}").format(left=left, day=f"{invite.expires:%Y-%m-%d %H:%M} UTC")
