"""Who is at the door: their role, and whether they are served at all.

Who asks for much, or was not invited, is told so once a minute; what else they send meanwhile is only kept in the
inbox, which is also what is counted: nothing is written for it, and a restart changes nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

from telegram import Message, MessageOriginUser, Update

from bot.config import Settings
from bot.store import Store
from bot.store.inbox import Ask
from handlers import replies_access
from handlers.lists import DEEP_LINK
from watchlists.i18n import _
from watchlists.roles import Role, Roles

MINUTE = 60.0
PER_PERSON, PER_CHAT = 30, 60  # messages and button presses that are served within a minute


class Verdict(StrEnum):
    """What becomes of an update; kept as the reason of its end."""

    SERVED = ""
    BANNED = "banned"
    UNINVITED = "not invited"
    UNINVITED_STILL = "not invited, and told within the minute"
    TOO_MANY = "too many within a minute"
    TOO_MANY_STILL = "too many within a minute, and told"

    @property
    def is_silent(self) -> bool:
        """Whether nothing is answered."""
        return self in (Verdict.BANNED, Verdict.UNINVITED_STILL, Verdict.TOO_MANY_STILL)


@dataclass(frozen=True, slots=True)
class Guest:
    """Whoever sent an update. `invited`: they, or the chat in which they wrote; None where nobody has to be."""

    role: Role = Role.USER
    invited: bool | None = None
    verdict: Verdict = Verdict.SERVED


def meet(store: Store, settings: Settings, update: Update) -> Guest:
    """Look the sender of an update up; nothing is stored."""
    user = update.effective_user
    ids = {each.id for each in (user, update.effective_chat, update.effective_sender) if each}
    if store.bans.any(*ids):
        return Guest(invited=False, verdict=Verdict.BANNED)
    role = Roles(store, settings.admins).role_of(user.id) if user else Role.USER
    is_known = role is not Role.USER or store.invites.admitted(*ids)
    invited = None if settings.access == "open" else is_known
    return Guest(role, invited, _verdict(store, update, role, may=invited is not False))


def _verdict(store: Store, update: Update, role: Role, *, may: bool) -> Verdict:
    ask = store.inbox.ask(update.update_id)
    if ask is None:  # nobody's question: no answer would be read
        return Verdict.SERVED if may or update.my_chat_member else Verdict.UNINVITED_STILL
    invitation = code(update.message) if update.message else ""
    if not may and not (invitation and store.invites.holds(invitation)):
        told = any(store.inbox.ended(ask, Verdict.UNINVITED, MINUTE))
        return Verdict.UNINVITED_STILL if told else Verdict.UNINVITED
    return Verdict.SERVED if role in (Role.OWNER, Role.ADMIN) else _limited(store, ask)


def _limited(store: Store, ask: Ask) -> Verdict:
    of_person, of_chat = store.inbox.ended(ask, Verdict.SERVED, MINUTE)
    if of_person < PER_PERSON and of_chat < PER_CHAT:
        return Verdict.SERVED
    return Verdict.TOO_MANY_STILL if any(store.inbox.ended(ask, Verdict.TOO_MANY, MINUTE)) else Verdict.TOO_MANY


def turned_away(verdict: Verdict, *, with_code: bool = False) -> str:
    """What somebody reads who is not served."""
    if verdict is Verdict.TOO_MANY:
        return _(replies_access.TOO_MANY)
    return _(replies_access.INVITE_OVER if with_code else replies_access.INVITE_ONLY)


def code(message: Message) -> str:
    """What stands behind /start in private: an invitation, where the bot is opened by a link; empty for all else."""
    if message.chat.type != "private" or not (message.text or "").startswith("/start "):
        return ""
    payload = (message.text or "").removeprefix("/start ").strip()
    return "" if payload.startswith(DEEP_LINK) else payload


def person_meant(message: Message) -> int:
    """The author of the forwarded message to which this one replies; 0 where there is none, or they hide."""
    answered = message.reply_to_message
    origin = answered.forward_origin if answered else None
    return origin.sender_user.id if isinstance(origin, MessageOriginUser) else 0
