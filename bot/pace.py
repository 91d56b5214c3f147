"""When the next message may go: Telegram's limits, kept on our side of the line.

Pure: the time comes in as seconds. The figures: about 30 messages a second for a bot, one a second for a chat,
20 a minute for a group (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this),
each kept a little below what is allowed.
"""

from collections import deque
from collections.abc import Iterable

EVERYWHERE = 1 / 25
PRIVATE = 1.05
GROUP = 1.0
GROUP_WINDOW = 60.0
GROUP_IN_WINDOW = 18
# This many chats answering "too many requests" within this time mean the whole bot, not a chat.
HALT_CHATS = 3
HALT_WITHIN = 10.0


def lasts(waiting: Iterable[tuple[str, int]]) -> float:
    """Seconds that so many messages to each of some chats (kind, count) take at this pace: an estimate."""
    total, longest = 0, 0.0
    for kind, count in waiting:
        total += count
        of_chat = count * PRIVATE if kind == "private" else max(count * GROUP, count // GROUP_IN_WINDOW * GROUP_WINDOW)
        longest = max(longest, of_chat)
    return max(total * EVERYWHERE, longest)


class Pace:
    """Remembers when each chat was last written to. Forgets a chat after its window has passed."""

    def __init__(self) -> None:
        self._latest = 0.0
        self._free_at = 0.0
        self._halted_until = 0.0
        self._sends: dict[int, deque[float]] = {}
        self._refused: dict[int, tuple[float, float]] = {}

    def wait(self, chat_id: int, kind: str, now: float) -> float:
        """Seconds until this chat may get its next message; 0 for now."""
        self._follow(now)
        allowed = max(self._free_at, self._halted_until)
        sends = self._sends.get(chat_id)
        if sends:
            allowed = max(allowed, sends[-1] + (PRIVATE if kind == "private" else GROUP))
            if kind != "private" and len(sends) >= GROUP_IN_WINDOW:
                allowed = max(allowed, sends[-GROUP_IN_WINDOW] + GROUP_WINDOW)
        return max(0.0, allowed - now)

    def last_served(self, chat_id: int) -> float:
        """When the chat was last written to: between chats, the one served least recently goes first."""
        sends = self._sends.get(chat_id)
        return sends[-1] if sends else 0.0

    def sending(self, chat_id: int, now: float, planned: float | None = None) -> None:
        """A message to this chat goes out now. No credit is saved up: an idle minute allows no burst.

        `planned`: when it should have gone, where it waited for its time and the wake-up came late: that is made up
        for, but not by more than one message.
        """
        self._follow(now)
        self._free_at = max(self._free_at, now if planned is None else max(planned, now - EVERYWHERE)) + EVERYWHERE
        self._sends.setdefault(chat_id, deque(maxlen=GROUP_IN_WINDOW)).append(now)
        if len(self._sends) > 10_000:
            self._sends = {chat: sends for chat, sends in self._sends.items() if sends[-1] > now - GROUP_WINDOW}

    def refused(self, chat_id: int, seconds: float, now: float) -> bool:
        """Telegram asked to leave this chat alone; when it asks so for several chats at once, all wait: True."""
        self._follow(now)
        recent = {chat: said for chat, said in self._refused.items() if said[0] > now - HALT_WITHIN}
        recent[chat_id] = (now, now + seconds)
        self._refused = recent
        if len(recent) >= HALT_CHATS:
            self._halted_until = max(self._halted_until, *(until for _, until in recent.values()))
            self._refused = {}
        return not self._refused

    def _follow(self, now: float) -> None:
        """A clock that was set back takes what is remembered with it: or a day back were a day of silence."""
        back = self._latest - now
        self._latest = now
        if back > 0:
            self._free_at -= back
            self._halted_until -= back
            for sends in self._sends.values():
                earlier = [at - back for at in sends]
                sends.clear()
                sends.extend(earlier)
            self._refused = {chat: (said - back, until - back) for chat, (said, until) in self._refused.items()}
