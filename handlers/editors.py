"""Who may edit which list: the one place that says so to the commands and buttons of lists."""

from handlers.context import Context
from watchlists.following import MayEdit, nobody


def may_edit(context: Context) -> MayEdit:
    """Whether this person may edit the list with an id, or, of `editing.NEW_LIST`, make one."""
    return _all if context.is_admin else nobody


def _all(_list_id: int) -> bool:
    return True
