"""Who is at the door: their role, and whether they are served at all."""

from collections.abc import Collection
from dataclasses import dataclass

from telegram import Message, MessageOriginUser, Update

from bot.store import Store
from watchlists.roles import Role, Roles


@dataclass(frozen=True, slots=True)
class Guest:
    """Whoever sent an update. `banned` is the reason of its end where they, or the chat in which they wrote, are."""

    role: Role = Role.USER
    banned: str = ""

    @property
    def is_admin(self) -> bool:
        """Whether they administer the bot."""
        return self.role in (Role.OWNER, Role.ADMIN)


def meet(store: Store, owners: Collection[int], update: Update) -> Guest:
    """Look the sender of an update up; nothing is stored."""
    user = update.effective_user
    ids = {each.id for each in (user, update.effective_chat, update.effective_sender) if each}
    if store.bans.any(ids):
        return Guest(banned="banned")
    return Guest(Roles(store, owners).role_of(user.id)) if user else Guest()


def person_meant(message: Message) -> int:
    """The author of the forwarded message to which this one replies; 0 where there is none, or they hide."""
    answered = message.reply_to_message
    origin = answered.forward_origin if answered else None
    return origin.sender_user.id if isinstance(origin, MessageOriginUser) else 0
