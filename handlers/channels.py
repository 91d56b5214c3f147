"""/channel and /done: setting up a channel from a private chat.

From /channel on, what somebody writes in private is about the channel, until /done. Each answer says so in its first
line, and a button is about what its message spoke of, whatever has been chosen since.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from handlers import args, replies_channels
from handlers.context import Context, Render, Reply
from handlers.rights import Place, Rule
from watchlists.channels import Channel
from watchlists.i18n import _
from watchlists.service import Service

_LINK = re.compile(r"(?:https?://)?t\.me/(?:c/(?P<id>\d+)|(?P<name>\w+))(?:/.*)?", re.IGNORECASE | re.ASCII)
_NAME = re.compile(r"@?(?P<name>[a-z]\w{3,31})", re.IGNORECASE | re.ASCII)
_ID = re.compile(r"-100\d{5,13}", re.ASCII)


async def channel(context: Context) -> None:
    """Edit the channel that is named: `/channel @name`; without a name, choose one."""
    typed = args.check_length(context.arguments).strip()
    if not typed:
        await context.look_at_own()
        await context.answer(lambda service: _choose(context, service))
        return
    asked = _asked(typed)
    await _edit(context, await context.look_up(asked) if asked else None, typed)


def _choose(context: Context, service: Service) -> Reply:
    linked = service.destinations.linked(context.user_id)
    edits = any(each.name == context.editing for each in linked)
    return replies_channels.choose(linked, context.editing if edits else "")


async def pick(context: Context) -> None:
    """A button that names a channel by its id."""
    ref = context.arguments
    asked = ref if _ID.fullmatch(ref) else ""
    await _edit(context, await context.look_up(asked) if asked else None, "")


async def named(context: Context, asked: str, *, insist: bool) -> bool:
    """A channel was chosen in Telegram's list, or a post of it forwarded; whether that has been answered.

    A forwarded post may be meant otherwise: unless `insist`, nothing is said of a channel that cannot be set up.
    """
    found = await context.look_up(asked)
    if found is None and not insist:
        return False
    await _edit(context, found, "")
    return True


async def done(context: Context) -> None:
    """Leave the channel."""
    await context.answer(lambda service: replies_channels.done(ended=service.destinations.done(context.user_id)))


async def refuse(context: Context) -> None:
    """Do nothing of what was meant for a channel that the person may not edit, but say so; of one left for good once.

    The name is not said there: it may have changed since they were one of its administrators.
    """

    def render(service: Service) -> Reply:
        has_left = service.destinations.told(context.user_id) or context.left
        said = _(replies_channels.LEFT) if has_left else replies_channels.no_administrator(context.editing)
        return Reply(said, notice=said, refusal=True, personal=has_left)

    await context.answer(render)


async def _edit(context: Context, found: Channel | None, typed: str) -> None:
    if found is None:
        await context.answer(lambda _service: replies_channels.not_possible(typed))
        return
    channel = found

    def render(service: Service) -> Reply:
        service.destinations.link(context.user_id, channel, context.language)
        return replies_channels.linked(channel)

    await context.answer(render)


def _asked(typed: str) -> str:
    """@name or id of what was typed or pasted; empty for what is neither."""
    if _ID.fullmatch(typed):
        return typed
    link = _LINK.fullmatch(typed)
    if link and link["id"]:
        return f"-100{link['id']}"
    name = link or _NAME.fullmatch(typed)
    return f"@{name['name']}" if name else ""


def placed(context: Context, rule: Rule) -> Context:
    """The context for a command or button: about the channel with the line that says so, or about the person."""
    if context.place is not Place.CHANNEL:
        return context
    if Place.CHANNEL not in rule.places:
        own = replace(context, place=Place.PRIVATE, chat_id=context.here)
        return replace(own, answer=_changed(context, lambda reply: replace(reply, personal=True)))

    def marked(reply: Reply) -> Reply:
        return reply if reply.personal else replies_channels.marked(reply, context.editing)

    return replace(context, answer=_changed(context, marked))


def _changed(context: Context, change: Callable[[Reply], Reply]) -> Callable[[Render], Awaitable[None]]:
    async def answer(render: Render) -> None:
        await context.answer(lambda service: change(render(service)))

    return answer
