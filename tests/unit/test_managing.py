"""/watches and the page of each watch, by buttons and by commands."""

import pytest

from handlers import replies, replies_watch
from tests.fakes import NOON, item, match
from tests.unit.test_handlers import ANN, BOB, Chat
from watchlists.hours import read_digest
from watchlists.model import Alert, Hit
from watchlists.query import parse


@pytest.fixture
def chat():
    return Chat()


def buttons(reply) -> dict[str, str]:
    return {label: data for row in reply.buttons for label, data in row}


def watch(chat: Chat, number: int = 1):
    return next(each for each in chat.store.watches.active(ANN) if each.number == number)


async def opened(chat: Chat, number: int, menu: str) -> dict[str, str]:
    """The buttons of a menu of a watch, reached as a person does."""
    page = await chat.press(buttons(await chat.say("/watches"))[str(number)])
    return buttons(await chat.press(buttons(page)[menu]))


async def test_a_digest_of_one_watch(chat):
    """`off` for alerts at once, `same` for what the chat has; each change can be undone."""
    await chat.say("/watch fire")
    await chat.say("/watch harbour")
    for text, kept in [("daily 9", "daily 09:00"), ("off", "off"), ("same", ""), ("hourly", "hourly")]:
        await chat.say(f"/digest 2 {text}")
        assert [watch.digest for watch in chat.store.watches.active(ANN)] == ["", kept]
    undo = buttons(await chat.say("/digest 2 off"))["Undo"]
    await chat.press(undo)
    assert chat.store.watches.active(ANN)[1].digest == "hourly"
    assert "no watch number 7" in (await chat.say("/digest 7 hourly")).text


@pytest.mark.parametrize("level", ["urgent", "silent"])
async def test_a_watch_is_marked_and_unmarked(chat, level):
    """By its number, and by the button."""
    await chat.say("/watch fire")
    undo = buttons(await chat.say(f"/{level} 1"))["Undo"]
    assert chat.store.watches.active(ANN)[0].level == level
    await chat.press(undo)
    assert chat.store.watches.active(ANN)[0].level == "normal"
    await chat.say(f"/{level} 1")
    await chat.say(f"/{level} 1 off")
    assert chat.store.watches.active(ANN)[0].level == "normal"
    assert "no watch number 9" in (await chat.say(f"/{level} 9")).text
    assert "is no number" in (await chat.say(f"/{level} fire")).text


@pytest.mark.parametrize(
    ("menu", "label", "command", "text"),
    [
        ("Strictness", "Strict", "strict", "strict: fire"),
        ("Strictness", "Loose", "loose", "loose: fire"),
        ("Strictness", "✓ Balanced", "balanced", "fire"),
        ("Sources", "3", "sources 3", "fire sources:3"),
        ("Sources", "✓ 1", "sources 1", "fire"),
    ],
)
async def test_what_the_query_says_is_set_by_button_and_by_command(chat, menu, label, command, text):
    """Both ways alike, with a way back, and its number stays."""
    await chat.say("/watch harbour")
    await chat.say("/watch fire")
    page = await chat.press((await opened(chat, 2, menu))[label])
    assert chat.watches() == ["harbour", text]
    assert f"2. <b>{text}</b>" in page.text
    if text != "fire":
        await chat.press(buttons(page)["Undo"])
        assert chat.watches() == ["harbour", "fire"]
    await chat.say(f"/settings 2 {command}")
    assert chat.watches() == ["harbour", text]


@pytest.mark.parametrize(
    ("label", "command", "level", "digest"),
    [
        ("Urgent", "urgent", "urgent", ""),
        ("Silent", "silent", "silent", ""),
        ("Hourly", "digest hourly", "normal", "hourly"),
        ("At once", "digest off", "normal", "off"),
    ],
)
async def test_delivery_is_set_by_button_and_by_command(chat, label, command, level, digest):
    """Both ways alike; undo brings back what was."""
    await chat.say("/watch fire")
    page = await chat.press((await opened(chat, 1, "Delivery"))[label])
    assert (watch(chat).level, watch(chat).digest) == (level, digest)
    await chat.press(buttons(page)["Undo"])
    assert (watch(chat).level, watch(chat).digest) == ("normal", "")
    await chat.say(f"/settings 1 {command}")
    assert (watch(chat).level, watch(chat).digest) == (level, digest)


async def test_one_watch_is_snoozed_and_woken(chat):
    """The others are not; the page says until when."""
    await chat.say("/watch fire")
    await chat.say("/watch harbour")
    page = await chat.press((await opened(chat, 2, "Snooze"))["7 days"])
    (snooze,) = chat.store.snoozes.active(ANN)
    assert (snooze.kind, snooze.what) == ("watch", "2")
    assert "Snoozed until 9 Mar 12:00" in page.text
    assert "2. harbour · snoozed" in (await chat.say("/watches")).text
    await chat.press(buttons(page)["Stop snoozing"])
    assert chat.store.snoozes.rows == {}
    await chat.say("/settings 2 snooze 3d")
    assert [each.what for each in chat.store.snoozes.active(ANN)] == ["2"]
    await chat.say("/settings 2 snooze off")
    assert chat.store.snoozes.rows == {}


async def test_new_words_are_asked_for_and_taken(chat):
    """The next message is the answer; the number stays, and one tap gives the old words back."""
    await chat.say("/watch fire")
    page = await chat.press(buttons(await chat.say("/watches"))["1"])
    asked = await chat.press(buttons(page)["New words"])
    assert "Send the new words for “<b>fire</b>”" in asked.text
    changed = await chat.say("harbour   fire")
    assert chat.watches() == ["harbour   fire"]
    await chat.press(buttons(changed)["Undo"])
    assert chat.watches() == ["fire"]
    await chat.say("/settings 1 words big  fire")
    assert chat.watches() == ["big  fire"]


async def test_an_answer_that_cannot_be_read_may_be_given_again(chat):
    """The mistake is said, nothing changes, and the next message is the answer."""
    await chat.say("/watch fire")
    await chat.press("watch_reword:1")
    assert "bracket" in (await chat.say("fire (alarm | drill")).text
    assert chat.watches() == ["fire"]
    await chat.say("fire alarm")
    assert chat.watches() == ["fire alarm"]


async def test_a_question_waits_for_the_very_next_message_only(chat):
    """After another command, text is free text again."""
    await chat.say("/watch fire")
    await chat.press("watch_reword:1")
    await chat.say("/watches")
    await chat.say("harbour")
    assert chat.watches() == ["fire"]


async def test_the_first_watch_can_be_made_without_a_command(chat):
    """From /start by a button, then in plain words."""
    start = await chat.say("/start")
    await chat.press(buttons(start)["Watch something"])
    assert "Watching" in (await chat.say("Mar-a-Lago meeting")).text
    await chat.say("/watch")
    await chat.say("Donbas withdrawal")
    assert chat.watches() == ["Mar-a-Lago meeting", "Donbas withdrawal"]
    assert "join that alert" in (await chat.press(buttons(start)["See an example"])).text
    assert (await chat.press(buttons(start)["Follow a list"])).edits is None


async def test_a_watch_is_deleted_and_comes_back(chat):
    """With one tap."""
    await chat.say("/watch fire")
    page = await chat.press(buttons(await chat.say("/watches"))["1"])
    gone = await chat.press(buttons(page)["Delete"])
    assert chat.watches() == []
    await chat.press(buttons(gone)["Undo"])
    assert chat.watches() == ["fire"]
    assert "No longer" in (await chat.say("/settings 1 delete")).text


async def test_a_long_list_has_pages(chat):
    """Each watch is on one of them, with its number on a button."""
    for number in range(20):
        await chat.say(f"/watch fire {number}")
    reply, seen = await chat.say("/watches"), []
    assert "(1/3)" in reply.text
    while True:
        seen += [label for label in buttons(reply) if label.isdecimal()]
        if "›" not in buttons(reply):
            break
        reply = await chat.press(buttons(reply)["›"])
    assert seen == [str(number) for number in range(1, 21)]
    assert "(2/3)" in (await chat.press(buttons(reply)["‹"])).text
    assert "(3/3)" in (await chat.press("watches:99")).text


async def test_the_list_says_how_often_each_watch_has_hit(chat):
    """Alerts of the last week."""
    await chat.say("/watch fire")
    await chat.say("/watch harbour")
    chat.store.alerts.rows[9] = Alert(ANN, 3, item("Fire"), (Hit(watch(chat), match()),), NOON)
    assert "1. fire · 1 alert this week\n2. harbour\n" in (await chat.say("/watches")).text
    assert "1 alert in the last 7 days" in (await chat.say("/settings 1")).text


async def test_bad_settings_of_a_watch_are_sentences(chat):
    """And change nothing."""
    await chat.say("/watch fire")
    for text, said in [
        ("1 purple", "“purple” is nothing that a watch has"),
        ("1 sources", "is nothing that a watch has"),
        ("1 sources 99", "20"),
        ("1 snooze soon", "30m"),
        ("1 words", "is nothing"),
        ("7", "no watch number 7"),
        ("7 strict", "no watch number 7"),
    ]:
        assert said in (await chat.say(f"/settings {text}")).text, text
    assert chat.watches() == ["fire"]
    assert chat.store.snoozes.rows == {}


async def test_nobody_changes_the_watch_of_another(chat):
    """Whatever data a client sends."""
    await chat.say("/watch fire")
    names = ("watch_page:1", "watch_menu:1:0", "watch_set:1:0:2", "watch_reword:1", "watch_delete:1", "watch_undo:1")
    for data in (*names, "watch_set:1:9:0", "watch_set:1:0:99", "watch_set::", "watch_menu:1:9", "watch_menu:x:1"):
        reply = await chat.press(data, chat_id=BOB if data in names else ANN)
        assert "too old" in reply.notice, data
    assert chat.watches() == ["fire"]


def test_the_rows_that_buttons_point_into_are_read_as_they_stand():
    """Each preset is what the command would take."""
    assert [str(read_digest(text) or "off") if text else "" for text in replies_watch.DIGESTS] == [
        *replies_watch.DIGESTS
    ]
    assert all(parse(f"fire sources:{number}").sources == number for number in replies_watch.SOURCES)


async def test_the_examples_of_help_can_be_tapped(chat):
    """Each is a query that can be read, and shows what it would have told."""
    shown = buttons(await chat.say("/help watch"))
    assert shown.pop("All commands") == "help:all"
    assert len(shown) == len(replies.EXAMPLES)
    for example, data in shown.items():
        assert parse(example)
        reply = await chat.press(data)
        assert reply.text.startswith("Preview of")
        assert "Watch it" in buttons(reply)
    assert "too old" in (await chat.press("try:99")).notice
    assert chat.watches() == []
