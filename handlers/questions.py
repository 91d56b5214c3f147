"""What the bot asks, and the messages that answer it: a question waits for the very next message."""

from handlers import args, replies, replies_watch
from handlers.context import Context, Reply
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
            return replies.free_text(context.arguments)
        if asked.kind == "watch":
            return replies.watching(service.watch(context.chat_id, args.check_length(text)))
        watch = service.managing.own(context.chat_id, asked.subject)
        if watch is None:
            return Reply(_(replies.GONE))
        changed = service.managing.reword(watch, args.check_length(text))
        undo = (_("Undo"), f"watch_undo:{watch.id}") if changed.text != watch.text else None
        return replies_watch.page(service.managing.card(changed), undo=undo)

    await context.answer(render)
