"""A message as the sandbox's page gets it: plain data, no markup. Offsets count UTF-16 units, as in JavaScript."""

import json
from collections.abc import Callable
from urllib.parse import urlsplit

from bot.sandbox.chats import Chat, User
from bot.sandbox.entities import Entity, piece
from bot.sandbox.keyboard import Button
from bot.sandbox.markup import checked_link
from bot.sandbox.messages import Message
from bot.sandbox.updates import Json
from bot.sandbox.world import BotProfile

ArticleUrl = Callable[[str], str | None]
_QUOTED = 120  # characters of the message that a reply quotes


def href(link: str, article_url: ArticleUrl) -> str:
    """What a link opens: the local page of an invented article, or the web; empty for what leads nowhere.

    Hosts below `.example` exist nowhere (RFC 2606); only http and https leave the page.
    """
    if local := article_url(link):
        return local
    parts = urlsplit(checked_link(link))
    host = (parts.hostname or "").rstrip(".")
    return "" if parts.scheme.lower() not in ("http", "https") or host.endswith(".example") else parts.geturl()


def message_json(message: Message, reader: User, article_url: ArticleUrl) -> Json:
    """Everything that the page shows of a message. `mine` is whether the reader wrote it."""
    body: Json = {
        "id": message.message_id,
        "mine": message.sender == reader,
        "name": _speaker(message),
        "time": message.date,
        "text": message.text,
        "entities": [_entity(message.text, part, article_url) for part in message.entities],
        "keyboard": [[_button(button, article_url) for button in row] for row in message.keyboard],
        "edited": any((old.text, old.entities) != (message.text, message.entities) for old in message.edits),
        "silent": message.silent,
    }
    if message.file is not None:
        body["file"] = f"{message.file.kind}: {message.file.name}, {len(message.file.data)} bytes"
    if message.reply_to is not None:
        body["reply"] = {"name": _speaker(message.reply_to), "text": message.reply_to.text[:_QUOTED]}
    return body


def commands(bot: BotProfile, chat: Chat, language: str) -> list[dict[str, object]]:
    """The commands that this chat is offered: the narrowest scope first, the reader's language before none."""
    scopes: tuple[Json, ...] = (
        {"type": "chat", "chat_id": chat.id},
        {"type": "all_private_chats"},
        {"type": "default"},
    )
    keys = ((json.dumps(scope, sort_keys=True), spoken) for scope in scopes for spoken in (language, ""))
    return next((bot.commands[key] for key in keys if bot.commands.get(key)), [])


def _speaker(message: Message) -> str:
    return message.sender.first_name if message.sender is not None else message.chat.name


def _entity(text: str, part: Entity, article_url: ArticleUrl) -> Json:
    body: Json = {"type": part.type, "offset": part.offset, "length": part.length}
    if part.type in ("text_link", "url"):
        link = part.url or piece(text, part)
        body.update(href=href(link, article_url), link=link)
    return body


def _button(button: Button, article_url: ArticleUrl) -> Json:
    """`data` for a press, `href` for a link (empty for one that leads nowhere); other kinds have neither."""
    body: Json = {"text": button.text}
    if button.data:
        body["data"] = button.data
    if button.url:
        body["href"] = href(button.url, article_url)
    return body
