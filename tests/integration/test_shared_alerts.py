"""Alerts where many read them: no button with which one reader changes something for all, and the chat's own words."""

import json

import pytest

from bot.sandbox.events import Answered
from tests.desk import open_desk
from tests.fakes import item
from tests.press import Press, fire, press
from watchlists.query import parse

GROUP, CHANNEL, ANN = -1005, -1006, 7


@pytest.fixture
def news(tmp_path):
    with press(tmp_path) as opened:
        yield opened


def watch(news, chat: int, kind: str, thread: int = 0) -> int:
    """A chat of this kind, or a topic of it, watches for fire; its id."""

    def work(store):
        store.chats.ensure(chat, kind)
        place = store.chats.topic(chat, thread)
        store.watches.add(place, parse("fire"))
        return place

    return news.storage.run_blocking(work)


def labels(news) -> dict[int, list[str]]:
    """The buttons of the newest message of each chat."""
    rows = news.rows("SELECT chat_id, buttons FROM outbox ORDER BY id")
    return {chat: [label for line in json.loads(buttons) for label, _data in line] for chat, buttons in rows}


def test_what_one_reader_taps_changes_nothing_for_the_others(news):
    """In a group each may ask why; a channel has no buttons at all; after an edit it is the same."""
    topic = watch(news, GROUP, "supergroup", 9)
    for chat, kind in ((GROUP, "supergroup"), (CHANNEL, "channel"), (ANN, "private")):
        watch(news, chat, kind)
    url = news.feed()
    headline = "Fire in the harbour closes the terminal for ships"
    news.poll(url, item(headline, source="a.example"))
    expected = {GROUP: ["Why?"], topic: ["Why?"], CHANNEL: [], ANN: ["💤 Snooze", "Why?", "👍", "👎"]}
    assert labels(news) == expected
    news.send()
    other = news.feed("https://b.example/rss")
    found = news.poll(other, item(f"{headline}, says the city", id="2", source="b.example", url="https://b.example/2"))
    assert found["edits"] == 4
    assert labels(news) == expected


def test_a_chat_has_its_own_words_above_and_below_alerts_and_digests(news):
    """Each its own: chats that watch the same do not read each other's."""
    for chat, kind in ((GROUP, "supergroup"), (CHANNEL, "channel")):
        watch(news, chat, kind)
    news.prefer(lambda p: p.frame(CHANNEL, "header", "Our <desk>"))
    news.prefer(lambda p: p.frame(CHANNEL, "footer", "Discuss below"))
    url = news.feed()
    news.poll(url, fire(1))
    texts = dict(news.outbox())
    assert texts[CHANNEL].splitlines()[0] == "Our &lt;desk&gt;"
    assert texts[CHANNEL].splitlines()[-1] == "Discuss below"
    assert "Discuss" not in texts[GROUP]
    news.prefer(lambda p: p.snooze(CHANNEL, "1h"))
    news.poll(url, fire(2))
    news.prefer(lambda p: p.snooze(CHANNEL, "off"))
    news.release()
    (summary,) = news.digests()
    assert (summary.startswith("Our &lt;desk&gt;\n"), summary.endswith("\nDiscuss below")) == (True, True)
    news.prefer(lambda p: p.frame(CHANNEL, "header", ""))
    news.poll(url, fire(3))
    assert dict(news.outbox())[CHANNEL].endswith("Discuss below")
    assert "desk" not in dict(news.outbox())[CHANNEL]


def test_a_daily_summary_comes_to_its_topic_alone(news):
    """The topic has a digest; General, which watches the same, has none and is told at once."""
    topic = watch(news, GROUP, "supergroup", 9)
    watch(news, GROUP, "supergroup")
    news.prefer(lambda p: p.digest(topic, "daily 18:00"))
    url = news.feed()
    assert news.poll(url, fire(1)) == {"new": 1, "ALERT": 1, "DIGEST": 1}
    assert [chat for chat, _text in news.outbox()] == [GROUP]
    news.clock.advance(6 * 3600)
    assert news.release() == 1
    chat, text = news.outbox()[-1]
    assert (chat, text.startswith("<b>Your digest: 1 story</b>")) == (topic, True)


async def test_why_is_answered_to_whoever_asks_alone(tmp_path):
    """In a group it is shown where the button was pressed; nothing is written and nothing changes."""
    async with open_desk(tmp_path) as desk:
        answers = []
        desk.box.telegram.subscribe(lambda event: answers.append(event) if isinstance(event, Answered) else None)
        bob = desk.box.telegram.add_user("Bob")
        group = desk.box.telegram.add_group("Newsroom", desk.box.ann, bob)
        await desk.handle()
        desk.box.telegram.say(desk.box.ann, group, "/watch harbour fire")
        await desk.handle()
        press = Press(desk.storage, desk.box.clock)
        url = press.feed()
        press.poll(url, item("Fire in the harbour"))
        for _ in range(3):
            message = await desk.shown()
        count = len(await desk.outbox())
        desk.box.telegram.press(bob, group, message, "why:1")
        desk.box.telegram.press(bob, group, message, "why:99", forged=True)
        await desk.handle()
        assert [answer.text.splitlines()[0] for answer in answers][:1] == ["It met harbour fire: harbour, Fire"]
        assert len(await desk.outbox()) == count
        desk.box.telegram.press(bob, group, message, "vote_down:1", forged=True)
        await desk.handle()
        assert await desk.rows("SELECT * FROM votes") == []
        assert len(await desk.outbox()) == count


async def test_the_words_are_set_by_an_administrator_and_can_be_taken_back(tmp_path):
    """`/settings header …`, with the way back; too long a text is refused."""
    async with open_desk(tmp_path) as desk:
        assert "Above each alert: none" in await desk.say("/settings header")
        text = await desk.say("/settings header Our <news>")
        assert "Above each alert: Our &lt;news&gt;" in text
        assert "<code>/settings header off</code>" in text
        assert "Our &lt;news&gt;" in await desk.say("/settings")
        exported = (await desk.say("/export"), (await desk.outbox())[-1]["file"])[1]
        assert 'header = "Our <news>"' in exported
        assert "at most 160" in await desk.say("/settings footer " + "x" * 161)
        assert "<code>/settings header Our &lt;news&gt;</code>" in await desk.say("/settings header off")
        assert "Above" not in await desk.say("/settings")
