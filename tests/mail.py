"""The deliverer on virtual time, between a real database and the sandbox Bot API server.

Time stands still while a send is in flight; when the deliverer would wait, the clock jumps to the end of the wait.
So an hour of pauses takes no time, and the server, on the same clock, judges whether the pace was kept.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.clock import to_epoch
from bot.db import Database
from bot.deliver import Deliverer
from bot.sandbox.events import Called
from bot.sandbox.faults import Fault, FaultKind
from bot.store import Storage, Store
from bot.store.outbox import Kind, Outgoing
from tests.botapi import Sandbox, running

PATIENCE = 900.0  # real seconds; a crowd of ten thousand takes minutes on a busy machine


@dataclass
class Mail:
    """Writes messages, delivers them, and tells what has become of them."""

    box: Sandbox
    storage: Storage
    news: asyncio.Event = field(default_factory=asyncio.Event)
    deliverer: Deliverer | None = None
    pauses: int = 0
    _end: float = 0.0

    @property
    def now(self) -> float:
        return to_epoch(self.box.clock.now)

    async def run(self, work: Callable[[Store], Any]) -> Any:
        return await self.storage.run(work)

    async def write(self, key: str, chat_id: int = 0, kind: Kind = "alert", text: str = "", **others: Any) -> None:
        """A message to the chat (Ann's, where none is named), whose text is its key unless given."""
        chat = self.box.telegram.chats[chat_id or self.box.chat.id]

        def add(store: Store) -> None:
            store.chats.ensure(chat.id, chat.type)
            store.outbox.add(Outgoing(key, chat.id, kind, text or key, **others))

        await self.storage.run(add)
        self.news.set()

    async def deliver(self, seconds: float = 7 * 86_400) -> None:
        """Run a new deliverer until nothing is queued, or until so many seconds have passed."""
        self._end = self.now + seconds
        self.deliverer = self.new()
        await asyncio.wait_for(self.deliverer.run(), PATIENCE)

    def new(self) -> Deliverer:
        """A deliverer as after a start."""
        return Deliverer(self.storage, self.box.bot, self.box.clock, self.news, lambda: 1.0, self._pause)

    async def _pause(self, news: asyncio.Event, seconds: float) -> None:
        assert self.deliverer is not None
        self.pauses += 1
        if self.deliverer.in_flight or news.is_set():
            await asyncio.wait_for(news.wait(), PATIENCE)
        elif self.now >= self._end or not (await self.counts())["queued"]:
            self.deliverer.stop()
        else:
            self.box.clock.advance(min(seconds, max(0.001, self._end - self.now)))

    def people(self, number: int) -> list[int]:
        """So many more private chats."""
        return [self.box.telegram.private_chat(self.box.telegram.add_user(f"P{n}")).id for n in range(number)]

    def trouble(self, kind: FaultKind, seconds: float, methods: str = "") -> None:
        """For so long from now every call, or every call of these methods, meets a fault."""
        end = self.now + seconds
        self.box.server.faults.chooser = lambda method, _chat: (
            Fault(kind) if self.now < end and method in (methods or method) else None
        )

    async def counts(self) -> dict[str, int]:
        """How many messages are in each state; always adds up."""
        counts: dict[str, int] = await self.storage.run(lambda store: store.outbox.counts())
        assert counts["enqueued"] == sum(number for state, number in counts.items() if state != "enqueued")
        return counts

    async def states(self) -> dict[str, str]:
        """Each message's state, by its key."""
        return {key: state for key, state, _ in await self._rows()}

    async def reason(self, key: str) -> str:
        """Why a message is in its state."""
        return next(reason for its, _, reason in await self._rows() if its == key)

    async def _rows(self) -> list[tuple[str, str, str]]:
        sql = "SELECT dedup_key, state, reason FROM outbox ORDER BY id"
        rows: list[tuple[str, str, str]] = await self.storage.run(
            lambda store: store.outbox._database.execute(sql).fetchall()
        )
        return rows

    def calls(self) -> list[Called]:
        """What the bot has asked Telegram to send or to edit, with the answers."""
        return [call for call in self.box.server.calls if call.method in ("sendMessage", "editMessageText")]

    def texts(self, chat_id: int = 0) -> list[str]:
        """What has arrived in a chat, oldest first."""
        return [message.text for message in self.box.telegram.messages(chat_id or self.box.chat.id)]


@asynccontextmanager
async def mail(folder: Path, **options: Any) -> AsyncIterator[Mail]:
    """A fresh database and a running server, on one clock."""
    async with running(**options) as box:
        database = Database.open(folder / "wirewatch.db")
        try:
            yield Mail(box, Storage(database, box.clock))
        finally:
            database.close()
