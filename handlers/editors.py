"""Who may edit which list: the one place that says so to the commands and buttons of lists."""

from handlers.context import Context
from watchlists.following import MayEdit
from watchlists.service import Service


def may_edit(context: Context, _service: Service) -> MayEdit:
    """Whether this person may edit the list with an id, or, of `editing.NEW_LIST`, make one."""
    return lambda _list_id: context.is_admin
