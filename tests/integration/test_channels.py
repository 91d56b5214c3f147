"""A channel that is set up from a private chat, as its administrators meet it."""

import pytest
from aiogram.types import Update

from bot import lookups, loud
from bot.sandbox.events import Answered
from handlers import replies_feeds
from tests.desk import open_desk
from tests.fakes import item
from tests.press import Press, fire
from watchlists.sample import FeedSample

LINE = "✏️ Editing @harbour · /done leaves\n"
POSTING = frozenset({"can_post_messages"})


class Studio:
    """Ann, who created a channel and administrates another; Eve, who administrates the first; Bob, who reads it."""

    def __init__(self, desk) -> None:
        self.desk = desk
        self.telegram = desk.box.telegram
        self.ann = desk.box.ann
        self.eve, self.bob = (self.telegram.add_user(name) for name in ("Eve", "Bob"))
        self.harbour = self.telegram.add_channel("Harbour", self.ann, self.bob, username="harbour")
        self.quiet = self.telegram.add_channel("Quiet & co", self.ann)
        self.telegram.set_member(self.harbour, self.eve, "administrator", POSTING, by=self.ann)
        self.notices: list[str] = []
        self.telegram.subscribe(lambda event: self.notices.append(event.text) if isinstance(event, Answered) else None)

    async def say(self, text: str, user=None) -> str:
        """The last answer, which comes in private."""
        chat = self.telegram.private_chat(user or self.ann)
        self.telegram.say(user or self.ann, chat, text)
        return await self.answer(chat.id)

    async def answer(self, chat_id: int) -> str:
        await self.desk.handle()
        return (await self.rows(chat_id))[-1]["text"]

    async def push(self, **message) -> str:
        """Ann sends something else than words."""
        body = {"message_id": 900, "date": 1, "chat": self.desk.box.chat.to_json(), "from": self.ann.to_json()}
        Update.model_validate({"update_id": 1, "message": body | message})
        self.telegram.updates.push("message", body | message)
        return await self.answer(self.ann.id)

    async def rows(self, chat_id: int) -> list[dict]:
        return [row for row in await self.desk.outbox() if row["chat_id"] == chat_id]

    async def watches(self, chat_id: int) -> list[str]:
        found = await self.desk.storage.run(lambda store: store.watches.active(chat_id))
        return [watch.text for watch in found]

    async def shown(self) -> int:
        """All that is queued arrives; the id of the newest message in Ann's chat."""
        while await self.desk.storage.run(lambda store: store.outbox.heads([], 1)):
            await self.desk.shown()
            self.desk.box.clock.advance(2)
        return self.telegram.messages(self.ann.id)[-1].message_id

    async def press(self, message: int, data: str) -> str:
        self.telegram.press(self.ann, self.desk.box.chat, message, data)
        return await self.answer(self.ann.id)


@pytest.fixture
async def studio(tmp_path):
    async with open_desk(tmp_path) as desk:
        made = Studio(desk)
        await desk.handle()
        yield made


async def test_a_channel_is_set_up_from_the_private_chat_of_its_administrator(studio):
    """Every answer says which channel it is about; the alerts come to the channel, and nothing else does."""
    assert "/watch fire" not in await studio.say("/watch gold")
    assert "You are editing <b>@harbour</b> now" in await studio.say("/channel @harbour")
    assert (await studio.say("/watch fire")).startswith(LINE)
    assert (await studio.say("/watches")).startswith(LINE)
    assert await studio.watches(studio.harbour.id) == ["fire"]
    assert await studio.rows(studio.harbour.id) == []
    assert "your own watches again" in await studio.say("/done")
    assert "gold" in await studio.say("/watches")
    press = Press(studio.desk.storage, studio.desk.box.clock)
    url = press.feed()
    press.poll(url, item("Fire in the castle"))
    await studio.shown()
    (alert,) = studio.telegram.messages(studio.harbour.id)
    assert (alert.text.splitlines()[0], alert.buttons) == ("Fire in the castle", [])


@pytest.mark.parametrize("typed", ["@harbour", "harbour", "https://t.me/harbour", "t.me/Harbour/12"])
async def test_a_channel_may_be_named_in_several_ways(studio, typed):
    """As it is written, or as a link to it or to a post of it."""
    assert "You are editing" in await studio.say(f"/channel {typed}")


async def test_a_private_channel_is_named_by_its_id_a_post_or_a_choice(studio):
    """It has no name; a link to a post, a forwarded post and Telegram's own list say which it is."""
    number = str(studio.quiet.id).removeprefix("-100")
    assert "<b>Quiet &amp; co</b>" in await studio.say(f"/channel https://t.me/c/{number}/5")
    await studio.say("/done")
    origin = {"type": "channel", "date": 1, "chat": studio.quiet.to_json(), "message_id": 3}
    assert "<b>Quiet &amp; co</b>" in await studio.push(forward_origin=origin, text="News")
    await studio.say("/done")
    assert "<b>Quiet &amp; co</b>" in await studio.push(chat_shared={"request_id": 1, "chat_id": studio.quiet.id})


async def test_a_post_of_somebody_elses_channel_is_words_like_others(studio):
    """Whoever forwards it does not ask to set it up."""
    other = {"id": -1009, "type": "channel", "title": "Other"}
    origin = {"type": "channel", "date": 1, "chat": other, "message_id": 3}
    assert "set up" not in await studio.push(forward_origin=origin, text="harbour fire")
    assert "I cannot set up that channel" in await studio.push(chat_shared={"request_id": 1, "chat_id": -1009})


async def test_nobody_else_sets_it_up_and_all_learn_the_same(studio):
    """A reader, whoever is no member, an administrator where the bot may not post, a group, a name that nobody has."""
    group = studio.telegram.add_group("Group", studio.ann, username="some_group")
    mute = studio.telegram.add_channel("Mute", studio.ann, username="mute_one", bot_rights=frozenset())
    studio.telegram.add_channel("Far", studio.ann, username="far_one", bot_status="left")
    answers = {
        (await studio.say(f"/channel {name}", user)).replace(name, "it")
        for user, name in (
            (studio.bob, "@harbour"),
            (studio.telegram.add_user("Zoe"), "@harbour"),
            (studio.ann, "@mute_one"),
            (studio.ann, "@far_one"),
            (studio.ann, "@some_group"),
            (studio.ann, "@nobody_has_it"),
        )
    }
    assert len(answers) == 1
    linked = {row["chat_id"] for row in await studio.desk.rows("SELECT chat_id FROM links")}
    assert not linked & {mute.id, studio.harbour.id}
    assert linked <= {group.id}
    assert "gold" in await studio.say("/watch gold", studio.bob)
    assert await studio.watches(studio.harbour.id) == []


async def test_several_channels_are_chosen_among(studio):
    """/channel shows those that one has linked; the one that is edited is named; each keeps its own."""
    assert "Which channel do you want to set up?" in await studio.say("/channel")
    for name, text in (("@harbour", "fire"), (str(studio.quiet.id), "gold")):
        await studio.say(f"/channel {name}")
        await studio.say(f"/watch {text}")
    await studio.say("/channel")
    listed, picker = (await studio.rows(studio.ann.id))[-2:]
    assert picker["text"].startswith("Another one:")
    assert "You are editing Quiet &amp; co" in listed["text"]
    assert f"channel_pick:{studio.harbour.id}" in listed["buttons"]
    await studio.shown()
    shown = studio.telegram.messages(studio.ann.id)[-2]
    assert "You are editing <b>@harbour</b>" in await studio.press(
        shown.message_id, f"channel_pick:{studio.harbour.id}"
    )
    assert "choose_channel" in picker["buttons"]
    assert [await studio.watches(each.id) for each in (studio.harbour, studio.quiet)] == [["fire"], ["gold"]]


async def test_a_button_is_about_what_its_message_spoke_of(studio):
    """Whatever has been chosen since: one's own settings never change the channel's, nor the other way round."""
    await studio.say("/settings")
    mine = await studio.shown()
    await studio.say("/channel @harbour")
    await studio.say("/quiet")
    channels = await studio.shown()
    await studio.press(mine, "settings:1")
    await studio.shown()
    await studio.press(mine, "quiet_set:1")
    await studio.say("/done")
    assert (await studio.press(channels, "quiet_set:2")).startswith(LINE)
    habits = await studio.desk.storage.run(lambda store: store.chats.habits([studio.ann.id, studio.harbour.id]))
    assert str(habits[studio.ann.id].quiet) == "22:00-07:00"
    assert str(habits[studio.harbour.id].quiet) == "23:00-08:00"


async def test_what_was_asked_about_a_channel_is_answered_about_it(studio):
    """By the very next message, as always; the other administrator is not asked."""
    await studio.say("/channel @harbour")
    await studio.say("/watch")
    assert "editing" in await studio.say("/channel @harbour", studio.eve)
    await studio.say("harbour fire")
    assert await studio.watches(studio.harbour.id) == ["harbour fire"]
    assert await studio.watches(studio.ann.id) == []


async def test_each_change_asks_anew_whether_one_may(studio):
    """Five minutes at most after somebody ceases to be an administrator nothing of it is theirs; they are told once."""
    await studio.say("/channel @harbour", studio.eve)
    await studio.say("/watch fire", studio.eve)
    studio.telegram.set_member(studio.harbour, studio.eve, "member", by=studio.ann)
    studio.desk.box.clock.advance(301)
    for text in ("/watch gold", "/watches", "/unwatch 1", "words", "/settings"):
        assert (await studio.say(text, studio.eve)).startswith("You are not editing the channel any more")
        await studio.desk.storage.run(lambda store: store.links.link(studio.eve.id, studio.harbour.id))
        await studio.desk.storage.run(lambda store: store.links.edit(studio.eve.id, studio.harbour.id))
    assert await studio.watches(studio.harbour.id) == ["fire"]
    assert await studio.watches(studio.eve.id) == []
    await studio.say("/settings", studio.eve)
    assert "Watching" in await studio.say("/watch gold", studio.eve)
    assert await studio.watches(studio.eve.id) == ["gold"]


async def test_a_lost_right_is_told_once_and_sending_goes_on_when_it_is_back(studio):
    """The channel's messages wait meanwhile."""
    await studio.say("/channel @harbour")
    await studio.say("/watch fire")
    before = len(await studio.rows(studio.ann.id))
    bot = studio.telegram.bot.user
    for rights in (frozenset({"can_edit_messages"}), frozenset()):
        studio.telegram.set_member(studio.harbour, bot, "administrator", rights, by=studio.eve)
        await studio.desk.handle()
    press = Press(studio.desk.storage, studio.desk.box.clock)
    url = press.feed()
    press.poll(url, item("Fire in the castle"), after=1)
    await studio.shown()
    assert studio.telegram.messages(studio.harbour.id) == []
    studio.telegram.set_member(studio.harbour, bot, "administrator", POSTING, by=studio.eve)
    await studio.desk.handle()
    await studio.shown()
    assert len(studio.telegram.messages(studio.harbour.id)) == 1
    texts = [row["text"] for row in (await studio.rows(studio.ann.id))[before:]]
    assert [text[:22] for text in texts] == ["I may not write in @ha", "I can write in @harbou"]


async def test_whoever_makes_the_bot_an_administrator_is_shown_the_way(studio):
    """In private, where they have written to it before; nothing is said in the channel."""
    await studio.say("/start")
    new = studio.telegram.add_channel("New", studio.ann)
    assert "I may post in <b>New</b> now" in await studio.answer(studio.ann.id)
    message = await studio.shown()
    assert "You are editing <b>New</b> now" in await studio.press(message, f"channel_pick:{new.id}")
    assert await studio.rows(new.id) == []


async def test_what_concerns_the_person_is_about_the_person(studio):
    """/done and /channel, and an admin's /status, in the midst of editing."""
    await studio.say("/channel @harbour")
    assert not (await studio.say("/channel")).startswith(LINE)
    studio.desk.settings = studio.desk.settings.model_copy(update={"admins": frozenset({studio.ann.id})})
    assert not (await studio.say("/status")).startswith(LINE)
    assert (await studio.say("/help")).startswith(LINE)
    abouts = [row["about"] for row in (await studio.rows(studio.ann.id))[-4:]]
    assert abouts == [None, None, None, studio.harbour.id]


async def test_an_address_is_looked_up_for_the_channel_and_answered_in_private(studio):
    """The look is the channel's, its answer the person's."""
    await studio.say("/channel @harbour")
    await studio.say("/addfeed https://a.example/f")
    await studio.shown()

    def found(store):
        (lookup,) = store.lookups.waiting("address", 5)
        assert lookup.chat_id == studio.harbour.id
        sample = FeedSample("https://a.example/f", "A")
        lookups.answer(store, lookup, lambda service: replies_feeds.added(service.feeds.add(lookup.chat_id, sample)))

    await studio.desk.storage.run(found)
    assert await studio.rows(studio.harbour.id) == []
    answer = (await studio.rows(studio.ann.id))[-1]
    assert answer["text"].startswith(LINE)
    assert (answer["kind"], answer["about"]) == ("edit", studio.harbour.id)


async def test_of_a_channels_loud_watch_those_are_asked_who_look_after_it(studio):
    """In private, once; the button changes the channel's watch, whatever is edited by then."""
    await studio.say("/channel @harbour")
    await studio.say("/watch fire")
    await studio.say("/done")
    press = Press(studio.desk.storage, studio.desk.box.clock)
    url = press.feed()
    press.poll(url, *(fire(number) for number in range(30)))
    await studio.desk.storage.run(loud.ask)
    note = (await studio.rows(studio.ann.id))[-1]["text"]
    assert note.startswith(LINE)
    assert "has alerted you" in note
    message = await studio.shown()
    buttons = studio.telegram.messages(studio.ann.id)[-1].buttons
    digest = next(button.data for button in buttons if "digest" in button.data)
    assert (await studio.press(message, digest)).startswith(LINE)
    (watch,) = await studio.desk.storage.run(lambda store: store.watches.active(studio.harbour.id))
    assert watch.digest
    assert not [row for row in await studio.rows(studio.harbour.id) if row["kind"] != "alert"]


async def test_forgetting_a_channel_leaves_the_person_alone(studio):
    """And the person's own /forget the channel."""
    for text in ("/watch gold", "/channel @harbour", "/watch fire", "/forget yes"):
        await studio.say(text)
    assert await studio.watches(studio.harbour.id) == []
    assert await studio.watches(studio.ann.id) == ["gold"]
    assert "You are not editing" in await studio.say("/done")
    for text in ("/channel @harbour", "/watch fire", "/done", "/forget yes"):
        await studio.say(text)
    assert await studio.watches(studio.harbour.id) == ["fire"]
    assert await studio.desk.rows(f"SELECT * FROM links WHERE user_id = {studio.ann.id}") == []
