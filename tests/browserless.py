"""The sandbox's page without a browser: some chats, the server, and the requests and events of a page."""

import asyncio
import json
from datetime import UTC, datetime

import httpx

from bot.sandbox.api import perform
from bot.sandbox.faults import Faults
from bot.sandbox.feeds import FeedServer
from bot.sandbox.news import load
from bot.sandbox.page import ChatPage
from bot.sandbox.page_chats import Speaker, View
from bot.sandbox.page_desk import Desk
from bot.sandbox.server import BotApiServer
from bot.sandbox.storytime import SkippingClock
from bot.sandbox.telegram_state import Telegram

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LOCAL = "http://127.0.0.1:1/article/wire.example/story"


class Box:
    """Ann and the bot, a forum with Ben in it, a channel, the newsroom, and a browser without a screen.

    The clock stands still, at noon and what was skipped. The bot is in none but the private chat.
    """

    def __init__(self, **options):
        self.clock = SkippingClock(lambda: NOON)
        self.telegram = Telegram(clock=self.clock)
        self.ann, self.ben = self.telegram.add_user("Ann", "en"), self.telegram.add_user("Ben")
        self.chat = self.telegram.private_chat(self.ann)
        self.forum = self.telegram.add_group("Desk", self.ann, self.ben, forum=True, bot_status="left")
        self.channel = self.telegram.add_channel("Wire", self.ann, bot_status="left")
        speakers = (Speaker(self.ann), Speaker(self.ann, anonymous=True), Speaker(self.ben))
        views = (
            View(self.chat, speakers[:1], "private"),
            View(self.forum, speakers, "group"),
            View(self.channel, speakers[:1], "channel"),
        )
        self.faults = Faults()
        self.feeds = FeedServer(load().silent(), self.clock)
        desk = Desk(self.feeds, self.clock, self.faults)
        self.page = ChatPage(self.telegram, views, self._article_url, desk, **options)
        self.server = BotApiServer(self.telegram, faults=self.faults, extend=self.page.add_to)
        self.http = None

    def _article_url(self, link):
        return LOCAL if link.startswith("https://wire.example/story") else None

    async def __aenter__(self):
        await self.server.start()
        await self.feeds.start()
        self.http = httpx.AsyncClient(base_url=self.server.url, verify=False, trust_env=False)
        return self

    async def __aexit__(self, *_):
        await self.http.aclose()
        await self.feeds.stop()
        await self.server.stop()

    def call(self, method, **parameters):
        """As the bot, without HTTP."""
        return perform(self.telegram, method, {"chat_id": self.chat.id, **parameters})

    async def send(self, text, markup=None, html=False):
        """As the bot, over HTTP, so that the whole server takes part."""
        body = {"chat_id": self.chat.id, "text": text, **({"parse_mode": "HTML"} if html else {})}
        body |= {"reply_markup": markup} if markup else {}
        answer = await self.http.post(f"/bot{self.telegram.token}/sendMessage", json=body)
        return answer.json()["result"]["message_id"]

    async def post(self, path, **body):
        """As the page, in Ann's private chat unless told otherwise: (status, answer)."""
        where = {"chat": self.chat.id, "speaker": str(self.ann.id), "thread": 0, "reply": 0}
        content = json.dumps(where | body if path.startswith("/chat/") else body)  # ASCII: carries any text
        answer = await self.http.post(path, content=content, headers={"Content-Type": "application/json"})
        return answer.status_code, answer.json()

    def said(self, chat=None):
        """What people said."""
        history = self.telegram.history((chat or self.chat).id)
        return [message.text for message in history if not message.by_bot and not message.service]

    def updates(self):
        """What waits for the bot: (kind, body)."""
        return [(kind, update[kind]) for update in self.telegram.updates.peek(100) for kind in list(update)[1:]]


class Events:
    """The stream of events, one at a time. `only`: those names, the others are passed over."""

    def __init__(self, lines, *only):
        self._lines, self._only = lines, only

    async def next(self):
        """(name, data) of the next event, None at the end of the stream."""
        name = ""
        async with asyncio.timeout(10):
            async for line in self._lines:
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: ") and (not self._only or name in self._only):
                    return name, json.loads(line.removeprefix("data: "))
        return None
