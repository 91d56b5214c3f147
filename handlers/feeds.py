"""/feeds."""

from handlers import replies
from handlers.context import Context


async def feeds(context: Context) -> None:
    """List the feeds and how they fare."""
    await context.answer(lambda service: replies.feeds(service.feeds()))
