"""/snooze, and the buttons under alerts."""

from handlers import args, managing, replies_delivery
from handlers.context import Button, Context, Reply
from watchlists.i18n import _
from watchlists.model import Vote
from watchlists.preferences import Subject
from watchlists.service import Service

# What a button under an alert may snooze; its data carry the place in this row, so only the end may grow.
CHOICES = ("hour", "morning", "story", "watch", "source")
OF_ALERT = ("story", "watch", "source")
LENGTHS = ("1h", "until tomorrow", "off")


def under_alert(alert_id: int | str, kind: str = "private", vote: Vote | None = None) -> tuple[tuple[Button, ...], ...]:
    """The buttons under every alert: one row, for phones; what its reader has said of it has a tick."""
    if kind != "private":
        return under_list(alert_id, kind)
    (first,) = under_list(alert_id)
    votes = (("👍", "up"), ("👎", "down"))
    marks = tuple(((f"✓ {label}" if name == vote else label), f"vote_{name}:{alert_id}") for label, name in votes)
    return ((*first, *marks),)


def under_list(alert_id: int | str, kind: str = "private") -> tuple[tuple[Button, ...], ...]:
    """The buttons under a message that lists several alerts, whose first is this.

    Where many read there is none with which one of them would change something for all, and none at all in a channel,
    whose readers do not talk to the bot.
    """
    if kind == "channel":
        return ()
    why = (_("Why?"), f"why:{alert_id}")
    return (((_("💤 Snooze"), f"snooze:{alert_id}"), why),) if kind == "private" else ((why,),)


async def snooze(context: Context) -> None:
    """Keep everything for a while: `/snooze 2h`, `/snooze until tomorrow`, `/snooze off`; one watch: `/snooze 2 1d`.

    In reply to an alert also what its buttons name: `/snooze story`, `/snooze watch`, `/snooze source`.
    """
    text = args.check_length(context.arguments)
    first, _space, rest = text.partition(" ")

    def render(service: Service) -> Reply:
        if args.is_number(first) and (rest[:1].isdecimal() or rest.startswith(("until", "off"))):  # not `2 hours`
            return managing.settings_of(context, service, first, f"snooze {rest}")
        if text.lower() in OF_ALERT:
            return _by_reply(context, service, text.lower())
        if not text:
            return replies_delivery.snooze_usage(service.preferences.overview(context.chat_id))
        return replies_delivery.snoozed(service.preferences.snooze(context.chat_id, text))

    await context.answer(render)


def _by_reply(context: Context, service: Service, what: str) -> Reply:
    subject = service.preferences.shown_in(context.chat_id, context.reply_to)
    if subject is None or subject.is_list or (what == "source" and not subject.alert.item.source):
        return Reply(_(replies_delivery.NO_ALERT))
    until = service.preferences.snooze_by_alert(subject, what)
    return replies_delivery.snoozed_by_reply(subject, CHOICES.index(what), until)


async def snooze_for(context: Context) -> None:
    """A button with a length of time."""
    numbers = args.ids(context.arguments, 1)
    if numbers is None or numbers[0] >= len(LENGTHS):
        await context.answer(lambda _service: replies_delivery.too_old(context))
        return
    text = LENGTHS[numbers[0]]
    await context.answer(
        lambda service: replies_delivery.snoozed(
            service.preferences.snooze(context.chat_id, text), edits=context.message_id
        )
    )


async def choose(context: Context) -> None:
    """Open what may be snoozed, in place of the buttons under an alert."""

    def render(service: Service) -> Reply:
        subject = _subject(context, service, 1)
        return replies_delivery.snooze_choices(context, subject) if subject else replies_delivery.too_old(context)

    await context.answer(render)


async def close(context: Context) -> None:
    """Show the buttons under an alert again."""

    def render(service: Service) -> Reply:
        subject = _subject(context, service, 1)
        if subject is None:
            return replies_delivery.too_old(context)
        return Reply(
            "",
            _closed(service, subject),
            context.message_id,
            notice=_("OK"),
        )

    await context.answer(render)


async def choice(context: Context) -> None:
    """Snooze what the button under an alert names."""

    def render(service: Service) -> Reply:
        subject, chosen = _subject(context, service, 2), _choice(context)
        if subject is None or not chosen:
            return replies_delivery.too_old(context)
        until = service.preferences.snooze_by_alert(subject, chosen)
        return replies_delivery.snoozed_by_alert(context, subject, CHOICES.index(chosen), until)

    await context.answer(render)


async def undo(context: Context) -> None:
    """Take such a snooze back."""

    def render(service: Service) -> Reply:
        subject, chosen = _subject(context, service, 2), _choice(context)
        if subject is None or not chosen:
            return replies_delivery.too_old(context)
        service.preferences.wake_by_alert(subject, chosen)
        return Reply(
            "",
            _closed(service, subject),
            context.message_id,
            notice=_("Not snoozed any more"),
        )

    await context.answer(render)


def _closed(service: Service, subject: Subject) -> tuple[tuple[Button, ...], ...]:
    if subject.is_list:
        return under_list(subject.alert_id, subject.habits.look.kind)
    return under_alert(subject.alert_id, subject.habits.look.kind, service.learning.said(subject.alert_id))


def _subject(context: Context, service: Service, count: int) -> Subject | None:
    numbers = args.ids(context.arguments, count)
    return service.preferences.subject(context.chat_id, numbers[0]) if numbers else None


def _choice(context: Context) -> str:
    numbers = args.ids(context.arguments, 2)
    return CHOICES[numbers[1]] if numbers and numbers[1] < len(CHOICES) else ""
