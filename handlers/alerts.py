"""/why, and its button under alerts."""

import re
from dataclasses import replace

from handlers import args, replies_why
from handlers.context import Context, Reply
from handlers.replies_delivery import too_old
from handlers.rights import Place
from watchlists.i18n import _
from watchlists.service import Service

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


async def reports(context: Context) -> None:
    """A button that turns the pages of a story's reports, in the message of `/why`."""
    numbers = args.ids(context.arguments, 2)

    def render(service: Service) -> Reply:
        page = service.reports(context.chat_id, *numbers) if numbers else None
        return replies_why.reports(page, context.message_id) if page else too_old(context)

    await context.answer(render)


async def why_button(context: Context) -> None:
    """Explain the alert whose button was pressed, in a message of its own."""

    def render(service: Service) -> Reply:
        found = service.why_alert(context.chat_id, args.identifier(context.arguments))
        if found is None:
            return too_old(context)
        if context.place is Place.GROUP:  # each reader may ask, and the others need not read the answer
            return Reply("", notice=replies_why.brief(found), refusal=True)
        return replace(replies_why.why(found), notice=_("Why"))

    await context.answer(render)
