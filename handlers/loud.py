"""The buttons under the note that a watch fires too often."""

from handlers import args, replies_delivery
from handlers.context import Context, Reply
from watchlists.model import Watch
from watchlists.service import Service

DIGESTS = ("hourly", "daily 08:00")  # buttons carry the place in this row


async def digest(context: Context) -> None:
    """Let the watch's alerts come together."""
    numbers = args.ids(context.arguments, 2)

    def render(service: Service) -> Reply:
        watch = _watch(context, service, 2)
        if watch is None or not numbers or numbers[1] >= len(DIGESTS):
            return replies_delivery.too_old(context)
        return replies_delivery.calmer(context, service.managing.digest(watch, DIGESTS[numbers[1]]))

    await context.answer(render)


async def strict(context: Context) -> None:
    """Let the watch take surer hits only."""

    def render(service: Service) -> Reply:
        watch = _watch(context, service, 1)
        if watch is None:
            return replies_delivery.too_old(context)
        return replies_delivery.reworded(context, service.managing.strictness(watch, "strict"))

    await context.answer(render)


async def without(context: Context) -> None:
    """Exclude a word that was proposed."""
    numbers = args.ids(context.arguments, 2)

    def render(service: Service) -> Reply:
        watch = _watch(context, service, 2)
        changed = service.managing.without(watch, numbers[1]) if watch and numbers else None
        return replies_delivery.reworded(context, changed) if changed else replies_delivery.too_old(context)

    await context.answer(render)


def _watch(context: Context, service: Service, count: int) -> Watch | None:
    numbers = args.ids(context.arguments, count)
    return service.managing.own(context.chat_id, numbers[0]) if numbers else None
