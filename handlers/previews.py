"""/preview, the buttons of the dialogue about a query, and /recent."""

from dataclasses import replace

from handlers import args, replies, replies_preview
from handlers.context import Context, Reply
from handlers.replies_delivery import too_old
from handlers.replies_preview import ACTIONS
from watchlists.i18n import _
from watchlists.model import Draft, Question
from watchlists.service import Service


async def preview(context: Context) -> None:
    """Say what the words behind the command would have told."""
    text = args.one_line(args.check_length(context.arguments))

    def render(service: Service) -> Reply:
        if not text:
            service.ask(context.chat_id, Question("preview"))
            return Reply(_(replies_preview.USAGE))
        return replies_preview.previewed(service.preview(context.chat_id, text))

    await context.answer(render)


async def example(context: Context) -> None:
    """A button of /help that tries an example."""
    number = args.identifier(context.arguments)

    def render(service: Service) -> Reply:
        if number >= len(replies.EXAMPLES):
            return too_old(context)
        shown = replies_preview.previewed(service.preview(context.chat_id, _(replies.EXAMPLES[number])))
        return replace(shown, notice=_("An example"))

    await context.answer(render)


async def press(context: Context) -> None:
    """A button of a dialogue. One that was pressed before, or that is of an earlier state, only shows what holds."""
    numbers = args.ids(context.arguments, 4)

    def render(service: Service) -> Reply:
        draft = service.drafts.get(context.chat_id, numbers[0]) if numbers else None
        if draft is None or not numbers or numbers[2] >= len(ACTIONS):
            return too_old(context)
        return _carried_out(context, service, draft, numbers[1], ACTIONS[numbers[2]], numbers[3])

    await context.answer(render)


async def recent(context: Context) -> None:
    """Show what was told lately."""
    await context.answer(lambda service: replies_preview.recent(service.recent(context.chat_id)))


async def older(context: Context) -> None:
    """A button that turns the page of /recent."""
    before = args.identifier(context.arguments)
    await context.answer(
        lambda service: replies_preview.recent(service.recent(context.chat_id, before), context.message_id)
    )


def _carried_out(context: Context, service: Service, draft: Draft, revision: int, action: str, number: int) -> Reply:
    drafts, edits = service.drafts, context.message_id
    if action == "last_day":
        found = drafts.last_day(draft)
        return replies_preview.last_day(found) if found else replies_preview.dialogue(drafts.show(draft), edits)
    if action == "show":
        return replies_preview.dialogue(drafts.show(draft, changed=True), edits)
    if revision != draft.revision:
        return replies_preview.dialogue(drafts.show(draft), edits)
    if action == "words":
        return replies_preview.words(draft, edits)
    if action == "stop":
        watch = service.undo_watch(context.chat_id, draft.watch_id or 0)
        return replies.unwatched(watch, edits) if watch else replies_preview.dialogue(drafts.show(draft), edits)
    changes = {
        "save": lambda: service.save(draft),
        "stricter": lambda: drafts.stricter(draft),
        "looser": lambda: drafts.looser(draft),
        "without": lambda: drafts.without(draft, number),
        "back": lambda: drafts.back(draft),
        "drop": lambda: drafts.drop(draft),
    }
    return replies_preview.dialogue(changes[action](), edits)
