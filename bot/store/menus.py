"""Who has a menu of commands of their own in Telegram, and who should have one."""

from collections.abc import Collection

from bot.clock import from_epoch
from bot.store.roles import Roles
from bot.store.table import Table


class Menus(Table):
    """Noted before Telegram is told, so that no menu is forgotten there."""

    def changes(self, owners: Collection[int]) -> tuple[dict[int, bool], set[int]]:
        """Those with a role to whom one can write, each with whether it is an admin's; and who may have a menu without.

        For a chat that does not exist Telegram takes no menu.
        """
        roles = Roles(self._database, from_epoch(self._now))
        admins = roles.with_admins(owners)
        people = {*admins, *(grant.user_id for grant in roles.all())} if owners else set()
        places = ",".join("?" * len(people))
        reached = self._rows(f"SELECT id FROM chats WHERE kind = 'private' AND active AND id IN ({places})", [*people])
        told = {row["user_id"] for row in self._rows("SELECT user_id FROM menus")}
        return {row["id"]: row["id"] in admins for row in reached}, told - people

    def add(self, user_id: int) -> None:
        """Telegram is about to be told one."""
        self._write("INSERT INTO menus (user_id) VALUES (?) ON CONFLICT DO NOTHING", [user_id])

    def remove(self, user_id: int) -> None:
        """Telegram has withdrawn it."""
        self._write("DELETE FROM menus WHERE user_id = ?", [user_id])
