"""The sandbox Bot API server with a bot and a person, on a clock that stands still, held to aiogram's models."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import telegram
from telegram.request import HTTPXRequest

from bot.sandbox.chats import Chat, User
from bot.sandbox.server import BotApiServer
from bot.sandbox.telegram_state import Telegram
from tests.aiogram_check import AiogramCheck


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Cable(httpx.AsyncHTTPTransport):
    """The way to the server. While `cut` says so, no connection can be made; `refused` counts the tries."""

    def __init__(self) -> None:
        super().__init__(verify=False)  # the certificates cost 0.1 s to load each time
        self.cut: Callable[[], bool] = lambda: False
        self.refused = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.cut():
            self.refused += 1
            raise httpx.ConnectError("no route to host", request=request)
        return await super().handle_async_request(request)


@dataclass
class Sandbox:
    """What a test needs: the people's side, the server, and a real client of the bot's side."""

    telegram: Telegram
    server: BotApiServer
    bot: telegram.Bot
    clock: Clock
    check: AiogramCheck
    ann: User
    chat: Chat
    http: httpx.AsyncClient
    cable: Cable

    async def call(self, method: str, parameters: dict[str, Any]) -> str:
        """A call that a client library would not make: the error's description, or "" when it went well."""
        answer = await self.http.post(f"/bot{self.telegram.token}/{method}", json=parameters)
        return answer.json().get("description", "")


def client(server: BotApiServer, token: str = "", cable: Cable | None = None) -> telegram.Bot:
    """python-telegram-bot against this server."""
    return telegram.Bot(
        token or server.telegram.token,
        base_url=f"{server.url}/bot",
        base_file_url=f"{server.url}/file/bot",
        request=HTTPXRequest(httpx_kwargs={"transport": cable or Cable()}),
        get_updates_request=HTTPXRequest(httpx_kwargs={"transport": Cable()}),
    )


@asynccontextmanager
async def running(**options: Any) -> AsyncIterator[Sandbox]:
    """A running sandbox; at the end every request and answer must have fitted aiogram's models."""
    clock = Clock()
    state = Telegram(clock=clock)
    check = AiogramCheck(state.updates.raw_ids)
    server = BotApiServer(state, inspect=check, **options)
    await server.start()
    ann = state.add_user("Ann", "en")
    cable = Cable()
    try:
        async with client(server, cable=cable) as bot, httpx.AsyncClient(base_url=server.url, verify=False) as http:
            yield Sandbox(state, server, bot, clock, check, ann, state.private_chat(ann), http, cable)
    finally:
        await server.stop()
    check.assert_clean()
