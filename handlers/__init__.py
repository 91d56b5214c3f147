"""Telegram commands and buttons: each parses its arguments, calls one use-case and renders the reply.

`COMMANDS` is the one table they stand in: routing, /help and the menu of Telegram's clients are made from it. Who may
use which is said by `handlers/rights.py` and enforced here, before a handler is called.
"""

from dataclasses import dataclass, replace
from functools import partial

from handlers import (
    admin,
    alerts,
    args,
    basics,
    broadcasts,
    channels,
    editing,
    feeds,
    invites,
    language,
    lists,
    loud,
    managing,
    personal,
    previews,
    questions,
    replies,
    replies_places,
    retry,
    rights,
    settings,
    snoozes,
    status,
    votes,
    watches,
)
from handlers.context import Context, Document, Handler, Reply
from handlers.rights import Place, Right, Rule
from watchlists.errors import WirewatchError
from watchlists.i18n import N_, _
from watchlists.service import Service


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name, a line of help, and what it calls. Who may use it stands in `rights.COMMANDS`."""

    name: str
    help: str
    callback: Handler


async def _help(context: Context) -> None:
    known = offered(context.place, is_admin=context.is_admin, is_editor=context.is_editor)

    def of(*wanted: Right) -> list[tuple[str, str]]:
        return [(each.name, _(each.help)) for each in known if rights.COMMANDS[each.name].right in wanted]

    if context.place is Place.GROUP:
        await context.answer(lambda _service: replies_places.group_help(of(Right.READ), of(Right.CHANGE)))
        return
    own, editing, running = of(Right.READ, Right.CHANGE), of(Right.EDIT), of(Right.ADMIN)
    page = replies.help_page(own, context.arguments, context.message_id, editing, running)
    await context.answer(lambda _service: page)


COMMANDS = (
    Command("start", N_("what this bot does"), lists.start),
    Command("help", N_("the commands, and how to write a watch"), _help),
    Command("watch", N_("watch for words: /watch Donbas withdrawal"), watches.watch),
    Command("watches", N_("your watches, with their numbers"), managing.watches),
    Command("unwatch", N_("stop a watch: /unwatch 2"), watches.unwatch),
    Command("preview", N_("what a watch would have told: /preview Donbas withdrawal"), previews.preview),
    Command("recent", N_("what I told you lately"), previews.recent),
    Command("why", N_("why an alert came: reply to it; or /why and a link"), alerts.why),
    Command("snooze", N_("keep alerts for a while: /snooze 2h, /snooze off"), snoozes.snooze),
    Command("quiet", N_("hours without alerts: /quiet 22:00-07:00"), settings.quiet),
    Command("digest", N_("alerts together: /digest daily 08:00; one watch: /digest 2 hourly"), settings.digest),
    Command("urgent", N_("a watch that passes quiet hours: /urgent 2"), settings.urgent),
    Command("silent", N_("a watch without sound: /silent 2"), settings.silent),
    Command("settings", N_("language, time zone, hours, digest; one watch: /settings 2"), settings.settings),
    Command("language", N_("the language I speak: /language es"), language.language),
    Command("lists", N_("lists of watches that you can follow"), lists.lists),
    Command("follow", N_("follow a list: /follow disasters; one watch of it: /follow disasters 3"), lists.follow),
    Command("unfollow", N_("follow it no more: /unfollow disasters"), lists.unfollow),
    Command("feeds", N_("the news feeds that are read"), feeds.feeds),
    Command("addfeed", N_("read another feed: /addfeed and any address"), feeds.addfeed),
    Command("delfeed", N_("drop a feed of yours: /delfeed 2"), feeds.delfeed),
    Command("export", N_("your watches, settings and feeds as files"), personal.export),
    Command("import", N_("take over such a file"), personal.import_usage),
    Command("forget", N_("delete everything about this chat"), personal.forget),
    Command("channel", N_("set up a channel: /channel @name"), channels.channel),
    Command("done", N_("stop editing the channel"), channels.done),
    Command("newlist", N_("make a list: /newlist ferry-strikes Ferry strikes"), editing.newlist),
    Command("listadd", N_("add a watch to a list: /listadd disasters dam burst"), editing.listadd),
    Command("listdel", N_("take a watch out of a list: /listdel disasters 2"), editing.listdel),
    Command("listset", N_("title, tags, visibility and more of a list"), editing.listset),
    Command("listlog", N_("who changed a list, when and why: /listlog disasters"), editing.listlog),
    Command("undo", N_("a list as it was before: /undo disasters, /undo disasters 3"), editing.undo),
    Command("listexport", N_("a list as a file: /listexport disasters"), editing.listexport),
    Command("listimport", N_("a list from a file"), editing.listimport),
    Command("status", N_("what there is, and how it goes"), status.status),
    Command("feedhealth", N_("which feeds do not answer, and why"), feeds.feedhealth),
    Command("grant", N_("make somebody an admin, or an editor of a list"), admin.grant),
    Command("revoke", N_("take such a role away"), admin.revoke),
    Command("invite", N_("invite people: /invite 5 30 (how many, days)"), invites.invite),
    Command("broadcast", N_("tell all chats something; you see it first"), broadcasts.broadcast),
    Command("retry", N_("send again what failed: /retry all"), retry.retry),
    Command("ban", N_("serve somebody no more: /ban 123456789 and why"), admin.ban),
    Command("unban", N_("serve them again"), admin.unban),
)
BUTTONS: dict[str, Handler] = {
    "undo_watch": watches.undo_watch,
    "undo_unwatch": watches.undo_unwatch,
    "draft": previews.press,
    "recent": previews.older,
    "why": alerts.why_button,
    "reports": alerts.reports,
    "snooze": snoozes.choose,
    "snooze_do": snoozes.choice,
    "snooze_undo": snoozes.undo,
    "snooze_close": snoozes.close,
    "snooze_for": snoozes.snooze_for,
    "settings": settings.page,
    "quiet_set": settings.set_quiet,
    "digest_set": settings.set_digest,
    "zone_set": settings.set_zone,
    "language": language.choose,
    "forget_do": personal.forget_do,
    "forget_not": personal.forget_not,
    "vote_up": votes.up,
    "vote_down": votes.down,
    "learn_do": votes.take,
    "learn_not": votes.leave,
    "ask_watch": questions.ask_watch,
    "help": _help,
    "try": previews.example,
    "see_example": basics.example,
    "watches": managing.turn,
    "watch_page": managing.page,
    "watch_menu": managing.menu,
    "watch_set": managing.choose,
    "watch_reword": managing.reword,
    "watch_delete": managing.delete,
    "watch_undo": managing.undo,
    "loud_digest": loud.digest,
    "loud_strict": loud.strict,
    "loud_without": loud.without,
    "list_undo": editing.undo_button,
    "list_log": editing.log_button,
    "list_remove": editing.remove,
    "list_keep": editing.keep,
    "lists": lists.turn,
    "list": lists.page,
    "list_follow": lists.follow_button,
    "list_unfollow": lists.unfollow_button,
    "list_again": lists.again,
    "list_watch": lists.watch,
    "list_share": lists.share,
    "list_menu": lists.menu,
    "list_set": lists.choose,
    "undo_addfeed": feeds.undo_addfeed,
    "undo_delfeed": feeds.undo_delfeed,
    "pick_feed": feeds.pick_feed,
    "share_feed": feeds.share_feed,
    "unshare_feed": feeds.unshare_feed,
    "own_feeds": feeds.own_feeds,
    "all_feeds": feeds.all_feeds,
    "export_feeds": feeds.export_feeds,
    "channel_pick": channels.pick,
    "role_grant": admin.grant_again,
    "role_revoke": admin.revoke_again,
    "invites": invites.invites,
    "invite_withdraw": invites.withdraw,
    "broadcast_stop": broadcasts.stop,
    "broadcasts": broadcasts.wanted,
    "broadcasts_off": broadcasts.unwanted,
    "retry_all": retry.retry_all,
    "ban": admin.ban_again,
    "unban": admin.unban_again,
}
_BY_NAME = {command.name: command.callback for command in COMMANDS}


def offered(place: Place, *, is_admin: bool, is_editor: bool) -> list[Command]:
    """The commands that exist for such a person in such a place."""
    return [each for each in COMMANDS if _exists(rights.COMMANDS[each.name], place, is_admin, is_editor)]


def _exists(rule: Rule, place: Place, is_admin: bool, is_editor: bool) -> bool:
    """To others than admins and editors, theirs do not exist."""
    of_role = {Right.ADMIN: is_admin, Right.EDIT: is_admin or is_editor}
    # Whoever edits a channel writes in private: what exists there does, and is about themselves.
    is_there = place in rule.places or (place is Place.CHANNEL and Place.PRIVATE in rule.places)
    return is_there and of_role.get(rule.right, True)


async def on_message(context: Context, text: str) -> None:
    """Answer a message: a command, or free text."""
    call = args.read_call(text)
    if call is None:
        known = {command.name for command in offered(context.place, is_admin=False, is_editor=False)}
        await _judged(partial(questions.free_text, commands=known), rights.TEXT, replace(context, arguments=text))
    elif call.name in _BY_NAME and _may_see(context, rights.COMMANDS[call.name]):
        await _judged(_BY_NAME[call.name], rights.COMMANDS[call.name], replace(context, arguments=call.arguments))
    elif context.place is not Place.GROUP or call.addressed:  # else it is another bot's
        names = [command.name for command in offered(context.place, is_admin=False, is_editor=False)]
        await basics.unknown_command(replace(context, arguments=call.arguments), call.name, sorted(names))


async def on_document(context: Context, document: Document) -> None:
    """Answer a file."""

    async def handler(context: Context) -> None:
        await feeds.document(context, document)

    await _judged(handler, rights.TEXT, context)


async def on_button(context: Context, data: str) -> None:
    """Answer the press of a button; data that no button of ours carries is answered as gone."""
    name, _colon, arguments = data.partition(":")
    context = replace(context, arguments=arguments)
    if name in BUTTONS and _may_see(context, rights.BUTTONS[name]):
        await _judged(BUTTONS[name], rights.BUTTONS[name], context)
    else:
        await _old_button(context)


def _may_see(context: Context, rule: Rule) -> bool:
    return _exists(rule, context.place, context.is_admin, context.is_editor)


async def _judged(handler: Handler, rule: Rule, context: Context) -> None:
    """The one place where rights are enforced, at each command and each press anew."""
    context = channels.placed(context, rule)
    is_refused = context.left and Place.CHANNEL in rule.places
    if rights.needs_administrator(rule, context.place):
        is_refused = not await context.administrates()
    if not is_refused:
        await _answered(handler, context)
    elif context.place is Place.GROUP:
        refusal = _(replies_places.ADMINISTRATORS_ONLY)
        await context.answer(lambda _service: Reply(refusal, notice=refusal, refusal=True))
    else:
        await channels.refuse(context)


async def on_channel(context: Context, asked: str, *, insist: bool) -> bool:
    """Answer a channel that was chosen or forwarded from; False where that is nothing to answer."""
    return await channels.named(channels.placed(context, rights.PERSONAL), asked, insist=insist)


async def _old_button(context: Context) -> None:
    notice = _(replies.OLD_BUTTON)
    await context.answer(lambda _service: Reply(notice, notice=notice, refusal=True))


async def _answered(handler: Handler, context: Context) -> None:
    try:
        await handler(context)
    except WirewatchError as error:
        reply = replies.mistake(error, context.arguments)

        def render(service: Service) -> Reply:
            service.ask_again(context.chat_id)
            return reply

        await context.answer(render)
