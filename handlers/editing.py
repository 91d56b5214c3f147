"""The commands with which editors change lists, and their buttons. A reason for the log comes behind ` // `."""

from collections.abc import Callable

from handlers import args, replies_editing, replies_personal
from handlers.context import Context, Reply
from handlers.editors import may_edit
from handlers.replies_delivery import too_old
from watchlists.editing import Edited, Editing
from watchlists.errors import UnknownList, UnknownNumber
from watchlists.i18n import _
from watchlists.service import Service

REASON = " // "


async def newlist(context: Context) -> None:
    """`/newlist slug Title`."""
    await _edit(context, _(replies_editing.NEW_USAGE), 1, lambda editing, name, what, why: editing.new(name, what, why))


async def listadd(context: Context) -> None:
    """`/listadd slug words // reason`."""
    await _edit(context, _(replies_editing.ADD_USAGE), 2, lambda editing, name, what, why: editing.add(name, what, why))


async def listdel(context: Context) -> None:
    """`/listdel slug 2 // reason`; `/listdel slug` asks whether to delete the whole list."""
    name = args.check_length(context.arguments).strip()
    if name and len(name.split()) == 1:
        await context.answer(
            lambda service: replies_editing.remove_question(*_editing(context, service).removable(name))
        )
        return
    await _edit(
        context,
        _(replies_editing.DROP_USAGE),
        2,
        lambda editing, name, what, why: editing.drop(name, args.number(what, f"/lists {name}"), why),
    )


async def listset(context: Context) -> None:
    """`/listset slug title Ferries`, `/listset slug 2 note Crews and operators. // reason`."""

    def act(editing: Editing, name: str, what: str, why: str) -> Edited:
        field, _space, value = what.partition(" ")
        if not field.lstrip("#").isdecimal():
            return editing.set(name, field.lower(), value.strip(), why)
        of_watch, _space, value = value.strip().partition(" ")
        return editing.set_watch(name, args.number(field, f"/lists {name}"), of_watch.lower(), value.strip(), why)

    await _edit(context, _(replies_editing.SET_USAGE), 2, act)


async def undo(context: Context) -> None:
    """`/undo slug`, or to a version: `/undo slug 3`."""

    def act(editing: Editing, name: str, what: str, _why: str) -> Edited:
        return editing.undo(name, args.number(what, f"/listlog {name}") if what else 0)

    await _edit(context, _(replies_editing.LIST_USAGE), 1, act)


async def listlog(context: Context) -> None:
    """Who changed what, when and why: `/listlog slug`."""
    name = args.check_length(context.arguments)

    def render(service: Service) -> Reply:
        if not name:
            return Reply(_(replies_editing.LIST_USAGE))
        editing = _editing(context, service)
        stored, found, older = editing.log(name)
        return replies_editing.log(stored, found, editing.votes(stored), older=older)

    await context.answer(render)


async def listexport(context: Context) -> None:
    """Give a list as a file: `/listexport slug`."""
    name = args.check_length(context.arguments)

    def render(service: Service) -> Reply:
        if not name:
            return Reply(_(replies_editing.LIST_USAGE))
        return replies_editing.exported(*_editing(context, service).export(name))

    await context.answer(render)


async def listimport(context: Context) -> None:
    """Say which file may be sent; see `bot.lookups` for what becomes of it."""
    await context.answer(lambda _service: Reply(_(replies_editing.IMPORT_USAGE)))


async def undo_button(context: Context) -> None:
    """The button under an edit: the version before, unless the list has been changed since."""
    slug, _colon, rest = context.arguments.partition(":")
    versions = args.ids(rest, 2)

    def render(service: Service) -> Reply:
        editing = _editing(context, service)
        try:
            if not versions or not slug:
                return too_old(context)
            if versions[0] == 0:
                return _undo_new(context, editing, slug, versions[1])
            return replies_editing.edited(editing.undo(slug, *versions), context.message_id)
        except (UnknownList, UnknownNumber):
            return too_old(context)

    await context.answer(render)


def _undo_new(context: Context, editing: Editing, slug: str, version: int) -> Reply:
    """A list that nobody follows goes at once; what others would lose is asked about."""
    stored, followers = editing.removable(slug, version)
    if followers:
        return replies_editing.remove_question(stored, followers)
    return replies_editing.removed(editing.remove(stored.id, version), context.message_id)


async def remove(context: Context) -> None:
    """The button that deletes a list, as it was when that was asked."""
    found = args.ids(context.arguments, 2)  # the list, and its version

    def render(service: Service) -> Reply:
        try:
            if not found or not found[1]:
                return too_old(context)
            return replies_editing.removed(_editing(context, service).remove(*found), context.message_id)
        except (UnknownList, UnknownNumber):
            return too_old(context)

    await context.answer(render)


async def keep(context: Context) -> None:
    """The button that deletes nothing."""
    kept = _(replies_personal.KEPT)
    await context.answer(lambda _service: Reply(kept, edits=context.message_id, notice=kept))


async def log_button(context: Context) -> None:
    """The button that turns the page of a log."""
    slug, _colon, rest = context.arguments.partition(":")
    before = args.ids(rest, 1)

    def render(service: Service) -> Reply:
        try:
            stored, found, older = _editing(context, service).log(slug, before[0] if before else 0)
        except UnknownList:
            return too_old(context)
        return replies_editing.log(stored, found, older=older, edits=context.message_id)

    await context.answer(render)


async def _edit(context: Context, usage: str, least: int, act: Callable[[Editing, str, str, str], Edited]) -> None:
    """An edit whose command is a list's name and, of `least` 2, something behind it."""
    typed, _slashes, why = args.one_line(args.check_length(context.arguments)).partition(REASON)
    name, _space, what = typed.strip().partition(" ")

    def render(service: Service) -> Reply:
        if not name or (least == 2 and not what.strip()):
            return Reply(usage)
        return replies_editing.edited(act(_editing(context, service), name, what.strip(), why.strip()))

    await context.answer(render)


def _editing(context: Context, service: Service) -> Editing:
    return service.editing(context.user_id, may_edit(context, service))
