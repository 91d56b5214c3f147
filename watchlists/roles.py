"""Who may do what: owner → admins → editors of a list → everybody else.

Owners are set where the bot is configured, and only there; without one, nobody has any role. Owners make admins, owners
and admins make editors and ban people. So nobody can raise themselves, and nobody can lock out an owner.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum

from watchlists.errors import Refused, UnknownList, UnknownPerson
from watchlists.i18n import _
from watchlists.ports import Store
from watchlists.ports_roles import NEW_LIST, Ban, Grant

MAX_REASON = 200
# Telegram's own accounts, whose ids many share: an administrator who speaks as the group, the forwarder of a linked
# channel's posts, and whoever writes as a channel.
ANONYMOUS_ADMIN, FORWARDER, AS_CHANNEL = 1087968824, 777000, 136817688
SHARED = {ANONYMOUS_ADMIN, FORWARDER, AS_CHANNEL}


class Role(StrEnum):
    """From the most to the least. An owner and an admin may edit every list."""

    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    USER = "user"


class Roles:
    """The use-cases on one open transaction. `by` is who acts, and is checked each time."""

    def __init__(self, store: Store, owners: Collection[int]) -> None:
        self._store = store
        self._owners = owners

    def role_of(self, user_id: int) -> Role:
        """The highest role of a person; that of somebody banned is USER."""
        if user_id in self._owners:
            return Role.OWNER
        grants = self._store.roles.of(user_id) if self._owners else ()
        if not grants or self._store.bans.get(user_id):
            return Role.USER
        return Role.ADMIN if grants[0].list_id is None else Role.EDITOR

    def may_edit(self, user_id: int, list_id: int) -> bool:
        """Whether the person may edit this list, or make one (`NEW_LIST`), which any editor may, too."""
        role = self.role_of(user_id)
        if role is Role.EDITOR:
            return list_id == NEW_LIST or Grant(user_id, list_id) in self._store.roles.of(user_id)
        return role in (Role.OWNER, Role.ADMIN)

    def require_admin(self, by: int) -> None:
        """Raise `Refused` where `by` is none. Commands and buttons are authorised before: this is the second lock."""
        if self.role_of(by) not in (Role.OWNER, Role.ADMIN):
            raise Refused(_("Only admins of this bot may do that."))

    def all(self) -> Sequence[tuple[Grant, str]]:
        """Every grant, with the slug of an editor's list."""
        return [(grant, self._slug(grant)) for grant in self._store.roles.all()]

    def named(self, user_id: int, slug: str) -> Grant:
        """The role of an admin (`slug` empty) or of an editor of a list. Raises `UnknownList`."""
        if not slug:
            return Grant(user_id, None)
        found = self._store.lists.find(slug)
        if found is None:
            raise UnknownList(_("There is no list “{slug}”. /lists shows their names.").format(slug=slug[:40]))
        return Grant(user_id, found.id)

    def only(self, user_id: int) -> Grant:
        """The one grant that the person has. Raises `Refused` where there is none, or which is meant is not clear."""
        self._refuse_owner(user_id)
        grants = self._store.roles.of(user_id)
        if len(grants) == 1:
            return grants[0]
        if not grants:
            raise Refused(_("{id} has no role here, so there is nothing to take away.").format(id=user_id))
        names = ", ".join(f"editor {self._slug(grant)}" if grant.list_id else "admin" for grant in grants)
        message = _("{id} has several roles: {names}. Write which one behind the number.")
        raise Refused(message.format(id=user_id, names=names))

    def grant(self, by: int, grant: Grant) -> str:
        """Give a role; return the slug of an editor's list. Raises `Refused`, and then changes nothing."""
        self._refuse_judging(by, grant)
        self._refuse_owner(grant.user_id)
        if grant.user_id <= 0 or grant.user_id in SHARED:
            raise UnknownPerson(_("{id} is not the number of one person.").format(id=grant.user_id))
        if grant.list_id and not self._store.lists.get(grant.list_id):  # the button of a list that is gone by now
            raise UnknownList(_("There is no list “{slug}”. /lists shows their names.").format(slug=self._slug(grant)))
        if self._store.bans.get(grant.user_id):
            message = _("{id} is banned. To give them a role, first send /unban {id}")
            raise Refused(message.format(id=grant.user_id))
        if self._store.roles.add(grant, by):
            self._record(by, "grant", grant)
        return self._slug(grant)

    def revoke(self, by: int, grant: Grant) -> str:
        """Take a role away; return the slug of an editor's list. Raises `Refused`, and then changes nothing."""
        self._refuse_owner(grant.user_id)
        if by != grant.user_id:  # whoever has a role may lay it down
            self._refuse_judging(by, grant)
        if not self._store.roles.remove(grant):
            raise Refused(_("{id} does not have that role.").format(id=grant.user_id))
        self._record(by, "revoke", grant)
        if grant.list_id is None:
            self._stop_broadcasts(by, grant.user_id)
        return self._slug(grant)

    def bans(self, by: int) -> Sequence[Ban]:
        """The bans that hold, newest first."""
        self.require_admin(by)
        return self._store.bans.all()

    def ban(self, by: int, who: int, reason: str) -> Ban:
        """Serve a person or a chat no more, and take a person's roles away. Raises `Refused` or `UnknownPerson`."""
        self._refuse_ban(by, who)
        taken = [self._name(grant) for grant in self._store.roles.of(who)]
        for grant in self._store.roles.of(who):
            self._store.roles.remove(grant)
        self._stop_broadcasts(by, who)
        self._store.audit.record(by, "ban", str(who), {"roles_taken": taken}, reason[:MAX_REASON])
        return self._store.bans.add(who, by, reason[:MAX_REASON])

    def ban_again(self, by: int, who: int) -> Ban | None:
        """Take back `unban`; None where the id never was banned. Raises `Refused`."""
        self._refuse_ban(by, who)
        ban = self._store.bans.renew(who)
        if ban:
            self._store.audit.record(by, "ban", str(who), {}, ban.reason)
        return ban

    def unban(self, by: int, who: int) -> None:
        """Serve them again. Raises `Refused` where they are not banned."""
        self.require_admin(by)
        ban = self._store.bans.get(who)
        if not ban:
            raise Refused(_("{id} is not banned. /ban shows who is.").format(id=who))
        self._store.bans.lift(who)
        self._store.audit.record(by, "unban", str(who), {"banned_for": ban.reason})

    def _stop_broadcasts(self, by: int, author: int) -> None:
        """Nobody else has the button that stops them, and whoever is no admin may not press it any more."""
        for broadcast_id in self._store.broadcasts.under_way(author):
            self._store.broadcasts.stop(broadcast_id)
            self._store.audit.record(by, "stop_broadcast", str(broadcast_id), {"author": author})

    def _refuse_ban(self, by: int, who: int) -> None:
        self.require_admin(by)
        self._refuse_owner(who)
        if who == 0 or who in SHARED:
            raise UnknownPerson(_("{id} is not the number of one person.").format(id=who))
        if who == by:
            raise Refused(_("You cannot ban yourself."))
        if Grant(who, None) in self._store.roles.of(who):
            self._refuse_judging(by, Grant(who, None))

    def _refuse_judging(self, by: int, grant: Grant) -> None:
        self.require_admin(by)
        if grant.list_id is None and by not in self._owners:
            raise Refused(_("Only an owner of this bot may make, remove or ban admins."))

    def _refuse_owner(self, user_id: int) -> None:
        if user_id in self._owners:
            message = _("{id} is an owner of this bot: owners are set where the bot is configured, not here.")
            raise Refused(message.format(id=user_id))

    def _slug(self, grant: Grant) -> str:
        found = self._store.lists.get(grant.list_id) if grant.list_id else None
        return found.content.slug if found else f"#{grant.list_id}" if grant.list_id else ""

    def _name(self, grant: Grant) -> str:
        return f"editor {self._slug(grant)}" if grant.list_id else "admin"

    def _record(self, by: int, act: str, grant: Grant) -> None:
        self._store.audit.record(by, act, str(grant.user_id), {"role": self._name(grant)})
