"""What reads from strangers, put together: polls, lookups and pushes through one guard and one pool of parsers."""

import contextlib
import functools
import logging
import random
import secrets
from collections.abc import AsyncIterator, Callable, Sequence

from telegram import Bot

from bot.cadence import Intervals
from bot.clock import Clock
from bot.config import Settings
from bot.discover import Finder
from bot.door import Door
from bot.fetch import Fetcher
from bot.guard import Guard
from bot.headers import user_agent
from bot.jobs import Job
from bot.lookups import Lookups
from bot.metrics import Metrics
from bot.parse import ParserPool
from bot.poll import Poller
from bot.pushes import Pushes
from bot.store import Storage
from bot.tell import Rules
from bot.visit import Visitor
from bot.websub import Hubs, WebSub

log = logging.getLogger(__name__)

TICK = 1.0  # seconds between two looks at which feeds are due; less where feeds are polled faster
LOOK = 0.5  # seconds between two looks at what people have sent to be looked at
HUBS = 5.0  # seconds between two looks at which hubs are to be asked


@contextlib.asynccontextmanager
async def intake(
    settings: Settings,
    storage: Storage,
    clock: Clock,
    bot: Bot,
    enqueued: Callable[[], None],
    metrics: Metrics,
    door: Door | None,
) -> AsyncIterator[Sequence[Job]]:
    """Gives what has to be called now and then, until the end of the block. `door`: where hubs may come in."""
    usual, floor = settings.poll_interval.total_seconds(), settings.poll_floor.total_seconds()
    guard = Guard(settings.allow_private_feeds)
    agent = functools.partial(_user_agent, settings, bot)
    fetcher, parser = Fetcher(guard, user_agent=agent), ParserPool()
    rules = Rules(settings.alert_expiry, settings.alert_grows)
    websub = WebSub(functools.partial(secrets.token_urlsafe, 32)) if settings.public_url else None
    intervals = Intervals(usual, floor)
    visitor = Visitor(storage, fetcher, parser, intervals, rules, enqueued, clock, random.random, websub, metrics)
    poller = Poller(storage, visitor, settings.allow_private_feeds)
    lookups = Lookups(storage, Finder(fetcher, parser, clock), bot, enqueued, metrics, settings.admins)
    try:
        async with _pushed(settings, storage, guard, visitor, agent, door) as jobs:
            yield [Job("polling", poller.tick, min(TICK, floor)), Job("lookups", lookups.tick, LOOK), *jobs]
    finally:
        await lookups.drain()
        await poller.drain()
        await fetcher.aclose()
        parser.close()


@contextlib.asynccontextmanager
async def _pushed(
    settings: Settings,
    storage: Storage,
    guard: Guard,
    visitor: Visitor,
    agent: Callable[[], str],
    door: Door | None,
) -> AsyncIterator[Sequence[Job]]:
    """What has feeds pushed by their hubs, where the operator has named an address that hubs can reach."""
    if not settings.public_url or not door:
        yield []
        return
    hubs = Hubs(storage, guard, settings.public_url, agent)
    Pushes(storage, visitor).open(door)
    try:
        await hubs.resume(settings.poll_interval.total_seconds())
        log.info("hubs find this program at %s/websub", settings.public_url)
        yield [Job("hubs", hubs.tick, HUBS)]
    finally:
        await hubs.aclose()


def _user_agent(settings: Settings, bot: Bot) -> str:
    """With the operator's contact, or else the bot's own address, which is known once Telegram has answered."""
    try:
        return user_agent(settings.contact or settings.public_url or bot.link)
    except RuntimeError:
        return user_agent()
