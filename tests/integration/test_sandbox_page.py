"""The sandbox's page as a browser speaks to it: history, live events, saying, pressing, and who is refused."""

import asyncio
import json
from datetime import UTC, datetime

import httpx
import pytest

from bot.sandbox.api import perform
from bot.sandbox.page import HEADERS, ChatPage
from bot.sandbox.server import BotApiServer
from bot.sandbox.telegram_state import Telegram

_JSON = {"Content-Type": "application/json"}
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
UNDO = {"inline_keyboard": [[{"text": "Undo", "callback_data": "undo:1"}, {"text": "Open", "url": "https://a.org/x"}]]}
LOCAL = "http://127.0.0.1:1/article/wire.example/story"


def article_url(link):
    return LOCAL if link.startswith("https://wire.example/story") else None


class Box:
    """Ann, her chat, the server with its page, and a browser without a screen."""

    def __init__(self, **options):
        self.telegram = Telegram(clock=lambda: NOON)
        self.ann = self.telegram.add_user("Ann", "en")
        self.chat = self.telegram.private_chat(self.ann)
        self.page = ChatPage(self.telegram, self.ann, self.chat, article_url, **options)
        self.server = BotApiServer(self.telegram, extend=self.page.add_to)
        self.http = None

    async def __aenter__(self):
        await self.server.start()
        self.http = httpx.AsyncClient(base_url=self.server.url, verify=False, trust_env=False)
        return self

    async def __aexit__(self, *_):
        await self.http.aclose()
        await self.server.stop()

    def call(self, method, **parameters):
        return perform(self.telegram, method, {"chat_id": self.chat.id, **parameters})

    def said(self):
        return [message.text for message in self.telegram.history(self.chat.id) if not message.by_bot]

    async def send(self, text, markup=None, html=False):
        """As the bot, over HTTP, so that the whole server takes part."""
        body = {"chat_id": self.chat.id, "text": text, **({"parse_mode": "HTML"} if html else {})}
        body |= {"reply_markup": markup} if markup else {}
        answer = await self.http.post(f"/bot{self.telegram.token}/sendMessage", json=body)
        return answer.json()["result"]["message_id"]


class Events:
    """The stream of events, one at a time."""

    def __init__(self, lines):
        self._lines = lines

    async def next(self):
        """(name, data) of the next event, None at the end of the stream."""
        name = ""
        async with asyncio.timeout(10):
            async for line in self._lines:
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    return name, json.loads(line.removeprefix("data: "))
        return None


@pytest.fixture
async def box():
    async with Box() as made:
        yield made


async def test_the_page_and_its_parts_are_served_with_a_strict_policy(box):
    """Everything comes from the page's own origin; no inline script, no frame, no cache."""
    for path, kind in (
        ("/", "html"),
        ("/page.css", "css"),
        ("/page.js", "javascript"),
        ("/page_draw.js", "javascript"),
    ):
        answer = await box.http.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == f"text/{kind}; charset=utf-8"
        assert dict(answer.headers).items() >= {name.lower(): value for name, value in HEADERS.items()}.items()
    page = (await box.http.get("/")).text
    assert page.count("<script") == page.count('<script type="module" src="/page.js"></script>') == 1
    assert "<style" not in page
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


async def test_the_page_asks_nothing_of_any_other_host(box):
    """No address of the web stands in the page but the namespace of its pictures."""
    for path in ("/", "/page.css", "/page.js", "/page_draw.js"):
        text = (await box.http.get(path)).text.replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text
        assert "https://" not in text
        assert "innerHTML" not in text


async def test_a_connection_begins_with_the_history(box):
    """What was said before, oldest first, whole; another chat's messages are not in it."""
    bob = box.telegram.add_user("Bob")
    box.telegram.say(bob, box.telegram.private_chat(bob), "not hers")
    box.telegram.say(box.ann, box.chat, "/start")
    await box.send("Hello <b>Ann</b> 👋 <i>you</i>", UNDO, html=True)
    async with box.http.stream("GET", "/chat/events") as stream:
        assert stream.headers["content-type"] == "text/event-stream"
        name, history = await Events(stream.aiter_lines()).next()
    assert name == "history"
    assert (history["bot"], history["reader"], history["commands"]) == ("Wirewatch", "Ann", [])
    said, sent = history["messages"]
    assert (said["mine"], said["text"], said["name"]) == (True, "/start", "Ann")
    assert (sent["mine"], sent["text"], sent["name"]) == (False, "Hello Ann 👋 you", "Wirewatch")
    assert sent["entities"] == [
        {"type": "bold", "offset": 6, "length": 3},
        {"type": "italic", "offset": 13, "length": 3},
    ]
    assert sent["keyboard"] == [[{"text": "Undo", "data": "undo:1"}, {"text": "Open", "href": "https://a.org/x"}]]
    assert (sent["time"], sent["edited"], sent["silent"]) == (NOON.timestamp(), False, False)


async def test_what_happens_arrives_live(box):
    """A message, its edit, typing, an answer to a press, new commands and a deletion, in their order."""
    async with box.http.stream("GET", "/chat/events") as stream:
        events = Events(stream.aiter_lines())
        await events.next()
        message_id = await box.send("Watching.", UNDO)
        assert (await events.next())[1]["text"] == "Watching."
        box.call("editMessageReplyMarkup", message_id=message_id)
        name, message = await events.next()
        assert (name, message["edited"], message["keyboard"]) == ("message", False, [])  # the words are the same
        box.call("editMessageText", message_id=message_id, text="Undone.", reply_markup=UNDO)
        name, message = await events.next()
        assert (name, message["id"], message["edited"]) == ("message", message_id, True)
        box.call("sendChatAction", action="typing")
        assert await events.next() == ("typing", "typing")
        query = box.telegram.press(box.ann, box.chat, message_id, "undo:1")
        box.call("answerCallbackQuery", callback_query_id=query, text="Done", show_alert=True)
        assert await events.next() == ("answer", {"message": message_id, "text": "Done", "alert": True})
        offered = [{"command": "watch", "description": "watch for words"}]
        await box.http.post(f"/bot{box.telegram.token}/setMyCommands", json={"commands": offered})
        assert await events.next() == ("commands", offered)
        box.call("deleteMessage", message_id=message_id)
        assert await events.next() == ("deleted", message_id)


async def test_other_chats_stay_out_of_the_stream(box):
    """What happens to another person is not told."""
    bob = box.telegram.add_user("Bob")
    private = box.telegram.private_chat(bob)
    async with box.http.stream("GET", "/chat/events") as stream:
        events = Events(stream.aiter_lines())
        await events.next()
        for method, parameters in (("sendMessage", {"text": "for Bob"}), ("sendChatAction", {"action": "typing"})):
            perform(box.telegram, method, {"chat_id": private.id, **parameters})
        box.telegram.say(box.ann, box.chat, "mine")
        assert (await events.next())[1]["text"] == "mine"


async def test_words_are_said_to_the_bot(box):
    """Trimmed, control characters and halves of characters replaced; the bot gets the update."""
    for text in ("  /watch Київ \n", "one\ntwo\x00", "half \ud83d", "whole \ud83d\udc4b"):
        answer = await box.http.post("/chat/say", content=json.dumps({"text": text}), headers=_JSON)
        assert answer.status_code == 200
    assert box.said() == ["/watch Київ", "one\ntwo", "half \ufffd", "whole 👋"]
    assert len(box.telegram.updates) == 4


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"text": " \\n "}', "message text is empty"),
        (json.dumps({"text": "x" * 4097}), "message is too long"),
        (json.dumps({"text": "x" * 70_000}), "the request is too long"),
        ('{"text": 5}', "text is missing"),
        ("{}", "text is missing"),
        ('["text"]', "send a JSON object"),
        ("{", "this is no JSON"),
    ],
)
async def test_what_cannot_be_said_is_refused_in_words(box, content, reason):
    """400 and the reason; nothing is said."""
    answer = await box.http.post("/chat/say", content=content, headers=_JSON)
    assert (answer.status_code, answer.json()) == (400, {"error": reason})
    assert box.said() == []


async def test_a_form_of_another_page_cannot_speak(box):
    """The types that a form can send without asking are refused."""
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        answer = await box.http.post("/chat/say", content='{"text": "x"}', headers={"Content-Type": kind})
        assert answer.status_code == 415
    assert box.said() == []


async def test_a_button_is_pressed(box):
    """The bot gets the press; a button that is not there is said to be gone."""
    message_id = await box.send("Watching.", UNDO)
    answer = await box.http.post("/chat/press", json={"message": message_id, "data": "undo:1"})
    assert answer.status_code == 200
    [press] = box.telegram.presses.values()
    assert (press.user, press.data) == (box.ann, "undo:1")
    for body in ({"message": message_id, "data": "forged"}, {"message": 99, "data": "undo:1"}):
        answer = await box.http.post("/chat/press", json=body)
        assert (answer.status_code, answer.json()) == (409, {"error": "This button is gone."})
    assert (await box.http.post("/chat/press", json={"message": True, "data": "undo:1"})).status_code == 400
    assert len(box.telegram.presses) == 1


async def test_another_site_is_refused(box):
    """Neither its name for loopback nor its pages reach the chat; the page's own address does."""
    own = {"Origin": box.server.url}
    assert (await box.http.post("/chat/say", json={"text": "own"}, headers=own)).status_code == 200
    for foreign in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}):
        for path in ("/", "/page.js", "/chat/events"):
            assert (await box.http.get(path, headers=foreign)).status_code == 403
        assert (await box.http.post("/chat/say", json={"text": "x"}, headers=foreign)).status_code == 403
    assert box.said() == ["own"]


async def test_markup_in_words_stays_words(box):
    """Text travels as text: what looks like markup is in no page and in no entity."""
    box.telegram.say(box.ann, box.chat, "<img src=x onerror=alert(1)>")
    await box.send("&lt;script&gt;alert(1)&lt;/script&gt;", html=True)
    async with box.http.stream("GET", "/chat/events") as stream:
        _, history = await Events(stream.aiter_lines()).next()
    assert [(message["text"], message["entities"]) for message in history["messages"]] == [
        ("<img src=x onerror=alert(1)>", []),
        ("<script>alert(1)</script>", []),
    ]
    assert "alert(1)" not in (await box.http.get("/")).text


async def test_a_silent_stream_shows_that_it_lives():
    """Between events a comment goes out, so that either side notices when the other has gone."""
    async with Box(heartbeat=0.01) as box, box.http.stream("GET", "/chat/events") as stream:
        lines = [line async for line in _first(stream.aiter_lines(), 8)]
    assert lines.count(":") >= 2


async def _first(lines, count):
    async for line in lines:
        yield line
        count -= 1
        if not count:
            return


async def test_a_browser_that_has_gone_is_forgotten():
    """Its stream ends with the next sign of life that cannot be delivered."""
    async with Box(heartbeat=0.01) as box, asyncio.timeout(10):
        async with box.http.stream("GET", "/chat/events") as stream:
            await Events(stream.aiter_lines()).next()
            assert box.page.readers == 1
        while box.page.readers:
            await box.http.get("/page.css")


async def test_a_reader_too_far_behind_is_cut_off_and_loses_nothing():
    """Its stream ends, and the next connection has the whole history."""
    async with Box(most_behind=5) as box:
        async with box.http.stream("GET", "/chat/events") as stream:
            events = Events(stream.aiter_lines())
            await events.next()
            for number in range(20):
                box.telegram.say(box.ann, box.chat, f"line {number}")
            seen = 0
            while await events.next() is not None:
                seen += 1
        assert seen < 20
        async with box.http.stream("GET", "/chat/events") as stream:
            _, history = await Events(stream.aiter_lines()).next()
        assert len(history["messages"]) == 20


async def test_the_end_of_the_server_ends_the_streams(box):
    """Stopping waits for no browser; started again on its port it serves the same chat."""
    async with box.http.stream("GET", "/chat/events") as stream:
        events = Events(stream.aiter_lines())
        await events.next()
        await box.server.stop()
        assert await events.next() is None
    await box.server.start(port=int(box.server.url.rpartition(":")[2]))
    assert (await box.http.get("/")).status_code == 200
