"""/retry: messages that Telegram refused within a day are sent once more. For admins, in private."""

import re

from handlers import args, replies_retry
from handlers.context import Context, Reply
from watchlists.service import Service

_CHAT = re.compile(r"-?\d{1,18}", re.ASCII)


async def retry(context: Context) -> None:
    """Show what failed; `/retry all` sends it once more, `/retry -1001234` what failed for that chat."""
    which = args.check_length(context.arguments).strip().lower()

    def render(service: Service) -> Reply:
        if which == "all":
            return replies_retry.retried(service.operating.retry(context.user_id))
        if _CHAT.fullmatch(which):
            return replies_retry.retried(service.operating.retry(context.user_id, int(which)))
        return replies_retry.failed(service.operating.failed(context.user_id))

    await context.answer(render)


async def retry_all(context: Context) -> None:
    """The button below the list."""
    await context.answer(
        lambda service: replies_retry.retried(service.operating.retry(context.user_id), context.message_id)
    )
