"""The bot in groups, as their members and administrators meet it."""

import pytest

from bot.sandbox.events import Answered
from tests.desk import open_desk


class Newsroom:
    """A group with its creator Ann, an administrator and a member."""

    def __init__(self, desk, **options) -> None:
        self.desk = desk
        self.telegram = desk.box.telegram
        self.ann = desk.box.ann
        self.eve = self.telegram.add_user("Eve")
        self.bob = self.telegram.add_user("Bob")
        self.group = self.telegram.add_group("Newsroom", self.ann, self.eve, self.bob, **options)
        self.notices: list[str] = []
        self.telegram.subscribe(lambda event: self.notices.append(event.text) if isinstance(event, Answered) else None)

    async def say(self, user, text: str, thread: int | None = None, **options) -> list[str]:
        """What the bot answers in the group."""
        before = len(await self.texts())
        self.telegram.say(user, self.group, text, thread, **options)
        await self.desk.handle()
        return (await self.texts())[before:]

    async def press(self, user, message_id: int, data: str, **options) -> str:
        """The notice that the person sees."""
        self.telegram.press(user, self.group, message_id, data, **options)
        await self.desk.handle()
        return self.notices[-1]

    async def texts(self) -> list[str]:
        rows = await self.desk.rows(
            "SELECT text FROM outbox JOIN chats c ON c.id = chat_id WHERE c.telegram_id != "
            f"{self.desk.box.chat.id} ORDER BY outbox.id"
        )
        return [row["text"] for row in rows]

    async def watches(self, place: int | None = None) -> list[str]:
        found = await self.desk.storage.run(lambda store: store.watches.active(place or self.group.id))
        return [watch.text for watch in found]


@pytest.fixture
async def room(tmp_path):
    async with open_desk(tmp_path) as desk:
        yield Newsroom(desk)


async def test_a_group_is_greeted_in_one_line_that_says_who_may_set_it_up(room):
    """When the bot is added; not again when its rights change or the update comes twice."""
    await room.desk.handle()
    (greeting,) = await room.texts()
    assert "\n" not in greeting
    assert "administrators" in greeting
    room.telegram.set_member(room.group, room.telegram.bot.user, "administrator", by=room.ann)
    await room.desk.handle()
    assert await room.texts() == [greeting]


async def test_members_read_and_administrators_change(room):
    """A creator is one, too; a member's try changes nothing and is refused in one sentence."""
    await room.desk.handle()
    assert "Watching" in (await room.say(room.ann, "/watch fire"))[0]
    room.telegram.set_member(room.group, room.eve, "administrator", by=room.ann)
    room.desk.box.clock.advance(30)
    assert "Watching" in (await room.say(room.eve, "/watch harbour"))[0]
    (refusal,) = await room.say(room.bob, "/watch gold")
    assert refusal == "Only administrators of this group can do that. Everybody can use /watches, /recent, /why."
    assert await room.say(room.bob, "/unwatch 1") == []
    assert await room.watches() == ["fire", "harbour"]
    assert "harbour" in (await room.say(room.bob, "/watches"))[0]


async def test_an_anonymous_administrator_changes_by_word_and_by_button(room):
    """The command comes from the group itself, the press from a person, who is looked for among the administrators."""
    room.telegram.set_member(room.group, room.eve, "administrator", by=room.ann, anonymous=True)
    await room.desk.handle()
    await room.desk.shown()
    assert "Watching" in (await room.say(room.eve, "/watch fire", anonymous=True))[0]
    message = await room.desk.shown()
    undo = room.telegram.message(room.group.id, message).button("Undo").data
    assert (await room.press(room.bob, message, undo)).startswith("Only administrators")
    assert await room.watches() == ["fire"]
    assert await room.press(room.eve, message, undo) == "Stopped"
    assert await room.watches() == []


async def test_what_was_asked_is_answered_by_a_reply_of_an_administrator(room):
    """Not by the next message, nor by a reply to something else, nor by a member."""
    await room.desk.handle()
    await room.desk.shown()
    (question,) = await room.say(room.ann, "/watch")
    assert question.endswith("(Answer by a reply to this message.)")
    asked = room.telegram.message(room.group.id, await room.desk.shown())
    room.telegram.bot.reads_all_group_messages = True
    assert await room.say(room.ann, "good morning") == []
    assert await room.say(room.ann, "thanks", reply_to=room.telegram.history(room.group.id)[1]) == []
    assert len(await room.say(room.bob, "gold", reply_to=asked)) == 1
    await room.say(room.bob, "/watches")
    assert "Watching" in (await room.say(room.ann, "harbour fire", reply_to=asked))[0]
    assert await room.watches() == ["harbour fire"]
    assert await room.say(room.ann, "another", reply_to=asked) == []


async def test_help_in_a_group_tells_apart_who_may_what(room):
    """And names nothing that is for the bot's admins."""
    await room.desk.handle()
    (text,) = await room.say(room.bob, "/help")
    reading, changing = text.split("Administrators")
    assert "/watches" in reading
    assert "/watch –" in changing
    assert "/status" not in text


@pytest.mark.parametrize("order", ["both", "error first", "service messages only"])
async def test_a_group_that_becomes_a_supergroup_keeps_everything(room, order):
    """Telegram tells it by an error, by two service messages, or by both."""
    small = room.telegram.add_group("Old", room.ann, room.bob, supergroup=False)
    room.group = small
    await room.say(room.ann, "/watch fire")
    new = room.telegram.migrate(small, room.ann)
    if order != "service messages only":
        await room.desk.storage.run(lambda store: store.chats.move(small.id, new.id))
    await room.desk.handle()
    if order == "both":
        await room.desk.storage.run(lambda store: store.chats.move(small.id, new.id))
    room.group = new
    assert await room.watches() == ["fire"]
    assert await room.watches(small.id) == []
    assert "fire" in (await room.say(room.bob, "/watches"))[0]


async def test_a_command_in_a_topic_sets_up_that_topic(tmp_path):
    """Its watches are its own; the answer goes there; General is the group itself."""
    async with open_desk(tmp_path) as desk:
        room = Newsroom(desk, forum=True)
        markets, weather = (room.telegram.add_topic(room.group, name) for name in ("Markets", "Weather"))
        await desk.handle()
        await room.say(room.ann, "/watch gold", markets.id)
        await room.say(room.ann, "/watch storm", weather.id)
        await room.say(room.ann, "/watch fire")
        places = await desk.storage.run(
            lambda store: [store.chats.topic(room.group.id, thread) for thread in (markets.id, weather.id, 0)]
        )
        assert [await room.watches(place) for place in places] == [["gold"], ["storm"], ["fire"]]
        answers = await desk.rows("SELECT chat_id FROM outbox WHERE text LIKE '%Watching%' ORDER BY id")
        assert [row["chat_id"] for row in answers] == places
        (listed,) = await room.say(room.bob, "/watches", markets.id)
        assert ("gold" in listed, "storm" in listed) == (True, False)
        assert (await room.say(room.bob, "/why", markets.id))[0].startswith("Reply with /why")


async def test_export_and_forget_are_about_the_topic(tmp_path):
    """The file has its watches alone, and what is deleted is its own."""
    async with open_desk(tmp_path) as desk:
        room = Newsroom(desk, forum=True)
        markets = room.telegram.add_topic(room.group, "Markets")
        await desk.handle()
        await room.say(room.ann, "/watch gold", markets.id)
        await room.say(room.ann, "/watch fire")
        await room.say(room.ann, "/export", markets.id)
        files = [row["file"] for row in await desk.outbox() if row["file"]]
        assert ['"gold"' in files[-1], '"fire"' in files[-1]] == [True, False]
        await room.say(room.ann, "/forget yes", markets.id)
        place = await desk.storage.run(lambda store: store.chats.topic(room.group.id, markets.id))
        assert [await room.watches(place), await room.watches()] == [[], ["fire"]]
        await room.say(room.bob, "/forget yes")
        assert await room.watches() == ["fire"]


async def test_a_topic_that_is_opened_again_gets_what_waited(tmp_path):
    """At once, not when the pause is over."""
    async with open_desk(tmp_path) as desk:
        room = Newsroom(desk, forum=True)
        topic = room.telegram.add_topic(room.group, "Markets")
        await desk.handle()

        def close(store):
            place = store.chats.topic(room.group.id, topic.id)
            store.chats.topic_closed(place)
            store.chats.pause_topic(place, 9e9)

        await desk.storage.run(close)
        room.telegram.close_topic(room.group, topic)
        room.telegram.close_topic(room.group, topic, closed=False)
        await desk.handle()
        (row,) = await desk.rows("SELECT paused_until FROM chats WHERE thread_id != 0")
        assert row["paused_until"] == 0


async def test_whoever_added_the_bot_is_told_once_that_it_may_not_write(room):
    """And when it may again, by which it goes on at once."""
    await room.desk.say("/start")
    for rights in (frozenset(), frozenset(), frozenset({"can_send_messages"})):
        room.telegram.set_member(room.group, room.telegram.bot.user, "restricted", rights, by=room.bob)
        await room.desk.handle()
        (row,) = await room.desk.rows(f"SELECT paused_until FROM chats WHERE id = {room.group.id}")
        assert (row["paused_until"] > 0) is not bool(rights)
    told = [row["text"][:14] for row in await room.desk.outbox() if row["chat_id"] == room.desk.box.chat.id]
    assert told[1:] == ["I may not writ", "I can write in"]


async def test_whoever_puts_the_bot_out_is_not_told_of_it(room):
    """Whoever had added it is; what waited is dropped, and what was set stays for its return."""
    await room.desk.say("/start")
    await room.say(room.ann, "/watch fire")
    room.telegram.dismiss(room.group, room.telegram.bot.user, room.eve)
    await room.desk.handle()
    assert "I cannot reach Newsroom any more" in (await room.desk.outbox())[-1]["text"]
    count = len(await room.desk.outbox())
    room.telegram.invite(room.group, room.telegram.bot.user, room.ann)
    await room.desk.handle()
    room.telegram.dismiss(room.group, room.telegram.bot.user, room.ann)
    await room.desk.handle()
    texts = [row["text"] for row in (await room.desk.outbox())[count:]]
    assert [text[:6] for text in texts] == ["I can ", "Hello!"]
    assert await room.watches() == ["fire"]


async def test_a_button_of_a_forum_whose_message_is_not_shown_changes_nothing(tmp_path):
    """Telegram tells of old messages their number alone: which topic was meant is not known, and General is not."""
    async with open_desk(tmp_path) as desk:
        room = Newsroom(desk, forum=True)
        await room.say(room.ann, "/watch fire")
        topic = room.telegram.add_topic(room.group, "Markets")
        await room.say(room.ann, "/forget", topic.id)
        press = {"id": "1", "from": room.ann.to_json(), "chat_instance": "1", "data": "forget_do"}
        hidden = {"chat": room.group.to_json(), "message_id": 900, "date": 0}
        room.telegram.updates.push("callback_query", press | {"message": hidden})
        await desk.handle()
        assert await room.watches() == ["fire"]
