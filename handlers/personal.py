"""/export, /import and /forget."""

from handlers import replies_personal
from handlers.context import Context, Reply
from handlers.rights import Place
from watchlists.i18n import _
from watchlists.service import Service


async def export(context: Context) -> None:
    """Give the chat's watches and settings, and its feeds, as files."""
    await context.answer(
        lambda service: replies_personal.exported(
            service.personal.export(context.chat_id), service.feeds.export(context.chat_id)
        )
    )


async def import_usage(context: Context) -> None:
    """Say which files may be sent."""
    await context.answer(lambda _service: Reply(_(replies_personal.IMPORT_USAGE)))


async def forget(context: Context) -> None:
    """Ask whether to delete everything; `/forget yes` does it."""

    def render(service: Service) -> Reply:
        if context.arguments.strip().lower() in ("yes", _("yes")):
            return _forgotten(context, service)
        return replies_personal.forget_question(service.personal.holdings(context.chat_id))

    await context.answer(render)


async def forget_do(context: Context) -> None:
    """The button that deletes everything."""
    await context.answer(lambda service: _forgotten(context, service))


def _forgotten(context: Context, service: Service) -> Reply:
    """Whoever forgets a channel knows that they edit it no more; the others who do will be told."""
    found = service.personal.forget(context.chat_id)
    if context.place is not Place.GROUP:
        service.destinations.told(context.user_id)
    return replies_personal.forgotten(found, context.message_id)


async def forget_not(context: Context) -> None:
    """The button that deletes nothing."""
    await context.answer(
        lambda _service: Reply(_(replies_personal.KEPT), edits=context.message_id, notice=_(replies_personal.KEPT))
    )
