"""Who was an administrator of a channel learns nothing of it any more, once Telegram says so."""

import pytest

from bot import keepers, loud, warn
from bot.administrators import Administrators
from bot.keepers import Keepers
from bot.sandbox.events import Answered
from bot.sandbox.faults import Fault
from tests.desk import Desk, open_desk
from tests.press import Press, fire

OLD = "This button is too old to work. /help shows what I can do."


class Newsroom:
    """Ann and Eve administrate a channel and have linked it; its one watch fires all the time."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.telegram, self.ann = desk.box.telegram, desk.box.ann
        self.eve = self.telegram.add_user("Eve")
        self.harbour = self.telegram.add_channel("Harbour", self.ann, username="harbour")
        self.telegram.set_member(self.harbour, self.eve, "administrator", frozenset({"can_post_messages"}), by=self.ann)
        self.keepers = Keepers(desk.storage, Administrators(desk.box.bot, desk.box.clock), desk.box.clock)

    async def say(self, text: str, user=None) -> None:
        self.telegram.say(user or self.eve, self.telegram.private_chat(user or self.eve), text)
        await self.desk.handle()

    async def told(self, user=None) -> list[str]:
        """What somebody has read or will read, oldest first."""
        who = (user or self.eve).id
        return [row["text"] for row in await self.desk.outbox() if row["chat_id"] == who]

    async def linked(self) -> set[int]:
        return {row["user_id"] for row in await self.desk.rows("SELECT user_id FROM links")}

    def part(self) -> None:
        """Eve administrates it no more."""
        self.telegram.set_member(self.harbour, self.eve, "member", by=self.ann)

    def mute(self) -> None:
        """Telegram does not say who administrates anything."""
        fault = Fault("page")
        self.desk.box.server.faults.chooser = lambda method, _chat: fault if method == "getChatAdministrators" else None

    def asked(self) -> int:
        return sum(call.method == "getChatAdministrators" for call in self.desk.box.server.calls)


@pytest.fixture
async def room(tmp_path):
    async with open_desk(tmp_path) as desk:
        made = Newsroom(desk)
        for user in (made.ann, made.eve):
            await made.say("/channel @harbour", user)
        await made.say("/watch fire")
        await made.say("/done")
        yield made


async def test_who_administrates_it_no_more_is_not_told_of_its_watches_and_troubles(room):
    """The others are."""
    room.part()
    await room.keepers.tick()
    before = await room.told(), await room.told(room.ann)
    press = Press(room.desk.storage, room.desk.box.clock)
    press.poll(press.feed(), *(fire(number) for number in range(30)))

    def trouble(store) -> None:
        loud.ask(store)
        warn.of_rights(store, room.harbour.id)

    await room.desk.storage.run(trouble)
    assert await room.told() == before[0]
    assert len(await room.told(room.ann)) == len(before[1]) + 2
    assert await room.linked() == {room.ann.id}


async def test_no_answer_ends_nothing(room):
    """Nor does a channel that the bot has been removed from, of which Telegram says nothing."""
    room.part()
    room.mute()
    await room.keepers.tick()
    assert await room.linked() == {room.ann.id, room.eve.id}
    room.desk.box.server.faults.chooser = None
    room.telegram.set_member(room.harbour, room.telegram.bot.user, "left", by=room.ann)
    room.desk.box.clock.advance(keepers.AGAIN)
    await room.keepers.tick()
    assert await room.linked() == {room.ann.id, room.eve.id}


async def test_each_channel_is_asked_about_once_in_a_while_a_few_at_a_time(room, monkeypatch):
    """However many administrators have linked it; all have their turn."""
    monkeypatch.setattr(keepers, "AT_ONCE", 1)
    await room.say("/channel " + str(room.telegram.add_channel("Quiet", room.eve).id))
    before = room.asked()
    for count in (1, 2, 2):
        await room.keepers.tick()
        assert room.asked() == before + count
    room.desk.box.clock.advance(keepers.AGAIN)
    await room.keepers.tick()
    assert room.asked() == before + 3


async def test_the_channels_of_a_person_are_asked_about_when_they_ask_for_them(room):
    """The name of one that is theirs no more is not shown; what was meant for it does nothing to them."""
    await room.say("/channel @harbour")
    room.part()
    room.desk.box.clock.advance(301)
    await room.say("/channel")
    assert "harbour" not in (await room.told())[-1].lower()
    assert await room.linked() == {room.ann.id}
    await room.say("/watch gold")
    assert (await room.told())[-1].startswith("You are not editing the channel any more")
    await room.say("/watches")
    assert "You watch nothing" in (await room.told())[-1]


async def test_a_button_about_it_is_too_old_then(room):
    """It would show the name that the channel has now."""
    notices: list[str] = []
    room.telegram.subscribe(lambda event: notices.append(event.text) if isinstance(event, Answered) else None)
    await room.say("/channel @harbour")
    await room.say("/watches")
    while await room.desk.storage.run(lambda store: store.outbox.heads([], 1)):
        await room.desk.shown()
        room.desk.box.clock.advance(2)
    room.part()
    await room.keepers.tick()
    chat = room.telegram.private_chat(room.eve)
    shown = room.telegram.messages(chat.id)[-1]
    room.telegram.press(room.eve, chat, shown.message_id, "watches:0", forged=True)
    await room.desk.handle()
    assert notices == [OLD]


async def test_while_telegram_does_not_say_who_administrates_nothing_is_done_and_nothing_lost(room):
    """No answer is no reason to take a channel from somebody who edits it."""
    await room.say("/channel @harbour")
    room.mute()
    room.desk.box.clock.advance(301)
    for _ in range(2):
        await room.say("/watch gold")
        assert "do not seem to be an administrator of @harbour" in (await room.told())[-1]
    await room.say("/channel")
    assert "You are editing @harbour" in (await room.told())[-2]
    room.desk.box.server.faults.chooser = None
    room.desk.box.clock.advance(21)
    await room.say("/watch gold")
    assert "Editing @harbour" in (await room.told())[-1]
