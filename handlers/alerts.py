"""/why."""

import re

from handlers import args, replies_why
from handlers.context import Context, Reply
from watchlists.i18n import _

_LINK = re.compile(r"https?://\S+")


async def why(context: Context) -> None:
    """Explain the alert that is replied to, or what became of a link."""
    text = args.check_length(context.arguments)
    link = _LINK.search(text)
    if text and not link:
        await context.answer(lambda _service: Reply(_(replies_why.USAGE)))
        return
    if not text and context.reply_to is None:
        await context.answer(lambda _service: Reply(_(replies_why.USAGE)))
        return
    await context.answer(
        lambda service: replies_why.why(service.why(context.chat_id, context.reply_to, link.group() if link else ""))
    )
