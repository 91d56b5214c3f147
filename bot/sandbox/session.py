"""The sandbox: the real program, a local Bot API server, sample feeds and one subscriber, in one event loop.

Only the settings differ from production. The database is a file in a temporary folder, gone afterwards.
"""

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr, TypeAdapter, ValidationError

from bot import app
from bot.clock import utc_now
from bot.config import PREFIX, ConfigurationError, HostPorts, Settings
from bot.sandbox.cast import cast
from bot.sandbox.chats import User
from bot.sandbox.events import Answered, Edited, Event, Sent
from bot.sandbox.faults import Faults
from bot.sandbox.feeds import FeedServer
from bot.sandbox.news import load
from bot.sandbox.page import ChatPage
from bot.sandbox.page_desk import Desk
from bot.sandbox.server import BotApiServer
from bot.sandbox.storytime import SkippingClock
from bot.sandbox.telegram_state import Telegram
from bot.sandbox.terminal import Terminal
from watchlists.errors import WirewatchError

POLL_SECONDS = 2.0
POLL_SECONDS_LEAST = 0.5
# What the first subscriber does before anyone types: so that alerts come within a minute.
FIRST_LINES = ("/start", "/watch Mar-a-Lago meeting", "/watch Donbas withdrawal")
PATIENCE = 10.0
ALLOW = f"{PREFIX}ALLOW_PRIVATE_FEEDS"


class PortTaken(WirewatchError):
    """The Bot API server and the page cannot listen on the port that was asked for."""


def allowed_feeds(environ: Mapping[str, str]) -> frozenset[str]:
    """The `host:port`s of the environment that feeds may also come from, whatever else stands in it."""
    try:
        return TypeAdapter(HostPorts).validate_python(environ.get(ALLOW, ""))
    except ValidationError as error:
        raise ConfigurationError(f"{ALLOW} {error.errors()[0]['msg'].removeprefix('Value error, ')}") from None


def settings(
    folder: Path, api: BotApiServer, feeds: FeedServer, speed: float, operator: User, allowed: frozenset[str]
) -> Settings:
    """The settings of a run in the sandbox. Of the operator's environment only `ALLOW_PRIVATE_FEEDS` is used."""
    interval = timedelta(seconds=max(POLL_SECONDS_LEAST, POLL_SECONDS / speed))
    listed = folder / "feeds.toml"
    listed.write_text("".join(f'[[feeds]]\nurl = "{url}"\n' for url in feeds.urls), encoding="utf-8")
    return Settings.model_construct(
        token=SecretStr(api.telegram.token),
        api_url=api.url,
        database=folder / "sandbox.db",
        feeds=listed,
        admins=frozenset({operator.id}),
        poll_interval=interval,
        allow_private_feeds=allowed | {feeds.address},
    )


@contextlib.asynccontextmanager
async def _running(api: BotApiServer, feeds: FeedServer, port: int) -> AsyncIterator[None]:
    try:
        await api.start(port=port)
    except OSError as error:
        raise PortTaken(f"port {port} cannot be used: {os.strerror(error.errno or 0)}") from error
    try:
        await feeds.start()
        yield
    finally:
        await feeds.stop()
        await api.stop()


async def run(stop: asyncio.Event, port: int, speed: float, page: bool = True) -> None:
    """Run the sandbox until `stop` is set or the terminal ends; `page` serves the chat to browsers too."""
    allowed, clock = allowed_feeds(os.environ), SkippingClock(utc_now)
    telegram = Telegram(clock=clock)
    people = cast(telegram)
    feeds, faults = FeedServer(load(), clock, speed), Faults()
    desk = Desk(feeds, clock, faults)
    extend = ChatPage(telegram, people.views, feeds.article_url, desk).add_to if page else None
    api = BotApiServer(telegram, faults=faults, extend=extend)
    with tempfile.TemporaryDirectory(prefix="wirewatch-sandbox-") as name:
        async with _running(api, feeds, port):
            terminal = Terminal(telegram, people.ada, people.chat, sys.stdin, sys.stdout, environ=os.environ)
            if page:
                terminal.write(f"The chat in your browser: {api.url}/")
            terminal.write("You are Ada. The news is invented; three first lines are said for you. Ctrl-C ends.")
            said = _Conversation(telegram)
            setting = settings(Path(name), api, feeds, speed, people.operator, allowed)
            bot = asyncio.create_task(app.run(setting, stop, clock))
            first = said.say_all(lambda line: telegram.say(people.ada, people.chat, line))
            try:
                await _first_of(bot, terminal.run(), first)
            finally:
                stop.set()
                await bot


class _Conversation:
    """Says the first lines one by one, each after the answer to the one before."""

    def __init__(self, telegram: Telegram) -> None:
        self._answered = asyncio.Event()
        telegram.subscribe(self._on_event)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Sent | Edited | Answered):
            self._answered.set()

    async def say_all(self, say: Callable[[str], object]) -> None:
        for line in FIRST_LINES:
            self._answered.clear()
            say(line)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._answered.wait(), PATIENCE)


async def _first_of(bot: asyncio.Task[None], chat: Awaitable[None], lines: Awaitable[None]) -> None:
    """Until the bot or the chat ends; the first lines may end before. The chat begins first, to show them."""
    talking = [asyncio.ensure_future(chat), asyncio.ensure_future(lines)]
    try:
        await asyncio.wait([bot, talking[0]], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in talking:
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)
