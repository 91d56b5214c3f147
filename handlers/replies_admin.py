"""What the bot says to admins about roles and bans. HTML, escaped here."""

from collections.abc import Sequence
from html import escape

from handlers.context import Reply
from handlers.replies import and_more, fitting
from watchlists.i18n import N_, _
from watchlists.ports_roles import Ban, Grant

GONE = N_("There is nothing left to take back.")
_SHOWN = 30


def grant_usage(roles: Sequence[tuple[Grant, str]]) -> Reply:
    """How to give a role, and who has one."""
    usage = _(
        "Write the person's number and the role behind the command, "
        "or reply with it to a forwarded message of theirs:\n"
        "<code>/grant 123456789 admin</code>\n<code>/grant 123456789 editor markets</code>"
    )
    return Reply(fitting([usage, *_roles(roles)]))


def revoke_usage(roles: Sequence[tuple[Grant, str]]) -> Reply:
    """How to take a role away, and who has one."""
    usage = _(
        "Write the person's number behind the command, and the role where they have several:\n"
        "<code>/revoke 123456789</code>\n<code>/revoke 123456789 editor markets</code>"
    )
    return Reply(fitting([usage, *_roles(roles)]))


def _roles(roles: Sequence[tuple[Grant, str]]) -> list[str]:
    if not roles:
        return ["", _("Nobody has been given a role yet.")]
    lines = ["", *(f"<code>{grant.user_id}</code>: {_role(grant, slug)}" for grant, slug in roles[:_SHOWN])]
    return [*lines, and_more(len(roles) - _SHOWN)] if len(roles) > _SHOWN else lines


def granted(given: Grant, slug: str, edits: int | None) -> Reply:
    """Somebody has a role now."""
    text = _("{id} has this role now: {role}.").format(id=given.user_id, role=_role(given, slug))
    return Reply(text, (((_("Undo"), f"role_revoke:{_data(given)}"),),), edits, _("OK"))


def revoked(taken: Grant, slug: str, edits: int | None) -> Reply:
    """Somebody has a role no more."""
    text = _("{id} no longer has this role: {role}.").format(id=taken.user_id, role=_role(taken, slug))
    return Reply(text, (((_("Undo"), f"role_grant:{_data(taken)}"),),), edits, _("OK"))


def _role(grant: Grant, slug: str) -> str:
    return _("editor of {list}").format(list=escape(slug)) if grant.list_id else _("admin")


def _data(grant: Grant) -> str:
    return f"{grant.user_id}:{grant.list_id or 0}"


def ban_usage(bans: Sequence[Ban]) -> Reply:
    """How to ban, and who is."""
    usage = _(
        "Write the number of a person or a chat behind the command, and why; "
        "or reply with it to a forwarded message of theirs:\n"
        "<code>/ban 123456789 advertising</code>\n<code>/unban 123456789</code>"
    )
    lines = [f"<code>{ban.id}</code> · {ban.since:%Y-%m-%d} · {escape(ban.reason)}" for ban in bans[:_SHOWN]]
    more = [and_more(len(bans) - _SHOWN)] if len(bans) > _SHOWN else []
    return Reply(fitting([usage, "", *(lines or [_("Nobody is banned.")]), *more]))


def banned(ban: Ban, edits: int | None = None) -> Reply:
    """Somebody is not served any more."""
    text = _("{id} is banned: I do not answer them and send nothing there.").format(id=ban.id)
    if ban.reason:
        text += "\n" + _("Why: {reason}").format(reason=escape(ban.reason))
    return Reply(text, (((_("Undo"), f"unban:{ban.id}"),),), edits, _("OK"))


def unbanned(who: int, edits: int | None = None) -> Reply:
    """They are served again."""
    text = _("{id} is not banned any more. Roles that they had are not given back.").format(id=who)
    return Reply(text, (((_("Undo"), f"ban:{who}"),),), edits, _("OK"))


def gone(edits: int | None) -> Reply:
    """A button whose effect cannot be had any more."""
    return Reply(_(GONE), edits=edits, notice=_(GONE))
