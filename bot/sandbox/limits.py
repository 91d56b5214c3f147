"""A model of Telegram's limits on sending; nobody outside knows the exact ones.

As published: about one message a second to a chat with short bursts, 20 a minute to a group (most likely to a
channel too), about 30 a second in all. A bot that keeps to them never meets a 429 here.
"""

import math
from collections import deque
from collections.abc import Callable

from bot.sandbox.chats import Chat
from bot.sandbox.refusals import too_many

_MINUTE = 60.0
_ROUNDING = 1e-6  # seconds; sums of floats are no flood


class _Bucket:
    """Tokens that come back at `rate` a second, at most `burst` of them."""

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self.rate, self.burst, self.tokens, self.filled = rate, burst, burst, now

    def wait(self, now: float) -> float:
        """Seconds until a token is there. A clock that went back fills nothing."""
        self.tokens = min(self.burst, self.tokens + max(0.0, now - self.filled) * self.rate)
        self.filled = now
        return max(0.0, (1.0 - self.tokens) / self.rate)

    def take(self) -> None:
        self.tokens -= 1.0


class RateLimits:
    """Counts deliveries. `enabled` switches it, `refused` counts its 429s."""

    def __init__(
        self,
        now: Callable[[], float],
        *,
        enabled: bool = True,
        chat_rate: float = 1.0,
        chat_burst: int = 5,
        group_per_minute: int = 20,
        total_rate: float = 30.0,
        total_burst: int = 30,
        shortest: int = 3,
    ) -> None:
        self.enabled = enabled
        self.refused = 0
        self._now = now
        self._chat_rate, self._chat_burst = chat_rate, chat_burst
        self._group_per_minute = group_per_minute
        self._shortest = shortest
        self._total = _Bucket(total_rate, total_burst, now())
        self._chats: dict[int, _Bucket] = {}
        self._minutes: dict[int, deque[float]] = {}
        self._halted: dict[int, float] = {}

    def spend(self, chat: Chat) -> None:
        """Counts one delivery to a chat. Raises ApiError (429), and counts nothing, when it is one too many.

        After a 429 the chat stays shut until `retry_after` has passed.
        """
        if not self.enabled:
            return
        now = self._now()
        bucket = self._chats.setdefault(chat.id, _Bucket(self._chat_rate, self._chat_burst, now))
        halted = self._halted.get(chat.id, 0.0) - now
        if halted > 0:
            self.refused += 1
            raise too_many(math.ceil(halted))
        wait = max(self._total.wait(now), bucket.wait(now), self._minute_wait(chat, now))
        if wait > _ROUNDING:
            self.refused += 1
            retry_after = max(self._shortest, math.ceil(wait))
            self._halted[chat.id] = now + retry_after
            raise too_many(retry_after)
        self._total.take()
        bucket.take()
        if chat.type != "private":
            self._minutes.setdefault(chat.id, deque()).append(now)

    def _minute_wait(self, chat: Chat, now: float) -> float:
        sent = self._minutes.get(chat.id)
        if not sent:
            return 0.0
        while sent and sent[0] <= now - _MINUTE:
            sent.popleft()
        return sent[0] + _MINUTE - now if len(sent) >= self._group_per_minute else 0.0
