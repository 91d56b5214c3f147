"""/status, for admins."""

from dataclasses import replace

from handlers import replies_status
from handlers.context import Context, Reply
from watchlists.service import Service


async def status(context: Context) -> None:
    """What there is, and how it goes. The command itself, which is being handled, does not count as waiting."""

    def render(service: Service) -> Reply:
        found = service.status()
        waiting = max(0, found.inbox["new"] - 1)
        return replies_status.status(replace(found, inbox={**found.inbox, "new": waiting}))

    await context.answer(render)
