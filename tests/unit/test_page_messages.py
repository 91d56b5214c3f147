"""A message as the page gets it: what its links open, what it quotes, which commands are offered."""

from datetime import UTC, datetime

import pytest

from bot.sandbox.api import perform
from bot.sandbox.entities import Entity
from bot.sandbox.messages import Message
from bot.sandbox.page_messages import commands, href, message_json
from bot.sandbox.telegram_state import Telegram

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LOCAL = "http://127.0.0.1:1/article/wire.example/story"


def article_url(link):
    return LOCAL if link.startswith("https://wire.example/story") else None


@pytest.mark.parametrize(
    ("link", "opens"),
    [
        ("https://wire.example/story?utm_source=x", LOCAL),
        ("https://wire.example/other", ""),
        ("wire.example", ""),
        ("https://news.org/a?b=c#d", "https://news.org/a?b=c#d"),
        ("news.org/a", "http://news.org/a"),
        ("javascript:alert(1)", ""),
        ("javascript://news.org/%0aalert(1)", ""),
        ("tg://user?id=5", ""),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_a_link_opens_the_local_article_or_the_web_or_nothing(link, opens):
    """An invented host has no page but the sandbox's own; only http and https are followed."""
    assert href(link, article_url) == opens


def test_links_carry_both_what_they_show_and_what_they_open():
    """A linked headline opens the article here and tells the outlet's address; a command carries nothing."""
    telegram = Telegram(clock=lambda: NOON)
    ann = telegram.add_user("Ann")
    chat = telegram.private_chat(ann)
    quoted = telegram.say(ann, chat, "q" * 200)
    entities = (Entity("text_link", 0, 3, url="https://wire.example/story"), Entity("bot_command", 4, 2))
    message = Message(chat, 9, 5.0, telegram.bot.user, "one /x", entities, by_bot=True, reply_to=quoted)
    body = message_json(message, ann, article_url)
    assert body["entities"] == [
        {"type": "text_link", "offset": 0, "length": 3, "href": LOCAL, "link": "https://wire.example/story"},
        {"type": "bot_command", "offset": 4, "length": 2},
    ]
    assert body["reply"] == {"name": "Ann", "text": "q" * 120}
    file = message_json(telegram.send_file(ann, chat, "a.opml", b"12345"), ann, article_url)
    assert file["file"] == "document: a.opml, 5 bytes"


def test_the_narrowest_scope_gives_the_commands():
    """This chat's before all private chats', these before the default; the reader's language before none."""
    telegram = Telegram(clock=lambda: NOON)
    ann = telegram.add_user("Ann", "uk")
    chat = telegram.private_chat(ann)
    for scope, language in (
        (None, ""),
        (None, "uk"),
        ({"type": "all_private_chats"}, ""),
        ({"type": "all_private_chats"}, "uk"),
        ({"type": "chat", "chat_id": chat.id}, ""),
    ):
        given = [{"command": "x", "description": f"{scope} {language}"}]
        where = {"scope": scope} if scope else {}
        perform(telegram, "setMyCommands", {"commands": given, "language_code": language, **where})
        assert commands(telegram.bot, chat, "uk") == given
