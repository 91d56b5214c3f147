"""Where news goes, through the real process: a group that moves, two channels of one person, a part of a list."""

import asyncio
from pathlib import Path

from bot.sandbox.chats import Chat
from bot.sandbox.reply_keyboard import ReplyKeyboard
from tests.e2e.people import Person
from tests.e2e.running import World, world
from tests.newsstand import Story

FIRE = "Harbour fire closes the terminal for ships"


async def test_each_place_gets_its_own_and_keeps_it(tmp_path: Path, token: str) -> None:
    """A migration, two channels at once, a channel that may not be written to for a while, a watch in private."""
    async with world(tmp_path, token) as made:
        ben, cem, dora = Person(made, "Ben"), Person(made, "Cem"), Person(made, "Dora")
        group = made.telegram.add_group("Desk", ben.user, supergroup=False)
        bulletin = made.telegram.add_channel("Bulletin", ben.user, username="harbour_bulletin")
        made.telegram.set_member(bulletin, dora.user, "administrator")
        quiet = made.telegram.add_channel("Quiet", ben.user)
        await made.start()
        await made.polls(1)
        moved, *_ = await asyncio.gather(
            _moves(made, ben, group), _links_two(made, ben, quiet), _edits_with_him(dora), _takes_a_part(cem)
        )
        news = (FIRE, "https://wire.example/1"), ("Tsunami warning for Valdoria coast", "https://wire.example/2")
        made.news.feeds["alpha"] += [Story(title, link, link) for title, link in news]
        posts = [dora.hears("From the quay\nTsunami", bulletin), ben.hears(FIRE, quiet), ben.hears(FIRE, moved)]
        await asyncio.gather(*posts, cem.hears("🔔 tsunami warning (disasters)"))
        await _loses_its_rights(made, ben, quiet)
        assert [FIRE in text for text in (*cem.texts(), *ben.texts())].count(True) == 0
        assert [len(made.telegram.messages(chat.id)) for chat in (bulletin, quiet)] == [1, 2]
        await made.end()
        made.check.assert_clean()


async def _moves(made: World, ben: Person, group: Chat) -> Chat:
    """All that was set comes along."""
    await ben.says("/watch harbour fire", "Watching", group)
    moved = made.telegram.migrate(group, ben.user)
    await ben.says("/watches", "1. harbour fire", moved)
    return moved


async def _links_two(made: World, ben: Person, quiet: Chat) -> None:
    """One, which has no name, by Telegram's list of channels, the other by its name; then back to himself."""
    asked = await ben.says("/channel", "forward me a post")
    made.telegram.share_chat(ben.user, asked, 1, quiet)
    linked = await ben.hears("You are editing Quiet")
    assert linked.below == ReplyKeyboard()  # the button that opened the list is gone
    await ben.says("/watch harbour fire", "✏️ Editing Quiet")
    await ben.says("/channel @harbour_bulletin", "You are editing @harbour_bulletin")
    await ben.says("/done", "your own watches again")


async def _edits_with_him(dora: Person) -> None:
    """Another administrator of one of them."""
    await dora.says("/channel @harbour_bulletin", "You are editing @harbour_bulletin")
    await dora.says("/follow disasters", "✏️ Editing @harbour_bulletin")
    await dora.says("/settings header From the quay", "Above each alert: From the quay")


async def _takes_a_part(cem: Person) -> None:
    """Of the list that the channel follows, he hears of one watch."""
    await cem.says("/follow disasters 3", "You hear of 1 watch of this list")


async def _loses_its_rights(made: World, ben: Person, quiet: Chat) -> None:
    """Told once; what waits comes by itself when the right is back."""
    bot = made.telegram.bot.user
    made.telegram.set_member(quiet, bot, "administrator", by=ben.user)
    await ben.hears("I may not write in Quiet any more")
    link = "https://wire.example/3"
    made.news.feeds["alpha"].append(Story("Harbour fire in Marseille destroys a warehouse", link, link))
    await made.polls(2)
    made.telegram.set_member(quiet, bot, "administrator", frozenset({"can_post_messages"}), by=ben.user)
    await asyncio.gather(ben.hears("I can write in Quiet again"), ben.hears("Marseille", quiet))
