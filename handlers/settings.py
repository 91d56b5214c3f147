"""/settings with its pages, /quiet, /digest, /urgent and /silent."""

from collections.abc import Callable
from typing import Literal

from handlers import args, managing, replies_delivery, replies_language, replies_settings, replies_watch
from handlers.context import Context, Reply
from watchlists import zones
from watchlists.errors import UnknownZone
from watchlists.i18n import _, spoken
from watchlists.preferences import FRAMES, Preferences
from watchlists.service import Service

# Buttons carry the place in these rows, so only their ends may grow.
QUIET = ("off", "22:00-07:00", "23:00-08:00", "00:00-08:00")
DIGESTS = ("off", "hourly", "daily 08:00", "daily 08:00 18:00", "weekly mon 08:00")


async def settings(context: Context) -> None:
    """Show everything that is set, with buttons; `/settings timezone Europe/Kyiv` sets the time zone."""
    name, _space, rest = args.check_length(context.arguments).partition(" ")

    def render(service: Service) -> Reply:
        if name.lower() in ("timezone", "zone", "tz"):
            return _timezone(context, service, rest.strip())
        if name.lower() in FRAMES:
            return _frame(context, service, name.lower(), rest.strip())
        if args.is_number(name):
            return managing.settings_of(context, service, name, rest.strip())
        if name:
            return _zone_or_nothing(context, service)
        return replies_settings.overview(service.preferences.overview(context.chat_id))

    await context.answer(render)


def _zone_or_nothing(context: Context, service: Service) -> Reply:
    """`/settings Berlin` can only mean the time zone."""
    try:
        return _timezone(context, service, context.arguments)
    except UnknownZone as error:
        setting = _("“{what}” is no setting: /settings alone shows all.").format(what=context.arguments[:40])
        raise UnknownZone(f"{setting}\n{error}") from None


def _timezone(context: Context, service: Service, text: str) -> Reply:
    if not text:
        return replies_settings.zone_page(service.preferences.overview(context.chat_id), _guesses(context))
    return replies_settings.zone_set(service.preferences.timezone(context.chat_id, text))


def _frame(context: Context, service: Service, name: str, text: str) -> Reply:
    if not text:
        return replies_settings.frame_usage(service.preferences.overview(context.chat_id))
    before = service.preferences.overview(context.chat_id)
    return replies_settings.frame_set(
        before, service.preferences.frame(context.chat_id, name, "" if text.lower() == "off" else text)
    )


def _guesses(context: Context) -> tuple[str, ...]:
    """Zones that are likely for the chosen language; English is spoken everywhere, then it is that of the client."""
    return zones.guesses(context.language if spoken() == "en" else spoken())


async def quiet(context: Context) -> None:
    """Set the hours in which alerts are kept: `/quiet 22:00-07:00`, `/quiet off`."""
    text = args.check_length(context.arguments)

    def render(service: Service) -> Reply:
        before = service.preferences.overview(context.chat_id)
        if not text:
            return replies_settings.quiet_page(before, QUIET)
        guesses = _guesses(context)
        return replies_settings.quiet_set(before, service.preferences.quiet(context.chat_id, text), guesses)

    await context.answer(render)


async def digest(context: Context) -> None:
    """Set when alerts come together: `/digest daily 08:00`; of one watch: `/digest 2 hourly`."""
    text = args.check_length(context.arguments)
    first, _space, rest = text.partition(" ")
    is_watch = first.removeprefix("#").isdecimal()

    def render(service: Service) -> Reply:
        if is_watch:
            return managing.settings_of(context, service, first, f"digest {rest}" if rest else "")
        preferences = service.preferences
        before = preferences.overview(context.chat_id)
        if not text:
            return replies_settings.digest_page(before, DIGESTS)
        return replies_settings.digest_set(before, preferences.digest(context.chat_id, text))

    await context.answer(render)


async def urgent(context: Context) -> None:
    """Mark a watch as urgent: `/urgent 2`, and `/urgent 2 off`."""
    await _mark(context, "urgent")


async def silent(context: Context) -> None:
    """Mark a watch as silent: `/silent 2`, and `/silent 2 off`."""
    await _mark(context, "silent")


async def _mark(context: Context, level: Literal["urgent", "silent"]) -> None:
    number, _space, rest = args.check_length(context.arguments).partition(" ")
    if not number:
        await managing.ask_which(context, level)
        return
    wanted = "normal" if rest.strip().lower() == "off" else level
    await context.answer(lambda service: managing.settings_of(context, service, number, wanted))


async def page(context: Context) -> None:
    """A button that opens a page of the settings."""
    numbers = args.ids(context.arguments, 1)

    def render(service: Service) -> Reply:
        found = service.preferences.overview(context.chat_id)
        pages = (
            lambda: replies_settings.overview(found),
            lambda: replies_settings.quiet_page(found, QUIET),
            lambda: replies_settings.digest_page(found, DIGESTS),
            lambda: replies_settings.zone_page(found, _guesses(context)),
            lambda: replies_delivery.snooze_usage(found),
            lambda: replies_watch.watches(service.managing.cards(context.chat_id)),
            lambda: replies_language.choice(service.preferences.language(context.chat_id)),
        )
        if numbers is None or numbers[0] >= len(pages):
            return replies_delivery.too_old(context)
        return replies_settings.in_place(context, pages[numbers[0]]())

    await context.answer(render)


async def set_quiet(context: Context) -> None:
    """A button with quiet hours."""
    await _preset(context, QUIET, lambda preferences, text: preferences.quiet(context.chat_id, text), 1)


async def set_digest(context: Context) -> None:
    """A button with the times of a digest."""
    await _preset(context, DIGESTS, lambda preferences, text: preferences.digest(context.chat_id, text), 2)


async def set_zone(context: Context) -> None:
    """A button with a time zone."""
    await _preset(context, zones.OFFERED, lambda preferences, text: preferences.timezone(context.chat_id, text), 3)


async def _preset(
    context: Context, presets: tuple[str, ...], change: Callable[[Preferences, str], object], back: int
) -> None:
    numbers = args.ids(context.arguments, 1)

    def render(service: Service) -> Reply:
        if numbers is None or numbers[0] >= len(presets):
            return replies_delivery.too_old(context)
        change(service.preferences, presets[numbers[0]])
        found = service.preferences.overview(context.chat_id)
        return replies_settings.in_place(context, replies_settings.overview(found), notice=_("Set"))

    await context.answer(render)
