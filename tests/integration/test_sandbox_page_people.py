"""What people do on the sandbox's page, and what the bot hears of it."""

import base64
import json

import pytest

from bot.sandbox.chats import ANONYMOUS_ADMIN_ID
from bot.sandbox.files import Upload
from bot.sandbox.page_messages import Links, message_json
from tests.aiogram_check import AiogramCheck
from tests.browserless import Box, Events

MARKUP = {"inline_keyboard": [[{"text": "Undo", "callback_data": "undo:1"}]]}
LINKS = Links(lambda link: None, "our_bot")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(8) + (2).to_bytes(4, "big") * 2


@pytest.fixture
async def box():
    async with Box() as made:
        yield made


async def test_words_are_said_to_the_bot(box):
    """Trimmed, control characters and halves of characters replaced; the bot gets the update."""
    for text in ("  /watch Київ \n", "one\ntwo\x00", "half \ud83d", "whole \ud83d\udc4b"):
        assert (await box.post("/chat/say", text=text))[0] == 200
    assert box.said() == ["/watch Київ", "one\ntwo", "half \ufffd", "whole 👋"]
    assert len(box.telegram.updates) == 4


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"text": " \n "}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "x" * 70_000}, "the request is too long"),
        ({"text": 5}, "text is missing"),
        ({"text": "x", "thread": True}, "thread is missing"),
        ({"text": "x", "chat": 5}, "there is no such chat"),
        ({"text": "x", "speaker": "5"}, "there is no such speaker"),
    ],
)
async def test_what_cannot_be_said_is_refused_in_words(box, body, reason):
    """400 and the reason; nothing is said."""
    assert await box.post("/chat/say", **body) == (400, {"error": reason})
    assert box.said() == []


@pytest.mark.parametrize(("content", "reason"), [('["text"]', "send a JSON object"), ("{", "this is no JSON")])
async def test_what_is_no_request_is_refused_in_words(box, content, reason):
    """400 and the reason."""
    answer = await box.http.post("/chat/say", content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (400, {"error": reason})


async def test_a_button_is_pressed(box):
    """The bot gets the press; a button that is not there is said to be gone."""
    message_id = await box.send("Watching.", MARKUP)
    assert (await box.post("/chat/press", message=message_id, data="undo:1"))[0] == 200
    [press] = box.telegram.presses.values()
    assert (press.user, press.data) == (box.ann, "undo:1")
    for body in ({"message": message_id, "data": "forged"}, {"message": 99, "data": "undo:1"}):
        assert await box.post("/chat/press", **body) == (409, {"error": "This button is gone."})
    assert (await box.post("/chat/press", message=True, data="undo:1"))[0] == 400
    assert len(box.telegram.presses) == 1


async def test_an_anonymous_administrator_presses_under_her_own_name(box):
    """She speaks as the group, but a press carries who she is: so it is in Telegram."""
    await box.post("/chat/bot", chat=box.forum.id, status="member")
    anonymous = {"chat": box.forum.id, "speaker": f"{box.ann.id}:anonymous"}
    await box.post("/chat/say", **anonymous, text="/watch x")
    message = box.updates()[-1][1]
    assert (message["from"]["id"], message["sender_chat"]["id"]) == (ANONYMOUS_ADMIN_ID, box.forum.id)
    sent = box.call("sendMessage", chat_id=box.forum.id, text="x", reply_markup=MARKUP)
    await box.post("/chat/press", **anonymous, message=sent["message_id"], data="undo:1")
    assert box.updates()[-1][1]["from"]["id"] == box.ann.id


async def test_a_reply_carries_what_it_quotes(box):
    """The bot sees the message; in a topic, one that quotes nothing replies to what opened the topic."""
    first = await box.send("Hello")
    await box.post("/chat/say", text="thanks", reply=first)
    assert box.updates()[-1][1]["reply_to_message"]["text"] == "Hello"
    await box.post("/chat/bot", chat=box.forum.id, status="administrator")
    topic = (await box.post("/chat/topic", chat=box.forum.id, topic=0, name="Markets"))[1]["topic"]
    await box.post("/chat/say", chat=box.forum.id, thread=topic, text="hi")
    message = box.updates()[-1][1]
    assert (message["message_thread_id"], message["is_topic_message"]) == (topic, True)
    assert message["reply_to_message"]["forum_topic_created"]["name"] == "Markets"
    assert message["reply_to_message"]["message_id"] == topic


async def test_the_bot_is_added_to_a_group_and_put_out(box):
    """my_chat_member and a service message tell it; out of the group it hears nothing more."""
    await box.post("/chat/say", chat=box.forum.id, text="/before")
    await box.post("/chat/say", chat=box.channel.id, text="a post before")
    await box.post("/chat/bot", chat=box.forum.id, status="member")
    await box.post("/chat/say", chat=box.forum.id, text="among people")
    await box.post("/chat/say", chat=box.forum.id, text="/during")
    await box.post("/chat/bot", chat=box.forum.id, status="administrator")
    await box.post("/chat/say", chat=box.forum.id, speaker=str(box.ben.id), text="to all")
    await box.post("/chat/bot", chat=box.forum.id, status="kicked")
    await box.post("/chat/say", chat=box.forum.id, text="/after")
    heard = [
        (body["old_chat_member"]["status"], body["new_chat_member"]["status"])
        if kind == "my_chat_member"
        else body.get("text") or body["new_chat_members"][0]["first_name"]
        for kind, body in box.updates()
    ]
    assert heard == [
        ("left", "member"),
        "Wirewatch",
        "/during",  # privacy mode: not what people say among themselves
        ("member", "administrator"),
        "to all",
        ("administrator", "kicked"),
    ]
    shown = [message_json(message, LINKS).get("service") for message in box.telegram.history(box.forum.id)]
    assert [words for words in shown if words] == ["Ann added Wirewatch", "Ann removed Wirewatch"]


async def test_what_the_bot_hears_are_updates_of_the_bot_api(box):
    """Models that others wrote read every update of a group with topics and of a channel."""
    for chat in (box.forum, box.channel):
        await box.post("/chat/bot", chat=chat.id, status="administrator")
    topic = (await box.post("/chat/topic", chat=box.forum.id, topic=0, name="Markets"))[1]["topic"]
    await box.post("/chat/topic", chat=box.forum.id, topic=topic, closed=True)
    await box.post("/chat/say", chat=box.forum.id, thread=topic, speaker=f"{box.ann.id}:anonymous", text="x")
    await box.post("/chat/topic", chat=box.forum.id, topic=topic, closed=False)
    post = (await box.post("/chat/say", chat=box.channel.id, text="post"))[1]["message"]
    await box.post("/chat/say", chat=box.channel.id, text="more", reply=post)
    check = AiogramCheck()
    updates = list(box.telegram.updates.peek(100))
    check("getUpdates", {}, {"ok": True, "result": updates})
    check.assert_clean()
    assert len(updates) == 9
    assert updates[-1]["channel_post"]["sender_chat"]["id"] == box.channel.id
    assert updates[-1]["channel_post"]["reply_to_message"]["text"] == "post"


async def test_blocking_the_bot_tells_it_and_refuses_its_messages(box):
    """403 until it is unblocked."""
    await box.post("/chat/bot", status="kicked")
    refused = await box.http.post(f"/bot{box.telegram.token}/sendMessage", json={"chat_id": box.chat.id, "text": "x"})
    assert refused.json()["description"] == "Forbidden: bot was blocked by the user"
    await box.post("/chat/bot", status="member")
    assert await box.send("again") == 1
    assert [kind for kind, _ in box.updates()] == ["my_chat_member"] * 2


async def test_a_bot_is_only_what_it_can_be(box):
    """No administrator in a private chat, no plain member of a channel."""
    assert (await box.post("/chat/bot", status="administrator"))[0] == 400
    assert (await box.post("/chat/bot", chat=box.channel.id, status="member"))[0] == 400
    assert (await box.post("/chat/bot", status="creator"))[0] == 400


async def test_a_closed_topic_is_for_administrators(box):
    """Others are told why not; opened again it takes all; the page is told of each change."""
    forum, ben = box.forum.id, str(box.ben.id)
    topic = (await box.post("/chat/topic", chat=forum, topic=0, name=" Markets "))[1]["topic"]
    async with box.http.stream("GET", "/chat/events") as stream:
        events = Events(stream.aiter_lines(), "chat")
        await box.post("/chat/topic", chat=forum, topic=topic, closed=True)
        assert (await events.next())[1]["topics"] == [{"id": topic, "name": "Markets", "closed": True}]
    status, answer = await box.post("/chat/say", chat=forum, thread=topic, speaker=ben, text="x")
    assert (status, answer) == (409, {"error": "Not said: only administrators write in a closed topic."})
    assert (await box.post("/chat/say", chat=forum, thread=topic, text="owner"))[0] == 200
    await box.post("/chat/topic", chat=forum, topic=topic, closed=False)
    assert (await box.post("/chat/say", chat=forum, thread=topic, speaker=ben, text="member"))[0] == 200
    assert box.said(box.forum) == ["owner", "member"]


@pytest.mark.parametrize(
    ("body", "status"),
    [({"topic": 0, "name": " "}, 400), ({"topic": 0, "name": "x" * 129}, 400), ({"topic": 99, "closed": True}, 409)],
)
async def test_a_topic_that_cannot_be_is_refused(box, body, status):
    """It has a name, and only one that is there can be closed; a private chat has none."""
    assert (await box.post("/chat/topic", chat=box.forum.id, **body))[0] == status
    assert (await box.post("/chat/topic", **body))[0] == 400
    assert (await box.post("/chat/say", chat=box.forum.id, thread=99, text="x"))[0] == 409


async def test_a_file_reaches_the_bot_and_the_reader(box):
    """The bot can fetch it; the browser may only save it, for a page among files would be run."""
    data = b"<html><script>alert(1)</script>"
    body = {"name": "page.html", "data": base64.b64encode(data).decode(), "text": "look"}
    assert (await box.post("/chat/file", **body))[0] == 200
    message = box.updates()[-1][1]
    assert (message["document"]["file_name"], message["caption"]) == ("page.html", "look")
    answer = await box.http.get(f"/chat/file/{message['document']['file_id']}")
    assert (answer.content, answer.headers["content-type"]) == (data, "application/octet-stream")
    assert answer.headers["content-disposition"] == "attachment"
    box.call("sendPhoto", photo=box.telegram.add_file("photo", Upload("a.png", PNG)).id)
    shown = await box.http.get("/chat/file/SANDBOX-photo-2")
    assert (shown.content, shown.headers["content-type"]) == (PNG, "image/png")
    assert (await box.http.get("/chat/file/none")).status_code == 404


async def test_a_file_that_cannot_be_sent_is_refused(box):
    """What is no Base64, what is too long, what has no place; nothing is sent."""
    good = {"name": "a.opml", "data": "YQ==", "text": ""}
    assert await box.post("/chat/file", **good | {"data": "?"}) == (400, {"error": "data is no Base64"})
    assert (await box.post("/chat/file", **good | {"text": "x" * 1025}))[0] == 400
    assert (await box.post("/chat/file", **good, chat=box.channel.id))[0] == 400
    assert (await box.post("/chat/file", **good, chat=box.forum.id, thread=9))[0] == 409
    long = json.dumps({"data": "a" * (3 * 1024 * 1024)})
    answer = await box.http.post("/chat/file", content=long, headers={"Content-Type": "application/json"})
    assert answer.json() == {"error": "the request is too long"}
    assert len(box.telegram.updates) == 0


ASK = {"keyboard": [[{"text": "Choose", "request_chat": {"request_id": 3, "chat_is_channel": True}}]]}


async def test_a_chat_is_chosen_for_the_bot(box):
    """Among those that fit, in a service message that names it; the page is told of the button."""
    message_id = await box.send("Which?", ASK | {"one_time_keyboard": True})
    shown = message_json(box.telegram.message(box.chat.id, message_id), LINKS)
    assert shown["below"] == {"rows": [[{"text": "Choose", "request": 3}]], "once": True}
    found = await box.post("/chat/choices", message=message_id, request=3)
    assert found == (200, {"chats": [{"id": box.channel.id, "title": "Wire"}]})
    assert (await box.post("/chat/share", message=message_id, request=3, shared=box.channel.id))[0] == 200
    (kind, update) = box.updates()[-1]
    assert (kind, update["chat_shared"]) == ("message", {"request_id": 3, "chat_id": box.channel.id})
    assert update["from"]["id"] == box.ann.id
    assert message_json(box.telegram.history(box.chat.id)[-1], LINKS)["service"] == "Ann chose a chat for the bot"


async def test_what_is_not_asked_for_is_not_chosen(box):
    """Another chat, another button, a message without one, one that was deleted: 409, and the bot hears nothing."""
    message_id, plain = await box.send("Which?", ASK), await box.send("Watching.", MARKUP)
    before = box.updates()
    asked = {"message": message_id, "request": 3}
    for wrong in ({"shared": box.forum.id}, {"request": 4}, {"message": plain}, {"message": 999}):
        status, body = await box.post("/chat/share", **{**asked, "shared": box.channel.id, **wrong})
        assert (status, body["error"].split(" ")[0]) == (409, "This")
    assert box.updates() == before
    message = box.telegram.message(box.chat.id, message_id)
    with pytest.raises(ValueError, match="Desk is none"):
        box.telegram.share_chat(box.ann, message, 3, box.forum)
