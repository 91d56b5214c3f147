"""A person at a terminal of the sandbox, and what it shows."""

import asyncio
import io
from datetime import UTC, datetime

from bot.sandbox.api import perform
from bot.sandbox.telegram_state import Telegram
from bot.sandbox.terminal import Terminal

NOON = datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)


class Tty(io.StringIO):
    """An output that claims to be a terminal."""

    def isatty(self):
        return True


class Screen(Tty):
    """A terminal that can be watched."""

    def __init__(self):
        super().__init__()
        self.changed = asyncio.Event()

    def write(self, text):
        self.changed.set()
        return super().write(text)

    async def until(self, end):
        """Until it shows this last."""
        async with asyncio.timeout(5):
            while not self.getvalue().endswith(end):
                self.changed.clear()
                await self.changed.wait()


class Chat:
    """Ann, her chat with the bot, a terminal, and what the bot may do."""

    def __init__(self, stdin, stdout=None, environ=None, sleep=asyncio.sleep):
        self.telegram = Telegram(clock=lambda: NOON)
        self.ann = self.telegram.add_user("Ann")
        self.chat = self.telegram.private_chat(self.ann)
        self.out = stdout if stdout is not None else io.StringIO()
        self.terminal = Terminal(
            self.telegram, self.ann, self.chat, stdin, self.out, environ=environ or {}, zone=UTC, sleep=sleep
        )

    def call(self, method, **parameters):
        return perform(self.telegram, method, {"chat_id": self.chat.id, **parameters})

    def watch(self):
        """Prints from now on, without reading."""
        self.telegram.subscribe(self.terminal.on_event)

    @property
    def shown(self):
        return self.out.getvalue()

    @property
    def said(self):
        return [message.text for message in self.telegram.history(self.chat.id) if not message.by_bot]
