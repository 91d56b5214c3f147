"""Invitations: made and withdrawn by admins, used by one person each."""

from datetime import timedelta

import pytest

from tests.fakes import NOON, MemoryStore
from tests.talk import ANN, BOB, Chat
from watchlists.access import Access
from watchlists.errors import OutOfRange, Refused


@pytest.fixture
def chat() -> Chat:
    return Chat(is_admin=True)


async def test_an_invitation_is_a_link_that_is_not_kept(chat):
    """With how many it lets in, and until when; the message is marked as secret."""
    reply = await chat.say("/invite")
    assert "https://t.me/zz_bot?start=code 1\n" in reply.text
    assert "for 1 more person, until 2026-03-09 12:00 UTC" in reply.text
    assert reply.secret
    assert "for 5 more people, until 2026-04-01 12:00 UTC" in (await chat.say("/invite 5 30")).text


async def test_before_the_bot_knows_its_name_the_command_itself_is_passed_on(chat):
    """It is asked for at the start; an admin may be quicker."""
    chat.bot_name = ""
    assert "<code>/start code 1</code>" in (await chat.say("/invite")).text


async def test_invitations_are_seen_and_withdrawn(chat):
    """By buttons; what is withdrawn is shown no more, and a second press does no harm."""
    await chat.say("/invite 2")
    reply = await chat.say("/invite 3")
    assert [data for _label, data in reply.buttons[0]] == ["invite_withdraw:2", "invites"]
    seen = await chat.press("invites")
    assert "\n2. for 3 more people" in seen.text
    assert [data for _label, data in seen.buttons[0]] == ["invite_withdraw:2", "invite_withdraw:1"]
    for _ in range(2):
        left = await chat.press("invite_withdraw:2")
        assert "for 3 more" not in left.text
        assert left.edits == 55
    assert "No invitation is open" in (await chat.press("invite_withdraw:1")).text
    acts = [(act, subject) for _user, act, subject, _detail, _why in chat.store.audit.rows]
    assert acts == [("invite", "1"), ("invite", "2"), ("withdraw_invite", "2"), ("withdraw_invite", "1")]


async def test_many_invitations_end_with_a_count(chat):
    """Twenty have buttons."""
    for _ in range(25):
        await chat.say("/invite")
    seen = await chat.press("invites")
    assert "and 5 more" in seen.text
    assert sum(map(len, seen.buttons)) == 20


@pytest.mark.parametrize("said", ["/invite bob", "/invite 1 2 3", "/invite -1", "/invite 123456789", "/invite ５"])
async def test_what_is_no_number_is_told_how(chat, said):
    """And nothing is made."""
    assert "For how many people" in (await chat.say(said)).text
    assert chat.store.invites.rows == {}


@pytest.mark.parametrize("said", ["/invite 0", "/invite 1001", "/invite 1 0", "/invite 1 366"])
async def test_numbers_have_their_limits(chat, said):
    """An invitation without an end would be a door left open."""
    assert "1 to 1000 people" in (await chat.say(said)).text
    assert chat.store.invites.rows == {}


async def test_start_lets_in_once(chat):
    """One use for each person, however often they come; a code that is none greets all the same."""
    store = chat.store
    await chat.say("/invite 2")
    stranger = Chat(store=store)
    for _ in range(3):
        assert "reads news feeds" in (await stranger.say("/start code 1", BOB)).text
    assert store.invites.rows[1].used == 1
    await stranger.say("/start nonsense", 9)
    assert store.invites.people == [BOB]


def test_only_admins_deal_with_invitations():
    """Whatever let them come so far."""
    store = MemoryStore()
    access = Access(store, {ANN})
    for act in (lambda: access.invite(BOB), lambda: access.open(BOB), lambda: access.withdraw(BOB, 1)):
        with pytest.raises(Refused):
            act()
    with pytest.raises(OutOfRange):
        access.invite(ANN, 0)
    assert access.invite(ANN, 3, 4)[0].expires == NOON + timedelta(days=4)
