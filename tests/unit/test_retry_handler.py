"""/retry: what failed is shown, and sent once more."""

import pytest

from tests.talk import ANN, BOB, Chat
from watchlists.errors import Refused
from watchlists.operating import Operating


@pytest.fixture
def chat() -> Chat:
    return Chat(is_admin=True)


async def test_what_failed_is_shown_with_its_reasons(chat):
    """And the commands for single chats, and a button for all."""
    chat.store.failures.reasons = {"can't <parse>": 3, "other": 1}
    reply = await chat.say("/retry")
    assert "4 messages have failed within a day:\n• 3 × can't &lt;parse&gt;\n• 1 × other" in reply.text.replace(
        "&#x27;", "'"
    )
    assert "<code>8</code> · 1" in reply.text
    assert reply.buttons[0][0][1] == "retry_all"


@pytest.mark.parametrize(("said", "count"), [("/retry all", 2), ("/retry 8", 1), ("/retry -100", 0)])
async def test_it_is_sent_again_for_all_or_for_one_chat(chat, said, count):
    """With a line in the record where anything is."""
    text = (await chat.say(said)).text
    assert text.startswith(str(count) if count else "There is nothing to send again")
    expected = [(ANN, "retry", said.split()[1], {"messages": count}, "")] if count else []
    assert chat.store.audit.rows == expected


async def test_the_button_sends_all_of_it_once(chat):
    """A second press finds nothing left."""
    assert "2 messages are queued" in (await chat.press("retry_all")).text
    assert "nothing to send again" in (await chat.press("retry_all")).text


async def test_nothing_failed_is_good_news(chat):
    """What failed and cannot be sent again has no button."""
    chat.store.failures.chats = {}
    reply = await chat.say("/retry")
    assert "None of them can be sent again" in reply.text
    assert reply.buttons == ()
    chat.store.failures.reasons = {}
    assert "No message has failed" in (await chat.say("/retry")).text


async def test_many_chats_end_with_a_count(chat):
    """Ten are shown."""
    chat.store.failures.chats = dict.fromkeys(range(100, 115), 1)
    assert "and 5 more" in (await chat.say("/retry")).text


async def test_it_is_for_admins(chat):
    """Command, button and use-case."""
    stranger = Chat(store=chat.store)
    assert "do not know" in (await stranger.say("/retry all")).text
    assert "too old" in (await stranger.press("retry_all")).text
    for act in (lambda: Operating(chat.store, {ANN}).failed(BOB), lambda: Operating(chat.store, {ANN}).retry(BOB)):
        with pytest.raises(Refused):
            act()
