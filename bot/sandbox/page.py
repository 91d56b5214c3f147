"""The sandbox's chat in a browser: one subscriber's chat with the bot, live.

    GET  /              the page, with /page.css, /page.js and /page_draw.js
    GET  /chat/events   Server-Sent Events: `history` first, then `message`, `deleted`, `typing`, `answer`, `commands`
    POST /chat/say      {"text"}             the subscriber says something
    POST /chat/press    {"message", "data"}  the subscriber presses a button

Each connection begins with the whole history, so a browser that reconnects has missed nothing.
"""

import asyncio
import contextlib
import json
from importlib.resources import files
from typing import TypeVar

from aiohttp import web

from bot.sandbox.chats import Chat, User
from bot.sandbox.events import Answered, Called, Deleted, Edited, Event, Said, Sent, Typing
from bot.sandbox.formatting import message_text
from bot.sandbox.page_messages import ArticleUrl, commands, message_json
from bot.sandbox.refusals import ApiError
from bot.sandbox.telegram_state import Telegram
from bot.sandbox.updates import Json

T = TypeVar("T", str, int)
HEARTBEAT = 15.0  # seconds; a comment, so that a browser that has gone is noticed
MOST_BEHIND = 500  # events; a browser further behind is cut off and comes back to a fresh history
MOST_BODY = 64 * 1024  # bytes; a message has at most 4096 characters
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_FILES = {
    "/": ("page.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
    "/page_draw.js": ("page_draw.js", "text/javascript"),
}
_COMMAND_METHODS = ("setMyCommands", "deleteMyCommands")


class ChatPage:
    """The page of one subscriber's chat. `article_url` gives the local page of an invented link, or None."""

    def __init__(
        self,
        telegram: Telegram,
        user: User,
        chat: Chat,
        article_url: ArticleUrl,
        *,
        heartbeat: float = HEARTBEAT,
        most_behind: int = MOST_BEHIND,
    ) -> None:
        self._telegram, self._user, self._chat = telegram, user, chat
        self._article_url = article_url
        self._heartbeat, self._most_behind = heartbeat, most_behind
        self._readers: set[asyncio.Queue[bytes | None]] = set()
        telegram.subscribe(self._on_event)

    def add_to(self, app: web.Application) -> None:
        """Adds the routes. The app must refuse foreign origins itself: see `loopback.py`."""
        for path in _FILES:
            app.router.add_get(path, _file)
        app.router.add_get("/chat/events", self._events)
        app.router.add_post("/chat/say", self._say)
        app.router.add_post("/chat/press", self._press)
        app.on_shutdown.append(self._end_all)

    @property
    def readers(self) -> int:
        """How many browsers follow the chat now."""
        return len(self._readers)

    # What happens

    def _on_event(self, event: Event) -> None:
        note = self._note(event)
        for reader in list(self._readers) if note is not None else ():
            if reader.full():
                self._end(reader)
            else:
                reader.put_nowait(note)

    def _note(self, event: Event) -> bytes | None:
        """The event as this chat's reader is told of it, None for what is not hers."""
        if isinstance(event, Called):
            changed = event.method in _COMMAND_METHODS and event.status == 200
            return _encoded("commands", self._commands()) if changed else None
        if isinstance(event, Typing):
            return _encoded("typing", event.action) if event.chat is self._chat else None
        if event.message.chat is not self._chat:
            return None
        if isinstance(event, Sent | Edited | Said):
            return _encoded("message", message_json(event.message, self._user, self._article_url))
        if isinstance(event, Deleted):
            return _encoded("deleted", event.message.message_id)
        if isinstance(event, Answered):
            answer = {"message": event.message.message_id, "text": event.text, "alert": event.alert}
            return _encoded("answer", answer)
        return None

    def _history(self) -> Json:
        history = self._telegram.history(self._chat.id)
        return {
            "bot": self._telegram.bot.user.first_name,
            "reader": self._user.first_name,
            "commands": self._commands(),
            "messages": [message_json(message, self._user, self._article_url) for message in history],
        }

    def _commands(self) -> list[dict[str, object]]:
        return commands(self._telegram.bot, self._chat, self._user.language_code)

    # Server-Sent Events

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        reader: asyncio.Queue[bytes | None] = asyncio.Queue(self._most_behind)
        reader.put_nowait(b"retry: 1000\n" + _encoded("history", self._history()))
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

    # What the subscriber does

    async def _say(self, request: web.Request) -> web.Response:
        body = await _body(request)
        try:
            text = message_text(_whole(_field(body, "text", str))).text
        except ApiError as refused:
            raise _wrong(refused.description.removeprefix("Bad Request: ")) from None
        message = self._telegram.say(self._user, self._chat, text)
        return _answer({"message": message.message_id})

    async def _press(self, request: web.Request) -> web.Response:
        body = await _body(request)
        message_id, data = _field(body, "message", int), _field(body, "data", str)
        try:
            self._telegram.press(self._user, self._chat, message_id, data)
        except LookupError:
            raise web.HTTPConflict(text=json.dumps({"error": "This button is gone."}), headers=_JSON) from None
        return _answer({"message": message_id})


async def _file(request: web.Request) -> web.Response:
    name, content_type = _FILES[request.path]
    text = (files("bot.sandbox") / name).read_text(encoding="utf-8")
    return web.Response(text=text, content_type=content_type, charset="utf-8", headers=HEADERS)


_JSON = {**HEADERS, "Content-Type": "application/json"}


def _answer(body: Json) -> web.Response:
    return web.Response(text=json.dumps(body), headers=_JSON)


def _wrong(reason: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=json.dumps({"error": reason}), headers=_JSON)


async def _body(request: web.Request) -> Json:
    """The JSON object of a request. A form of another site cannot send this content type."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text=json.dumps({"error": "send application/json"}), headers=_JSON)
    if request.content_length is None or request.content_length > MOST_BODY:
        raise _wrong("the request is too long")
    try:
        body = await request.json()
    except ValueError:
        raise _wrong("this is no JSON") from None
    if not isinstance(body, dict):
        raise _wrong("send a JSON object")
    return body


def _field(body: Json, name: str, kind: type[T]) -> T:
    value = body.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _wrong(f"{name} is missing")
    return value


def _whole(text: str) -> str:
    """Without lone surrogates, which JSON can carry and no keyboard can type."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _encoded(event: str, data: object) -> bytes:
    """One event. JSON in ASCII has no line feeds, so one data line holds it."""
    return f"event: {event}\ndata: {json.dumps(data)}\n\n".encode()
