"""`/why` in reply to the alert itself: from the message in the chat to its evidence."""

from pathlib import Path

import pytest

from tests.desk import open_desk
from tests.fakes import item, match, spot
from watchlists.model import Hit
from watchlists.query import parse

HEADLINE = "Trump to host Zelensky at Mar-a-Lago"


@pytest.fixture
async def desk(tmp_path: Path):
    async with open_desk(tmp_path) as opened:
        yield opened


async def test_a_reply_with_why_explains_the_alert(desk):
    """The person answers to the alert; the bot knows it by its message."""
    chat = desk.box.chat.id
    news = item(HEADLINE, url="https://a.example/1", source="a.example")

    def alert(store):
        store.chats.ensure(chat, "private")
        store.feeds.add("https://a.example/rss")
        watch = store.watches.add(chat, parse("Zelensky Mar-a-Lago"))
        story = store.items.open_story()
        item_id = store.items.add(1, news, story)
        hits = (Hit(watch, match(spot(HEADLINE, "Mar-a-Lago"))),)
        return store.fanout.record({chat: hits}, story, item_id)[chat]

    alert_id = await desk.storage.run(alert)
    sent = await desk.box.bot.send_message(chat, HEADLINE)
    await desk.storage.run(
        lambda store: store.outbox._write(
            "INSERT INTO outbox (dedup_key, chat_id, kind, priority, text, buttons, alert_id, state, created, "
            "message_id, finished) VALUES ('a', ?, 'alert', 20, '', '[]', ?, 'sent', 0, ?, ?)",
            [chat, alert_id, sent.message_id, store.now.timestamp() + 3],
        )
    )
    shown = desk.box.telegram.messages(chat)[-1]
    desk.box.telegram.say(desk.box.ann, desk.box.chat, "/why", reply_to=shown)
    await desk.handle()
    answer = (await desk.outbox())[-1]["text"]
    assert answer.startswith("<b>Why you got this</b>\n🔔 Zelensky Mar-a-Lago: score 90")
    assert "Zelensky: not found" in answer
    assert "sent 3 s after that" in answer


async def test_why_without_an_alert_says_how_to_ask(desk):
    """Alone, with words that are no link, and in reply to another message."""
    assert "Reply with /why to an alert" in await desk.say("/why")
    assert "Reply with /why to an alert" in await desk.say("/why me")
    assert "None of the feeds" in await desk.say("/why https://a.example/unknown")
