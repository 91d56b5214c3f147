"""The way of a press under an alert: from Telegram to the keyboard that changes, and to the alerts that are kept."""

from pathlib import Path

import pytest

from bot.store.outbox import Outgoing
from tests.desk import open_desk
from tests.fakes import item
from tests.press import Press


@pytest.fixture
async def desk(tmp_path: Path):
    async with open_desk(tmp_path) as opened:
        yield opened


def shown(desk) -> tuple[str, list[str]]:
    """The text of the newest message, and its buttons."""
    message = desk.box.telegram.messages(desk.box.chat.id)[-1]
    return message.text, [button.text for button in message.buttons]


async def press(desk, data: str) -> str:
    """A press, its answer carried out; the notice."""
    message = desk.box.telegram.messages(desk.box.chat.id)[-1]
    desk.box.telegram.press(desk.box.ann, desk.box.chat, message.message_id, data)
    await desk.handle()
    await desk.shown()
    (*_, answered) = [call for call in desk.box.server.calls if call.method == "answerCallbackQuery"]
    return answered.parameters["text"]


async def test_an_alert_is_snoozed_by_its_button_and_keeps_its_text(desk):
    """Open, choose, undo: the text stays, the row of buttons changes, and what comes meanwhile is summed up."""
    news = Press(desk.storage, desk.box.clock)
    news.watch(desk.box.chat.id, "fire")
    url = news.feed()
    news.poll(url, item("Fire in the castle", source="a.example"))
    await desk.shown()
    text, buttons = shown(desk)
    assert buttons == ["💤 Snooze", "Why?", "👍", "👎"]
    await press(desk, "snooze:1")
    assert shown(desk) == (text, ["1 h", "Until tomorrow", "✕", "This story", "This watch", "This source"])
    assert "Snoozed until" in await press(desk, "snooze_do:1:0")
    assert shown(desk)[0] == text
    assert shown(desk)[1][0].endswith("· Undo")
    assert news.poll(url, item("Fire in the bakery", source="b.example"))["SNOOZED"] == 1
    await press(desk, "snooze_undo:1:0")
    assert shown(desk) == (text, ["💤 Snooze", "Why?", "👍", "👎"])
    assert news.release() == 1
    await desk.shown()
    assert shown(desk)[0].startswith("While you snoozed: 1 story")


@pytest.mark.parametrize(("what", "other"), [("story", False), ("source", True), ("watch", True)])
async def test_a_reply_to_an_alert_snoozes_what_its_buttons_name(desk, what, other):
    """Without a reply the bot asks for one. Then another story of the source or watch is kept, too."""
    news = Press(desk.storage, desk.box.clock)
    news.watch(desk.box.chat.id, "fire")
    url = news.feed()
    news.poll(url, item("Fire in the castle", source="a.example"))
    await desk.shown()
    (alert,) = desk.box.telegram.messages(desk.box.chat.id)
    assert "as a reply to the alert" in await desk.say(f"/snooze {what}")
    desk.box.telegram.say(desk.box.ann, desk.box.chat, f"/snooze {what}", reply_to=alert)
    await desk.handle()
    reply = (await desk.outbox())[-1]
    assert reply["text"].startswith("Snoozed until")
    assert "snooze_undo:1:" in reply["buttons"]
    assert ("SNOOZED" in news.poll(url, item("Fire in the bakery", source="a.example"))) is other


async def test_a_button_of_an_alert_that_is_gone_goes_too(desk):
    """Whoever forges data learns nothing, and the text above stays."""
    chat = desk.box.chat.id

    def write(store):
        store.chats.ensure(chat, "private")
        store.outbox.add(Outgoing("old", chat, "alert", "an old alert"))

    await desk.storage.run(write)
    message_id = await desk.shown()
    desk.box.telegram.press(desk.box.ann, desk.box.chat, message_id, "snooze:77", forged=True)
    await desk.handle()
    await desk.shown()
    assert shown(desk) == ("an old alert", [])


async def test_guesses_for_the_zone_begin_with_the_persons_language(desk):
    """As the client tells it."""
    desk.box.telegram.say(desk.box.ann, desk.box.chat, "/quiet 22-7")
    (body,) = desk.box.telegram.updates.peek(1)
    body["message"]["from"]["language_code"] = "uk"
    await desk.handle()
    assert '"Kyiv", "zone_set:3"' in (await desk.outbox())[-1]["buttons"]


async def test_a_silent_message_is_sent_without_a_sound(desk):
    """Telegram is told so."""
    news = Press(desk.storage, desk.box.clock)
    news.watch(desk.box.chat.id, "fire")
    news.manage(lambda p: p.level(p.watch(desk.box.chat.id, 1), "silent"))
    news.poll(news.feed(), item("Fire in the castle", source="a.example"))
    await desk.shown()
    assert desk.box.telegram.messages(desk.box.chat.id)[-1].silent
