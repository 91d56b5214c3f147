"""The sandbox's page in a real browser. Skipped where none is installed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from chromium import Tab, browser, installed
from sandboxed import button, chat, message, sandbox

from tests.browserless import Box

PROGRAM = installed() or ""
pytestmark = pytest.mark.skipif(not PROGRAM, reason="no Chromium is installed: the page was not tried in a browser")
STATE = "document.getElementById('state').textContent"
TOPICS = "document.querySelectorAll('#topics [role=tab]')"


async def test_a_conversation_in_the_browser(tmp_path: Path) -> None:
    """Suggested, typed, answered, undone by a button with a notice; an item of one's own comes back as an alert."""
    async with sandbox(8) as address, browser(PROGRAM, tmp_path / "profile") as tab:
        await tab.size(1360, 800)
        await tab.open(address)
        await tab.until(f"{STATE} === 'bot · with Ada'")
        await tab.until(message("/watch Donbas withdrawal"))
        assert await tab.look("document.activeElement.id") == "text"
        await tab.type("/wat")
        await tab.until("document.querySelectorAll('[role=option]').length === 2")
        await tab.key("ArrowDown")
        await tab.key("Enter")
        assert await tab.look("document.activeElement.value") == "/watch "
        await tab.type("lighthouse keeper")
        await tab.key("Enter")
        await tab.until(message("Watching “lighthouse keeper”"))
        await tab.look("document.getElementById('headline').focus()")
        await tab.type("Lighthouse keeper retires after 40 years")
        await tab.key("Enter")
        alert = await tab.until(f"{message('🔔 lighthouse keeper')}?.querySelector('a').href")
        await tab.click(f"{message('Watching “lighthouse keeper”')}.querySelector('.keyboard button')")
        await tab.until("!['', 'Published'].includes(document.getElementById('toast').textContent.split('.')[0])")
        await tab.until(f"{message('No longer watching “lighthouse keeper”')}?.innerText.includes('edited')")
        await tab.open(alert)
        await tab.until("document.body?.innerText.includes('Invented sample news')")
        assert tab.complaints == []


@asynccontextmanager
async def _page(folder: Path) -> AsyncIterator[tuple[Box, Tab]]:
    """The page of some chats without a bot, open in a browser of a desk's size."""
    async with Box() as box, browser(PROGRAM, folder / "profile") as tab:
        await tab.prefer(reduced_motion="reduce")
        await tab.size(1360, 800)
        await tab.open(f"{box.server.url}/")
        await tab.until("document.querySelector('.empty')")
        yield box, tab
        assert tab.complaints == []


async def test_what_the_bot_sends_is_shown_and_never_run(tmp_path: Path) -> None:
    """Marks nest as sent, a link stays one link, text that looks like markup is text, foreign schemes are no links."""
    hostile = "<img src=x onerror='document.title=1'><script>document.title=1</script>"
    text = (
        '<a href="https://news.org/a">one <b>bold <i>both</i></b> end</a> <pre>p <x></pre>'.replace("<x>", "&lt;x&gt;")
        + hostile.replace("<", "&lt;").replace(">", "&gt;")
        + ' <a href="tg://resolve?domain=x">foreign</a> 👋 <code>code</code>'
        + ' <a href="https://t.me/wirewatch_sandbox_bot?start=list_x">deep</a>'
    )
    async with _page(tmp_path) as (box, tab):
        box.call("sendMessage", text=text, parse_mode="HTML")
        await tab.until(message("foreign"))
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
        await tab.click(button("deep"))
        await tab.until(message("/start list_x"))


async def test_a_group_with_topics_is_worked_from_the_page(tmp_path: Path) -> None:
    """The bot is added, a topic opened, one writes as another, replies by key and jumps back; all has a name."""
    async with _page(tmp_path) as (box, tab):
        await tab.click(chat(1))
        await tab.click(button("Add Wirewatch as a member"))
        await tab.until(message("Ann added Wirewatch"))
        assert await tab.nameless() == []
        await tab.look("document.getElementById('menu').open = true")
        await tab.click(button("New topic …"))
        await tab.type("Markets")
        await tab.key("Enter")
        await tab.until(f"{TOPICS}.length === 2 && {TOPICS}[1].ariaSelected === 'true'")
        speaker = "document.getElementById('speaker')"
        await tab.look(f"{speaker}.value = '{box.ann.id}:anonymous'; {speaker}.dispatchEvent(new Event('change'))")
        await tab.look("document.getElementById('text').focus()")
        await tab.type("gold?")
        await tab.key("Enter")
        await tab.until(f"{message('gold?')}.classList.contains('mine')")
        thread = box.telegram.history(box.forum.id)[-1].thread
        box.call("sendMessage", chat_id=box.forum.id, message_thread_id=thread, text="Gold rises")
        box.call("sendMessage", chat_id=box.forum.id, text="in General")
        await tab.until(f"{TOPICS}[0].innerText.includes('1')")
        await tab.look("document.getElementById('log').focus()")
        await tab.key("ArrowUp")
        await tab.key("r")
        await tab.type("indeed")
        await tab.key("Enter")
        await tab.click(f"{message('indeed')}.querySelector('.reply')")
        assert await tab.look("document.activeElement.innerText.includes('Gold rises')")
        replied = box.telegram.history(box.forum.id)[-1]
        assert (replied.sender_chat, replied.reply_to.text) == (box.forum, "Gold rises")
        await tab.click("document.getElementById('tab-troubles')")
        await tab.click("document.getElementById('switch-gateway')")
        await tab.until("document.getElementById('tab-troubles').textContent === 'Troubles (1)'")
        assert await tab.nameless() == []
        assert [fault.kind for fault in box.faults.waiting] == ["page"]


async def test_a_channel_is_chosen_from_the_list(tmp_path: Path) -> None:
    """The bot's button below the field shows the channels that it is in; once used, it goes."""
    asked = {"request_id": 1, "chat_is_channel": True, "bot_is_member": True}
    markup = {"keyboard": [[{"text": "Choose a channel", "request_chat": asked}]], "one_time_keyboard": True}
    async with _page(tmp_path) as (box, tab):
        box.call("sendMessage", text="Which channel?", reply_markup=markup)
        await tab.click(button("Choose a channel"))
        await tab.until("document.getElementById('choices').innerText.includes('None fits yet')")
        await tab.click(button("Cancel"))
        await tab.click(chat(2))
        await tab.until("!document.getElementById('below').checkVisibility()")
        await tab.click(button("Add Wirewatch as an administrator"))
        await tab.until(f"!{button('Add Wirewatch as an administrator')}")
        await tab.click(chat(0))
        await tab.click(button("Choose a channel"))
        await tab.until("document.querySelector('#choices button')?.innerText.includes('Wire')")
        assert await tab.nameless() == []
        await tab.click("document.querySelector('#choices button')")
        await tab.until(message("Ann chose a chat for the bot"))
        assert await tab.look("document.getElementById('below').checkVisibility()") is False
        shared = box.telegram.history(box.chat.id)[-1].service["chat_shared"]
        assert shared == {"request_id": 1, "chat_id": box.channel.id}


async def test_an_address_may_come_before_its_topic(tmp_path: Path) -> None:
    """What the page asks for and what the server tells it arrive in any order: it opens as soon as it is known."""
    async with _page(tmp_path) as (box, tab):
        topic = box.forum.last_message_id + 1
        await tab.look(f"location.hash = '#/{box.forum.id}/{topic}'")
        await tab.until(f"{TOPICS}.length === 1")
        assert box.telegram.add_topic(box.forum, "Markets", box.ann).id == topic
        await tab.until(f"{TOPICS}.length === 2 && {TOPICS}[1].ariaSelected === 'true'")


async def test_a_phone_in_the_dark_is_served_as_well(tmp_path: Path) -> None:
    """One column of 360 pixels from which nothing sticks out: the chats, a chat, back, the desk; dark colours."""
    async with _page(tmp_path) as (box, tab):
        await tab.size(360, 740, phone=True)
        await tab.prefer(color_scheme="dark", reduced_motion="reduce")
        row = [{"text": f"button number {number}", "callback_data": str(number)} for number in range(8)]
        for number in range(30):
            box.call("sendMessage", text=f"{number} {'long' * 60}")
        box.call("sendMessage", text="the last", reply_markup={"inline_keyboard": [row]})
        await tab.click(chat(0))
        await tab.until(f"{message('the last')}.getBoundingClientRect().bottom < innerHeight")
        light = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number).some((it) => it > 60)"
        assert await tab.look(light) is False
        await _fits(tab, "document.getElementById('log')")
        await tab.click("document.getElementById('back')")
        await tab.click(chat(1))
        await _fits(tab, "document.getElementById('talk')")
        await tab.click("document.querySelector('#talk .desk-toggle')")
        for name in ("calls", "troubles", "news"):
            await tab.click(f"document.getElementById('tab-{name}')")
            await _fits(tab, f"document.getElementById('{name}')")
        await tab.click("document.getElementById('desk-back')")
        await tab.until("document.getElementById('composer').checkVisibility()")


async def _fits(tab: Tab, code: str) -> None:
    assert await tab.look("document.documentElement.scrollWidth") == 360
    assert await tab.look(f"({code}).scrollWidth") <= 360


async def test_a_browser_comes_back_by_itself(tmp_path: Path) -> None:
    """When the server was away, the page reconnects and shows what it missed."""
    async with _page(tmp_path) as (box, tab):
        port = int(box.server.url.rpartition(":")[2])
        await box.server.stop()
        await tab.until(f"{STATE}.startsWith('reconnecting')")
        await tab.look("document.getElementById('tab-troubles').click()")  # looks for the desk, in vain and in silence
        await tab.look("fetch('/desk').catch(() => '')")
        assert await tab.look("document.getElementById('toast').textContent") == ""
        box.telegram.say(box.ann, box.chat, "said meanwhile")
        await box.server.start(port=port)
        await tab.until(message("said meanwhile"))
        await tab.until(f"{STATE} === 'bot · with Ann'")
        tab.complaints.clear()  # the browser has complained of the refused connection
