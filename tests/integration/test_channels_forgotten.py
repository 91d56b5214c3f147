"""Buttons that are left over in private from a channel of which all was deleted."""

from bot.sandbox.events import Answered
from tests.desk import open_desk

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
