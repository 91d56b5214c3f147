"""The responder between a real database and the sandbox Bot API server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot import telegram
from bot.config import Settings
from bot.db import Database
from bot.respond import Responder
from bot.store import Storage
from tests.botapi import Sandbox, running


@dataclass
class Desk:
    """Takes what people say, lets the responder handle it, and reads what it has written."""

    box: Sandbox
    storage: Storage
    settings: Settings
    enqueued: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)
    _responder: Responder | None = None

    def _count(self) -> None:
        self.enqueued += 1

    @property
    def responder(self) -> Responder:
        """The same one until the settings are others."""
        if self._responder is None or self._responder._settings is not self.settings:
            self._responder = Responder(
                self.storage, self.box.bot, self.settings, self.news, self._count, self.box.clock
            )
        return self._responder

    async def receive(self) -> None:
        """What waits at Telegram goes into the inbox."""
        updates = self.box.telegram.updates.peek(100)
        self.box.telegram.updates.clear()

        def keep(store):
            for body in updates:
                store.inbox.add(body["update_id"], body)

        await self.storage.run(keep)

    async def handle(self) -> None:
        """What waits at Telegram is received and handled."""
        await self.receive()
        responder = self.responder
        for received in await self.storage.run(lambda store: store.inbox.waiting()):
            await responder.handle(received)
        await responder.finish()

    async def say(self, text: str) -> str:
        self.box.telegram.say(self.box.ann, self.box.chat, text)
        await self.handle()
        return (await self.outbox())[-1]["text"]

    async def rows(self, sql: str) -> list[dict[str, Any]]:
        return await self.storage.run(lambda store: store.inbox._rows(sql))

    async def outbox(self) -> list[dict[str, Any]]:
        return await self.rows("SELECT * FROM outbox ORDER BY id")

    async def ends(self) -> list[tuple[str, str]]:
        return [(row["state"], row["reason"]) for row in await self.rows("SELECT * FROM inbox ORDER BY update_id")]

    async def watches(self) -> list[str]:
        found = await self.storage.run(lambda store: store.watches.active(self.box.chat.id))
        return [watch.text for watch in found]

    async def shown(self) -> int:
        """Put the newest reply into the chat, buttons and all, as the deliverer would; its message id."""
        head = (await self.storage.run(lambda store: store.outbox.heads([], 1)))[0]
        row = await self.storage.run(lambda store: store.outbox.claim(head.id))
        sent = await telegram.send(self.box.bot, row)
        await self.storage.run(lambda store: store.outbox.finish(row.id, "sent", message_id=sent.message_id))
        return sent.message_id


@asynccontextmanager
async def open_desk(folder: Path, *owners: int, access: str = "open") -> AsyncIterator[Desk]:
    """A fresh database and a running server; the bot has these owners."""
    async with running() as box:
        database = Database.open(folder / "wirewatch.db")
        try:
            settings = Settings.model_construct(access=access, admins=frozenset(owners))
            yield Desk(box, Storage(database, box.clock), settings)
        finally:
            database.close()
