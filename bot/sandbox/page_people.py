"""What people do on the sandbox's page: say, send, press, add the bot or put it out, open and close topics.

POST /chat/say    {"chat", "speaker", "text", "thread", "reply"}    `thread` and `reply` are 0 for none
POST /chat/file   {"chat", "speaker", "text", "thread", "name", "data"}    `data` is Base64
POST /chat/press  {"chat", "speaker", "message", "data"}
POST /chat/choices {"chat", "speaker", "message", "request"}    the chats that a button below the field lets choose
POST /chat/share  {"chat", "speaker", "message", "request", "shared"}    one of them is chosen
POST /chat/bot    {"chat", "status"}    member, administrator, or kicked, which in a private chat is blocked
POST /chat/topic  {"chat", "topic", "name", "closed"}    `topic` 0 opens one of that name
GET  /chat/file/ID
"""

import base64
import binascii
from collections.abc import Iterable

from aiohttp import web

from bot.sandbox.chats import RIGHTS, Chat, User
from bot.sandbox.formatting import caption, message_text
from bot.sandbox.messages import Message
from bot.sandbox.page_chats import Speaker, View
from bot.sandbox.page_messages import PICTURES
from bot.sandbox.page_requests import HEADERS, answer, body, field, gone, words, wrong
from bot.sandbox.refusals import ApiError
from bot.sandbox.telegram_state import Telegram
from bot.sandbox.updates import Json

MOST_FILE = 3 * 1024 * 1024  # bytes of a request; Base64 takes a third of it
_TOPIC_NAME = 128  # characters


class People:
    """The people of some chats, as a browser acts for them."""

    def __init__(self, telegram: Telegram, views: Iterable[View]) -> None:
        self._telegram = telegram
        self._views = {view.chat.id: view for view in views}

    def add_to(self, app: web.Application) -> None:
        """Adds the routes."""
        app.router.add_post("/chat/say", self._say)
        app.router.add_post("/chat/file", self._send_file)
        app.router.add_post("/chat/press", self._press)
        app.router.add_post("/chat/choices", self._choices)
        app.router.add_post("/chat/share", self._share)
        app.router.add_post("/chat/bot", self._bot)
        app.router.add_post("/chat/topic", self._topic)
        app.router.add_get("/chat/file/{id}", self._file)

    async def _say(self, request: web.Request) -> web.Response:
        given = await body(request)
        view, speaker = self._who(given)
        try:
            text = message_text(words(given, "text")).text
        except ApiError as refused:
            raise wrong(refused.description.removeprefix("Bad Request: ")) from None
        reply = self._telegram.message(view.chat.id, field(given, "reply", int))
        return answer({"message": self._said(view.chat, speaker, text, _thread(given), reply).message_id})

    def _said(self, chat: Chat, speaker: Speaker, text: str, thread: int | None, reply: Message | None) -> Message:
        if chat.type == "channel":
            return self._telegram.post(chat, text, reply_to=reply)
        try:
            say = self._telegram.say
            return say(speaker.user, chat, text, thread, reply_to=reply, anonymous=speaker.anonymous)
        except (LookupError, ValueError) as refused:
            raise gone(f"Not said: {refused.args[0]}.") from None

    async def _send_file(self, request: web.Request) -> web.Response:
        given = await body(request, MOST_FILE)
        view, speaker = self._who(given)
        try:
            data = base64.b64decode(field(given, "data", str), validate=True)
            text = caption(words(given, "text")).text
        except binascii.Error:
            raise wrong("data is no Base64") from None
        except ApiError as refused:
            raise wrong(refused.description.removeprefix("Bad Request: ")) from None
        if view.chat.type == "channel":
            raise wrong("files are not posted to channels here")
        try:
            message = self._telegram.send_file(
                speaker.user,
                view.chat,
                words(given, "name"),
                data,
                text,
                _thread(given),
                anonymous=speaker.anonymous,
            )
        except (LookupError, ValueError) as refused:
            raise gone(f"Not sent: {refused.args[0]}.") from None
        return answer({"message": message.message_id})

    async def _press(self, request: web.Request) -> web.Response:
        given = await body(request)
        view, speaker = self._who(given)
        message_id, data = field(given, "message", int), field(given, "data", str)
        try:
            self._telegram.press(speaker.user, view.chat, message_id, data)
        except LookupError:
            raise gone("This button is gone.") from None
        return answer({"message": message_id})

    async def _choices(self, request: web.Request) -> web.Response:
        _message, chats = self._asked(await body(request))
        return answer({"chats": [{"id": chat.id, "title": chat.name} for chat in chats]})

    async def _share(self, request: web.Request) -> web.Response:
        given = await body(request)
        message, chats = self._asked(given)
        shared = next((chat for chat in chats if chat.id == field(given, "shared", int)), None)
        if shared is None:
            raise gone("This chat cannot be chosen any more.")
        _view, speaker = self._who(given)
        said = self._telegram.share_chat(speaker.user, message, field(given, "request", int), shared)
        return answer({"message": said.message_id})

    def _asked(self, given: Json) -> tuple[Message, list[Chat]]:
        view, speaker = self._who(given)
        message = self._telegram.message(view.chat.id, field(given, "message", int))
        try:
            if message is not None:
                return message, self._telegram.shareable(speaker.user, message, field(given, "request", int))
        except LookupError:
            pass
        raise gone("This button is gone.")

    async def _bot(self, request: web.Request) -> web.Response:
        given = await body(request)
        chat, status = self._view(given).chat, field(given, "status", str)
        telegram, own = self._telegram, self._telegram.bot.user
        if status == "kicked":
            telegram.dismiss(chat, own, _head(chat))
        elif status == "administrator" and chat.type != "private":
            telegram.invite(chat, own, _head(chat), "administrator", RIGHTS)
        elif status == "member" and chat.type != "channel":
            telegram.invite(chat, own, _head(chat))
        else:
            raise wrong(f"a bot cannot be {status} here")
        return answer({"status": status})

    async def _topic(self, request: web.Request) -> web.Response:
        given = await body(request)
        chat, number = self._view(given).chat, field(given, "topic", int)
        if not chat.is_forum:
            raise wrong("this chat has no topics")
        if number == 0:
            name = words(given, "name").strip()
            if not 0 < len(name) <= _TOPIC_NAME:
                raise wrong(f"a topic has a name of 1 to {_TOPIC_NAME} characters")
            return answer({"topic": self._telegram.add_topic(chat, name).id})
        topic = chat.topics.get(number)
        if topic is None:
            raise gone("This topic is gone.")
        self._telegram.close_topic(chat, topic, closed=field(given, "closed", bool))
        return answer({"topic": number})

    async def _file(self, request: web.Request) -> web.Response:
        """Pictures are shown; anything else is only ever saved, whatever it says it is."""
        file = self._telegram.files.get(request.match_info["id"])
        if file is None:
            raise web.HTTPNotFound(text="There is no such file.\n")
        if file.mime in PICTURES:
            return web.Response(body=file.data, headers={**HEADERS, "Content-Type": file.mime})
        saved = {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment"}
        return web.Response(body=file.data, headers={**HEADERS, **saved})

    def _view(self, given: Json) -> View:
        view = self._views.get(field(given, "chat", int))
        if view is None:
            raise wrong("there is no such chat")
        return view

    def _who(self, given: Json) -> tuple[View, Speaker]:
        view = self._view(given)
        speaker = view.speaker(field(given, "speaker", str))
        if speaker is None:
            raise wrong("there is no such speaker")
        return view, speaker


def _thread(given: Json) -> int | None:
    return field(given, "thread", int) or None


def _head(chat: Chat) -> User:
    """Who decides about the chat: its creator, or the one person in a private chat."""
    deciding = ("creator",) if chat.type != "private" else ("member",)
    return next(it.user for it in chat.members.values() if it.status in deciding and not it.user.is_bot)
