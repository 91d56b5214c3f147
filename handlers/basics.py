"""/start, /help, and answers to what is no command of ours."""

import difflib

from handlers import replies
from handlers.context import Context


async def example(context: Context) -> None:
    """Show what an alert looks like."""
    await context.answer(lambda _service: replies.example())


async def unknown_command(context: Context, name: str, known: list[str]) -> None:
    """Name the nearest command that exists."""
    near = difflib.get_close_matches(name, known, n=1)
    await context.answer(lambda _service: replies.unknown_command(name, near[0] if near else None))
