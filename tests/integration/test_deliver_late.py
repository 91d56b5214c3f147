"""Telegram away for hours, and back: what is stale by then comes in one message that says so, the rest one by one."""

import pytest

from tests.fakes import invented_name, item
from tests.mail import mail
from tests.press import Press, fire

HOUR = 3600.0


@pytest.fixture
async def post(tmp_path):
    async with mail(tmp_path) as made:
        yield made


@pytest.fixture
def news(post):
    """The news of this post: a chat that watches for fires, and others."""
    made = Press(post.storage, post.box.clock)
    for chat in (post.box.chat.id, *post.people(2)):
        made.watch(chat, "fire")
    return made


async def hours_away(post, news, hours: int) -> list[str]:
    """So many hours without Telegram, a fire in each; return the places."""
    url = news.feed()
    end = post.now + hours * HOUR + 1800
    post.box.cable.cut = lambda: post.now < end
    for number in range(hours):
        news.poll(url, fire(number, source=f"w{number}.example"), after=HOUR)
        await post.deliver(60)
        news.release()
    post.box.clock.advance(end - post.now)
    return [invented_name(number) for number in range(hours)]


async def test_a_night_without_telegram_ends_with_one_list_and_no_storm(post, news):
    """Each chat gets what is older than six hours in one message, what is younger singly, and nothing twice."""
    places = await hours_away(post, news, 14)
    await post.deliver()
    news.release()
    await post.deliver()
    for chat in post.box.telegram.chats:
        texts = post.texts(chat)
        assert len([text for text in texts if "Too late to come one by one: 8 stories" in text]) == 1
        assert len(texts) == 1 + 6
        assert [sum(place in text for text in texts) for place in places] == [1] * 14
    assert (await post.counts())["sent"] == 21


async def test_no_list_comes_at_night(post, news):
    """Also where Telegram comes back in the quiet hours of a chat: it waits for their end, and so does what is left."""
    ann = post.box.chat.id
    news.prefer(lambda p: p.quiet(ann, "22:00-09:00"))
    places = await hours_away(post, news, 12)  # until half past midnight
    await post.deliver(HOUR)
    news.release()
    await post.deliver(HOUR)
    assert post.texts() == []
    post.box.clock.advance(9 * HOUR)
    news.release()
    await post.deliver()
    (text,) = post.texts()
    assert text.startswith("During your quiet hours: 12 stories")
    assert all(place in text for place in places)


async def test_what_waited_is_not_sent_into_the_quiet_hours(post, news):
    """A short outage that ends in them. An urgent watch comes all the same, and so do replies."""
    ann = post.box.chat.id
    news.watch(ann, "flood")
    news.prefer(lambda p: p.quiet(ann, "13:00-14:00"))
    news.manage(lambda p: p.level(p.watch(ann, 2), "urgent"))
    url = news.feed()
    news.poll(url, fire(1), item("Flood in the valley", source="v.example"), after=1500)
    await post.write("reply", kind="reply")
    end = post.now + 1800
    post.box.cable.cut = lambda: post.now < end
    await post.deliver(1810)
    await post.deliver(60)
    assert [text.splitlines()[0] for text in post.texts()] == ["reply", "Flood in the valley"]
    post.box.clock.advance(HOUR)
    news.release()
    await post.deliver()
    assert "During your quiet hours: 1 story" in post.texts()[-1]


async def test_an_end_of_the_quiet_hours_by_command_lets_a_list_go(post, news):
    """What was held back at the line is not held until the morning then."""
    ann = post.box.chat.id
    news.prefer(lambda p: p.snooze(ann, "30m"))
    url = news.feed()
    news.poll(url, fire(1), after=600)
    post.box.clock.advance(900)
    news.release()
    news.rows(f"UPDATE chats SET quiet = '12:30-20:00' WHERE id = {ann}")  # begins between the list and its sending
    await post.deliver(HOUR)
    assert post.texts() == []
    news.prefer(lambda p: p.quiet(ann, "off"))
    await post.deliver(HOUR)
    assert len(post.texts()) == 1


async def test_a_list_that_waits_takes_in_what_is_due_later(post, news):
    """An hourly digest during an outage: one message with all that is due when Telegram is back."""
    ann = post.box.chat.id
    news.prefer(lambda p: p.digest(ann, "hourly"))
    await hours_away(post, news, 5)
    await post.deliver()
    assert [text.splitlines()[0] for text in post.texts()] == ["Your digest: 4 stories"]


async def test_an_alert_in_doubt_twice_comes_in_a_list(post, news):
    """It is not sent a third time, and nothing is lost in silence."""
    news.poll(news.feed(), fire(1))
    post.box.server.faults.drop(method="sendMessage", chat_id=post.box.chat.id, times=2)
    await post.deliver()
    assert (post.texts(), (await post.counts())["failed"]) == ([], 1)
    news.release()
    await post.deliver()
    (text,) = post.texts()
    assert text.startswith("These may not have reached you: 1 story")
