"""What the bot asks, and the messages that answer it: a question waits for the very next message."""

from handlers import args, replies, replies_preview, replies_watch
from handlers.context import Context, Reply
from watchlists.errors import QueryError
from watchlists.i18n import _
from watchlists.model import Question
from watchlists.service import Service


async def ask_watch(context: Context) -> None:
    """Ask for the words of a new watch."""

    def render(service: Service) -> Reply:
        service.ask(context.chat_id, Question("watch"))
        return Reply(_(replies.WATCH_USAGE), notice=_("Send the words"))

    await context.answer(render)


async def free_text(context: Context) -> None:
    """Take a message that is no command as the answer to what was asked, or offer to watch it."""
    text = args.one_line(context.arguments)

    def render(service: Service) -> Reply:
        asked = service.asked
        if asked is None:
            return _offer(service, context.chat_id, text)
        if asked.kind == "watch":
            return replies_preview.watching(service.watch(context.chat_id, args.check_length(text)))
        if asked.kind == "preview":
            return replies_preview.previewed(service.preview(context.chat_id, args.check_length(text)))
        watch = service.managing.own(context.chat_id, asked.subject)
        if watch is None:
            return Reply(_(replies.GONE))
        changed = service.managing.reword(watch, args.check_length(text))
        undo = (_("Undo"), f"watch_undo:{watch.id}") if changed.text != watch.text else None
        return replies_watch.page(service.managing.card(changed), undo=undo)

    await context.answer(render)


def _offer(service: Service, chat_id: int, text: str) -> Reply:
    """Most likely somebody wants to watch this, or read it."""
    answer = replies.free_text(text)
    if answer:
        return answer
    try:
        return replies_preview.offered(service.preview(chat_id, text))
    except QueryError:
        return Reply(_(replies.NO_COMMAND))
