"""/language and its buttons: in which language the bot speaks to a chat."""

from handlers import args, replies_delivery, replies_language
from handlers.context import Context, Reply
from watchlists.i18n import speaking
from watchlists.languages import CHOICES, read
from watchlists.service import Service


async def language(context: Context) -> None:
    """Choose a language: `/language es`; alone it shows the choice."""
    text = args.check_length(context.arguments)

    def render(service: Service) -> Reply:
        before = service.preferences.language(context.chat_id)
        return _chosen(context, service, before, read(text)) if text else replies_language.choice(before)

    await context.answer(render)


async def choose(context: Context) -> None:
    """A button with a language."""
    numbers = args.ids(context.arguments, 1)

    def render(service: Service) -> Reply:
        if numbers is None or numbers[0] >= len(CHOICES):
            return replies_delivery.too_old(context)
        before = service.preferences.language(context.chat_id)
        return _chosen(context, service, before, CHOICES[numbers[0]], context.message_id)

    await context.answer(render)


def _chosen(context: Context, service: Service, before: str, wanted: str, edits: int | None = None) -> Reply:
    """The answer is the first thing that is said in the new language."""
    with speaking(service.preferences.speak(context.chat_id, wanted)):
        return replies_language.chosen(before, wanted, edits)
