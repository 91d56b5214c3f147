"""Every cell of the table of rights is tried: command or button × who × where, from the update to the handler."""

import itertools
from collections.abc import Iterator

import pytest
from telegram import ChatMemberAdministrator, ChatMemberOwner, User
from telegram.error import TimedOut

import handlers
from bot import build_rights, gate
from bot.config import Settings
from bot.db import Database
from bot.respond import Responder
from bot.store import Storage
from bot.store.inbox import Received
from bot.store.outbox import Outgoing
from handlers import rights
from handlers.context import Context, Reply
from handlers.rights import Place, Rule
from tests.fakes import FakeClock
from watchlists.channels import Channel
from watchlists.roles import ANONYMOUS_ADMIN, FORWARDER

ANN, BOSS, OWNER, CHIEF, OTHER_CHANNEL, GROUP, CHANNEL = 7, 8, 9, 10, -1001, -1005, -1006
GROUP_CHAT = {"id": GROUP, "type": "supergroup", "title": "Desk"}
AS_GROUP, AS_CHANNEL = {"sender_chat": GROUP_CHAT}, {"sender_chat": {"id": OTHER_CHANNEL, "type": "channel"}}
# Who writes or presses, by place: the id that Telegram names, and what else the message says.
PEOPLE = {
    Place.PRIVATE: {"somebody": (ANN, {}), "admin": (OWNER, {})},
    Place.GROUP: {
        "member": (ANN, {}),
        "administrator": (BOSS, {}),
        "creator": (CHIEF, {}),
        "anonymous administrator": (ANONYMOUS_ADMIN, AS_GROUP),
        "admin who is a member": (OWNER, {}),
        "another channel": (136817688, AS_CHANNEL),
        "another channel as if anonymous": (ANONYMOUS_ADMIN, AS_CHANNEL),
        "a post of the linked channel": (FORWARDER, AS_CHANNEL | {"is_automatic_forward": True}),
        "another bot": (4_242, {"from": {"id": 4_242, "is_bot": True, "first_name": "Bot"}}),
    },
    Place.CHANNEL: {
        "administrator": (BOSS, {}),
        "creator": (CHIEF, {}),
        "former administrator": (ANN, {}),
        "admin who is none there": (OWNER, {}),
    },
}
# Who of them may, by what the table says.
MAY = {
    (Place.PRIVATE, "everyone"): {"somebody", "admin"},
    (Place.PRIVATE, "admins"): {"admin"},
    (Place.PRIVATE, "editors, admins"): {"admin"},
    (Place.GROUP, "everyone"): set(PEOPLE[Place.GROUP]) - {"a post of the linked channel", "another bot"},
    (Place.GROUP, "administrators"): {"administrator", "creator", "anonymous administrator"},
    (Place.CHANNEL, "administrators"): {"administrator", "creator"},
}
IN_PRIVATE = {
    "everyone": set(PEOPLE[Place.CHANNEL]),
    "admins": {"admin who is none there"},
    "editors, admins": {"admin who is none there"},
}
SPEAK_FOR_OTHERS = {"anonymous administrator", "another channel", "another channel as if anonymous"}
NEVER_PRESS = {*SPEAK_FOR_OTHERS, "a post of the linked channel", "another bot"}


def may(rule: Rule, place: Place, who: str) -> bool:
    """What the table says."""
    cell = build_rights.who(rule, place)
    if cell == build_rights.AS_IN_PRIVATE:
        return who in IN_PRIVATE.get(build_rights.who(rule, Place.PRIVATE), ())
    return who in MAY.get((place, cell), ())


class FakeBot:
    """Telegram, as far as it knows who administrates the group."""

    username = "wire_bot"

    def __init__(self) -> None:
        self.asked = 0
        self.fails = False
        self.bosses = {BOSS}
        self.notices: list[str | None] = []

    async def get_chat_administrators(self, chat_id: int) -> list[object]:
        self.asked += 1
        if self.fails:
            raise TimedOut
        rights = dict.fromkeys(ChatMemberAdministrator.__init__.__annotations__, False)
        for other in ("user", "custom_title", "api_kwargs", "return"):
            rights.pop(other, None)
        found = [ChatMemberAdministrator(User(boss, "Boss", is_bot=False), **rights) for boss in sorted(self.bosses)]
        return [ChatMemberOwner(User(CHIEF, "Chief", is_bot=False), is_anonymous=True), *found]

    async def answer_callback_query(self, press_id: str, text: str | None = None, show_alert: bool = False) -> bool:
        self.notices.append(text)
        return True


class Door:
    """Brings updates to the responder and records which handlers they reach."""

    def __init__(self, storage: Storage, clock: FakeClock) -> None:
        self.bot = FakeBot()
        self.reached: list[str] = []
        self.contexts: list[Context] = []
        self.storage = storage
        settings = Settings.model_construct(access="open", admins=frozenset({OWNER}))
        self.responder = Responder(storage, self.bot, settings, None, lambda: None, clock)
        self._ids = itertools.count(1)

    def recorder(self, name: str):
        async def record(context: Context) -> None:
            self.reached.append(name)
            self.contexts.append(context)
            await context.answer(lambda _service: Reply("done"))

        return record

    async def bring(self, body: dict[str, object]) -> list[str]:
        update_id = next(self._ids)
        body = {"update_id": update_id, **body}
        await self.storage.run(lambda store: store.inbox.add(update_id, body))
        self.reached.clear()
        self.contexts.clear()
        await self.responder.handle(Received(update_id, body, 0))
        await self.responder.finish()
        assert await self.storage.run(lambda store: store.inbox.waiting()) == []
        return list(self.reached)

    async def say(self, place: Place, who: str, text: str) -> list[str]:
        user, more = PEOPLE[place][who]
        channel = CHANNEL if place is Place.CHANNEL else None
        await self.link(user, channel)
        return await self.bring({"message": message(place, user) | more | {"text": text}})

    async def press(self, place: Place, who: str, data: str) -> list[str]:
        user, _more = PEOPLE[place][who]
        await self.link(user, None)
        press = {"id": "1", "from": person(user), "chat_instance": "1", "data": data}
        shown = message(place, user) | {"from": person(1)}
        return await self.bring({"callback_query": press | {"message": shown}})

    async def link(self, user: int, channel: int | None) -> None:
        """As if they had been one of the channel's administrators until now: a refusal ends it."""

        def work(store) -> None:
            if user in {each for each, _more in PEOPLE[Place.CHANNEL].values()}:
                store.links.link(user, CHANNEL)
            store.links.edit(user, channel)

        await self.storage.run(work)

    async def texts(self) -> list[str]:
        sql = "SELECT text FROM outbox WHERE text != '' ORDER BY id"
        rows = await self.storage.run(lambda store: store.outbox._rows(sql))
        return [row["text"] for row in rows]


def person(user: int) -> dict[str, object]:
    return {"id": user, "is_bot": False, "first_name": "A"}


def message(place: Place, user: int) -> dict[str, object]:
    chat = GROUP_CHAT if place is Place.GROUP else {"id": user, "type": "private"}
    return {"message_id": 5 if place is Place.CHANNEL else 6, "date": 1, "chat": chat, "from": person(user)}


def edited(store) -> None:
    """Those who may edit the channel, or might, have linked it; their message 5 is about it, and 6 is about them."""
    for user, _more in PEOPLE[Place.CHANNEL].values():
        store.chats.ensure(user, "private")
        store.links.adopt(user, Channel(CHANNEL, "Harbour"), "")
        store.outbox.add(Outgoing(f"channel {user}", user, "reply", "", about=CHANNEL))
        store.outbox.add(Outgoing(f"own {user}", user, "reply", ""))
    store.outbox._write("UPDATE outbox SET state = 'sent', message_id = iif(about, 5, 6), finished = 1")


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def door(tmp_path, monkeypatch, clock) -> Iterator[Door]:
    database = Database.open(tmp_path / "wirewatch.db")
    made = Door(Storage(database, clock), clock)
    made.storage.run_blocking(edited)
    monkeypatch.setattr(gate, "PER_PERSON", 1_000_000)
    monkeypatch.setattr(gate, "PER_CHAT", 1_000_000)
    for table in (handlers._BY_NAME, handlers.BUTTONS):
        for name in table:
            monkeypatch.setitem(table, name, made.recorder(name))
    yield made
    database.close()


@pytest.mark.parametrize("place", PEOPLE)
async def test_every_command_reaches_its_handler_from_those_who_may(door, place, measured):
    """As the table says, cell by cell."""
    wrong = []
    for (name, rule), who in itertools.product(rights.COMMANDS.items(), PEOPLE[place]):
        if await door.say(place, who, f"/{name} x") != [name] * may(rule, place, who):
            wrong.append((name, who))
    assert not wrong
    measured("P15", f"{place.name.lower()}: {len(rights.COMMANDS)} commands × {len(PEOPLE[place])} kinds of people")


@pytest.mark.parametrize("place", PEOPLE)
async def test_every_button_reaches_its_handler_from_those_who_may(door, place, measured):
    """Whoever presses is named by Telegram, an anonymous administrator too."""
    wrong = []
    people = [who for who in PEOPLE[place] if who not in NEVER_PRESS]
    for (name, rule), who in itertools.product(rights.BUTTONS.items(), people):
        if await door.press(place, who, f"{name}:1") != [name] * may(rule, place, who):
            wrong.append((name, who))
    assert not wrong
    measured("P15", f"{place.name.lower()}: {len(rights.BUTTONS)} buttons × {len(people)} kinds of people")


async def test_what_is_about_a_channel_and_what_is_about_the_person(door):
    """A handler is given the destination that it may change, and no other."""
    about = {}
    for name in rights.COMMANDS:
        for user, who in ((BOSS, "administrator"), (OWNER, "admin who is none there")):
            if await door.say(Place.CHANNEL, who, f"/{name} x"):
                (context,) = door.contexts
                about[name] = "channel" if context.chat_id == CHANNEL else "person" if context.chat_id == user else ""
    personal = {name for name, rule in rights.COMMANDS.items() if Place.CHANNEL not in rule.places}
    assert {name for name, whose in about.items() if whose == "person"} == personal
    assert set(about.values()) == {"channel", "person"}


async def test_who_administrates_is_asked_once_in_five_minutes(door, clock):
    """Whoever is found counts for so long; whoever is not may have become one, and is looked for anew."""
    for _ in range(3):
        assert await door.say(Place.GROUP, "administrator", "/watch x")
    assert door.bot.asked == 1
    door.bot.bosses.clear()
    clock.advance(299)
    assert await door.say(Place.GROUP, "administrator", "/watch x")
    clock.advance(2)
    assert not await door.say(Place.GROUP, "administrator", "/watch x")
    assert door.bot.asked == 2
    door.bot.bosses.add(BOSS)
    clock.advance(19)
    assert not await door.say(Place.GROUP, "administrator", "/watch x")
    clock.advance(2)
    assert await door.say(Place.GROUP, "administrator", "/watch x")
    assert await door.say(Place.GROUP, "member", "/watches")
    assert door.bot.asked == 3


async def test_where_telegram_does_not_tell_nobody_is_an_administrator(door):
    """It fails closed, for commands and for buttons; who speaks as the group needs no asking."""
    door.bot.fails = True
    assert not await door.say(Place.GROUP, "administrator", "/watch x")
    assert not await door.press(Place.GROUP, "creator", "undo_watch:1")
    assert await door.say(Place.GROUP, "anonymous administrator", "/watch x")


async def test_a_clock_that_is_set_back_remembers_nobody(door, clock):
    """Or a day back were a day of rights."""
    assert await door.say(Place.GROUP, "administrator", "/watch x")
    door.bot.bosses.clear()
    clock.advance(-86_400)
    assert not await door.say(Place.GROUP, "administrator", "/watch x")


async def test_a_group_reads_a_refusal_once_a_minute(door, clock):
    """Whoever presses a button reads it alone, each time."""
    for _ in range(3):
        await door.say(Place.GROUP, "member", "/watch x")
        await door.press(Place.GROUP, "member", "undo_watch:1")
    (refusal,) = await door.texts()
    assert refusal.startswith("Only administrators")
    assert door.bot.notices == [refusal] * 3
    clock.advance(60)
    await door.say(Place.GROUP, "member", "/watch x")
    assert await door.texts() == [refusal] * 2


@pytest.mark.parametrize(
    "text", ["/watches@other_bot", "/no_such_thing", "good morning", "hey @wire_bot", "/watch@other_bot x", "/"]
)
async def test_what_is_not_for_the_bot_it_does_not_hear(door, text):
    """No handler, no word, no question about who administrates."""
    assert not await door.say(Place.GROUP, "administrator", text)
    assert await door.texts() == []
    assert door.bot.asked == 0
    said = await door.storage.run(lambda store: store.inbox._rows("SELECT body FROM inbox ORDER BY update_id DESC"))
    assert said[0]["body"] == "{}" or text.startswith("/")


async def test_a_command_with_the_bots_name_is_its_own(door):
    """Also one that it does not have: then it says so."""
    assert await door.say(Place.GROUP, "administrator", "/watches@Wire_Bot") == ["watches"]
    assert not await door.say(Place.GROUP, "administrator", "/watchs@wire_bot")
    assert (await door.texts())[-1].startswith("I do not know /watchs.")
