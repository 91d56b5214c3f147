"""/grant, /revoke, /ban, /unban: read, done, and taken back by a button."""

import pytest

from tests.fakes import NOON
from tests.memory_roles import two_lists
from tests.talk import ANN, BOB, Chat
from watchlists.model import Feed
from watchlists.ports_roles import Grant


@pytest.fixture
def chat() -> Chat:
    made = Chat(is_admin=True)
    made.store.lists = two_lists()
    return made


async def undo(chat: Chat, reply) -> None:
    """Press the button below an answer."""
    ((_label, data),) = reply.buttons[0]
    return await chat.press(data)


async def test_a_role_is_given_and_taken_back(chat):
    """By number; the button undoes it, and its answer has one that does it again."""
    reply = await chat.say(f"/grant {BOB} admin")
    assert reply.text == "8 has this role now: admin."
    assert list(chat.store.roles.rows) == [Grant(BOB, None)]
    taken = await undo(chat, reply)
    assert (taken.text, taken.edits) == ("8 no longer has this role: admin.", 55)
    await undo(chat, taken)
    assert list(chat.store.roles.rows) == [Grant(BOB, None)]


async def test_an_editor_needs_a_list_that_exists(chat):
    """Named by its slug, in any case."""
    assert "Which list?" in (await chat.say("/grant 8 editor")).text
    assert "no list “markts”" in (await chat.say("/grant 8 editor markts")).text
    assert chat.store.roles.rows == {}
    assert "editor of markets" in (await chat.say("/grant 8 Editor Markets")).text
    assert "editor of markets" in (await chat.say("/revoke 8")).text
    assert chat.store.roles.rows == {}


async def test_the_number_may_come_from_a_forwarded_message(chat):
    """To which the command replies; a number that is written goes before."""
    assert "8 has this role" in (await chat.say("/grant admin", about=BOB)).text
    assert "9 has this role" in (await chat.say("/grant 9 admin", about=BOB)).text
    assert "8 no longer" in (await chat.say("/revoke", about=BOB)).text
    assert "8 is banned" in (await chat.say("/ban sends nonsense", about=BOB)).text
    assert chat.store.bans.rows[BOB].reason == "sends nonsense"
    assert "8 is not banned any more" in (await chat.say("/unban", about=BOB)).text


@pytest.mark.parametrize("said", ["/grant @bob admin", "/ban bob", "/unban 12345678901234567", "/revoke ８"])
async def test_names_are_no_numbers(chat, said):
    """They change hands; only numbers are taken, and the answer says where one comes from."""
    assert "is no number of a person" in (await chat.say(said)).text
    assert chat.store.audit.rows == []


@pytest.mark.parametrize("said", ["/grant", "/grant 8", "/grant 8 owner", "/revoke", "/revoke 8 owner"])
async def test_without_the_rest_it_is_told_how_and_who_has_what(chat, said):
    """And nothing is changed."""
    chat.store.roles.add(Grant(9, None), ANN)
    chat.store.roles.add(Grant(9, 2), ANN)
    text = (await chat.say(said)).text
    assert "<code>9</code>: admin\n<code>9</code>: editor of disasters" in text
    assert len(chat.store.roles.rows) == 2


async def test_a_ban_says_why_and_is_taken_back(chat):
    """Also that of a chat; the list shows those that hold."""
    reply = await chat.say("/ban -1001234 <b>advertising</b>")
    assert "Why: &lt;b&gt;advertising&lt;/b&gt;" in reply.text
    assert "<code>-1001234</code> · 2026-03-02 · &lt;b&gt;advert" in (await chat.say("/ban")).text
    lifted = await undo(chat, reply)
    assert "Nobody is banned" in (await chat.say("/ban")).text
    assert "Why: &lt;b&gt;" in (await undo(chat, lifted)).text


async def test_long_lists_end_with_a_count(chat):
    """Thirty are shown."""
    for number in range(40):
        chat.store.roles.add(Grant(100 + number, None), ANN)
        chat.store.bans.add(200 + number, ANN, "x")
    assert "and 10 more" in (await chat.say("/grant")).text
    assert "and 10 more" in (await chat.say("/ban")).text


@pytest.mark.parametrize("data", ["role_grant:8:0", "role_revoke:8:0", "ban:8", "unban:8"])
async def test_buttons_of_admins_are_nothing_to_others(chat, data):
    """However they came by the data."""
    stranger = Chat(store=chat.store)
    assert "too old" in (await stranger.press(data)).text
    assert chat.store.roles.rows == chat.store.bans.rows == {}


@pytest.mark.parametrize("data", ["role_grant:", "role_revoke:x:1", "ban:", "unban:1:2", "ban:77"])
async def test_forged_data_change_nothing(chat, data):
    """Nor do those of a ban that never was."""
    assert (await chat.press(data)).text == "There is nothing left to take back."
    assert chat.store.audit.rows == []


async def test_feeds_of_all_leave_a_line_in_the_record(chat):
    """Given to all and taken back, by button and by command."""
    chat.store.feeds.rows = [Feed(1, "https://a.example/rss", "A", NOON)]
    await chat.press("share_feed:1")
    await chat.press("unshare_feed:1")
    await chat.press("unshare_feed:99")
    await chat.press("share_feed:1")
    await chat.say("/delfeed c1")
    url = "https://a.example/rss"
    acts = [(ANN, act, url, {"title": "A"}, "") for act in ("share_feed", "unshare_feed") * 2]
    assert chat.store.audit.rows == acts
