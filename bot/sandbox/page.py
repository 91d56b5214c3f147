"""The sandbox in a browser: some chats with the bot, live, and a desk beside them.

    GET  /              the page; /static/… holds its parts
    GET  /chat/events   Server-Sent Events: `everything` first, then `message`, `deleted`, `typing`, `answer`,
                        `chat`, `call`
    POST /chat/…        what people do: `page_people.py`
    GET, POST /desk/…   the newsroom, time and troubles: `page_desk.py`

Each connection begins with everything, so a browser that reconnects has missed nothing.
"""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Sequence
from importlib.resources import files

from aiohttp import web

from bot.sandbox.events import Answered, Called, Changed, Deleted, Edited, Event, Said, Sent, Typing
from bot.sandbox.page_calls import call_json
from bot.sandbox.page_chats import View, chat_json
from bot.sandbox.page_desk import Desk
from bot.sandbox.page_messages import ArticleUrl, Links, message_json
from bot.sandbox.page_people import People
from bot.sandbox.page_requests import HEADERS
from bot.sandbox.telegram_state import Telegram
from bot.sandbox.updates import Json

HEARTBEAT = 15.0  # seconds; a comment, so that a browser that has gone is noticed
MOST_BEHIND = 500  # events; a browser further behind is cut off and comes back to a fresh start
_CALLS_SHOWN = 200
_MESSAGES_SHOWN = 500  # of each chat, the newest
_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
_COMMAND_METHODS = ("setMyCommands", "deleteMyCommands")


class ChatPage:
    """The page of these chats. `article_url` gives the local page of an invented link, or None."""

    def __init__(
        self,
        telegram: Telegram,
        views: Sequence[View],
        article_url: ArticleUrl,
        desk: Desk | None = None,
        *,
        heartbeat: float = HEARTBEAT,
        most_behind: int = MOST_BEHIND,
    ) -> None:
        self._telegram = telegram
        self._views = {view.chat.id: view for view in views}
        self._links = Links(article_url, telegram.bot.user.username)
        self._desk = desk
        self._people = People(telegram, views)
        self._heartbeat, self._most_behind = heartbeat, most_behind
        self._calls: deque[Json] = deque(maxlen=_CALLS_SHOWN)
        self._readers: set[asyncio.Queue[bytes | None]] = set()
        telegram.subscribe(self._on_event)

    def add_to(self, app: web.Application) -> None:
        """Adds the routes. The app must refuse foreign origins itself: see `loopback.py`."""
        app.router.add_get("/", _static)
        app.router.add_get("/static/{name}", _static)
        app.router.add_get("/chat/events", self._events)
        self._people.add_to(app)
        if self._desk is not None:
            self._desk.add_to(app)
        app.on_shutdown.append(self._end_all)

    @property
    def readers(self) -> int:
        """How many browsers follow the chats now."""
        return len(self._readers)

    # What happens

    def _on_event(self, event: Event) -> None:
        for note in self._notes(event):
            for reader in list(self._readers):
                if reader.full():
                    self._end(reader)
                else:
                    reader.put_nowait(note)

    def _notes(self, event: Event) -> list[bytes]:
        """The event as the browser is told of it; nothing for what happens in other chats."""
        if isinstance(event, Called):
            self._calls.append(call_json(event))
            changed = event.method in _COMMAND_METHODS and event.status == 200
            chats = [self._chat(view) for view in self._views.values()] if changed else []
            return [_encoded("call", self._calls[-1]), *chats]
        chat = event.chat if isinstance(event, Typing | Changed) else event.message.chat
        if chat.id not in self._views:
            return []
        if isinstance(event, Typing):
            return [_encoded("typing", {"chat": chat.id, "thread": event.thread or 0})]
        if isinstance(event, Changed):
            return [self._chat(self._views[chat.id])]
        if isinstance(event, Sent | Edited | Said):
            return [_encoded("message", message_json(event.message, self._links))]
        if isinstance(event, Deleted):
            return [_encoded("deleted", {"chat": chat.id, "id": event.message.message_id})]
        if isinstance(event, Answered):
            told = {"chat": chat.id, "message": event.message.message_id, "text": event.text, "alert": event.alert}
            return [_encoded("answer", told)]
        return []

    def _chat(self, view: View) -> bytes:
        return _encoded("chat", chat_json(self._telegram, view))

    def _everything(self) -> Json:
        history = self._telegram.history
        return {
            "bot": {"id": self._telegram.bot.user.id, "name": self._telegram.bot.user.first_name},
            "desk": self._desk is not None,
            "chats": [chat_json(self._telegram, view) for view in self._views.values()],
            "messages": [
                message_json(message, self._links)
                for chat_id in self._views
                for message in history(chat_id)[-_MESSAGES_SHOWN:]
            ],
            "calls": list(self._calls),
        }

    # Server-Sent Events

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        reader: asyncio.Queue[bytes | None] = asyncio.Queue(self._most_behind)
        reader.put_nowait(b"retry: 1000\n" + _encoded("everything", self._everything()))
        self._readers.add(reader)
        try:
            with contextlib.suppress(ConnectionResetError):  # raised when the browser has gone
                while (note := await self._next(reader)) is not None:
                    await response.write(note)
        finally:
            self._readers.discard(reader)
        return response

    async def _next(self, reader: asyncio.Queue[bytes | None]) -> bytes | None:
        try:
            async with asyncio.timeout(self._heartbeat):
                return await reader.get()
        except TimeoutError:
            return b":\n\n"

    def _end(self, reader: asyncio.Queue[bytes | None]) -> None:
        """The stream ends after what it still holds."""
        self._readers.discard(reader)
        if reader.full():
            reader.get_nowait()
        reader.put_nowait(None)

    async def _end_all(self, app: web.Application) -> None:
        for reader in list(self._readers):
            self._end(reader)


async def _static(request: web.Request) -> web.Response:
    """A part of the page; a name has no slash in it, so nothing outside the folder can be meant."""
    name = request.match_info.get("name", "page.html")
    part = files("bot.sandbox").joinpath("static", name)
    kind = _TYPES.get(name.rpartition(".")[2])
    if kind is None or not part.is_file():
        raise web.HTTPNotFound(text="The page has no such part.\n")
    return web.Response(text=part.read_text(encoding="utf-8"), content_type=kind, charset="utf-8", headers=HEADERS)


def _encoded(event: str, data: object) -> bytes:
    """One event. JSON in ASCII has no line feeds, so one data line holds it."""
    return f"event: {event}\ndata: {json.dumps(data)}\n\n".encode()
