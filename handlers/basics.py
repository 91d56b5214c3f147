"""/start, /help, and answers to what is no command of ours."""

import difflib

from handlers import replies
from handlers.context import Context, Reply
from watchlists.i18n import _


async def start(context: Context) -> None:
    """Say in a few lines what the bot does."""
    await context.answer(lambda _service: Reply(_(replies.START)))


async def free_text(context: Context) -> None:
    """Offer to watch what was written."""
    await context.answer(lambda _service: replies.free_text(context.arguments))


async def unknown_command(context: Context, name: str, known: list[str]) -> None:
    """Name the nearest command that exists."""
    near = difflib.get_close_matches(name, known, n=1)
    await context.answer(lambda _service: replies.unknown_command(name, near[0] if near else None))
