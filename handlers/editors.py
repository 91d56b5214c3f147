"""Who may edit which list: the one place that says so to the commands and buttons of lists."""

from functools import partial

from handlers.context import Context
from handlers.rights import Place
from watchlists.following import MayEdit, nobody
from watchlists.service import Service


def may_edit(context: Context, service: Service) -> MayEdit:
    """Whether this person may edit the list with an id, or, of `NEW_LIST`, make one.

    In a group nobody: what editors alone see would be read by all.
    """
    return nobody if context.place is Place.GROUP else partial(service.roles.may_edit, context.user_id)
