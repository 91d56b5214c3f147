"""Failed messages that an admin has sent again: once, counted, through the deliverer on virtual time."""

from pathlib import Path

import pytest

from bot.sandbox.faults import Fault
from bot.sandbox.refusals import bad_request
from tests.mail import Mail, mail


@pytest.fixture
async def post(tmp_path: Path):
    async with mail(tmp_path) as made:
        yield made


def refuse_all(post: Mail) -> None:
    post.box.server.faults.add(Fault("refuse", bad_request("SOMETHING_NEW"), times=None))


async def refused(post: Mail, *keys: str, **others: object) -> None:
    """Messages that Telegram refuses for a reason that has no rule."""
    for key in keys:
        await post.write(key, **others)
    refuse_all(post)
    await post.deliver(60)
    post.box.server.faults.clear()
    assert {(await post.states())[key] for key in keys} == {"failed"}


async def retry(post: Mail, chat_id: int | None = None) -> int:
    count: int = await post.run(lambda store: store.failures.retry(chat_id))
    post.news.set()
    return count


async def test_what_failed_is_sent_once_more(post):
    """In its order; each message is one row in one state all the time."""
    await refused(post, "a", "b")
    assert (await post.counts())["failed"] == 2
    assert await retry(post) == 2
    assert (await post.counts())["queued"] == 2
    assert await retry(post) == 0
    await post.deliver()
    assert post.texts() == ["a", "b"]
    assert await post.counts() == {**await post.counts(), "enqueued": 2, "sent": 2, "failed": 0}


async def test_what_fails_again_has_failed_for_good(post):
    """However often it is asked for."""
    await refused(post, "a")
    assert await retry(post) == 1
    refuse_all(post)
    await post.deliver(60)
    post.box.server.faults.clear()
    assert await retry(post) == 0
    assert (await post.states())["a"] == "failed"


async def test_only_what_failed_within_a_day_and_for_the_chat_that_is_named(post):
    """An hour more, and it is old news."""
    (other,) = post.people(1)
    await refused(post, "a")
    await refused(post, "b", chat_id=other)
    assert await retry(post, other) == 1
    post.box.clock.advance(25 * 3600)
    assert await retry(post) == 0


async def test_what_would_be_wrong_or_twice_is_not_sent_again(post):
    """Edits, secrets, alerts that were told in a summary, and whatever is for a chat that cannot be reached."""
    await refused(post, "edit", kind="reply")
    await refused(post, "secret", kind="reply", secret=True)
    await refused(post, "unsure")
    await refused(post, "gone", chat_id=post.people(1)[0])

    def change(store) -> None:
        store.outbox._write("UPDATE outbox SET kind = 'edit' WHERE dedup_key = 'edit'")
        store.outbox._write("UPDATE outbox SET uncertain = 2 WHERE dedup_key = 'unsure'")
        store.outbox._write(
            "UPDATE chats SET active = 0 WHERE id = (SELECT chat_id FROM outbox WHERE dedup_key = 'gone')"
        )

    await post.run(change)
    found = await post.run(lambda store: store.failures.recent())
    assert (found.total, found.chats) == (4, {})
    assert await retry(post) == 0


async def test_the_reasons_are_counted(post):
    """The most frequent first, with how many can go again where."""
    await refused(post, "a", "b")
    await post.run(lambda store: store.outbox._write("UPDATE outbox SET reason = 'other' WHERE dedup_key = 'a'"))
    await refused(post, "c")
    found = await post.run(lambda store: store.failures.recent())
    assert [*found.reasons.values()] == [2, 1]
    assert found.chats == {post.box.chat.id: 3}


async def test_what_waits_meanwhile_is_not_held_up(post):
    """A message that is queued again is older than what was written later, and goes first; both go."""
    await refused(post, "a")
    await post.write("b")
    await retry(post)
    await post.write("c", kind="reply")
    await post.deliver()
    assert post.texts() == ["c", "a", "b"]


async def test_an_alert_that_is_too_late_by_then_comes_in_a_summary(post):
    """As any that waited too long."""
    await refused(post, "a", expires=post.now + 3600)
    post.box.clock.advance(2 * 3600)
    assert await retry(post) == 1
    await post.deliver(60)
    assert (await post.states())["a"] == "expired"
