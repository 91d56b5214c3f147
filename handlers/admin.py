"""/grant, /revoke, /ban and /unban, and the buttons that take them back. For admins, in private."""

import re

from handlers import args, replies_admin
from handlers.context import Context, Reply
from watchlists.errors import UnknownPerson
from watchlists.i18n import _
from watchlists.ports_roles import Grant
from watchlists.service import Service

_ID = re.compile(r"-?\d{1,16}", re.ASCII)
_ROLES = ("admin", "editor")


async def grant(context: Context) -> None:
    """Give somebody a role: `/grant 123 admin`, `/grant 123 editor markets`."""

    def render(service: Service) -> Reply:
        who, words = _who(context)
        if who is None or not words or words[0].lower() not in _ROLES:
            return replies_admin.grant_usage(service.roles.all())
        return _granted(context, service, service.roles.named(who, _slug(words)))

    await context.answer(render)


async def revoke(context: Context) -> None:
    """Take a role away: `/revoke 123`, or which of several as in /grant."""

    def render(service: Service) -> Reply:
        who, words = _who(context)
        if who is None or (words and words[0].lower() not in _ROLES):
            return replies_admin.revoke_usage(service.roles.all())
        named = service.roles.named(who, _slug(words)) if words else service.roles.only(who)
        return _revoked(context, service, named)

    await context.answer(render)


async def grant_again(context: Context) -> None:
    """The button below /revoke."""

    def render(service: Service) -> Reply:
        found = _grant_of(context)
        return _granted(context, service, found) if found else replies_admin.gone(context.message_id)

    await context.answer(render)


async def revoke_again(context: Context) -> None:
    """The button below /grant."""

    def render(service: Service) -> Reply:
        found = _grant_of(context)
        return _revoked(context, service, found) if found else replies_admin.gone(context.message_id)

    await context.answer(render)


async def ban(context: Context) -> None:
    """Serve somebody, or a chat, no more: `/ban 123 sends advertisements`."""

    def render(service: Service) -> Reply:
        who, words = _who(context)
        if who is None:
            return replies_admin.ban_usage(service.roles.bans(context.user_id))
        return replies_admin.banned(service.roles.ban(context.user_id, who, " ".join(words)))

    await context.answer(render)


async def unban(context: Context) -> None:
    """Serve them again."""

    def render(service: Service) -> Reply:
        who, _words = _who(context)
        if who is None:
            return replies_admin.ban_usage(service.roles.bans(context.user_id))
        service.roles.unban(context.user_id, who)
        return replies_admin.unbanned(who)

    await context.answer(render)


async def unban_again(context: Context) -> None:
    """The button below /ban."""

    def render(service: Service) -> Reply:
        who = _signed(context.arguments)
        if who is None:
            return replies_admin.gone(context.message_id)
        service.roles.unban(context.user_id, who)
        return replies_admin.unbanned(who, context.message_id)

    await context.answer(render)


async def ban_again(context: Context) -> None:
    """The button below /unban."""

    def render(service: Service) -> Reply:
        who = _signed(context.arguments)
        held = None if who is None else service.roles.ban_again(context.user_id, who)
        return replies_admin.banned(held, context.message_id) if held else replies_admin.gone(context.message_id)

    await context.answer(render)


def _who(context: Context) -> tuple[int | None, list[str]]:
    """Whom the command is about, and the words behind that: by number, or by the forwarded message it replies to.

    None where the command stands alone. Raises `UnknownPerson`.
    """
    words = args.check_length(context.arguments).split()
    if words and _ID.fullmatch(words[0]):
        return int(words[0]), words[1:]
    if context.about:
        return context.about, words
    if not words:
        return None, []
    message = _(
        "“{text}” is no number of a person. Write the number, such as 123456789, "
        "or reply with the command to a message of theirs that you have forwarded to me."
    )
    raise UnknownPerson(message.format(text=words[0][:40]))


def _slug(words: list[str]) -> str:
    """The list that an editor is to edit; empty for an admin. Raises `UnknownPerson` where none is named."""
    if words[0].lower() == "admin":
        return ""
    if len(words) < 2:
        raise UnknownPerson(_("Which list? Write its short name behind the word: editor markets"))
    return words[1].lower()


def _granted(context: Context, service: Service, given: Grant) -> Reply:
    return replies_admin.granted(given, service.roles.grant(context.user_id, given), context.message_id)


def _revoked(context: Context, service: Service, taken: Grant) -> Reply:
    return replies_admin.revoked(taken, service.roles.revoke(context.user_id, taken), context.message_id)


def _grant_of(context: Context) -> Grant | None:
    found = args.ids(context.arguments, 2)
    return Grant(found[0], found[1] or None) if found else None


def _signed(data: str) -> int | None:
    """The id in a button's data; chats have negative ones."""
    return int(data) if _ID.fullmatch(data) else None
