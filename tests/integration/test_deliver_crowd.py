"""One item for a crowd, on virtual time: everybody is told, within the limits, whatever goes wrong on the way."""

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from bot.sandbox.faults import Fault
from bot.sandbox.refusals import forbidden, too_many
from tests.fakes import item
from tests.mail import Mail, mail
from tests.press import Press
from tests.promises import Measured

CROWDS = [200, pytest.param(10_000, marks=pytest.mark.soak)]
HEADLINE = "Fire in the harbour closes the terminal for ships"


async def told(post: Mail, number: int) -> list[int]:
    """So many people watch for fires, and now there is one."""
    news, chats = Press(post.storage, post.box.clock), post.people(number)
    for chat in chats:
        news.watch(chat, "fire")
    assert news.poll(news.feed(), item(HEADLINE, source="wire.example"))["ALERT"] == number
    return chats


def mix(chance: random.Random, blocked: set[int]):
    """Of a hundred calls four are refused, two meet a page of a proxy, two are lost before and two after delivery."""

    def choose(method: str, chat: object) -> Fault | None:
        if chat in blocked:
            return Fault("refuse", forbidden("bot was blocked by the user"))
        drawn = chance.random() if method == "sendMessage" else 1.0
        if drawn < 0.04:
            return Fault("refuse", too_many(chance.randint(1, 30)))
        return next(
            (Fault(kind) for kind, limit in (("page", 0.06), ("drop", 0.08), ("lose", 0.1)) if drawn < limit), None
        )

    return choose


async def killed_now_and_then(post: Mail, chance: random.Random, kills: int) -> None:
    """Deliver until nothing is queued; the deliverer dies in the middle of sends so many times."""
    plain, dying = post._pause, asyncio.Event()

    async def pause(news: asyncio.Event, seconds: float) -> None:
        if kills and post.deliverer.in_flight and chance.random() < 0.05:
            dying.set()
            await asyncio.Event().wait()
        await plain(news, seconds)

    while (await post.counts())["queued"]:
        dying.clear()
        post._pause = pause
        post.deliverer = post.new()
        post._pause = plain
        tasks = [asyncio.create_task(post.deliverer.run()), asyncio.create_task(dying.wait())]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if dying.is_set():
            kills -= 1
            tasks += [send for _chat, send in post.deliverer._in_flight.values()]
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert not [error for error in ended if isinstance(error, Exception)]


@pytest.mark.parametrize("people", CROWDS)
@pytest.mark.timeout(1800)
async def test_whatever_goes_wrong_nobody_is_left_out(tmp_path: Path, people: int, measured: Measured) -> None:
    """429s, pages, lost messages and answers, blocked users, kills: who can be reached is told, twice only in doubt."""
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    async with mail(tmp_path) as post:
        chats = await told(post, people)
        blocked = set(chance.sample(chats, people // 50))
        post.box.server.faults.chooser = mix(chance, blocked)
        post._end = post.now + 86_400
        await killed_now_and_then(post, chance, 5)
        news = Press(post.storage, post.box.clock)
        while news.release():  # alerts that were in doubt twice, or too old by now
            await killed_now_and_then(post, chance, 0)
        came = {chat: sum(HEADLINE in text for text in post.texts(chat)) for chat in chats}
        rows = news.rows("SELECT chat_id, state, uncertain FROM outbox WHERE kind = 'alert'")
        doubts = Counter({chat: uncertain for chat, _state, uncertain in rows})
        states = Counter(state for _chat, state, _uncertain in rows)
        assert states["dropped"] == len(blocked)
        assert all(came[chat] == 0 for chat in blocked)
        for chat in set(chats) - blocked:
            assert 1 <= came[chat] <= (1, 2, 4)[doubts[chat]], f"{came[chat]} copies in {chat}"
        assert post.box.server.limits.refused == 0, "the pace was broken"
        counts = await post.counts()
        assert counts["queued"] == counts["sending"] == 0
        twice = sum(count > 1 for count in came.values())
        measured("P6", f"{people:,} people, {len(blocked)} gone, kills: 0 left out, {twice} told twice, pace held")


@pytest.mark.parametrize("people", CROWDS)
@pytest.mark.timeout(1800)
async def test_a_crowd_is_told_at_the_full_pace_and_a_reply_overtakes_it(tmp_path: Path, people: int) -> None:
    """25 a second; whoever presses a button in the midst of it waits no longer than a second and a half."""
    async with mail(tmp_path) as post:
        await told(post, people)
        began, asked = post.now, {}
        reply_to = post.people(people // 40)

        async def ask() -> None:
            """Every second somebody asks something."""
            if len(asked) < len(reply_to) and post.now - began > len(asked) + 1:
                chat = reply_to[len(asked)]
                asked[chat] = post.now
                await post.write(f"reply to {chat}", chat, "reply")

        plain = post._pause

        async def pause(news: asyncio.Event, seconds: float) -> None:
            await ask()
            await plain(news, seconds)

        post._pause = pause
        await post.deliver()
        sent = people + len(asked)
        assert len(asked) == len(reply_to)
        assert post.now - began == pytest.approx(sent / 25, rel=0.1)
        for chat, when in asked.items():
            (message,) = post.box.telegram.messages(chat)
            assert message.date - when <= 1.5
        assert post.box.server.limits.refused == 0


@pytest.mark.parametrize("jump", [-86_400, 86_400, 6 * 3600 - 60], ids=["a day back", "a day on", "asleep"])
async def test_a_clock_that_jumps_in_the_midst_loses_and_repeats_nothing(tmp_path: Path, jump: float) -> None:
    """Everybody is told once, singly or in a list, and the limits of the server are kept on both sides of the jump."""
    async with mail(tmp_path) as post:
        chats = await told(post, 100)
        await post.deliver(2)
        post.box.clock.advance(jump)
        await post.deliver(600)
        Press(post.storage, post.box.clock).release()
        await post.deliver(600)
        assert [sum(HEADLINE in text for text in post.texts(chat)) for chat in chats] == [1] * 100
        assert post.box.server.limits.refused == 0
