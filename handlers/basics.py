"""/start, /help, and answers to what is no command of ours."""

import difflib

from handlers import args, replies
from handlers.context import Context


async def example(context: Context) -> None:
    """Show what an alert looks like."""
    await context.answer(lambda _service: replies.example())


ALIKE = 0.75  # of 1: a slip of the fingers; "newlist" and "lists" have less in common
# What other bots call what ours has by another name.
_ELSEWHERE = {
    "add": "watch",
    "subscribe": "watch",
    "track": "watch",
    "list": "watches",
    "delete": "unwatch",
    "remove": "unwatch",
    "stop": "unwatch",
    "unsubscribe": "unwatch",
    "mute": "snooze",
    "pause": "snooze",
    "timezone": "settings",
    "zone": "settings",
}


async def unknown_command(context: Context, name: str, known: list[str]) -> None:
    """Name the command that was meant: what other bots call so, or the nearest that exists."""
    near = [_ELSEWHERE[name]] if name in _ELSEWHERE else difflib.get_close_matches(name, known, n=1, cutoff=ALIKE)
    await context.answer(
        lambda _service: replies.unknown_command(name, near[0] if near else None, args.one_line(context.arguments))
    )
