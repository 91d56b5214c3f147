"""Who may use a bot that is by invitation only: whoever comes by an invitation, and the chats they add the bot to."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from watchlists.errors import OutOfRange
from watchlists.i18n import _
from watchlists.ports import Store
from watchlists.ports_access import Invite
from watchlists.roles import Roles

MAX_USES, MAX_DAYS = 1000, 365
USES, DAYS = 1, 7


class Access:
    """The use-cases on one open transaction."""

    def __init__(self, store: Store, owners: Collection[int]) -> None:
        self._store = store
        self._roles = Roles(store, owners)

    def invite(self, by: int, uses: int = USES, days: int = DAYS) -> tuple[Invite, str]:
        """A new invitation and its code, which is shown this once. Raises `Refused` or `OutOfRange`."""
        self._roles.require_admin(by)
        if not (1 <= uses <= MAX_USES and 1 <= days <= MAX_DAYS):
            message = _("An invitation is for 1 to {uses} people and for 1 to {days} days: /invite 5 30")
            raise OutOfRange(message.format(uses=MAX_USES, days=MAX_DAYS))
        invite, code = self._store.invites.add(by, uses, self._store.now + timedelta(days=days))
        self._store.audit.record(by, "invite", str(invite.id), {"uses": uses, "days": days})
        return invite, code

    def open(self, by: int) -> Sequence[Invite]:
        """The invitations that still let somebody in, newest first. Raises `Refused`."""
        self._roles.require_admin(by)
        return self._store.invites.open()

    def withdraw(self, by: int, invite_id: int) -> bool:
        """The invitation lets nobody in any more; False where it did not anyhow. Raises `Refused`."""
        self._roles.require_admin(by)
        withdrawn = self._store.invites.withdraw(invite_id)
        if withdrawn:
            self._store.audit.record(by, "withdraw_invite", str(invite_id), {})
        return withdrawn

    def enter(self, user_id: int, code: str) -> None:
        """Somebody comes by an invitation. One use is for one person, however often they come."""
        if not self._store.invites.admitted(user_id):
            self._store.invites.use(code, user_id)
