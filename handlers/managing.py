"""/watches and the page of each watch: everything about one watch by buttons, and the same by `/settings 2 …`."""

from typing import Literal

from handlers import args, replies, replies_delivery, replies_lists, replies_watch
from handlers.context import Button, Context, Reply
from handlers.replies_watch import DIGESTS, LEVELS, MENUS, SNOOZES, SOURCES, STRICTNESS
from watchlists.errors import UnknownNumber
from watchlists.i18n import _
from watchlists.managing import AS_CHAT, Managing
from watchlists.model import Question, Watch
from watchlists.service import Service


async def watches(context: Context) -> None:
    """List the chat's watches with their numbers; `/watches 2` opens one, `/watches fire` lists those with a word."""
    text = args.check_length(context.arguments)

    def render(service: Service) -> Reply:
        if args.is_number(text):
            return settings_of(context, service, text, "")
        cards = service.managing.cards(context.chat_id)
        if text and cards:
            return replies_watch.found(cards, text)
        return replies_lists.also_followed(replies_watch.watches(cards), service.following().count(context.chat_id))

    await context.answer(render)


async def ask_which(context: Context, command: Literal["unwatch", "urgent", "silent"]) -> None:
    """Ask which watch a command without a number means."""

    def render(service: Service) -> Reply:
        cards = service.managing.cards(context.chat_id)
        if cards:
            service.ask(context.chat_id, Question(command))
        return replies_watch.which(cards, command)

    await context.answer(render)


async def turn(context: Context) -> None:
    """A button that shows a page of the list."""
    page = args.identifier(context.arguments)
    await context.answer(
        lambda service: replies_watch.watches(service.managing.cards(context.chat_id), page, context.message_id)
    )


async def page(context: Context) -> None:
    """A button that opens one watch."""

    def render(service: Service) -> Reply:
        watch = _own(context, service, 1)
        if watch is None:
            return replies_delivery.too_old(context)
        return replies_watch.page(service.managing.card(watch), context.message_id)

    await context.answer(render)


async def menu(context: Context) -> None:
    """A button that opens the choices of one setting."""
    numbers = args.ids(context.arguments, 2)

    def render(service: Service) -> Reply:
        watch = _own(context, service, 2)
        if watch is None or not numbers or numbers[1] >= len(MENUS):
            return replies_delivery.too_old(context)
        return replies_watch.menu(service.managing.card(watch), MENUS[numbers[1]], context.message_id)

    await context.answer(render)


async def choose(context: Context) -> None:
    """A button with a choice."""
    numbers = args.ids(context.arguments, 3)

    def render(service: Service) -> Reply:
        watch = _own(context, service, 3)
        chosen = _choice(numbers[1], numbers[2]) if numbers else None
        if watch is None or not chosen:
            return replies_delivery.too_old(context)
        return _changed(service.managing, watch, *chosen, edits=context.message_id)

    await context.answer(render)


async def reword(context: Context) -> None:
    """A button that asks for other words."""

    def render(service: Service) -> Reply:
        watch = _own(context, service, 1)
        if watch is None:
            return replies_delivery.too_old(context)
        service.ask(context.chat_id, Question("reword", watch.id))
        return replies_watch.reword(service.managing.card(watch))

    await context.answer(render)


async def delete(context: Context) -> None:
    """A button that stops a watch."""

    def render(service: Service) -> Reply:
        watch = _own(context, service, 1)
        if watch is None:
            return replies_delivery.too_old(context)
        return replies.unwatched(service.unwatch(context.chat_id, watch.number), context.message_id)

    await context.answer(render)


async def undo(context: Context) -> None:
    """A button that gives a watch its words from before the last change back."""

    def render(service: Service) -> Reply:
        watch = _own(context, service, 1)
        if watch is None:
            return replies_delivery.too_old(context)
        before = service.managing.reword_back(watch) or watch
        return replies_watch.page(service.managing.card(before), context.message_id)

    await context.answer(render)


def settings_of(context: Context, service: Service, number: str, text: str) -> Reply:
    """`/settings 2` shows the watch, `/settings 2 strict` and the like change it."""
    managing = service.managing
    watch = managing.watch(context.chat_id, args.number(number))
    name, _space, value = text.partition(" ")
    name, value = name.lower(), value.strip()
    if not name:
        return replies_watch.page(managing.card(watch))
    if name in ("delete", "stop"):
        return replies.unwatched(service.unwatch(context.chat_id, watch.number))
    if name in ("strict", "loose", "balanced") and not value:
        return _changed(managing, watch, "strictness", "" if name == "balanced" else name)
    if name in LEVELS and not value:
        return _changed(managing, watch, "level", name)
    if name in ("digest", "sources", "snooze", "words") and value:
        return _changed(managing, watch, name, value)
    raise UnknownNumber(
        _(
            "“{what}” is nothing that a watch has. Write one of: strict, balanced, loose, urgent, silent, normal, "
            "digest hourly, sources 2, snooze 1d, words …, delete"
        ).format(what=text[:40])
    )


def _changed(managing: Managing, watch: Watch, name: str, value: str, edits: int | None = None) -> Reply:
    """Changes one thing and shows the watch, with the way back."""
    before = watch
    if name == "strictness":
        watch = managing.strictness(watch, next(each for each in STRICTNESS if each == value))
    elif name == "level":
        watch = managing.level(watch, next(each for each in LEVELS if each == value))
    elif name == "digest":
        watch = managing.digest(watch, AS_CHAT if value.lower() == "same" else value)
    elif name == "sources":
        watch = managing.sources(watch, args.number(value))
    elif name == "snooze":
        until = managing.snooze(watch, value)
        stop = (_("Stop snoozing"), f"watch_set:{watch.id}:{MENUS.index('snooze')}:{SNOOZES.index('off')}")
        return replies_watch.page(managing.card(watch), edits, stop if until else None, notice=_("Set"))
    else:
        watch = managing.reword(watch, args.one_line(value))
    return replies_watch.page(managing.card(watch), edits, _undo(before, watch), notice=_("Set"))


def _undo(before: Watch, after: Watch) -> Button | None:
    """A button that leads back, where one can."""
    label = _("Undo")
    if before.text != after.text:
        return (label, f"watch_undo:{after.id}")
    if before.level != after.level:
        return (label, f"watch_set:{after.id}:1:{LEVELS.index(before.level)}")
    if before.digest != after.digest and before.digest in DIGESTS:
        return (label, f"watch_set:{after.id}:1:{len(LEVELS) + DIGESTS.index(before.digest)}")
    return None


def _choice(menu: int, place: int) -> tuple[str, str] | None:
    """What a button of a menu means: the setting's name and its value."""
    delivery = [("level", each) for each in LEVELS] + [("digest", each or "same") for each in DIGESTS]
    menus = (
        [("strictness", each) for each in STRICTNESS],
        delivery,
        [("sources", str(each)) for each in SOURCES],
        [("snooze", each) for each in SNOOZES],
    )
    return menus[menu][place] if menu < len(menus) and place < len(menus[menu]) else None


def _own(context: Context, service: Service, count: int) -> Watch | None:
    numbers = args.ids(context.arguments, count)
    return service.managing.own(context.chat_id, numbers[0]) if numbers else None
