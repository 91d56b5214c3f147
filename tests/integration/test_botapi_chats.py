"""Groups, topics and channels: who may write where, who is told what."""

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.botapi import running

KICKED = "Forbidden: bot was kicked from the"


@pytest.fixture
async def box():
    async with running() as sandbox:
        yield sandbox


async def test_a_bot_in_a_group_hears_what_is_meant_for_it(box):
    """In privacy mode: commands, mentions, replies to it; not what people say to each other or to another bot."""
    group = box.telegram.add_group("Newsroom", box.ann)
    answer = await box.bot.send_message(group.id, "hello")
    message = box.telegram.message(group.id, answer.message_id)
    box.telegram.say(box.ann, group, "good morning")
    box.telegram.say(box.ann, group, "/watch@other_bot x")
    box.telegram.say(box.ann, group, "/watch x")
    box.telegram.say(box.ann, group, "hey @Wirewatch_sandbox_bot")
    box.telegram.say(box.ann, group, "thanks", reply_to=message)
    heard = [update.message.text for update in await box.bot.get_updates(allowed_updates=["message"]) if update.message]
    assert heard == ["/watch x", "hey @Wirewatch_sandbox_bot", "thanks"]


async def test_an_administrator_hears_everything(box):
    """A bot that is an administrator, or without privacy mode, gets every message."""
    group = box.telegram.add_group("Newsroom", box.ann, bot_status="administrator")
    other = box.telegram.add_group("Other", box.ann, supergroup=False)
    box.telegram.bot.reads_all_group_messages = True
    box.telegram.say(box.ann, group, "good morning")
    box.telegram.say(box.ann, other, "good evening")
    texts = [update.message.text for update in await box.bot.get_updates() if update.message]
    assert texts == ["good morning", "good evening"]
    assert (group.id < -1_000_000_000_000, -1_000_000_000_000 < other.id < 0) == (True, True)


async def test_an_anonymous_administrator_speaks_as_the_group(box):
    """The sender is Telegram's GroupAnonymousBot, the sender chat the group itself."""
    group = box.telegram.add_group("Newsroom", box.ann)
    box.telegram.say(box.ann, group, "/watch x", anonymous=True)
    message = (await box.bot.get_updates())[-1].message
    assert (message.from_user.id, message.sender_chat.id) == (1087968824, group.id)


async def test_messages_stand_in_their_topic(box):
    """A thread that exists takes messages; General has no id to send to, and a made-up one is not found."""
    forum = box.telegram.add_group("Desk", box.ann, forum=True)
    topic = box.telegram.add_topic(forum, "Markets")
    sent = await box.bot.send_message(forum.id, "x", message_thread_id=topic.id)
    assert (sent.message_thread_id, sent.is_topic_message) == (topic.id, True)
    box.telegram.say(box.ann, forum, "/watch x", topic.id)
    assert (await box.bot.get_updates())[-1].message.message_thread_id == topic.id
    for thread in (1, 999):
        with pytest.raises(BadRequest, match="Message thread not found"):
            await box.bot.send_message(forum.id, "x", message_thread_id=thread)
    assert await box.bot.send_chat_action(forum.id, "typing", message_thread_id=1)
    topic.closed = True
    with pytest.raises(BadRequest, match="Topic_closed"):
        await box.bot.send_message(forum.id, "x", message_thread_id=topic.id)
    box.telegram.delete_topic(forum, topic)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await box.bot.send_message(forum.id, "x", message_thread_id=topic.id)
    with pytest.raises(LookupError):
        box.telegram.say(box.ann, forum, "x", topic.id)
    with pytest.raises(ValueError, match="only a forum"):
        box.telegram.add_topic(box.chat, "x")


async def test_a_channel_takes_posts_from_administrators_who_may(box):
    """The post stands in the channel's name; without the right, or outside, the bot is told why not."""
    channel = box.telegram.add_channel("Wire", box.ann, username="wire_news")
    sent = await box.bot.send_message("@wire_news", "breaking")
    assert (sent.from_user, sent.sender_chat.id) == (None, channel.id)
    await box.bot.edit_message_text("corrected", channel.id, sent.message_id)
    box.telegram.set_member(channel, box.telegram.bot.user, "administrator", frozenset({"can_edit_messages"}))
    with pytest.raises(BadRequest, match="Need administrator rights in the channel chat"):
        await box.bot.send_message(channel.id, "x")
    box.telegram.set_member(channel, box.telegram.bot.user, "kicked")
    with pytest.raises(Forbidden, match="bot was kicked from the channel chat"):
        await box.bot.send_message(channel.id, "x")
    elsewhere = box.telegram.add_channel("Elsewhere", box.ann, bot_status="left")
    with pytest.raises(Forbidden, match="bot is not a member of the channel chat"):
        await box.bot.get_chat(elsewhere.id)


async def test_a_post_of_the_channel_is_an_update(box):
    """channel_post, without a sender."""
    channel = box.telegram.add_channel("Wire", box.ann)
    box.telegram.post(channel, "hello")
    post = (await box.bot.get_updates())[-1].channel_post
    assert (post.text, post.from_user, post.sender_chat.title) == ("hello", None, "Wire")


async def test_a_muted_group_or_a_restricted_bot_cannot_write(box):
    """Not enough rights, named by what was to be sent; an administrator is not muted."""
    group = box.telegram.add_group("Newsroom", box.ann)
    bot = box.telegram.bot.user
    group.muted = True
    with pytest.raises(BadRequest, match="Not enough rights to send text messages to the chat"):
        await box.bot.send_message(group.id, "x")
    box.telegram.set_member(group, bot, "administrator", frozenset({"can_pin_messages"}))
    await box.bot.send_message(group.id, "x")
    group.muted = False
    box.telegram.set_member(group, bot, "restricted", frozenset({"can_send_photos"}))
    with pytest.raises(BadRequest, match="Not enough rights to send documents to the chat"):
        await box.bot.send_document(group.id, b"x")
    assert (await box.bot.get_chat_member(group.id, bot.id)).status == "restricted"
    box.telegram.set_member(group, bot, "left")
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await box.bot.send_message(group.id, "x")


async def test_foreign_messages_can_be_deleted_by_those_who_may(box):
    """In a group the bot needs the right."""
    group = box.telegram.add_group("Newsroom", box.ann)
    said = box.telegram.say(box.ann, group, "/spam")
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await box.bot.delete_message(group.id, said.message_id)
    rights = frozenset({"can_delete_messages"})
    box.telegram.set_member(group, box.telegram.bot.user, "administrator", rights)
    assert await box.bot.delete_message(group.id, said.message_id)


async def test_members_are_known_by_what_they_are(box):
    """getChatMember tells every status; a person the group does not know has left, one nobody knows is an error."""
    ben, cem, dan = (box.telegram.add_user(name) for name in ("Ben", "Cem", "Dan"))
    group = box.telegram.add_group("Newsroom", box.ann, ben)
    box.telegram.set_member(group, cem, "administrator", frozenset({"can_pin_messages"}), by=box.ann, anonymous=True)
    statuses = {
        user.first_name: (await box.bot.get_chat_member(group.id, user.id)).status
        for user in (box.ann, ben, cem, dan, box.telegram.bot.user)
    }
    assert statuses == {"Ann": "creator", "Ben": "member", "Cem": "administrator", "Dan": "left", "Wirewatch": "member"}
    assert (await box.bot.get_chat_member(group.id, cem.id)).can_pin_messages is True
    with pytest.raises(BadRequest, match="Participant_id_invalid"):
        await box.bot.get_chat_member(group.id, 5)
    assert await box.call("getChatMember", {"chat_id": group.id}) == "Bad Request: invalid user_id specified"


async def test_administrators_are_listed_without_other_bots(box):
    """The creator, administrators, and the bot itself when it is one; private chats have none."""
    group = box.telegram.add_group("Newsroom", box.ann, bot_status="administrator")
    admins = await box.bot.get_chat_administrators(group.id)
    assert {admin.user.first_name for admin in admins} == {"Ann", "Wirewatch"}
    with pytest.raises(BadRequest, match="no administrators in the private chat"):
        await box.bot.get_chat_administrators(box.chat.id)


async def test_changes_of_others_are_told_only_when_asked_for(box):
    """chat_member needs to be named in allowed_updates, my_chat_member does not."""
    group = box.telegram.add_group("Newsroom", box.ann)
    box.telegram.set_member(group, box.telegram.add_user("Ben"), "member")
    assert [update.chat_member for update in await box.bot.get_updates()] == [None]
    await box.bot.get_updates(allowed_updates=["chat_member"])
    box.telegram.set_member(group, box.telegram.add_user("Cem"), "kicked", by=box.ann)
    (*_, update) = await box.bot.get_updates()
    assert (update.chat_member.new_chat_member.status, update.chat_member.from_user.first_name) == ("kicked", "Ann")


async def test_chats_tell_what_they_are(box):
    """getChat for every type."""
    group = box.telegram.add_group("Newsroom", box.ann, username="newsroom", forum=True)
    channel = box.telegram.add_channel("Wire", box.ann)
    found = [await box.bot.get_chat(chat.id) for chat in (box.chat, group, channel)]
    assert [chat.type for chat in found] == ["private", "supergroup", "channel"]
    assert (found[1].is_forum, found[1].permissions.can_send_messages, found[1].active_usernames) == (
        True,
        True,
        ("newsroom",),
    )


async def test_a_group_that_becomes_a_supergroup_has_moved(box):
    """Two service messages, and the old id answers with the new one."""
    group = box.telegram.add_group("Newsroom", box.ann, supergroup=False)
    moved = box.telegram.migrate(group, box.ann)
    with pytest.raises(ChatMigrated) as caught:
        await box.bot.send_message(group.id, "x")
    assert caught.value.new_chat_id == moved.id
    await box.bot.send_message(moved.id, "x")
    notes = [update.message for update in await box.bot.get_updates() if update.message]
    assert [(note.migrate_to_chat_id, note.migrate_from_chat_id) for note in notes] == [
        (moved.id, None),
        (None, group.id),
    ]
