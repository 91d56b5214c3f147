"""The whole program as a task beside the sandbox's Bot API server, one feed and one person."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from aiohttp import web
from pydantic import SecretStr

from bot import app
from bot.clock import utc_now
from bot.config import Settings
from bot.sandbox.server import BotApiServer
from bot.sandbox.telegram_state import Telegram
from tests.newsstand import Newsstand

PATIENCE = 10.0


class World:
    """A server, a feed, a person, and the program as a task.

    `bodies` has, by method, what the server answers with status 200 whatever it was asked, until it is taken out.
    """

    def __init__(self, folder: Path, token: str) -> None:
        self.folder = folder
        self.telegram = Telegram(token=token, clock=utc_now)
        self.allowed: set[str] = set()  # hosts besides the feed's
        self.others: dict[str, object] = {}  # further settings
        self.bodies: dict[str, bytes] = {}
        self.api = BotApiServer(self.telegram, extend=lambda served: served.middlewares.append(self._answer))
        self.stand = Newsstand({"alpha": []})
        self.ann = self.telegram.add_user("Ann")
        self.chat = self.telegram.private_chat(self.ann)
        self.stop = asyncio.Event()
        self.program: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self.telegram.subscribe(lambda _event: self._changed.set())

    @web.middleware
    async def _answer(self, request: web.Request, handler) -> web.StreamResponse:
        body = self.bodies.get(request.path.rpartition("/")[2])
        return await handler(request) if body is None else web.Response(body=body)

    @property
    def settings(self) -> Settings:
        listed = self.folder / "feeds.toml"
        listed.write_text(f'[[feeds]]\nurl = "{self.stand.url("alpha")}"\ntitle = "Alpha"\n')
        return Settings.model_construct(
            token=SecretStr(self.telegram.token),
            api_url=self.api.url,
            database=self.folder / "wirewatch.db",
            feeds=listed,
            poll_interval=timedelta(seconds=0.2),
            allow_private_feeds=frozenset({self.stand.address, *self.allowed}),
            **self.others,
        )

    def start(self) -> None:
        self.stop.clear()
        self.program = asyncio.create_task(app.run(self.settings, self.stop))

    async def end(self) -> None:
        assert self.program is not None
        self.stop.set()
        await asyncio.wait_for(self.program, PATIENCE)

    async def until(self, happened) -> None:
        async with asyncio.timeout(PATIENCE):
            while not happened():
                assert self.program is None or not self.program.done(), self.program
                self._changed.clear()
                await self._changed.wait()

    def texts(self) -> list[str]:
        return [message.text for message in self.telegram.messages(self.chat.id)]

    async def say(self, text: str) -> str:
        before = len(self.texts())
        self.telegram.say(self.ann, self.chat, text)
        await self.until(lambda: len(self.texts()) > before)
        return self.texts()[before]


@asynccontextmanager
async def world(folder: Path, token: str):
    made = World(folder, token)
    await made.api.start()
    await made.stand.start()
    try:
        yield made
    finally:
        if made.program is not None:
            made.stop.set()
            await asyncio.gather(made.program, return_exceptions=True)
        await made.stand.stop()
        await made.api.stop()
