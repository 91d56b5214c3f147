"""A message as the sandbox's page gets it: plain data, no markup. Offsets count UTF-16 units, as in JavaScript."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.entities import Entity, piece
from bot.sandbox.files import File
from bot.sandbox.keyboard import Button
from bot.sandbox.markup import checked_link
from bot.sandbox.messages import Message
from bot.sandbox.reply_keyboard import ReplyKeyboard
from bot.sandbox.service import in_words
from bot.sandbox.updates import Json

ArticleUrl = Callable[[str], str | None]
PICTURES = ("image/png", "image/jpeg")
_QUOTED = 120  # characters of the message that a reply quotes


class Links:
    """What links open: `article_url` gives the local page of an invented article, or None."""

    def __init__(self, article_url: ArticleUrl, bot_username: str) -> None:
        self._article_url = article_url
        self._bot = bot_username.lower()

    def href(self, link: str) -> str:
        """The local page of an invented article, or the web; empty for what leads nowhere.

        Hosts below `.example` exist nowhere (RFC 2606); only http and https leave the page.
        """
        if local := self._article_url(link):
            return local
        parts = urlsplit(checked_link(link))
        host = (parts.hostname or "").rstrip(".")
        return "" if parts.scheme.lower() not in ("http", "https") or host.endswith(".example") else parts.geturl()

    def start(self, link: str) -> str | None:
        """The payload of a deep link to the bot itself (`https://t.me/<bot>?start=…`), None for other links."""
        parts = urlsplit(checked_link(link))
        own = parts.hostname == "t.me" and parts.path.strip("/").lower() == self._bot
        return parse_qs(parts.query).get("start", [""])[0] if own else None

    def opens(self, link: str) -> Json:
        """`start` for a deep link to the bot, else `href`."""
        payload = self.start(link)
        return {"href": self.href(link)} if payload is None else {"start": payload}


def message_json(message: Message, links: Links) -> Json:
    """Everything that the page shows of a message. `from` is the id of who speaks: a user, or the chat itself."""
    body: Json = {
        "id": message.message_id,
        "chat": message.chat.id,
        "thread": message.thread or 0,
        "from": message.sender.id if message.sender is not None else message.chat.id,
        "bot": message.by_bot,
        "name": message.speaker,
        "time": message.date,
        "text": message.text,
        "entities": [_entity(message.text, part, links) for part in message.entities],
        "keyboard": [[_button(button, links) for button in row] for row in message.keyboard],
        "edited": any((old.text, old.entities) != (message.text, message.entities) for old in message.edits),
        "silent": message.silent,
    }
    if message.below is not None:
        body["below"] = _below(message.below)
    if message.service:
        body["service"] = in_words(message)
    if message.file is not None:
        body["file"] = _file(message.file)
    quoted = message.reply_to
    if quoted is not None and not quoted.service:  # what opened the topic is quoted by every message in it
        words = quoted.text or (quoted.file.name if quoted.file is not None else "")
        body["reply"] = {"id": quoted.message_id, "name": quoted.speaker, "text": words[:_QUOTED]}
    return body


def _below(keyboard: ReplyKeyboard) -> Json:
    """Rows of buttons; `request` is the number of what one lets choose, 0 where its text is said."""
    rows = [[{"text": it.text, "request": it.request.id if it.request else 0} for it in row] for row in keyboard.rows]
    return {"rows": rows, "once": keyboard.is_one_time}


def _file(file: File) -> Json:
    return {"id": file.id, "name": file.name, "size": len(file.data), "picture": file.mime in PICTURES}


def _entity(text: str, part: Entity, links: Links) -> Json:
    body: Json = {"type": part.type, "offset": part.offset, "length": part.length}
    if part.type in ("text_link", "url"):
        link = part.url or piece(text, part)
        body.update(links.opens(link), link=link)
    return body


def _button(button: Button, links: Links) -> Json:
    """What a press does: `data`, `href` (empty: nowhere), `start`, `copy` or `query`; other kinds have none."""
    body: Json = {"text": button.text}
    if button.data:
        body["data"] = button.data
    if button.url:
        body.update(links.opens(button.url))
    for name, value in button.action:
        if name == "copy_text" and isinstance(value, dict):
            body["copy"] = str(value.get("text", ""))
        elif name == "switch_inline_query_current_chat":
            body["query"] = str(value)
    return body
