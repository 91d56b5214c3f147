"""The sandbox's chat in a terminal: how it looks, and how lines come in."""

import asyncio
import io
import os

import pytest

from bot.sandbox.api import perform
from bot.sandbox.events import Said
from bot.sandbox.terminal import HINT
from bot.sandbox.terminal_input import is_terminal, lines
from tests.teletype import Chat, Tty

ROW = [{"text": "Undo", "callback_data": "undo:1"}, {"text": "Open", "url": "https://a.example/"}]
KEYBOARD = {"inline_keyboard": [ROW]}


def test_messages_edits_answers_and_deletions_are_shown():
    """Time, chat and speaker in front; buttons as numbers that an edit does not change."""
    box = Chat(None)
    box.watch()
    sent = box.call("sendMessage", text="<b>Saved</b>\n\nas 1", parse_mode="HTML", reply_markup=KEYBOARD)
    query = box.telegram.press(box.ann, box.chat, sent["message_id"], "undo:1")
    box.call("editMessageText", message_id=sent["message_id"], text="Gone?", reply_markup=KEYBOARD)
    perform(box.telegram, "answerCallbackQuery", {"callback_query_id": query, "text": "Undone"})
    box.call("sendMessage", text="psst", disable_notification=True, reply_markup=KEYBOARD)
    box.call("deleteMessage", message_id=sent["message_id"])
    assert box.shown.splitlines() == [
        "12:00:05 · Ann · Wirewatch",
        "  Saved",
        "",
        "  as 1",
        "  [1 Undo]  [Open: https://a.example/]",
        "12:00:05 · Ann · Wirewatch (edited)",
        "  Gone?",
        "  [1 Undo]  [Open: https://a.example/]",
        "12:00:05 · Ann · Wirewatch (notice)",
        "  Undone",
        "12:00:05 · Ann · Wirewatch (silent)",
        "  psst",
        "  [2 Undo]  [Open: https://a.example/]",
        "12:00:05 · Ann · Wirewatch (deleted)",
    ]


def test_a_keyboard_below_the_field_is_named():
    """It can be used on the page alone, where the chats to choose from are."""
    box = Chat(None)
    box.watch()
    box.call("sendMessage", text="Which?", reply_markup={"keyboard": [["Choose a channel"]]})
    assert box.shown.splitlines()[1:] == ["  Which?", "  [Choose a channel: on the page in the browser]"]


def test_other_chats_show_their_name_and_topic():
    """A group's topic, a channel's own posts, service messages and files."""
    box = Chat(None)
    box.watch()
    ben = box.telegram.add_user("Ben")
    forum = box.telegram.add_group("Desk", ben, forum=True)
    topic = box.telegram.add_topic(forum, "Markets")
    box.telegram.say(ben, forum, "/watch gold", topic.id)
    box.telegram.post(box.telegram.add_channel("Wire", ben), "hello")
    box.telegram.send_file(ben, forum, "list.toml", b"abc", "mine")
    box.telegram.migrate(box.telegram.add_group("Old", ben, supergroup=False), ben)
    assert box.shown.splitlines()[:9] == [
        "12:00:05 · Desk / Markets · Ben",
        "  Ben opened the topic “Markets”",
        "12:00:05 · Desk / Markets · Ben",
        "  /watch gold",
        "12:00:05 · Wire · Wire",
        "  hello",
        "12:00:05 · Desk · Ben",
        "  [document: list.toml, 3 bytes]",
        "  mine",
    ]
    assert "Ben made the group a supergroup" in box.shown


def test_a_number_presses_its_button():
    """`!1` is a press; an unknown or vanished button is answered in words; other lines are said."""
    box = Chat(None)
    box.watch()
    pressed = []
    box.telegram.subscribe(lambda event: pressed.append(type(event).__name__))
    sent = box.call("sendMessage", text="x", reply_markup=KEYBOARD)
    box.terminal.enter("!1")
    assert pressed[-1] == "Pressed"
    box.call("editMessageText", message_id=sent["message_id"], text="y")
    box.terminal.enter("! 1 ")
    box.terminal.enter("!9")
    box.terminal.enter("!important")
    assert box.said == ["!important"]
    assert "The button 1 is gone." in box.shown
    assert "There is no button 9." in box.shown


def test_what_the_stream_cannot_write_becomes_a_question_mark():
    """An ASCII terminal does not stop the bot."""
    raw = io.BytesIO()
    box = Chat(None, io.TextIOWrapper(raw, encoding="ascii"))
    box.watch()
    box.call("sendMessage", text="Київ 😀")
    assert b"  ???? ?\n" in raw.getvalue()


async def collect(stream):
    return [line async for line in lines(stream)]


async def test_lines_come_from_anything_that_can_be_read(tmp_path):
    """A file, a stream in memory, nothing at all, a closed stream; the last line needs no end."""
    path = tmp_path / "lines.txt"
    path.write_bytes("one\r\nдва\n\nlast".encode())
    with path.open() as file:
        assert await collect(file) == ["one", "два", "", "last"]
    assert await collect(file) == []
    assert await collect(io.StringIO("a\nb")) == ["a", "b"]
    assert await collect(None) == []
    with os.fdopen(os.open(os.devnull, os.O_RDONLY)) as nothing:
        assert await collect(nothing) == []
    closed = io.StringIO()
    closed.close()
    assert await collect(closed) == []
    assert is_terminal(closed) is False


async def test_letters_cut_in_two_by_a_pipe_come_whole():
    """Bytes are put together before they are read."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as stream:
        task = asyncio.create_task(collect(stream))
        for part in ("д".encode()[:1], "д".encode()[1:] + b"\nrest"):
            os.write(writing, part)
            await asyncio.sleep(0)
        os.close(writing)
        assert await task == ["д", "rest"]


class Naps:
    def __init__(self):
        self.asked = []

    async def __call__(self, seconds):
        self.asked.append(seconds)


async def test_piped_lines_are_said_and_the_chat_goes_on():
    """Each line waits for an answer, but not for ever; the end of the pipe is not the end of the chat."""
    naps = Naps()
    reading, writing = os.pipe()
    os.write(writing, b"/start\n\n/watch x\n")
    os.close(writing)
    with os.fdopen(reading) as stream:
        box = Chat(stream, sleep=naps)
        heard = asyncio.Event()

        def answer(event):
            if isinstance(event, Said) and event.message.text == "/watch x":
                box.call("sendMessage", text="Saved")
                heard.set()

        box.telegram.subscribe(answer)
        run = asyncio.create_task(box.terminal.run())
        await heard.wait()
        for _ in range(20):
            await asyncio.sleep(0)
        assert not run.done()
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
    assert box.said == ["/start", "/watch x"]
    assert naps.asked == [3.0, 3.0]
    assert box.shown.index("/start") < box.shown.index("Saved")
    box.call("sendMessage", text="later")
    assert "later" not in box.shown


async def test_a_typed_end_of_input_ends_the_chat():
    """On a real pseudo-terminal that cannot redraw: lines are said without an echo, Ctrl-D ends."""
    master, slave = os.openpty()
    with os.fdopen(slave) as stream:
        box = Chat(stream, Tty(), {"TERM": "dumb"})
        run = asyncio.create_task(box.terminal.run())
        os.write(master, b"/start\n")
        os.write(master, b"\x04")
        await asyncio.sleep(0)
        box.telegram.say(box.ann, box.chat, "/said by a program")
        await asyncio.wait_for(run, 5)
        os.close(master)
    assert set(box.said) == {"/start", "/said by a program"}
    assert "/said by a program" in box.shown
    assert HINT in box.shown
    assert "/start" not in box.shown


async def test_a_terminal_that_hangs_up_ends_the_chat():
    """The other end is gone: an error of the system is an end of input."""
    master, slave = os.openpty()
    with os.fdopen(slave) as stream:
        box = Chat(stream)
        run = asyncio.create_task(box.terminal.run())
        await asyncio.sleep(0)
        os.close(master)
        await asyncio.wait_for(run, 5)
    assert box.said == []


async def test_an_output_that_nobody_reads_any_more_ends_the_chat():
    """`| head` must not leave the program shouting at a broken pipe, nor break the bot's call."""
    reading, writing = os.pipe()
    os.close(reading)
    out = os.fdopen(writing, "w")
    box = Chat(None, out)
    run = asyncio.create_task(box.terminal.run())
    await asyncio.sleep(0)
    box.call("sendMessage", text="x")
    await asyncio.wait_for(run, 5)
    with pytest.raises(BrokenPipeError):
        out.close()
    assert len(box.telegram.messages(box.chat.id)) == 1
