"""/status, for admins."""

from handlers import replies_status
from handlers.context import Context


async def status(context: Context) -> None:
    """What there is, and how it goes."""
    await context.answer(lambda service: replies_status.status(service.status()))
