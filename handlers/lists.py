"""/lists, /follow and /unfollow, and the pages of lists. A list stands in the data of its buttons by its slug."""

from collections.abc import Callable
from typing import Literal

from handlers import args, replies, replies_lists, replies_places
from handlers.context import Context, Reply
from handlers.editors import may_edit
from handlers.replies_delivery import too_old
from handlers.replies_lists import LEVELS
from handlers.replies_watch import DIGESTS
from handlers.rights import Place
from watchlists.errors import UnknownList, UnknownNumber
from watchlists.following import Following, Shown
from watchlists.i18n import _
from watchlists.model import Level
from watchlists.service import Service

DEEP_LINK = "list_"  # what stands behind /start in t.me/…?start=list_<slug>


async def lists(context: Context) -> None:
    """Show the lists, or the one named behind the command."""
    name = args.check_length(context.arguments)

    def render(service: Service) -> Reply:
        following = _following(context, service)
        if name:
            return replies_lists.page(following.find(context.chat_id, name))
        return replies_lists.lists(following.all(context.chat_id))

    await context.answer(render)


async def start(context: Context) -> None:
    """Say in a few lines what the bot does; show, and no more, the list that a link names."""
    if not context.arguments.startswith(DEEP_LINK):
        await context.answer(lambda service: _greeted(context, service))
        return
    name = args.check_length(context.arguments).removeprefix(DEEP_LINK)
    await context.answer(lambda service: replies_lists.page(_following(context, service).find(context.chat_id, name)))


def _greeted(context: Context, service: Service) -> Reply:
    """In private an invitation may stand behind the command."""
    if context.place is Place.GROUP:
        return replies_places.greeting()
    if context.arguments:
        service.access.enter(context.user_id, context.arguments)
    return replies.start()


async def follow(context: Context) -> None:
    """`/follow slug`, `/follow slug 3`, and how: `/follow slug silent`, `digest hourly`, `without -golf`, `news on`."""
    name, _space, what = args.one_line(args.check_length(context.arguments)).partition(" ")

    def render(service: Service) -> Reply:
        following = _following(context, service)
        if not name:
            return replies_lists.lists(following.all(context.chat_id))
        if not what.strip() or what.strip().lstrip("#")[:1].isdigit():
            number = args.number(what, f"/lists {name}") if what.strip() else 0
            return replies_lists.followed(following.follow(context.chat_id, name, number))
        return replies_lists.page(_set(following, following.find(context.chat_id, name), what.strip()), said=_("Set"))

    await context.answer(render)


async def unfollow(context: Context) -> None:
    """`/unfollow slug`, or one watch of it: `/unfollow slug 3`."""
    name, _space, number = args.check_length(context.arguments).partition(" ")

    def render(service: Service) -> Reply:
        following = _following(context, service)
        if not name:
            followed = [one for one in following.all(context.chat_id) if one.follow]
            return replies_lists.lists(followed) if followed else Reply(_(replies_lists.UNFOLLOW_USAGE))
        of = args.number(number, f"/lists {name}") if number.strip() else 0
        shown = following.unfollow(context.chat_id, name, of)
        return replies_lists.page(shown) if shown.follow else replies_lists.unfollowed(shown)

    await context.answer(render)


async def turn(context: Context) -> None:
    """A button that shows a page of the lists; without a page it stands under another message, which stays."""
    page = args.identifier(context.arguments)
    edits = context.message_id if context.arguments else None
    await context.answer(
        lambda service: replies_lists.lists(_following(context, service).all(context.chat_id), page, edits)
    )


async def page(context: Context) -> None:
    """A button that opens a list."""
    await _press(context, lambda _following, shown: replies_lists.page(shown, context.message_id))


async def follow_button(context: Context) -> None:
    """The button that follows the whole list."""

    await _press(
        context, lambda following, shown: replies_lists.followed(following.follow_all(shown), context.message_id)
    )


async def unfollow_button(context: Context) -> None:
    """The button that follows it no more."""

    await _press(context, lambda following, shown: replies_lists.unfollowed(following.leave(shown), context.message_id))


async def again(context: Context) -> None:
    """The button that takes that back."""

    await _press(
        context, lambda following, shown: replies_lists.followed(following.follow_again(shown), context.message_id)
    )


async def watch(context: Context) -> None:
    """The button of a watch: it is muted, or heard again; of a list that is not followed, it alone is."""

    def act(following: Following, shown: Shown) -> Reply:
        chosen = next((each for each in shown.watches if each.id == _number(context)), None)
        changed = following.hear(shown, chosen, hears=not shown.hears(chosen)) if chosen else shown
        return replies_lists.page(changed, context.message_id)

    await _press(context, act)


async def share(context: Context) -> None:
    """The button that gives the link to a list; that of a private one is nobody's to pass on."""

    def act(_following: Following, shown: Shown) -> Reply:
        if not shown.can_be_shared:
            return too_old(context)
        return replies_lists.shared(shown, f"{DEEP_LINK}{shown.stored.content.slug}", context.bot_name)

    await _press(context, act)


async def menu(context: Context) -> None:
    """The button that opens the choices of delivery."""
    await _press(context, lambda _following, shown: replies_lists.menu(shown, context.message_id))


async def choose(context: Context) -> None:
    """A button with a choice of delivery."""
    place = _number(context)

    def act(following: Following, shown: Shown) -> Reply:
        if place < 0 or place >= len(LEVELS) + len(DIGESTS) or shown.follow is None:
            return too_old(context)
        if place < len(LEVELS):
            changed = following.level(shown, LEVELS[place])
        else:
            changed = following.digest(shown, DIGESTS[place - len(LEVELS)])
        return replies_lists.page(changed, context.message_id, _("Set"))

    await _press(context, act)


async def _press(context: Context, act: Callable[[Following, Shown], Reply]) -> None:
    """Do what a button of a list does; that of a list which is gone, or private by now, is too old."""

    def render(service: Service) -> Reply:
        following = _following(context, service)
        try:
            shown = following.find(context.chat_id, _slug(context))
        except UnknownList:
            return too_old(context)
        return act(following, shown)

    await context.answer(render)


def _set(following: Following, shown: Shown, what: str) -> Shown:
    """`silent`, `digest hourly`, `as the list`, `without -golf`, `news on`. Raises `WirewatchError`."""
    name, _space, value = what.partition(" ")
    name, value = name.lower(), value.strip()
    level: Level | Literal[""] | None = next((each for each in LEVELS if each and each == name and not value), None)
    if level:
        return following.level(shown, level)
    if name == "as":
        return following.digest(following.level(shown, ""), "")
    if name == "digest" and value:
        return following.digest(shown, value)
    if name == "without":
        return following.without(shown, value)
    if name == "news" and value.lower() in ("on", "off"):
        return following.news(shown, wanted=value.lower() == "on")
    raise UnknownNumber(
        _(
            "“{what}” is nothing that can be set. Write one of: a number, urgent, silent, normal, digest hourly, "
            "as the list, without -golf, news on, news off"
        ).format(what=what[:40])
    )


def _following(context: Context, service: Service) -> Following:
    return service.following(may_edit(context, service))


def _slug(context: Context) -> str:
    return context.arguments.partition(":")[0]


def _number(context: Context) -> int:
    """The number behind the slug in a button's data; -1, which is nobody's, for none."""
    found = args.ids(context.arguments.partition(":")[2], 1)
    return found[0] if found else -1
