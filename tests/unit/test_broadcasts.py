"""/broadcast: shown first, confirmed by a number, stopped by a button; chats turn such messages off."""

import pytest

from tests.talk import ANN, BOB, Chat
from watchlists.broadcasting import MAX_TEXT, Broadcasting, progress
from watchlists.errors import Refused
from watchlists.ports_broadcasts import Broadcast


@pytest.fixture
def chat() -> Chat:
    return Chat(is_admin=True)


async def test_it_is_shown_as_it_will_look_and_nothing_is_sent(chat):
    """With whose it is, as text and no markup; then what to type."""
    reply = await chat.say("/broadcast Down <b>tonight</b>\nfor an hour")
    assert reply.text.endswith("From the operator of this bot</b>\n\nDown &lt;b&gt;tonight&lt;/b&gt;\nfor an hour")
    (question,) = reply.more
    assert "to 3 chats" in question.text
    assert chat.store.broadcasts.rows[1].state == "draft"
    assert chat.store.audit.rows == []


async def test_the_right_number_sends_it(chat):
    """And leaves a line in the record."""
    await chat.say("/broadcast Hello")
    assert "goes out now, to 3 chats" in (await chat.say(" 3 ")).text
    assert chat.store.broadcasts.rows[1].state == "running"
    assert chat.store.audit.rows == [(ANN, "broadcast", "1", {"chats": 3, "text": "Hello"}, "")]


@pytest.mark.parametrize("typed", ["4", "yes", "3 chats", "３", "-3", "33"])
async def test_anything_else_sends_nothing(chat, typed):
    """Nor does the number afterwards: it has to be begun anew."""
    await chat.say("/broadcast Hello")
    assert "Nothing is sent" in (await chat.say(typed)).text
    await chat.say("3")
    assert chat.store.broadcasts.rows[1].state == "draft"


async def test_a_number_without_a_question_sends_nothing(chat):
    """A command in between ends the question."""
    await chat.say("/broadcast Hello")
    await chat.say("/watches")
    await chat.say("3")
    assert chat.store.broadcasts.rows[1].state == "draft"


async def test_the_text_may_be_sent_after_the_command(chat):
    """With its lines as they are."""
    assert "Send the text now" in (await chat.say("/broadcast")).text
    assert "one\ntwo" in (await chat.say("one\ntwo")).text
    await chat.say("3")
    assert chat.store.broadcasts.rows[1].text == "one\ntwo"


async def test_a_text_that_is_too_long_is_refused(chat):
    """Together with what is put around it, it has to fit into one message."""
    assert "at most 3000" in (await chat.say("/broadcast " + "x" * (MAX_TEXT + 1))).text
    assert chat.store.broadcasts.rows == {}


async def test_without_chats_there_is_nothing_to_send(chat):
    """And no number to type."""
    chat.store.broadcasts.chats = 0
    assert "no chat" in (await chat.say("/broadcast Hello")).text


async def test_a_broadcast_is_stopped_by_its_button(chat):
    """A second press shows the same; one that never was is told so."""
    await chat.say("/broadcast Hello")
    await chat.say("3")
    chat.store.broadcasts.states = {"sent": 1, "failed": 1}
    for _ in range(2):
        reply = await chat.press("broadcast_stop:1")
        assert "stopped</b>\n1 sent, 1 could not be sent\n1 chat does not get it" in reply.text
        assert reply.buttons == ()
    assert [act for _user, act, *_ in chat.store.audit.rows] == ["broadcast", "stop_broadcast"]
    assert "Nothing is sent" in (await chat.press("broadcast_stop:9")).text


async def test_only_admins_broadcast_and_stop(chat):
    """To others command and button do not exist; behind that the use-case refuses."""
    stranger = Chat(store=chat.store)
    assert "do not know" in (await stranger.say("/broadcast Hello")).text
    await chat.say("/broadcast Hello")
    await chat.say("3")
    assert "too old" in (await stranger.press("broadcast_stop:1")).text
    use = Broadcasting(chat.store, {ANN})
    for act in (
        lambda: use.draft(BOB, "x"),
        lambda: use.confirm(BOB, 1, "3"),
        lambda: use.stop(BOB, 1),
    ):
        with pytest.raises(Refused):
            act()
    assert chat.store.broadcasts.rows[1].state == "running"


def test_an_admin_confirms_no_others_draft(chat):
    """Who has not seen it cannot mean it."""
    use = Broadcasting(chat.store, {ANN, BOB})
    draft = use.draft(ANN, "Hello")
    assert use.confirm(BOB, draft.id, "3") is None
    assert use.confirm(ANN, 77, "3") is None
    assert use.confirm(ANN, draft.id, "3") is not None
    assert use.confirm(ANN, draft.id, "3") is None


async def test_a_chat_turns_them_off_below_one_and_in_its_settings(chat):
    """Each button becomes the opposite."""
    off = await chat.press("broadcasts_off:0")
    assert chat.store.broadcasts.off == {ANN}
    assert off.text == ""
    ((_label, data),) = off.buttons[0]
    await chat.press(data)
    assert chat.store.broadcasts.off == set()
    shown = await chat.say("/settings")
    (label, data) = shown.buttons[-1][0]
    assert label == "Operator's messages: on"
    changed = await chat.press(data)
    assert changed.buttons[-1][0] == ("Operator's messages: off", "broadcasts:1")
    assert chat.store.broadcasts.off == {ANN}


@pytest.mark.parametrize(
    ("states", "sent", "missed", "waiting"),
    [
        ({}, 0, 0, 5),
        ({"pending": 2, "sent": 3}, 3, 0, 2),
        ({"sent": 1, "failed": 1, "dropped": 1, "expired": 1, "pending": 1}, 1, 3, 1),
        ({"sent": 4, "failed": 1}, 4, 1, 0),
        ({"sent": 7}, 7, 0, 0),
    ],
)
def test_progress_adds_up(states, sent, missed, waiting):
    """To the chats there were; more have come where more were sent to."""
    found = progress(Broadcast(1, "Hello", 5, "running", ANN), states)
    assert (found.sent, found.missed, found.waiting) == (sent, missed, waiting)
