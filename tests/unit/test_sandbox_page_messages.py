"""A message and a chat as the page gets them: what links open, what is quoted, which commands are offered."""

from datetime import UTC, datetime

import pytest

from bot.sandbox.api import perform
from bot.sandbox.chats import Member
from bot.sandbox.entities import Entity
from bot.sandbox.keyboard import Button
from bot.sandbox.messages import Message
from bot.sandbox.page_chats import Speaker, View, chat_json, commands
from bot.sandbox.page_messages import Links, message_json
from bot.sandbox.telegram_state import Telegram

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LOCAL = "http://127.0.0.1:1/article/wire.example/story"
LINKS = Links(lambda link: LOCAL if link.startswith("https://wire.example/story") else None, "Our_bot")


@pytest.fixture
def telegram():
    return Telegram(clock=lambda: NOON)


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
    assert LINKS.opens(link) == {"href": opens}


@pytest.mark.parametrize(
    ("link", "payload"),
    [
        ("https://t.me/our_bot?start=list_world", "list_world"),
        ("t.me/Our_bot", ""),
        ("https://t.me/other_bot?start=x", None),
        ("https://example.org/our_bot?start=x", None),
    ],
)
def test_a_deep_link_to_the_bot_stays_in_the_sandbox(link, payload):
    """It says /start with its payload here; a link to anybody else is a link like others."""
    assert LINKS.start(link) == payload
    assert ("start" in LINKS.opens(link)) == (payload is not None)


def test_links_carry_both_what_they_show_and_what_they_open(telegram):
    """A linked headline opens the article here and tells the outlet's address; a command carries nothing."""
    ann = telegram.add_user("Ann")
    chat = telegram.private_chat(ann)
    quoted = telegram.say(ann, chat, "q" * 200)
    entities = (Entity("text_link", 0, 3, url="https://wire.example/story"), Entity("bot_command", 4, 2))
    message = Message(chat, 9, 5.0, telegram.bot.user, "one /x", entities, by_bot=True, reply_to=quoted)
    body = message_json(message, LINKS)
    assert body["entities"] == [
        {"type": "text_link", "offset": 0, "length": 3, "href": LOCAL, "link": "https://wire.example/story"},
        {"type": "bot_command", "offset": 4, "length": 2},
    ]
    assert body["reply"] == {"id": quoted.message_id, "name": "Ann", "text": "q" * 120}
    file = message_json(telegram.send_file(ann, chat, "a.opml", b"12345"), LINKS)["file"]
    assert (file["name"], file["size"], file["picture"]) == ("a.opml", 5, False)


def test_buttons_carry_what_a_press_does(telegram):
    """Data to send back, a link, a deep link, text to copy, text to write; a kind that the page lacks carries none."""
    ann = telegram.add_user("Ann")
    row = (
        Button("a", data="1"),
        Button("b", url="https://news.org/"),
        Button("c", url="https://t.me/our_bot?start=x"),
        Button("d", action=(("copy_text", {"text": "words"}),)),
        Button("e", action=(("switch_inline_query_current_chat", "query"),)),
        Button("f", action=(("switch_inline_query", ""),)),
    )
    message = Message(telegram.private_chat(ann), 1, 5.0, telegram.bot.user, "x", keyboard=(row,), by_bot=True)
    assert message_json(message, LINKS)["keyboard"] == [
        [
            {"text": "a", "data": "1"},
            {"text": "b", "href": "https://news.org/"},
            {"text": "c", "start": "x"},
            {"text": "d", "copy": "words"},
            {"text": "e", "query": "query"},
            {"text": "f"},
        ]
    ]


def test_who_speaks_in_a_group_is_shown_as_telegram_shows_it(telegram):
    """A member by name, an anonymous administrator as the group, a channel as itself; a topic's opening is no quote."""
    ann, ben = telegram.add_user("Ann"), telegram.add_user("Ben")
    forum = telegram.add_group("Desk", ann, ben, forum=True)
    topic = telegram.add_topic(forum, "Markets")
    said = message_json(telegram.say(ben, forum, "hi", topic.id), LINKS)
    assert (said["name"], said["from"], said["thread"], "reply" in said) == ("Ben", ben.id, topic.id, False)
    hidden = message_json(telegram.say(ann, forum, "hi", anonymous=True), LINKS)
    assert (hidden["name"], hidden["from"], hidden["thread"]) == ("Desk", telegram.anonymous_admin.id, 0)
    opened = message_json(telegram.history(forum.id)[0], LINKS)
    assert opened["service"] == "Ann opened the topic “Markets”"
    channel = telegram.add_channel("Wire", ann)
    post = message_json(telegram.post(channel, "x"), LINKS)
    assert (post["name"], post["from"]) == ("Wire", channel.id)


def test_a_chat_tells_from_whom_one_can_write(telegram):
    """Each speaker has a key, a role, and the id that their messages carry."""
    ann, ben = telegram.add_user("Ann"), telegram.add_user("Ben")
    forum = telegram.add_group("Desk", ann, ben, forum=True, bot_status="left")
    telegram.add_topic(forum, "Markets")
    view = View(forum, (Speaker(ann), Speaker(ann, anonymous=True), Speaker(ben)), "a group")
    body = chat_json(telegram, view)
    assert (body["title"], body["bot"], body["members"], body["forum"]) == ("Desk", "left", 2, True)
    assert [(it["key"], it["role"], it["id"]) for it in body["speakers"]] == [
        (str(ann.id), "owner", ann.id),
        (f"{ann.id}:anonymous", "anonymous owner", telegram.anonymous_admin.id),
        (str(ben.id), "member", ben.id),
    ]


def test_the_narrowest_scope_gives_the_commands(telegram):
    """This chat's before all private chats', these before the default; the reader's language before none."""
    ann = telegram.add_user("Ann", "uk")
    chat = telegram.private_chat(ann)
    for scope, language in (
        (None, ""),
        (None, "uk"),
        ({"type": "all_private_chats"}, ""),
        ({"type": "all_private_chats"}, "uk"),
        ({"type": "chat", "chat_id": chat.id}, ""),
    ):
        given = _offer(telegram, scope, language)
        assert commands(telegram.bot, chat, Member(ann, "member")) == given


def test_administrators_of_a_group_are_offered_more(telegram):
    """Member, administrators here, here, all administrators, all groups, default; a channel offers none."""
    ann, ben = telegram.add_user("Ann"), telegram.add_user("Ben")
    group = telegram.add_group("Desk", ann, ben)
    owner, member = group.members[ann.id], group.members[ben.id]
    everybody = _offer(telegram, {"type": "all_group_chats"}, "")
    assert commands(telegram.bot, group, owner) == commands(telegram.bot, group, member) == everybody
    admins = _offer(telegram, {"type": "all_chat_administrators"}, "")
    assert (commands(telegram.bot, group, owner), commands(telegram.bot, group, member)) == (admins, everybody)
    own = _offer(telegram, {"type": "chat_member", "chat_id": group.id, "user_id": ben.id}, "")
    assert commands(telegram.bot, group, member) == own
    assert commands(telegram.bot, telegram.add_channel("Wire", ann), owner) == []


def _offer(telegram, scope, language):
    given = [{"command": "x", "description": f"{scope} {language}"}]
    where = {"scope": scope} if scope else {}
    perform(telegram, "setMyCommands", {"commands": given, "language_code": language, **where})
    return given
