"""The model of Telegram's limits."""

import pytest

from bot.sandbox.chats import Chat
from bot.sandbox.limits import RateLimits
from bot.sandbox.refusals import ApiError

ANN = Chat(1, "private")
NEWS = Chat(-1, "supergroup")


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def refusal(limits, chat):
    with pytest.raises(ApiError) as caught:
        limits.spend(chat)
    return caught.value


def test_a_short_burst_passes_and_a_long_one_does_not(clock):
    """Five at once to a chat, the sixth gets 429 with retry_after."""
    limits = RateLimits(clock)
    for _ in range(5):
        limits.spend(ANN)
    error = refusal(limits, ANN)
    assert (error.code, error.parameters) == (429, {"retry_after": 3})
    assert error.description == "Too Many Requests: retry after 3"
    assert limits.refused == 1


def test_a_chat_stays_shut_until_retry_after_has_passed(clock):
    """An early repeat is refused with what is left of the wait; after it the chat is open."""
    limits = RateLimits(clock, chat_burst=1)
    limits.spend(ANN)
    refusal(limits, ANN)
    clock.now += 1.5
    assert refusal(limits, ANN).parameters == {"retry_after": 2}
    clock.now += 1.6
    limits.spend(ANN)


def test_one_chat_does_not_shut_another(clock):
    """A 429 for a chat is that chat's."""
    limits = RateLimits(clock, chat_burst=1)
    limits.spend(ANN)
    refusal(limits, ANN)
    limits.spend(Chat(2, "private"))


def test_a_group_gets_twenty_a_minute(clock):
    """The twenty-first in a minute waits until the first is a minute old."""
    limits = RateLimits(clock)
    for _ in range(20):
        limits.spend(NEWS)
        clock.now += 1.0
    assert refusal(limits, NEWS).parameters == {"retry_after": 40}
    clock.now += 40.0
    limits.spend(NEWS)


def test_all_chats_together_get_thirty_a_second(clock):
    """The thirty-first chat within a second is refused."""
    limits = RateLimits(clock)
    for number in range(30):
        limits.spend(Chat(number, "private"))
    assert refusal(limits, Chat(99, "private")).code == 429


def test_a_paced_bot_never_meets_a_429(clock):
    """One in 1.05 s to a private chat, 18 a minute to a group, 25 a second in all, for ten minutes."""
    limits = RateLimits(clock)
    chats = [Chat(number, "private") for number in range(27)]
    for step in range(600 * 25):
        clock.now = 1000.0 + step / 25
        chat = chats[step % 27] if step % 84 else NEWS  # a group every 3.36 s
        limits.spend(chat)
    assert limits.refused == 0


def test_switched_off_it_refuses_nothing(clock):
    """`enabled` can be changed at any time."""
    limits = RateLimits(clock, enabled=False)
    for _ in range(100):
        limits.spend(ANN)
    limits.enabled = True
    limits.spend(ANN)


def test_a_clock_that_goes_back_gives_nothing_away(clock):
    """No tokens for time that has not passed."""
    limits = RateLimits(clock, chat_burst=1)
    limits.spend(ANN)
    clock.now -= 3600
    assert refusal(limits, ANN).code == 429
