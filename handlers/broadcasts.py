"""/broadcast: the operator's messages to all chats; and the buttons by which a chat turns such messages off."""

from handlers import args, replies_broadcast, replies_delivery, replies_settings
from handlers.context import Context, Reply
from watchlists.i18n import _
from watchlists.model import Question
from watchlists.service import Service

_CHOICES = {"0": False, "1": True}


async def broadcast(context: Context) -> None:
    """Show a message as it will look, and ask for the number of its chats; without a text ask for that."""

    def render(service: Service) -> Reply:
        if context.arguments:
            return _shown(context, service, context.arguments)
        service.ask(context.chat_id, Question("announcement"))
        return Reply(_(replies_broadcast.USAGE))

    await context.answer(render)


def answer(context: Context, service: Service, asked: Question) -> Reply:
    """What came of the text, or of the number, that was asked for."""
    if asked.kind == "announcement":
        return _shown(context, service, context.arguments)
    started = service.broadcasting.confirm(context.user_id, asked.subject, context.arguments)
    return replies_broadcast.started(started) if started else Reply(_(replies_broadcast.NOT_SENT))


def _shown(context: Context, service: Service, text: str) -> Reply:
    made = service.broadcasting.draft(context.user_id, text)
    service.ask(context.chat_id, Question("broadcast", made.id))
    return replies_broadcast.preview(made)


async def stop(context: Context) -> None:
    """The button below the progress."""

    def render(service: Service) -> Reply:
        found = service.broadcasting.stop(context.user_id, args.identifier(context.arguments))
        if found is None:
            return Reply(_(replies_broadcast.NOT_SENT), edits=context.message_id, notice=_("OK"))
        return replies_broadcast.progress(found, context.message_id)

    await context.answer(render)


async def wanted(context: Context) -> None:
    """The button in the settings: `1` for messages of the operator, `0` for none."""

    def render(service: Service) -> Reply:
        if context.arguments not in _CHOICES:
            return replies_delivery.too_old(context)
        service.broadcasting.choose(context.chat_id, wanted=_CHOICES[context.arguments])
        return replies_settings.in_place(
            context, replies_settings.overview(service.preferences.overview(context.chat_id))
        )

    await context.answer(render)


async def unwanted(context: Context) -> None:
    """The button below such a message: `0` for no more of them, `1` takes that back."""

    def render(service: Service) -> Reply:
        if context.arguments not in _CHOICES:
            return replies_delivery.too_old(context)
        more = _CHOICES[context.arguments]
        service.broadcasting.choose(context.chat_id, wanted=more)
        return replies_broadcast.chosen(more, context.message_id)

    await context.answer(render)
