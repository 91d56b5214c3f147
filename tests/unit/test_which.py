"""Commands without the number that they need, numbers without a command, and commands without a slash."""

import pytest

from handlers.replies_watch import A_PAGE
from tests.talk import ANN, Chat


@pytest.fixture
def chat():
    return Chat()


def buttons(reply) -> dict[str, str]:
    return {label: data for row in reply.buttons for label, data in row}


def level(chat: Chat, number: int) -> str:
    return next(watch.level for watch in chat.store.watches.active(ANN) if watch.number == number)


async def test_unwatch_alone_asks_which(chat):
    """A tap stops it, and so does the number as the next message; only that one."""
    assert "You watch nothing yet" in (await chat.say("/unwatch")).text
    for text in ("/watch fire", "/watch flood", "/watch frost"):
        await chat.say(text)
    asked = await chat.say("/unwatch")
    assert asked.text == "Which watch should I stop? Tap it, or send its number."
    assert list(buttons(asked)) == ["1. fire", "2. flood", "3. frost"]
    stopped = await chat.press(buttons(asked)["2. flood"])
    assert "No longer watching" in stopped.text
    assert "Undo" in buttons(stopped)
    assert chat.watches() == ["fire", "frost"]
    await chat.say("/unwatch")
    assert "No longer watching “<b>frost</b>”" in (await chat.say("3")).text
    assert (await chat.say("1")).text.startswith("1. <b>fire</b>")
    assert chat.watches() == ["fire"]


@pytest.mark.parametrize("command", ["urgent", "silent"])
async def test_a_mark_without_a_number_asks_which(chat, command):
    """By a tap and by a number, as for /unwatch."""
    assert "You watch nothing yet" in (await chat.say(f"/{command}")).text
    for text in ("/watch fire", "/watch flood"):
        await chat.say(text)
    await chat.press(buttons(await chat.say(f"/{command}"))["2. flood"])
    assert (level(chat, 1), level(chat, 2)) == ("normal", command)
    await chat.say(f"/{command}")
    await chat.say(" #1 ")
    assert level(chat, 1) == command


async def test_what_is_no_number_is_no_answer_to_which(chat):
    """Somebody who changes their mind is not held up; a wrong number is asked for again."""
    for number in range(A_PAGE + 1):
        await chat.say(f"/watch fire{number}")
    asked = await chat.say("/unwatch")
    assert asked.text == "Which watch should I stop? Send its number; /watches shows them."
    assert asked.buttons == ()
    assert "You have no watch number 99" in (await chat.say("99")).text
    assert "No longer watching" in (await chat.say("2")).text
    await chat.say("/unwatch")
    assert "Shall I watch" in (await chat.say("a new flood")).text
    assert (await chat.say("3")).text.startswith("3. <b>fire2</b>")
    assert len(chat.watches()) == A_PAGE


async def test_delfeed_alone_asks_which(chat):
    """The next number drops that feed, and no watch."""
    chat.store.chat_feeds.add(ANN, "https://alpha.example/rss", "Alpha")
    await chat.say("/watch fire")
    assert "Send its number from /feeds" in (await chat.say("/delfeed")).text
    assert "Dropped <b>Alpha</b>." in (await chat.say("1")).text
    assert chat.watches() == ["fire"]


async def test_delfeed_without_feeds_asks_nothing(chat):
    """The next number is one of /watches; an admin is asked, who may drop a feed of all chats."""
    await chat.say("/watch fire")
    assert "Add one with /addfeed" in (await chat.say("/delfeed")).text
    assert (await chat.say("1")).text.startswith("1. <b>fire</b>")
    chat.is_admin = True
    assert "Send its number from /feeds" in (await chat.say("/delfeed")).text


async def test_a_number_alone_opens_the_watch(chat):
    """As a tap on it below /watches does; other numbers are words like any."""
    await chat.say("/watch fire")
    assert (await chat.say("1")).text == (await chat.say("/settings 1")).text == (await chat.say("/watches 1")).text
    assert "Shall I watch “<b>2024</b>”?" in (await chat.say("2024")).text
    assert "You have no watch number 2" in (await chat.say("/watches 2")).text


async def test_watches_can_be_looked_for(chat):
    """By words in them, however they are written; no more than a page."""
    for text in ("/watch Énergie prix", "/watch flood", *(f"/watch energie{n}" for n in range(A_PAGE))):
        await chat.say(text)
    found = await chat.say("/watches ENERGIE")
    assert "1. Énergie prix" in found.text
    assert "flood" not in found.text
    assert "… and 1 more" in found.text
    assert len(buttons(found)) == A_PAGE
    assert (await chat.press(buttons(found)["1"])).text.startswith("1. <b>Énergie prix</b>")
    assert "None of your watches has “&lt;b&gt;”." in (await chat.say("/watches <b>")).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("help", "Commands begin with a slash: /help"),
        ("Watches", "Commands begin with a slash: /watches"),
        ("unwatch 2", "Commands begin with a slash: <code>/unwatch 2</code>"),
        ("snooze 2h", "Commands begin with a slash: <code>/snooze 2h</code>"),
        ("digest off", "Commands begin with a slash: <code>/digest off</code>"),
        ("watch Gaza truce", "Shall I watch “<b>Gaza truce</b>”?"),
        ("import tariffs", "Shall I watch “<b>import tariffs</b>”?"),
        ("cafe", "Shall I watch “<b>cafe</b>”?"),
    ],
)
async def test_a_forgotten_slash_is_noticed(chat, text, said):
    """Where it cannot be meant as words to watch."""
    assert said in (await chat.say(text)).text
    await chat.say("/watch")
    assert "Watching" in (await chat.say(text)).text


async def test_one_watch_is_snoozed_by_its_number(chat):
    """Until then only a button or /settings did it; a length of time in two words stays one."""
    await chat.say("/watch fire")
    for text in ("/snooze 1 2h", "/snooze 1 until tomorrow"):
        assert "Snoozed until" in (await chat.say(text)).text
        assert [row.kind for row in chat.store.snoozes.active(ANN)] == ["watch"]
    await chat.say("/snooze 1 off")
    assert list(chat.store.snoozes.active(ANN)) == []
    await chat.say("/snooze 2 hours")
    assert [row.kind for row in chat.store.snoozes.active(ANN)] == ["chat"]


async def test_settings_take_the_time_zone_alone(chat):
    """A city behind /settings means that; anything else is told, not ignored."""
    assert "Europe/Berlin" in (await chat.say("/settings Berlin")).text
    assert "“colour” is no setting" in (await chat.say("/settings colour")).text
    assert "Europe/Berlin" in (await chat.say("/settings")).text
