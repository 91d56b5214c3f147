"""Builds everything from the settings and runs it until told to stop.

The one place where parts are put together; nothing else makes a client, a connection or a loop, and nothing
happens at import.
"""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot import broadcast, digest, loud, menu
from bot.administrators import Administrators
from bot.alarm import Alarm
from bot.backups import Backups
from bot.botapi import answered, attempt
from bot.clock import Clock, utc_now
from bot.config import ConfigurationError, Settings
from bot.db import Database
from bot.deliver import IN_FLIGHT, Deliverer
from bot.door import Door
from bot.fetch import MAX_BYTES
from bot.first_start import first_start
from bot.grow import grow
from bot.intake import intake
from bot.jobs import HOUR, Job, Pulse, scheduler
from bot.keepers import Keepers
from bot.lock import InstanceLock
from bot.menu import Menus
from bot.metrics import Metrics
from bot.monitor import monitored
from bot.notices import tell_of_feeds
from bot.respond import Responder
from bot.retention import forget
from bot.store import Storage, Store
from bot.updates import UpdateLoop
from bot.webhook import Webhook

log = logging.getLogger(__name__)

NOTICES = 600.0  # seconds between two looks at which feeds have died, returned or moved
GROW = 5.0  # seconds between two looks at which sent alerts have more to say, which summaries are due, what is told all
ALARM = 5.0  # seconds between two looks at whether the database can be written
BACKUPS = 60.0  # seconds between two looks at whether a backup is due
LOOK = 60.0  # seconds between two looks at whether the bot is behind, feeds answer, and the disk has room
PRUNE = 6 * HOUR  # seconds between two looks at what is to be forgotten
SWEEP = 30.0  # seconds between two looks at which chats, forgotten at their wish, have been told so
KEEPERS = 60.0  # seconds between two looks at who still administrates their channels
LOUD = 300.0  # seconds between two looks at which watches fire too often
CONNECT_PAUSE_FIRST, CONNECT_PAUSE_MOST = 1.0, 60.0
# Seconds that the end may take: the deliverer's own limit and a little more; where the database cannot be written,
# less, since one more try of the writer thread may hold it for five.
STOP, STOP_LOCKED = 9.0, 3.0
BAD_TOKEN = "Telegram does not know this token. Check WIREWATCH_TOKEN or the file of WIREWATCH_TOKEN_FILE."  # noqa: S105


async def run(settings: Settings, stop: asyncio.Event, clock: Clock = utc_now) -> None:
    """Run the bot until `stop` is set. Raises a `WirewatchError` for what the operator has to mend."""
    lock = InstanceLock(settings.database)
    try:
        database = Database.open(settings.database)
        try:
            await _run(settings, Storage(database, clock), stop, clock)
        finally:
            database.close()
    finally:
        lock.release()


async def _run(settings: Settings, storage: Storage, stop: asyncio.Event, clock: Clock) -> None:
    storage.run_blocking(lambda store: first_start(store, settings))  # nothing else runs yet
    storage.run_blocking(lambda store: store.bans.lift_all(settings.admins))
    invite_only = settings.access == "invite"
    storage.run_blocking(lambda store: store.invites.guard(settings.admins, invite_only=invite_only))
    inbox_news, outbox_news = asyncio.Event(), asyncio.Event()
    metrics, pulse = Metrics(), Pulse()
    door = Door("WIREWATCH_PUBLIC_PORT", settings.public_port, largest=MAX_BYTES) if settings.public_url else None
    async with (
        telegram_bot(settings) as bot,
        intake(settings, storage, clock, bot, outbox_news.set, metrics, door) as jobs,
    ):
        deliverer = Deliverer(storage, bot, clock, outbox_news, metrics=metrics)
        responder = Responder(storage, bot, settings, inbox_news, outbox_news.set, clock, metrics)

        def arrived() -> None:
            inbox_news.set()
            deliverer.heard()

        updates: UpdateLoop | Webhook = UpdateLoop(storage, bot, arrived)
        if door and settings.public_url and settings.webhook:
            updates = Webhook(storage, bot, arrived, settings.public_url, clock)
            updates.open(door)
        backups = Backups(storage, settings.backups, clock, noted=metrics.backed_up) if settings.backups else None
        alarm = Alarm(storage, bot, settings.admins, clock, backups=backups)
        keepers = Keepers(storage, Administrators(bot, clock), clock)
        watching = [
            Job("alarm", alarm.tick, ALARM),
            Job("watchdog", alarm.look, LOOK),
            Job("keepers", keepers.tick, KEEPERS),
        ]
        if backups:
            watching.append(Job("backups", backups.tick, BACKUPS))
        async with _listening(door), monitored(settings.metrics_port, storage, clock, metrics, pulse):
            every = [*jobs, *watching, *_jobs(storage, settings, outbox_news.set)]
            menus = Menus(storage, bot, settings.admins, clock)
            with scheduler(every, pulse, lambda: metrics.own_error("job")):
                await _talk(stop, storage, bot, deliverer, responder, updates, menus)


@contextlib.asynccontextmanager
async def _listening(door: Door | None) -> AsyncIterator[None]:
    """Let in what comes from outside, until the end of the block."""
    if door is None:
        yield
        return
    await door.start()
    try:
        log.info("what comes to the public address has to be passed on to port %d", door.port)
        yield
    finally:
        await door.close()


@contextlib.asynccontextmanager
async def telegram_bot(settings: Settings) -> AsyncIterator[Bot]:
    """A client for the Bot API that the settings name; closed at the end."""
    # python-telegram-bot warns at each "too many requests" until it may give the wait as a timedelta.
    os.environ["PTB_TIMEDELTA"] = "true"
    request = HTTPXRequest(connection_pool_size=IN_FLIGHT + 4, pool_timeout=10, read_timeout=20, connect_timeout=10)
    bot = Bot(
        settings.secret,
        base_url=f"{settings.api_url}/bot",
        base_file_url=f"{settings.api_url}/file/bot",
        request=request,
        get_updates_request=request,  # else it makes another, with certificates of its own
    )
    try:
        yield bot
    finally:
        await request.shutdown()


def _jobs(storage: Storage, settings: Settings, enqueued: Callable[[], None]) -> list[Job]:
    """What is done again and again beside the intake, and the seconds in between."""

    def writing(work: Callable[[Store], int]) -> Callable[[], Awaitable[None]]:
        """A job that is one transaction, which may enqueue messages."""

        async def run() -> None:
            if await storage.run(work):
                enqueued()

        return run

    async def summarise() -> None:
        while await storage.run(digest.release):
            enqueued()

    async def ask_loud() -> None:
        while await storage.run(loud.ask):
            enqueued()

    async def prune() -> None:
        await forget(storage, timedelta(days=settings.retention_days))

    return [
        Job("growing", writing(grow), GROW),
        Job("broadcasts", writing(broadcast.send), GROW),
        Job("summaries", summarise, GROW),
        Job("loud", ask_loud, LOUD),
        Job("notices", writing(lambda store: tell_of_feeds(store, store.roles.with_admins(settings.admins))), NOTICES),
        Job("sweep", writing(lambda store: store.forgetting.sweep()), SWEEP),
        Job("pruning", prune, PRUNE),
    ]


async def _talk(
    stop: asyncio.Event,
    storage: Storage,
    bot: Bot,
    deliverer: Deliverer,
    responder: Responder,
    updates: UpdateLoop | Webhook,
    menus: Menus,
) -> None:
    """Run the loops that talk to Telegram until `stop`, or until one of them ends, which only an error does."""
    polls = isinstance(updates, UpdateLoop)
    await _until(stop, [asyncio.create_task(_connect(bot, polls=polls))])
    if stop.is_set():
        return
    sending = asyncio.create_task(deliverer.run())
    loops = [sending, *(asyncio.create_task(loop.run()) for loop in (responder, updates, menus))]
    try:
        await _until(stop, loops, keep=sending)
    finally:
        deliverer.stop()
        await _end(sending, STOP_LOCKED if storage.waiting else STOP)
    _result(sending)


async def _end(sending: asyncio.Task[None], patience: float) -> None:
    """Let the deliverer record what it has begun, for `patience` seconds at most."""
    _, late = await asyncio.wait([sending], timeout=patience)
    for task in late:
        log.warning("stopped while the database cannot be written: what was on its way may go out once more")
        task.cancel()
    await asyncio.gather(sending, return_exceptions=True)


async def _until(stop: asyncio.Event, tasks: list[asyncio.Task[None]], keep: asyncio.Task[None] | None = None) -> None:
    """Wait for `stop` or the first task to end; cancel the others but `keep`; raise what a task raised."""
    stopped = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
    others = [task for task in (stopped, *tasks) if task is not keep and not task.done()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    for task in tasks:
        if task in done:
            _result(task)


def _result(task: asyncio.Task[None]) -> None:
    """Raise what the task raised; for a wrong token, what the operator has to mend."""
    if task.cancelled():
        return
    try:
        task.result()
    except InvalidToken:
        raise ConfigurationError(BAD_TOKEN) from None


async def _connect(bot: Bot, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep, *, polls: bool = True) -> None:
    """Introduce the bot to Telegram, however long that takes: feeds are polled and kept meanwhile."""
    pause = CONNECT_PAUSE_FIRST
    while True:
        try:
            me = await answered(bot.get_me())
            break
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("Telegram cannot be reached (%r); next try in %.0f s", error, pause)
            await sleep(pause)
            pause = min(CONNECT_PAUSE_MOST, pause * 2)
    log.info("connected to Telegram as %s", me.name)
    if polls:  # with a webhook, getUpdates is refused
        await attempt("whether a webhook is set is not known", bot.delete_webhook())
    await menu.offer(bot)
