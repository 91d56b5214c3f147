"""Commands and buttons, from the text to the reply, on a store in memory."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import handlers
from handlers import replies, replies_delivery, rights
from tests.fakes import NOON, item, match
from tests.talk import ANN, BOB, Chat
from watchlists.model import Alert, Hit
from watchlists.service import MAX_WATCHES

# Buttons that concern nothing but the chat in which they are pressed.
PUBLIC = {"settings", "quiet_set", "digest_set", "zone_set", "snooze_for", "language", "broadcasts", "broadcasts_off"}
ANY_DATA = {
    "forget_do",
    "recent",
    "forget_not",
    "learn_not",
    "try",
    "watches",
    "lists",
    "ask_watch",
    "see_example",
    "help",
}  # what stands behind these is a page, or nothing
EDITORS = {name for name, rule in rights.BUTTONS.items() if rule is rights.EDIT}  # see test_edited_lists.py
FEEDS = {name for name in handlers.BUTTONS if "feed" in name}  # their own tests: test_feed_handlers.py

ADMINS = {name for name, rule in rights.BUTTONS.items() if rule is rights.ADMIN}  # theirs: test_admin_handlers.py


@pytest.fixture
def chat():
    return Chat()


@pytest.mark.parametrize("command", handlers.COMMANDS, ids=lambda command: command.name)
async def test_every_command_answers_without_arguments(chat, command):
    """Once, and with something to read, in any case and with the bot's name behind it."""
    for text in (f"/{command.name}", f"/{command.name.upper()}", f"/{command.name}@wirewatch_sandbox_bot"):
        assert (await chat.say(text)).text
    assert len(command.name) <= 32
    assert len(command.help) <= 256


async def test_start_and_help_say_what_to_do(chat):
    """The first screen has an example; help has every command."""
    assert (await chat.say("/start")).text == replies.START
    assert (await chat.say("/start some-deep-link")).text == replies.START
    text = (await chat.say("/help all")).text
    assert all(
        (f"/{command.name} " in text) != (rights.COMMANDS[command.name] in (rights.ADMIN, rights.EDIT))
        for command in handlers.COMMANDS
    )
    chat.is_admin = True
    text = (await chat.press("help:all")).text
    assert all(f"/{command.name} " in text for command in handlers.COMMANDS)
    own, editing, running = re.split("<b>For .*</b>", text)
    assert ("/listadd " in editing, "/status " in running, "/list" in own.replace("/lists", "")) == (True, True, False)


async def test_help_fits_on_the_screen_of_a_phone(chat):
    """What most people need, and the way to the rest by button and by command."""
    first = await chat.say("/help")
    assert first.text.count("\n") < 20
    assert all(f"/{name} – " in first.text for name in replies.EVERYDAY)
    assert await chat.say("/help me") == first
    chat.is_admin = True
    more = (await chat.say("/help")).text.removeprefix(first.text)
    assert more == "\nWhat you can do as an editor or an admin stands at the end of <code>/help all</code>."
    chat.is_admin = False
    for label, data in [button for row in first.buttons for button in row]:
        assert data.replace("help:", "/help ") in first.text, label
        assert (await chat.press(data)).text == (await chat.say(data.replace("help:", "/help "))).text
        assert (await chat.press(data)).edits == 55


async def test_commands_of_admins_do_not_exist_for_others(chat):
    """Neither called nor suggested; to an admin they answer."""
    assert (await chat.say("/feedhealth")).text == "I do not know /feedhealth. /help shows the commands."
    assert (await chat.say("/feedhealt")).text == "I do not know /feedhealt. /help shows the commands."
    chat.is_admin = True
    assert "<b>0 feeds</b>" in (await chat.say("/feedhealth")).text


async def test_watch_watches_and_unwatch_work_together(chat):
    """Watch two, list them, stop the first: the second keeps its number."""
    await chat.say("/watch Mar-a-Lago meeting")
    await chat.say("/watch Donbas withdrawal")
    assert "1. Mar-a-Lago meeting\n2. Donbas withdrawal" in (await chat.say("/watches")).text
    assert "No longer watching" in (await chat.say("/unwatch 1")).text
    assert "2. Donbas withdrawal" in (await chat.say("/watches")).text


async def test_a_second_identical_watch_says_so(chat):
    """And stores nothing."""
    await chat.say("/watch peace plan")
    assert "already watch" in (await chat.say("/watch PEACE  plan")).text
    assert chat.watches() == ["peace plan"]


async def test_a_watch_is_one_line(chat):
    """Line breaks and tabs of a paste are spaces; a mistake behind one is shown at its place."""
    await chat.say("/watch Donbas\n\twithdrawal")
    assert chat.watches() == ["Donbas  withdrawal"]
    assert "<pre>gold\tx) y\n      ▲</pre>".replace("\t", " ") in (await chat.say("/watch gold\nx) y")).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/watch Putin NOT golf", "write a minus: -golf"),
        ("/watch Gaza OR Lebanon", "(Gaza | Lebanon)"),
        ("/watch Putin - golf", "there: -golf"),
        ("/watch Putin lang:xx", "“xx” is no code"),
    ],
)
async def test_what_means_something_else_than_it_seems_gets_a_hint(chat, text, said):
    """It is legal, so it is watched, and can be undone; the hint says how to write what was meant."""
    reply = await chat.say(text)
    assert reply.text.startswith("Watching")
    assert said in reply.text
    assert reply.buttons


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/watch", "What should I watch?"),
        ("/watch   ", "What should I watch?"),
        ("/watch " + "x" * 300, "300 characters long and a watch may have 256"),
        ("/watch " + "x" * 600, "600 characters; I read at most 512"),
        ('/watch "peace plan', "is never closed"),
        ("/watch -golf", "only says what must not be there"),
        ("/watch ?!", "no word"),
    ],
    ids=["empty", "spaces", "300", "600", "quote", "exclusion", "signs"],
)
async def test_a_bad_watch_is_a_sentence_and_nothing_is_stored(chat, text, said):
    """What is wrong, and how to mend it."""
    assert said in (await chat.say(text)).text
    assert chat.watches() == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/unwatch", "Which watch should I stop?"),
        ("/unwatch two", "is no number"),
        ("/unwatch 7", "no watch number 7"),
        ("/unwatch -1", "is no number"),
    ],
)
async def test_a_bad_number_is_a_sentence_and_nothing_is_stopped(chat, text, said):
    """None, a word, one that is not there."""
    await chat.say("/watch fire")
    assert said in (await chat.say(text)).text
    assert chat.watches() == ["fire"]


async def test_every_undo_can_be_pressed_twice(chat):
    """The second press finds the work done and says the same."""
    undo = (await chat.say("/watch fire")).buttons[0][0][1]
    first = await chat.press(undo)
    assert await chat.press(undo) == first
    (((_, redo),),) = first.buttons
    assert await chat.press(redo) == await chat.press(redo)
    assert chat.watches() == ["fire"]


@pytest.mark.parametrize("button", sorted({*handlers.BUTTONS} - PUBLIC - ANY_DATA - FEEDS - EDITORS - ADMINS))
async def test_a_button_of_another_chats_watch_or_alert_is_refused(chat, button):
    """Data are authorised on every press: the same words as for what never was, and nothing changes."""
    await chat.say("/watch fire", BOB)
    watch = chat.store.watches.active(BOB)[0]
    chat.store.alerts.rows[1] = Alert(BOB, 1, item("Fire"), (Hit(watch, match()),), NOON)
    for argument in (str(watch.id), "0", "999", "-1", "x", "", "9" * 40, "1:2", "1:0", "1:99", "1:2:3"):
        reply = await chat.press(f"{button}:{argument}", ANN)
        assert reply.notice in (replies.GONE, replies_delivery.TOO_OLD, "Not possible")
        assert reply.buttons == ()
    assert chat.store.watches.active(BOB) == [watch]
    assert chat.store.snoozes.rows == {}


@pytest.mark.parametrize("button", sorted(PUBLIC))
async def test_a_button_of_the_settings_takes_only_its_own_data(chat, button):
    """Whatever a client makes of them: an old button says so."""
    for argument in ("999", "-1", "x", "", "9" * 40, "1:2", "²", "٣"):
        assert (await chat.press(f"{button}:{argument}")).notice == replies_delivery.TOO_OLD
    assert chat.store.chats.rows == {}
    assert chat.store.snoozes.rows == {}


@pytest.mark.parametrize("data", ["", "unknown:1", ":", "undo", "__class__:1"])
async def test_a_button_that_is_no_longer_known_says_so(chat, data):
    """Messages outlive versions of the program."""
    assert "too old" in (await chat.press(data)).notice


async def test_the_quota_is_told(chat):
    """In words, with the way out."""
    for number in range(MAX_WATCHES):
        await chat.say(f"/watch thing{number}")
    assert f"You have {MAX_WATCHES} watches" in (await chat.say("/watch one more")).text
    stopped = await chat.say("/unwatch 3")
    await chat.say("/watch one more")
    assert f"You have {MAX_WATCHES} watches" in (await chat.press(stopped.buttons[0][0][1])).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/wach", "Did you mean /watch?"),
        ("/wach fire &amp", "Did you mean <code>/watch fire &amp;amp</code>?"),
        ("/mute 2h", "Did you mean <code>/snooze 2h</code>?"),
        ("/stop", "Did you mean /unwatch?"),
        ("/unknowable", "I do not know /unknowable."),
        ("/listadd disasters flood", "I do not know /listadd. /help"),
        ("/", "/help"),
        ("Donbas withdrawal", "Shall I watch “<b>Donbas withdrawal</b>”?"),
        ("https://paper.example/news", "/addfeed https://paper.example/news"),
        ("@ann@social.example", "/addfeed @ann@social.example"),
        ("<b>hello", "Shall I watch “<b>&lt;b&gt;hello</b>”?"),
        ('"hello', "I understand commands"),
        ("-golf", "I understand commands"),
        ("…", "I understand commands"),
    ],
)
async def test_what_is_no_command_gets_a_helpful_answer(chat, text, said):
    """The nearest command, or the offer to watch what was written, or to read it where it is an address."""
    assert said in (await chat.say(text)).text
    assert chat.watches() == []


def _said(prefix: str) -> Callable[[str], str]:
    return lambda text: prefix + text


@given(st.sampled_from(["", "/", "/watch ", "/unwatch ", "/feeds "]).flatmap(lambda p: st.text().map(_said(p))))
async def test_any_message_gets_one_answer_that_telegram_accepts(text):
    """Whatever is typed: no exception, one reply, valid HTML."""
    assert (await Chat().say(text)).text


@given(st.text() | st.sampled_from(sorted(handlers.BUTTONS)).flatmap(lambda b: st.text().map(_said(f"{b}:"))))
async def test_any_press_gets_one_answer_that_telegram_accepts(data):
    """Button data are a client's words."""
    assert (await Chat().press(data)).notice
