"""A team: a forum with topics, its members, and a channel, through the real process."""

from pathlib import Path

from bot.sandbox.events import Answered
from tests.e2e.running import world
from tests.newsstand import Story

HEADLINE = "Fire in the harbour closes the terminal for ships"


async def test_a_team_sets_up_its_topics_and_its_channel_and_reads_the_same_news(tmp_path: Path, token: str) -> None:
    """Greeted, refused, set up by an anonymous administrator, linked, told: each in its place, nothing elsewhere."""
    async with world(tmp_path, token) as made:
        telegram, ada = made.telegram, made.user
        bob = telegram.add_user("Bob")
        notices: list[str] = []
        telegram.subscribe(lambda event: notices.append(event.text) if isinstance(event, Answered) else None)
        forum = telegram.add_group("Newsroom", ada, bob, forum=True)
        topic = telegram.add_topic(forum, "Harbour")
        channel = telegram.add_channel("Harbour news", ada, bob, username="harbour_news")
        await made.start()
        await made.polls(2)

        async def hear(words: str, chat: int = forum.id) -> None:
            await made.until(lambda: any(words in message.text for message in telegram.messages(chat)))

        await hear("Hello! I tell this group")
        telegram.say(bob, forum, "/watch gold", topic.id)
        await hear("Only administrators")
        telegram.say(ada, forum, "/watch harbour fire", topic.id, anonymous=True)
        await hear("Watching")
        assert "You are editing @harbour_news" in (await made.say("/channel @harbour_news")).text
        assert (await made.say("/watch harbour fire")).text.startswith("✏️ Editing @harbour_news")
        made.news.feeds["alpha"].append(Story(HEADLINE, "https://wire.example/fire", "f-1"))
        await made.until(lambda: bool(telegram.messages(channel.id)))
        await hear("🔔")
        (post,) = telegram.messages(channel.id)
        assert (post.text.startswith(HEADLINE), post.buttons) == (True, [])
        alert = telegram.messages(forum.id)[-1]
        assert (alert.text.startswith(HEADLINE), alert.thread) == (True, topic.id)
        assert [button.text for button in alert.buttons] == ["Why?"]
        telegram.press(bob, forum, alert.message_id, alert.buttons[0].data)
        await made.until(lambda: bool(notices))
        assert notices[0].startswith("It met harbour fire:")
        assert made.alerts() == []
        assert telegram.messages(forum.id)[-1] is alert
        await made.end()
        made.check.assert_clean()
