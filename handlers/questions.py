"""What the bot asks, and the messages that answer it: a question waits for the very next message."""

from collections.abc import Callable, Collection

from handlers import args, broadcasts, feeds, managing, replies, replies_preview, replies_watch
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


async def free_text(context: Context, commands: Collection[str]) -> None:
    """Take a message that is no command as the answer to what was asked, or offer to watch it."""
    text = args.one_line(context.arguments)

    def render(service: Service) -> Reply:
        asked = service.asked
        if asked is None or (asked.kind in _NUMBERS and not args.is_number(text)):
            return _offer(service, context.chat_id, text.strip(), commands)
        if asked.kind in _NUMBERS:
            return _NUMBERS[asked.kind](context, service, text.strip())
        if asked.kind in ("announcement", "broadcast"):
            return broadcasts.answer(context, service, asked)
        if asked.kind == "watch":
            return replies_preview.watching(service.watch(context.chat_id, args.check_length(text)))
        if asked.kind == "preview":
            return replies_preview.previewed(service.preview(context.chat_id, args.check_length(text)))
        return _reworded(service, context.chat_id, asked.subject, args.check_length(text))

    await context.answer(render)


# The questions whose answer is a number; other words are not taken for one, but as if nothing had been asked.
_NUMBERS: dict[str, Callable[[Context, Service, str], Reply]] = {
    "unwatch": lambda context, service, text: managing.settings_of(context, service, text, "delete"),
    "urgent": lambda context, service, text: managing.settings_of(context, service, text, "urgent"),
    "silent": lambda context, service, text: managing.settings_of(context, service, text, "silent"),
    "delfeed": feeds.drop,
}


def _reworded(service: Service, chat_id: int, watch_id: int, text: str) -> Reply:
    watch = service.managing.own(chat_id, watch_id)
    if watch is None:
        return Reply(_(replies.GONE))
    changed = service.managing.reword(watch, text)
    undo = (_("Undo"), f"watch_undo:{watch.id}") if changed.text != watch.text else None
    return replies_watch.page(service.managing.card(changed), undo=undo)


def _offer(service: Service, chat_id: int, text: str, commands: Collection[str]) -> Reply:
    """Most likely somebody wants to watch this, or read it; or forgot a slash, or means a number of /watches."""
    first, _space, rest = text.partition(" ")
    if first.lower() in commands and (not rest or rest[0].isdecimal() or rest == "off"):
        return replies.slash_missing(f"{first.lower()} {rest}")
    if first.lower() == "watch":
        text = rest
    answer = replies.free_text(text)
    if answer:
        return answer
    number = args.number(text) if args.is_number(text) else 0
    for card in service.managing.cards(chat_id) if number else ():
        if card.watch.number == number:
            return replies_watch.page(card)
    try:
        return replies_preview.offered(service.preview(chat_id, text))
    except QueryError:
        return Reply(_(replies.NO_COMMAND))
