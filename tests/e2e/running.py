"""The real program as a process, between a local Bot API server and a local newsstand."""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.clock import utc_now
from bot.sandbox.chats import Chat, User
from bot.sandbox.messages import Message
from bot.sandbox.server import BotApiServer
from bot.sandbox.telegram_state import Telegram
from tests.aiogram_check import AiogramCheck
from tests.newsstand import Newsstand, Story

PATIENCE = 40.0
OLD = Story("Old news that nobody needs", "https://old.example/1", "old-1")


class World:
    """A subscriber, her chat, the servers, and the bot's process. `poll` is the bot's interval in seconds.

    `temporary` is where the process puts temporary files: a killed one leaves some, which must not stay behind.
    """

    def __init__(self, folder: Path, temporary: Path, token: str, poll: float) -> None:
        self.folder = folder
        self.temporary = temporary
        self.poll = poll
        self.settings: dict[str, str] = {}  # further settings of the bot's process, without WIREWATCH_
        self.telegram = Telegram(token=token, clock=utc_now)
        self.check = AiogramCheck()
        self.api = BotApiServer(self.telegram, inspect=self.check)
        self.news = Newsstand({"alpha": [OLD], "beta": [OLD]})
        self.user: User = self.telegram.add_user("Ada")
        self.chat: Chat = self.telegram.private_chat(self.user)
        self.process: asyncio.subprocess.Process | None = None
        self._changed = asyncio.Event()
        self.telegram.subscribe(lambda _event: self._changed.set())

    @property
    def environment(self) -> dict[str, str]:
        """The settings of the bot's process."""
        (self.folder / "token").write_text(self.telegram.token + "\n")
        urls = "".join(f'[[feeds]]\nurl = "{self.news.url(name)}"\n' for name in self.news.feeds)
        (self.folder / "feeds.toml").write_text(urls)
        return {
            **os.environ,
            "TMPDIR": str(self.temporary),
            "WIREWATCH_TOKEN_FILE": str(self.folder / "token"),
            "WIREWATCH_API_URL": self.api.url,
            "WIREWATCH_DATABASE": str(self.folder / "wirewatch.db"),
            "WIREWATCH_FEEDS": str(self.folder / "feeds.toml"),
            "WIREWATCH_POLL_INTERVAL": str(self.poll),
            "WIREWATCH_ALLOW_PRIVATE_FEEDS": self.news.address,
            "WIREWATCH_LOG_LEVEL": "debug",
            "WIREWATCH_LOG_FORMAT": "json",
            **{f"WIREWATCH_{name}": value for name, value in self.settings.items()},
        }

    async def start(self) -> None:
        """Start the bot's process; its log goes to bot.log."""
        with (self.folder / "bot.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env=self.environment, stderr=log, stdout=log
            )

    async def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal to the bot's process and return its exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(how)
        return await asyncio.wait_for(self.process.wait(), PATIENCE)

    async def until(self, happened: Callable[[], bool], patience: float = PATIENCE) -> None:
        """Wait until something is true, looking again whenever anything happens in Telegram."""

        async def wait() -> None:
            while not happened():
                self._changed.clear()
                await self._changed.wait()

        try:
            await asyncio.wait_for(wait(), patience)
        except TimeoutError:
            log = (self.folder / "bot.log").read_text()[-3000:]
            raise AssertionError(f"it did not happen; the chat: {self.texts()}\n{log}") from None

    async def say(self, text: str) -> Message:
        """Say something to the bot and return its answer."""
        before = len(self.telegram.messages(self.chat.id))
        self.telegram.say(self.user, self.chat, text)
        await self.until(lambda: len(self.telegram.messages(self.chat.id)) > before)
        return self.telegram.messages(self.chat.id)[before]

    async def polls(self, count: int = 1, of: str = "alpha") -> None:
        """Wait for this many more polls of a feed."""
        want = sum(name == of for name, _ in self.news.requests) + count

        async def wait() -> None:
            while sum(name == of for name, _ in self.news.requests) < want:
                self.news.served.clear()
                await self.news.served.wait()

        await asyncio.wait_for(wait(), PATIENCE)

    def texts(self) -> list[str]:
        """What the bot has sent to the chat, oldest first."""
        return [message.text for message in self.telegram.messages(self.chat.id)]

    def alerts(self) -> list[str]:
        """The alerts among that."""
        return [text for text in self.texts() if "🔔" in text]


@asynccontextmanager
async def world(folder: Path, token: str, poll: float = 0.4) -> AsyncIterator[World]:
    """The servers, running; the bot's process is ended with them."""
    # Not within `folder`: the path of a socket may have no more than about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="wirewatch-e2e-") as temporary:
        made = World(folder, Path(temporary), token, poll)
        await made.api.start()
        await made.news.start()
        try:
            yield made
        finally:
            if made.process is not None and made.process.returncode is None:
                await made.end(signal.SIGKILL)
            await made.news.stop()
            await made.api.stop()
