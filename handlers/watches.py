"""/watch and /unwatch, and the buttons that undo them."""

from handlers import args, managing, questions, replies, replies_preview
from handlers.context import Context, Reply
from watchlists.i18n import _
from watchlists.service import Service


async def watch(context: Context) -> None:
    """Start to watch what stands behind the command."""
    text = args.one_line(args.check_length(context.arguments))
    if not text:
        await questions.ask_watch(context)
        return
    await context.answer(lambda service: replies_preview.watching(service.watch(context.chat_id, text)))


async def unwatch(context: Context) -> None:
    """Stop the watch with the number behind the command."""
    if not context.arguments:
        await managing.ask_which(context, "unwatch")
        return
    number = args.number(context.arguments)
    await context.answer(lambda service: replies.unwatched(service.unwatch(context.chat_id, number)))


async def undo_watch(context: Context) -> None:
    """The button under the answer to /watch."""

    def render(service: Service) -> Reply:
        watch = service.undo_watch(context.chat_id, args.identifier(context.arguments))
        return replies.unwatched(watch, context.message_id) if watch else _gone(context)

    await context.answer(render)


async def undo_unwatch(context: Context) -> None:
    """The button under the answer to /unwatch."""

    def render(service: Service) -> Reply:
        watch = service.undo_unwatch(context.chat_id, args.identifier(context.arguments))
        return replies.watching_again(watch, context.message_id) if watch else _gone(context)

    await context.answer(render)


def _gone(context: Context) -> Reply:
    text = _(replies.GONE)
    return Reply(text, edits=context.message_id, notice=text)
