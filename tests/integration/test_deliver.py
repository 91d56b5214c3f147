"""Delivery: in order, at a pace that Telegram takes, every message once unless its answer was lost."""

import pytest
from telegram.error import InvalidToken

from bot import deliver
from bot.sandbox.refusals import ApiError
from tests.mail import mail


@pytest.fixture
async def post(tmp_path):
    async with mail(tmp_path) as made:
        yield made


async def test_messages_arrive_in_order_and_are_recorded(post, caplog):
    """Within a chat as written, each once, with Telegram's id of it; the log follows each at level debug."""
    caplog.set_level("DEBUG", "bot.settle")
    for number in range(5):
        await post.write(f"n{number}")
    await post.deliver()
    assert post.texts() == [f"n{number}" for number in range(5)]
    assert set((await post.states()).values()) == {"sent"}
    ids = await post.run(lambda store: [row["message_id"] for row in store.outbox._rows("SELECT * FROM outbox")])
    assert ids == [message.message_id for message in post.box.telegram.messages(post.box.chat.id)]
    assert [(line.delivery, line.chat) for line in caplog.records] == [(n, post.box.chat.id) for n in range(1, 6)]


async def test_a_burst_keeps_every_limit(post):
    """Hundreds to groups, channels and people: the server, which counts as Telegram does, never says 429."""
    people = [post.box.telegram.private_chat(post.box.telegram.add_user(f"P{n}")) for n in range(30)]
    group = post.box.telegram.add_group("Group", post.box.ann)
    channel = post.box.telegram.add_channel("Channel", post.box.ann)
    for number in range(2):
        for chat in people:
            await post.write(f"{chat.id}/{number}", chat.id)
    for number in range(45):
        await post.write(f"group {number}", group.id)
        await post.write(f"channel {number}", channel.id)
    began = post.now
    await post.deliver()
    assert post.box.server.limits.refused == 0
    assert post.texts(group.id) == [f"group {number}" for number in range(45)]
    assert post.texts(channel.id) == [f"channel {number}" for number in range(45)]
    assert all(post.texts(chat.id) == [f"{chat.id}/0", f"{chat.id}/1"] for chat in people)
    assert 120 <= post.now - began <= 160, "45 to a group at 18 a minute take two windows and a half"


async def test_the_chat_served_least_recently_goes_first(post):
    """A chat with a long queue does not delay the others; a reply goes before all alerts."""
    other = post.box.telegram.private_chat(post.box.telegram.add_user("Bob"))
    for number in range(4):
        await post.write(f"ann {number}")
    await post.write("bob 0", other.id)
    await post.write("reply", other.id, "reply")
    await post.deliver()
    sent = [call.parameters["text"] for call in post.calls()]
    assert sent == ["reply", "ann 0", "bob 0", "ann 1", "ann 2", "ann 3"]


async def test_a_blocked_user_ends_the_chat_and_not_the_others(post):
    """The chat is inactive, its waiting messages are dropped with the reason, its watches would stay."""
    bob = post.box.telegram.add_user("Bob")
    other = post.box.telegram.private_chat(bob)
    for number in range(3):
        await post.write(f"bob {number}", other.id)
    await post.write("ann")
    post.box.telegram.block(bob)
    await post.deliver()
    assert await post.states() == {"bob 0": "dropped", "bob 1": "dropped", "bob 2": "dropped", "ann": "sent"}
    assert "blocked by the user" in await post.reason("bob 2")
    assert not await post.run(lambda store: store.chats.active([other.id]))
    assert await post.run(lambda store: store.chats.active([post.box.chat.id]))


async def test_a_429_is_honoured_and_does_not_count_as_a_try(post):
    """The chat waits as long as Telegram asked, then its messages come in order; others do not wait."""
    other = post.box.telegram.private_chat(post.box.telegram.add_user("Bob"))
    post.box.server.faults.too_many(40, chat_id=post.box.chat.id)
    for key in ("first", "second"):
        await post.write(key)
    await post.write("bob", other.id)
    began = post.now
    await post.deliver(30)
    assert await post.states() == {"first": "queued", "second": "queued", "bob": "sent"}
    assert [call.status for call in post.calls()] == [429, 200]
    await post.deliver()
    assert post.texts() == ["first", "second"]
    assert post.now - began >= 40.5
    tries = await post.run(lambda store: store.outbox._rows("SELECT attempts FROM outbox WHERE id = 1"))
    assert tries == [{"attempts": 1}]


@pytest.mark.parametrize(("seconds", "told"), [(3600, False), (12 * 3600, True)])
async def test_a_wait_of_hours_is_told_to_the_operator(post, caplog, seconds, told):
    """Telegram has been seen to ask for twelve."""
    post.box.server.faults.too_many(seconds)
    await post.write("patient")
    await post.deliver()
    assert post.texts() == ["patient"]
    assert ("to be left alone for 12.0 hours" in caplog.text) == told


async def test_a_pause_survives_a_restart(post):
    """It stands in the database: a new process does not knock again at once."""
    post.box.server.faults.too_many(3600)
    await post.write("late")
    await post.deliver(10)
    assert len(post.calls()) == 1
    await post.deliver(3000)
    assert len(post.calls()) == 1
    await post.deliver()
    assert post.texts() == ["late"]


async def test_three_refused_chats_halt_the_whole_bot(post):
    """One is a chat's own affair; three within ten seconds mean everybody, also whoever was not asked to wait."""
    chats = [post.box.telegram.private_chat(post.box.telegram.add_user(f"P{n}")) for n in range(4)]
    for chat in chats[:3]:
        post.box.server.faults.too_many(50, chat_id=chat.id)
        await post.write(f"to {chat.id}", chat.id)
    for number in range(3):
        await post.write(f"patience {number}", chats[3].id)
    began = post.now
    await post.deliver(40)
    assert [call.status for call in post.calls()].count(200) <= 1, "at most the one sent before the third refusal"
    await post.deliver()
    assert (await post.counts())["sent"] == 6
    assert post.now - began >= 50


async def test_a_group_that_moved_is_written_to_under_its_new_id(post):
    """Both messages arrive in the supergroup, the refused try is not counted, and the old chat is closed."""
    group = post.box.telegram.add_group("Old", post.box.ann, supergroup=False)
    for key in ("one", "two"):
        await post.write(key, group.id)
    moved = post.box.telegram.migrate(group, post.box.ann)
    await post.deliver()
    assert post.texts(moved.id) == ["one", "two"]
    assert not await post.run(lambda store: store.chats.active([group.id]))
    assert await post.run(lambda store: store.chats.active([moved.id]))


async def test_formatting_that_is_refused_goes_out_once_as_plain_text(post):
    """Without marks and without buttons; what Telegram refuses again has failed, and its reason is kept."""
    undo = ((("Undo", "undo:1"),),)
    await post.write("bad", text="<p>Fire &amp; smoke</p>", buttons=undo)
    await post.write("buttons", text="<b>x</b>", buttons=((("Undo", "x" * 65),),))
    await post.write("empty", text="<b></b>")
    await post.write("good", text="<b>good</b>", buttons=undo)
    await post.deliver()
    assert await post.states() == {"bad": "sent", "buttons": "sent", "empty": "failed", "good": "sent"}
    bad, buttons, good = post.box.telegram.messages(post.box.chat.id)
    assert (bad.text, bad.buttons, bad.entities) == ("Fire & smoke", [], ())
    assert (buttons.text, buttons.buttons) == ("x", [])
    assert good.button("Undo")
    assert "empty" in await post.reason("empty")


async def test_a_refusal_for_another_reason_has_failed(post):
    """Repeating does not mend it; the next message of the chat goes on."""
    post.box.server.faults.bad_request("nobody has seen this")
    await post.write("odd")
    await post.write("next")
    await post.deliver()
    assert await post.states() == {"odd": "failed", "next": "sent"}


async def test_a_missing_right_pauses_the_chat_for_an_hour(post):
    """Its admins may mend it meanwhile; nothing is lost."""
    channel = post.box.telegram.add_channel("News", post.box.ann, bot_rights=frozenset())
    await post.write("news", channel.id)
    await post.deliver(3000)
    assert await post.states() == {"news": "queued"}
    post.box.telegram.set_member(channel, post.box.telegram.bot.user, "administrator", frozenset({"can_post_messages"}))
    await post.deliver(700)
    assert post.texts(channel.id) == ["news"]


@pytest.mark.parametrize("delivered", [True, False])
async def test_a_lost_answer_is_repeated_once(post, delivered):
    """Twice only where Telegram's answer was lost; after the second loss it has failed, and says why."""
    faults = post.box.server.faults
    for _ in range(2):
        (faults.deliver_then_drop if delivered else faults.drop)(method="sendMessage")
    await post.write("doubtful")
    await post.write("next")
    await post.deliver()
    assert await post.states() == {"doubtful": "failed", "next": "sent"}
    assert "it may have arrived" in await post.reason("doubtful")
    assert post.texts() == (["doubtful"] * 2 if delivered else []) + ["next"]


async def test_one_lost_answer_costs_nothing_but_a_duplicate(post):
    """The second try is answered: sent."""
    post.box.server.faults.deliver_then_drop()
    await post.write("doubtful")
    await post.deliver()
    assert await post.states() == {"doubtful": "sent"}
    assert post.texts() == ["doubtful", "doubtful"]


async def test_an_edit_is_repeated_until_it_is_known(post):
    """The same text twice changes nothing, so an edit needs no such care."""
    await post.write("first", kind="reply")
    await post.deliver()
    (message,) = post.box.telegram.messages(post.box.chat.id)
    post.box.server.faults.bad_gateway(method="editMessageText", times=4)
    await post.write("second", kind="edit", edits=message.message_id)
    await post.deliver()
    assert (await post.states())["second"] == "sent"
    assert post.texts() == ["second"]


async def test_what_never_reached_telegram_is_repeated_until_it_does(post):
    """Each time later, at most a minute apart; then sent once."""
    for _ in range(9):
        post.box.server.faults.refuse(ApiError(409, "Conflict: terminated"), method="sendMessage")
    await post.write("patient")
    began = post.now
    await post.deliver()
    assert post.texts() == ["patient"]
    assert 60 < post.now - began < 9 * deliver.BACKOFF_MOST


async def test_a_wrong_token_stops_and_keeps_everything(post):
    """Nothing is lost by it: with the right token it all goes out."""
    await post.write("kept")
    right, post.box.telegram.token = post.box.telegram.token, "1:other"
    with pytest.raises(InvalidToken):
        await post.deliver()
    assert await post.states() == {"kept": "queued"}
    post.box.telegram.token = right
    await post.deliver()
    assert post.texts() == ["kept"]
