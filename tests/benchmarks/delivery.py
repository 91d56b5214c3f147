"""5,000 messages through the real client to the sandbox's Bot API server, beside python-telegram-bot's own limiter.

Each of the two has a server of the same program, with the same limits, at the same time. Printed besides the rows: the
most messages within one second, how often the server said "too many requests", and how long replies took.
"""

import asyncio
import json
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from bot.clock import utc_now
from bot.sandbox.events import Sent
from bot.sandbox.server import BotApiServer
from bot.sandbox.telegram_state import Telegram
from tests.benchmarks.rows import Row

MESSAGES, REPLIES = 5_000, 30
FIRST, EVERY = 5.0, 4.0  # seconds to the first question, and between two


@dataclass
class Race:
    """One of the two: its server, and when what arrived."""

    kind: str
    alerts: list[float] = field(default_factory=list)
    replies: dict[int, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    refused: int = 0
    cpu: float = 0.0

    async def run(self, messages: int) -> None:
        """Send everything, by a process of its own."""
        state = Telegram(token="1:bench", clock=utc_now)
        server = BotApiServer(state)
        await server.start()
        chats = [state.private_chat(state.add_user(f"P{n}")).id for n in range(messages)]
        asked = [(FIRST + EVERY * n, state.private_chat(state.add_user(f"Q{n}")).id) for n in range(REPLIES)]
        asked = [(when, chat) for when, chat in asked if when < messages / 30]
        state.subscribe(self._arrived)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.benchmarks.sender", self.kind, server.url),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        out, _nothing = await process.communicate(json.dumps({"chats": chats, "asked": asked}).encode())
        ended = json.loads(out)
        self.cpu, self.refused = ended["cpu"], server.limits.refused
        self.waits = [self.replies[int(chat)] - moment for chat, moment in ended["asked"].items()]
        await server.stop()

    def _arrived(self, event: object) -> None:
        if isinstance(event, Sent):
            now = time.monotonic()
            if event.message.text == "reply":
                self.replies[event.message.chat_id] = now
            else:
                self.alerts.append(now)

    @property
    def pace(self) -> float:
        """Messages a second, from the first to the last."""
        return (len(self.alerts) - 1) / (max(self.alerts) - min(self.alerts))

    @property
    def wait(self) -> float:
        """Seconds that the median reply took."""
        return statistics.median(self.waits)

    def told(self) -> str:
        """What the rows do not say."""
        start = min(self.alerts)
        fullest = max(Counter(int(moment - start) for moment in self.alerts).values())
        return (
            f"{self.kind}: {len(self.alerts):,} messages, at most {fullest} within a second; {self.refused} × 429; "
            f"replies after {self.wait:.2f} s (median), {max(self.waits):.2f} s (longest)"
        )


def run(messages: int = MESSAGES) -> list[Row]:
    """Pace, CPU and the wait for a reply."""
    ours, theirs = Race("outbox"), Race("limiter")

    async def both() -> None:
        await asyncio.gather(ours.run(messages), theirs.run(messages))

    asyncio.run(both())
    print("\n".join(["", ours.told(), theirs.told(), ""]), file=sys.stderr)
    baseline = "AIORateLimiter, nothing stored"
    return [
        Row(f"send {messages:,} messages", ours.pace, "/s", baseline, theirs.pace),
        Row("the same, for a second of CPU", messages / ours.cpu, "/s", baseline, messages / theirs.cpu),
        Row("replies behind them, by their waiting", 60 / ours.wait, "/min", baseline, 60 / theirs.wait),
    ]


if __name__ == "__main__":
    for row in run(int(sys.argv[1])):
        print(row, row.ratio)
