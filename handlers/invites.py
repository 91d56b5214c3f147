"""/invite, and the buttons that show and withdraw invitations. For admins, in private."""

from handlers import args, replies_access
from handlers.context import Context, Reply
from watchlists.access import DAYS, USES
from watchlists.i18n import _
from watchlists.service import Service


async def invite(context: Context) -> None:
    """Make an invitation: `/invite`, `/invite 5` for five people, `/invite 5 30` for thirty days."""
    words = args.check_length(context.arguments).split()
    if len(words) > 2 or not all(word.isascii() and word.isdecimal() and len(word) < 9 for word in words):
        await context.answer(lambda _service: Reply(_(replies_access.USAGE)))
        return
    uses, days = [*map(int, words), *(USES, DAYS)[len(words) :]]

    def render(service: Service) -> Reply:
        made, code = service.access.invite(context.user_id, uses, days)
        return replies_access.invited(made, code, context.bot_name)

    await context.answer(render)


async def invites(context: Context) -> None:
    """The button that shows the invitations that are open."""
    await context.answer(
        lambda service: replies_access.invites(service.access.open(context.user_id), context.message_id)
    )


async def withdraw(context: Context) -> None:
    """The button that withdraws one."""

    def render(service: Service) -> Reply:
        service.access.withdraw(context.user_id, args.identifier(context.arguments))
        return replies_access.invites(service.access.open(context.user_id), context.message_id)

    await context.answer(render)
