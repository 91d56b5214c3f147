"""What is left over in private from a channel of which all was deleted: buttons, questions, and who edits it."""

from collections.abc import Awaitable, Callable

import pytest

from bot.sandbox.events import Answered
from tests.desk import open_desk

LEFT = "You are not editing the channel any more"
OLD = "This button is too old to work. /help shows what I can do."


async def test_a_button_about_a_forgotten_channel_does_nothing_to_the_person(tmp_path):
    """Pressing once more what deleted the channel must not delete what is the person's own."""
    async with open_desk(tmp_path) as desk:
        telegram, ann, chat = desk.box.telegram, desk.box.ann, desk.box.chat
        telegram.add_channel("Harbour", ann, username="harbour")
        notices: list[str] = []
        telegram.subscribe(lambda event: notices.append(event.text) if isinstance(event, Answered) else None)
        for text in ("/watch gold", "/channel @harbour", "/settings", "/forget", "/forget yes"):
            await desk.say(text)
        while await desk.storage.run(lambda store: store.outbox.heads([], 1)):
            await desk.shown()
            desk.box.clock.advance(2)
        assert await desk.storage.run(lambda store: store.forgetting.sweep()) == 1
        *_, settings, asked, _gone = telegram.messages(chat.id)
        for message, data in ((asked, "forget_do"), (settings, "quiet_set:1")):
            telegram.press(ann, chat, message.message_id, data, forged=True)
            await desk.handle()
        assert notices == [OLD, OLD]
        assert await desk.watches() == ["gold"]


async def two(desk) -> tuple[Callable[[str], Awaitable[str]], Callable[[str], Awaitable[str]]]:
    """What Ann and Eve say, who both administrate a channel and have linked it; each gets the answer."""
    telegram, eve = desk.box.telegram, desk.box.telegram.add_user("Eve")
    harbour = telegram.add_channel("Harbour", desk.box.ann, username="harbour")
    telegram.set_member(harbour, eve, "administrator", frozenset({"can_post_messages"}), by=desk.box.ann)

    def speaker(user):
        chat = telegram.private_chat(user)

        async def say(text: str) -> str:
            telegram.say(user, chat, text)
            await desk.handle()
            return [row for row in await desk.outbox() if row["chat_id"] == chat.id][-1]["text"]

        return say

    says = speaker(desk.box.ann), speaker(eve)
    for say in says:
        await say("/channel @harbour")
    return says


@pytest.mark.parametrize("asked", ["/watch", "/preview", "/unwatch"])
async def test_an_answer_about_a_channel_that_is_gone_does_nothing_to_the_person(tmp_path, asked):
    """They are told so, once; also where they have left off editing it, and also what is no answer but a command."""
    async with open_desk(tmp_path) as desk:
        ann, eve = await two(desk)
        await ann("/watch gold")
        await ann(asked)
        await eve("/forget yes")
        assert (await ann("1" if asked == "/unwatch" else "harbour fire")).startswith(LEFT)
        assert await desk.watches() == []
        assert "Watching" in await ann("/watch harbour fire")
        assert await desk.watches() == ["harbour fire"]


async def test_whoever_edits_a_channel_that_another_deletes_is_told_before_anything_is_obeyed(tmp_path):
    """A command that was meant for it does nothing; whoever has deleted it knows; /done and /channel go on."""
    async with open_desk(tmp_path) as desk:
        ann, eve = await two(desk)
        await eve("/forget yes")
        assert "Watching" in await eve("/watch gold")
        for command in ("/watch fire", "/forget yes"):
            await ann("/channel @harbour")
            await eve("/channel @harbour")
            await eve("/forget yes")
            assert (await ann(command)).startswith(LEFT)
        await eve("/channel @harbour")
        await ann("/channel @harbour")
        await eve("/forget yes")
        assert "You are not editing a channel" in await ann("/done")
        assert "You watch nothing" in await ann("/watches")
        assert await desk.rows("SELECT * FROM left_channels") == []


async def test_a_question_that_is_long_over_leaves_nothing_behind(tmp_path):
    """What was asked and never answered is no reason to refuse something days later."""
    async with open_desk(tmp_path) as desk:
        ann, eve = await two(desk)
        await ann("/watch")
        await desk.storage.run(lambda store: store.links.edit(desk.box.ann.id, None))
        desk.box.clock.advance(3600)
        await eve("/forget yes")
        assert "Watching" in await ann("/watch gold")
        await ann("/watch")
        await eve("/channel @harbour")
        await eve("/forget yes")
        assert "Watching" in await ann("fire")
        await desk.storage.run(lambda store: store.forgetting.forget(desk.box.ann.id))
        assert await desk.rows("SELECT * FROM left_channels") == []
