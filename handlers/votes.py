"""👍 and 👎 under alerts, and the one change that several 👎 may lead to."""

from dataclasses import replace

from handlers import args, replies_delivery, replies_votes, replies_watch
from handlers.context import Context, Reply
from handlers.rights import Place
from handlers.snoozes import under_alert
from watchlists.i18n import _
from watchlists.model import Vote
from watchlists.service import Service


async def up(context: Context) -> None:
    """The alert was right."""
    await _vote(context, "up")


async def down(context: Context) -> None:
    """The alert was wrong."""
    await _vote(context, "down")


async def _vote(context: Context, vote: Vote) -> None:
    def render(service: Service) -> Reply:
        alert_id = args.identifier(context.arguments)
        proposals = service.learning.vote(context.chat_id, alert_id, context.user_id, vote)
        if proposals is None:
            return replies_delivery.too_old(context)
        more = tuple(replies_votes.proposal(each) for each in proposals)
        kind = "private" if context.place is Place.PRIVATE else "group"
        marked = Reply("", under_alert(alert_id, kind, vote), context.message_id, notice=replies_votes.noted(vote))
        return replace(marked, more=more)

    await context.answer(render)


async def take(context: Context) -> None:
    """A button that makes the change which was proposed."""

    def render(service: Service) -> Reply:
        watch = service.managing.own(context.chat_id, args.identifier(context.arguments))
        text = service.learning.proposed(watch) if watch else ""
        if watch is None or not text:
            return replies_delivery.too_old(context)
        changed = service.managing.reword(watch, text)
        undo = (_("Undo"), f"watch_undo:{watch.id}") if changed.text != watch.text else None
        return replies_watch.page(service.managing.card(changed), context.message_id, undo, notice=_("Changed"))

    await context.answer(render)


async def leave(context: Context) -> None:
    """A button that leaves the watch as it is."""
    await context.answer(lambda _service: replies_votes.left(context))
