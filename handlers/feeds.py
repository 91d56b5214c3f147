"""/feeds, /addfeed and /delfeed, the buttons below their answers, and files that are sent."""

from handlers import args, replies_feeds, replies_health, replies_personal
from handlers.context import Context, Document, Reply
from handlers.rights import Place
from watchlists.i18n import _
from watchlists.model import Question
from watchlists.service import Service

MAX_FILE = 1_000_000  # bytes; ten thousand feeds
_FEEDS, _WATCHES = (".opml", ".xml"), (".toml", ".txt")


async def feeds(context: Context) -> None:
    """List the feeds that the chat gets, and how they fare."""
    await context.answer(
        lambda service: replies_feeds.overview(service.feeds.overview(context.chat_id), detailed=context.is_admin)
    )


async def addfeed(context: Context) -> None:
    """Have an address looked at; the answer comes when that is done."""
    typed = args.check_length(context.arguments)
    if not typed:
        await context.answer(lambda _service: Reply(_(replies_feeds.ADD_USAGE)))
        return

    def render(service: Service) -> Reply:
        return replies_feeds.looking(typed, service.feeds.look_up(context.chat_id, typed, detailed=context.is_admin))

    await context.answer(render)


async def document(context: Context, sent: Document) -> None:
    """Have a file read: feeds as OPML, watches and settings as TOML, watches as plain text."""
    refusal = _refusal(sent)
    if refusal:
        await context.answer(lambda _service: Reply(refusal))
        return

    def render(service: Service) -> Reply:
        if sent.name.lower().endswith(_WATCHES):
            edits = (context.is_admin or context.is_editor) and context.place is Place.PRIVATE
            asked = service.feeds.read_watches(context.chat_id, sent.id, detailed=edits)
            return replies_personal.reading(asked)
        return replies_feeds.reading(service.feeds.read_file(context.chat_id, sent.id, detailed=context.is_admin))

    await context.answer(render)


def _refusal(sent: Document) -> str:
    if not sent.name.lower().endswith((*_FEEDS, *_WATCHES)):
        return _(replies_feeds.NOT_READ)
    return _(replies_feeds.FILE_TOO_LARGE) if (sent.size or 0) > MAX_FILE else ""


async def delfeed(context: Context) -> None:
    """Drop the feed with the number or the address behind the command."""
    which = args.check_length(context.arguments)

    def render(service: Service) -> Reply:
        if which:
            return drop(context, service, which)
        if not context.is_admin:  # who may drop the feeds of all chats, too
            service.feeds.own(context.chat_id)
        service.ask(context.chat_id, Question("delfeed"))
        return Reply(_(replies_feeds.DROP_USAGE))

    await context.answer(render)


def drop(context: Context, service: Service, which: str) -> Reply:
    """Drop the feed with this number or address."""
    common = service.feeds.drop_common(context.chat_id, which, context.user_id) if context.is_admin else None
    if common:
        return replies_feeds.unshared(common)
    return replies_feeds.dropped(service.feeds.drop(context.chat_id, which))


async def share_feed(context: Context) -> None:
    """The button that gives a feed to all chats, for admins."""

    def render(service: Service) -> Reply:
        feed_id = args.identifier(context.arguments)
        feed = service.feeds.share(feed_id, context.user_id) if context.is_admin else None
        return replies_feeds.shared(feed, context.message_id) if feed else _gone(context)

    await context.answer(render)


async def unshare_feed(context: Context) -> None:
    """The button that takes it back, for admins."""

    def render(service: Service) -> Reply:
        feed_id = args.identifier(context.arguments)
        feed = service.feeds.unshare(feed_id, context.user_id) if context.is_admin else None
        return replies_feeds.unshared(feed, context.message_id) if feed else _gone(context)

    await context.answer(render)


async def feedhealth(context: Context) -> None:
    """How the feeds fare, for admins."""
    await context.answer(lambda service: replies_health.feedhealth(service.feeds.health()))


async def undo_addfeed(context: Context) -> None:
    """The button under a feed that was added."""

    def render(service: Service) -> Reply:
        own = service.feeds.undo_add(context.chat_id, args.identifier(context.arguments))
        return replies_feeds.dropped(own, context.message_id) if own else _gone(context)

    await context.answer(render)


async def undo_delfeed(context: Context) -> None:
    """The button under a feed that was dropped."""

    def render(service: Service) -> Reply:
        own = service.feeds.undo_drop(context.chat_id, args.identifier(context.arguments))
        return replies_feeds.restored(own, context.message_id) if own else _gone(context)

    await context.answer(render)


async def pick_feed(context: Context) -> None:
    """The button of one of several feeds: it is looked at once more, and added."""

    def render(service: Service) -> Reply:
        candidate_id = args.identifier(context.arguments)
        picked = service.feeds.pick(context.chat_id, candidate_id, detailed=context.is_admin)
        if picked is None:
            return _gone(context)
        lookup_id, candidate = picked
        return replies_feeds.looking(candidate.url, lookup_id, context.message_id)

    await context.answer(render)


async def own_feeds(context: Context) -> None:
    """The button that leaves the chat its own feeds only."""
    await _choose(context, own_only=True)


async def all_feeds(context: Context) -> None:
    """The button that gives the chat the operator's feeds too."""
    await _choose(context, own_only=False)


async def export_feeds(context: Context) -> None:
    """The button that gives the chat's own feeds as a file."""
    await context.answer(lambda service: replies_feeds.exported(service.feeds.export(context.chat_id)))


async def _choose(context: Context, *, own_only: bool) -> None:
    def render(service: Service) -> Reply:
        chosen = service.feeds.choose(context.chat_id, own_only=own_only)
        return replies_feeds.overview(chosen, detailed=context.is_admin, edits=context.message_id)

    await context.answer(render)


def _gone(context: Context) -> Reply:
    text = _(replies_feeds.NOT_YOURS)
    return Reply(text, edits=context.message_id, notice=text)
