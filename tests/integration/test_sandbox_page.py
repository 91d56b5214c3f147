"""The sandbox's page as a browser speaks to it: its parts, the live events, and who is refused."""

import asyncio
import re

import pytest

from bot.sandbox.api import perform
from bot.sandbox.page_requests import HEADERS
from tests.browserless import NOON, Box, Events

UNDO = {"inline_keyboard": [[{"text": "Undo", "callback_data": "undo:1"}, {"text": "Open", "url": "https://a.org/x"}]]}


@pytest.fixture
async def box():
    async with Box() as made:
        yield made


async def _parts(box):
    """The page and all that it names, and what these name: {path: answer}."""
    found, waiting = {}, ["/"]
    while waiting:
        path = waiting.pop()
        found[path] = await box.http.get(path)
        named = re.findall(r'["\'](/static/[a-z_]+\.[a-z]+)["\']', found[path].text)
        waiting += [name for name in set(named) if name not in found and name not in waiting]
    return found


async def test_the_page_and_its_parts_are_served_with_a_strict_policy(box):
    """Everything comes from the page's own origin; no inline script or style, no frame, no cache; no part is long."""
    parts = await _parts(box)
    kinds = {"/": "html", "css": "css", "js": "javascript"}
    assert len(parts) > 10
    for path, answer in parts.items():
        assert answer.status_code == 200, path
        assert len(answer.text.splitlines()) < 300, path
        assert answer.headers["content-type"] == f"text/{kinds[path.rpartition('.')[2]]}; charset=utf-8"
        assert dict(answer.headers).items() >= {name.lower(): value for name, value in HEADERS.items()}.items()
    page = parts["/"].text
    assert page.count("<script") == page.count('<script type="module" src="/static/main.js"></script>') == 1
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


async def test_the_page_asks_nothing_of_any_other_host(box):
    """No address of the web stands in it but the namespace of its pictures, and no text is read as markup."""
    for path, answer in (await _parts(box)).items():
        text = answer.text.replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://(?!\\|/)", text), path
        assert not re.search("innerHTML|outerHTML|insertAdjacentHTML|document.write", text), path


@pytest.mark.parametrize("name", ["page.py", "..%2Fpage.py", "%2e%2e%2fnews.toml", "missing.js", ".js"])
async def test_nothing_else_is_served(box, name):
    """No file beside the parts of the page can be fetched."""
    assert (await box.http.get(f"/static/{name}")).status_code == 404


async def test_a_connection_begins_with_everything(box):
    """All chats, what was said in them, whole and in order; another person's messages are not in it."""
    bob = box.telegram.add_user("Bob")
    box.telegram.say(bob, box.telegram.private_chat(bob), "not hers")
    box.telegram.say(box.ann, box.chat, "/start")
    await box.send("Hello <b>Ann</b> 👋 <i>you</i>", UNDO, html=True)
    box.telegram.say(box.ben, box.forum, "in the group")
    async with box.http.stream("GET", "/chat/events") as stream:
        assert stream.headers["content-type"] == "text/event-stream"
        name, everything = await Events(stream.aiter_lines()).next()
    assert (name, everything["bot"]["name"], everything["desk"]) == ("everything", "Wirewatch", True)
    assert [chat["id"] for chat in everything["chats"]] == [box.chat.id, box.forum.id, box.channel.id]
    assert [call["method"] for call in everything["calls"]] == ["sendMessage"]
    said, sent, group = everything["messages"]
    assert (said["from"], said["bot"], said["text"], said["name"]) == (box.ann.id, False, "/start", "Ann")
    assert (sent["bot"], sent["text"], sent["name"]) == (True, "Hello Ann 👋 you", "Wirewatch")
    assert sent["entities"] == [
        {"type": "bold", "offset": 6, "length": 3},
        {"type": "italic", "offset": 13, "length": 3},
    ]
    assert sent["keyboard"] == [[{"text": "Undo", "data": "undo:1"}, {"text": "Open", "href": "https://a.org/x"}]]
    assert (sent["time"], sent["edited"], sent["silent"]) == (NOON.timestamp(), False, False)
    assert (group["chat"], group["text"]) == (box.forum.id, "in the group")


async def test_what_happens_arrives_live(box):
    """A message, its edit, typing, an answer to a press and a deletion, in their order."""
    async with box.http.stream("GET", "/chat/events") as stream:
        events = Events(stream.aiter_lines(), "message", "typing", "answer", "deleted")
        message_id = await box.send("Watching.", UNDO)
        assert (await events.next())[1]["text"] == "Watching."
        box.call("editMessageReplyMarkup", message_id=message_id)
        name, message = await events.next()
        assert (name, message["edited"], message["keyboard"]) == ("message", False, [])  # the words are the same
        box.call("editMessageText", message_id=message_id, text="Undone.", reply_markup=UNDO)
        name, message = await events.next()
        assert (name, message["id"], message["edited"]) == ("message", message_id, True)
        box.call("sendChatAction", action="typing")
        assert await events.next() == ("typing", {"chat": box.chat.id, "thread": 0})
        query = box.telegram.press(box.ann, box.chat, message_id, "undo:1")
        box.call("answerCallbackQuery", callback_query_id=query, text="Done", show_alert=True)
        answer = {"chat": box.chat.id, "message": message_id, "text": "Done", "alert": True}
        assert await events.next() == ("answer", answer)
        box.call("deleteMessage", message_id=message_id)
        assert await events.next() == ("deleted", {"chat": box.chat.id, "id": message_id})


async def test_calls_of_the_bot_are_told_with_their_answers(box):
    """A line and the whole of it; what was refused says why; new commands reach every chat."""
    async with box.http.stream("GET", "/chat/events") as stream:
        events = Events(stream.aiter_lines(), "call", "chat")
        await box.send("Hello")
        _, call = await events.next()
        assert (call["method"], call["status"], call["result"]) == ("sendMessage", 200, "message 1")
        assert call["brief"] == f"chat_id={box.chat.id}, text=Hello"
        assert '"ok": true' in call["answer"]
        await box.http.post(f"/bot{box.telegram.token}/sendMessage", json={"chat_id": 5, "text": "x" * 100})
        _, call = await events.next()
        assert (call["status"], call["result"]) == (400, "Bad Request: chat not found")
        assert call["brief"].endswith("x…")
        offered = [{"command": "watch", "description": "watch for words"}]
        await box.http.post(f"/bot{box.telegram.token}/setMyCommands", json={"commands": offered})
        assert (await events.next())[1]["method"] == "setMyCommands"
        chats = [(await events.next())[1] for _ in range(3)]
        assert chats[0]["speakers"][0]["commands"] == chats[1]["speakers"][2]["commands"] == offered


async def test_other_chats_stay_out_of_the_stream(box):
    """What happens to another person is not told."""
    bob = box.telegram.add_user("Bob")
    private = box.telegram.private_chat(bob)
    async with box.http.stream("GET", "/chat/events") as stream:
        events = Events(stream.aiter_lines())
        await events.next()
        for method, parameters in (("sendMessage", {"text": "for Bob"}), ("sendChatAction", {"action": "typing"})):
            perform(box.telegram, method, {"chat_id": private.id, **parameters})
        box.telegram.block(bob)
        box.telegram.say(box.ann, box.chat, "mine")
        assert (await events.next())[1]["text"] == "mine"


async def test_another_site_is_refused(box):
    """Neither its name for loopback nor its pages reach the chats or the desk; the page's own address does."""
    own = {"Origin": box.server.url}
    assert (await box.http.post("/desk/speed", json={"speed": 8}, headers=own)).status_code == 200
    for foreign in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}):
        for path in ("/", "/static/main.js", "/chat/events", "/desk"):
            assert (await box.http.get(path, headers=foreign)).status_code == 403
        for path in ("/chat/say", "/desk/speed"):
            assert (await box.http.post(path, json={"speed": 30}, headers=foreign)).status_code == 403
    assert (await box.http.get("/desk")).json()["speed"] == 8


async def test_a_form_of_another_page_cannot_speak(box):
    """The types that a form can send without asking are refused."""
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        for path in ("/chat/say", "/desk/speed"):
            answer = await box.http.post(path, content='{"speed": 30}', headers={"Content-Type": kind})
            assert answer.status_code == 415
    assert (await box.http.get("/desk")).json()["speed"] == 1


async def test_markup_in_words_stays_words(box):
    """Text travels as text: what looks like markup is in no page and in no entity."""
    box.telegram.say(box.ann, box.chat, "<img src=x onerror=alert(1)>")
    await box.send("&lt;script&gt;alert(1)&lt;/script&gt;", html=True)
    async with box.http.stream("GET", "/chat/events") as stream:
        _, everything = await Events(stream.aiter_lines()).next()
    assert [(message["text"], message["entities"]) for message in everything["messages"]] == [
        ("<img src=x onerror=alert(1)>", []),
        ("<script>alert(1)</script>", []),
    ]


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
            await box.http.get("/static/page.css")


async def test_a_reader_too_far_behind_is_cut_off_and_loses_nothing():
    """Its stream ends, and the next connection has everything."""
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
            _, everything = await Events(stream.aiter_lines()).next()
        assert len(everything["messages"]) == 20


async def test_the_end_of_the_server_ends_the_streams(box):
    """Stopping waits for no browser; started again on its port it serves the same chats."""
    async with box.http.stream("GET", "/chat/events") as stream:
        events = Events(stream.aiter_lines())
        await events.next()
        await box.server.stop()
        assert await events.next() is None
    await box.server.start(port=int(box.server.url.rpartition(":")[2]))
    assert (await box.http.get("/")).status_code == 200
