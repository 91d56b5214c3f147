"""The sandbox's page in a real browser. Skipped where none is installed."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from chromium import Tab, browser, installed

from bot.sandbox.api import perform
from bot.sandbox.page import ChatPage
from bot.sandbox.server import BotApiServer
from bot.sandbox.telegram_state import Telegram

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PROGRAM = installed() or ""
pytestmark = pytest.mark.skipif(not PROGRAM, reason="no Chromium is installed: the page was not tried in a browser")


@asynccontextmanager
async def _sandbox() -> AsyncIterator[str]:
    """`wirewatch sandbox` as a process, and the address of its page, which it prints first."""
    command = (sys.executable, "-m", "bot", "sandbox", "--speed", "8")
    process = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL)
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
        assert line.startswith("The chat in your browser: http://127.0.0.1:")
        yield line.split()[-1]
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 20)
        assert process.returncode == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


def _message(words: str) -> str:
    """The newest message with these words, as an expression."""
    return f"[...document.querySelectorAll('.message')].findLast((it) => it.innerText.includes({json.dumps(words)}))"


async def test_a_conversation_in_the_browser(tmp_path: Path) -> None:
    """Suggested, typed, answered, undone by a button with a notice; an alert comes and its article opens."""
    async with _sandbox() as address, browser(PROGRAM, tmp_path / "profile") as tab:
        await tab.size(1200, 800)
        await tab.open(address)
        await tab.until("document.getElementById('state').textContent === 'online'")
        await tab.until(_message("/watch Donbas withdrawal"))
        assert await tab.look("document.activeElement.id") == "text"
        await tab.type("/wat")
        await tab.until("document.querySelectorAll('[role=option]').length === 2")
        await tab.key("ArrowDown")
        await tab.key("Enter")
        assert await tab.look("document.activeElement.value") == "/watch "
        await tab.type("rate cut")
        await tab.key("Enter")
        await tab.until(_message("Watching “rate cut”"))
        await tab.look(f"{_message('Watching “rate cut”')}.querySelector('.keyboard button').click()")
        await tab.until("document.getElementById('toast').textContent")
        await tab.until(f"{_message('No longer watching “rate cut”')}?.innerText.includes('edited')")
        alert = await tab.until(f"{_message('🔔')}?.querySelector('a').href")
        await tab.open(alert)
        await tab.until("document.body?.innerText.includes('Invented sample news')")
        assert tab.complaints == []


@asynccontextmanager
async def _page(folder: Path) -> AsyncIterator[tuple[Telegram, int, Tab]]:
    """The page of a chat without a bot, open in a browser: Telegram, the chat's id, the tab."""
    telegram = Telegram(clock=lambda: NOON)
    ann = telegram.add_user("Ann")
    chat = telegram.private_chat(ann)
    page = ChatPage(telegram, ann, chat, lambda link: None)
    server = BotApiServer(telegram, extend=page.add_to)
    await server.start()
    try:
        async with browser(PROGRAM, folder) as tab:
            await tab.open(f"{server.url}/")
            await tab.until("document.querySelector('.empty')")
            yield telegram, chat.id, tab
    finally:
        await server.stop()


async def test_what_the_bot_sends_is_shown_and_never_run(tmp_path: Path) -> None:
    """Marks nest as sent, a link stays one link, text that looks like markup is text, foreign schemes are no links."""
    hostile = "<img src=x onerror='document.title=1'><script>document.title=1</script>"
    text = (
        '<a href="https://news.org/a">one <b>bold <i>both</i></b> end</a> <pre>p <x></pre>'.replace("<x>", "&lt;x&gt;")
        + hostile.replace("<", "&lt;").replace(">", "&gt;")
        + ' <a href="tg://resolve?domain=x">foreign</a> 👋 <code>code</code>'
    )
    async with _page(tmp_path / "profile") as (telegram, chat, tab):
        perform(telegram, "sendMessage", {"chat_id": chat, "text": text, "parse_mode": "HTML"})
        await tab.until(_message("foreign"))
        words = "document.querySelector('.words')"
        assert await tab.look(f"{words}.querySelector('a').outerHTML") == (
            '<a href="https://news.org/a" title="https://news.org/a" target="_blank" rel="noopener noreferrer">'
            "one <b>bold <i>both</i></b> end</a>"
        )
        assert await tab.look(f"{words}.querySelectorAll('a').length") == 1
        assert await tab.look(f"{words}.querySelector('code:not(pre *)').textContent") == "code"
        assert await tab.look(f"{words}.querySelector('pre').textContent") == "p <x>"
        assert hostile in await tab.look(f"{words}.textContent")
        assert await tab.look("document.querySelectorAll('.words img, .words script').length") == 0
        assert await tab.look("document.title") == "Wirewatch sandbox"
        assert tab.complaints == []


async def test_a_phone_in_the_dark_is_served_as_well(tmp_path: Path) -> None:
    """At 390 pixels nothing sticks out, whatever a word's length; the colours are dark; the newest stays in sight."""
    async with _page(tmp_path / "profile") as (telegram, chat, tab):
        await tab.size(390, 844, phone=True)
        await tab.dark()
        row = [{"text": f"button number {number}", "callback_data": str(number)} for number in range(8)]
        for number in range(30):
            perform(telegram, "sendMessage", {"chat_id": chat, "text": f"{number} {'long' * 60}"})
        markup = {"inline_keyboard": [row]}
        perform(telegram, "sendMessage", {"chat_id": chat, "text": "the last", "reply_markup": markup})
        await tab.until(_message("the last"))
        assert await tab.look("document.documentElement.scrollWidth") == 390
        assert await tab.look("document.getElementById('log').scrollWidth") <= 390
        light = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number).some((it) => it > 60)"
        assert await tab.look(light) is False
        await tab.until("document.querySelector('.message:last-child').getBoundingClientRect().bottom < innerHeight")


async def test_a_browser_comes_back_by_itself(tmp_path: Path) -> None:
    """When the server was away, the page reconnects and shows what it missed."""
    telegram = Telegram(clock=lambda: NOON)
    ann = telegram.add_user("Ann")
    chat = telegram.private_chat(ann)
    server = BotApiServer(telegram, extend=ChatPage(telegram, ann, chat, lambda link: None).add_to)
    await server.start()
    port = int(server.url.rpartition(":")[2])
    try:
        async with browser(PROGRAM, tmp_path / "profile") as tab:
            await tab.open(f"{server.url}/")
            await tab.until("document.querySelector('.empty')")
            await server.stop()
            await tab.until("document.getElementById('state').textContent.startsWith('reconnecting')")
            telegram.say(ann, chat, "said meanwhile")
            await server.start(port=port)
            await tab.until(_message("said meanwhile"))
            await tab.until("document.getElementById('state').textContent === 'online'")
    finally:
        await server.stop()
