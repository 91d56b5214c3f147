"""Whether messages get through to Telegram: so that an outage costs a question now and then, and no message its tries.

    open ──an answer is lost, no connection is made──> suspect ──Telegram answers a question──> half open
     │ ^                                                  ^                                      │   │
     │ └────────────────a message arrives─────────────────│──────────────────────────────────────┘   │
     │                                                    └──────────an answer is lost───────────────┘
     └──several chats are told to wait, or a start with repeats waiting──> half open

While *suspect* nothing is sent; Telegram is asked a harmless question, later each time. *Half open* means one message
at a time, those first that never were in doubt. A message whose answer was lost may have arrived, so it is repeated
once at most: after another has arrived, or, where there is no other, after a hold that doubles with each loss.

No I/O: the time comes in as seconds. A send that began before the last trouble (an earlier *round*) says nothing
about the line as it is now.
"""

import logging
from collections.abc import Callable

from bot.outcomes import Outcome, Sent, Uncertain, Unreachable
from bot.store.outbox import Holds

log = logging.getLogger(__name__)

ASK_FIRST, ASK_MOST = 0.5, 30.0
HOLD_FIRST: Holds = (5.0, 20.0)
HOLD_MOST = 600.0


class Link:
    """The state of the line, as the sends so far have shown it. A new one is open."""

    def __init__(self, jitter: Callable[[], float]) -> None:
        self._jitter = jitter
        self._suspect = False
        self._proven = True
        self._round = 0
        self._sending = 0  # in this round
        self._troubles = 0  # since the last message that arrived
        self._losses = 0  # those of them that may have been deliveries
        self._ask_since = self._ask_after = 0.0

    @property
    def suspect(self) -> bool:
        """Whether nothing may be sent before Telegram has answered a question."""
        return self._suspect

    @property
    def half_open(self) -> bool:
        """Whether messages go one at a time."""
        return not self._suspect and not self._proven

    @property
    def free(self) -> bool:
        """Whether another send may begin now."""
        return self._proven or (not self._suspect and not self._sending)

    @property
    def holds(self) -> Holds:
        """How long a message whose answer was lost waits, unless another one arrives before."""
        replies, others = (min(HOLD_MOST, first * 2.0 ** max(0, self._losses - 1)) for first in HOLD_FIRST)
        return replies, others

    def begin(self) -> int:
        """A send begins; `learn` and `end` want what this returns."""
        self._sending += 1
        return self._round

    def learn(self, begun: int, outcome: Outcome, now: float) -> bool:
        """What came of a send; True when it shows that messages get through again."""
        if begun != self._round:
            return False
        match outcome:
            case Sent():
                return self._prove()
            case Uncertain(reason):
                self._losses = min(self._losses + 1, 10)
                self._trouble(reason, now)
            case Unreachable(reason):
                self._trouble(reason, now)
        return False

    def end(self, begun: int) -> None:
        """A send is over and its outcome is stored."""
        if begun == self._round:
            self._sending -= 1

    def doubt(self) -> None:
        """Send one message at a time until one arrives."""
        if self._proven:
            self._proven = False
            self._next_round()

    def ask_in(self, now: float) -> float:
        """Seconds until Telegram may be asked. A clock that was set back does not make them more."""
        if now < self._ask_since:
            self._ask_since = now
        return max(0.0, self._ask_since + self._ask_after - now)

    def ask(self, now: float) -> None:
        """Telegram is asked now; should there be no answer, again after a longer while."""
        self._ask_since, self._ask_after = now, self._backoff(self._troubles + 1)

    def heard(self) -> None:
        """An update has come, so Telegram is there: ask at once. Not where messages get lost: each try costs one."""
        if self._suspect and not self._losses:
            self._ask_after = 0.0

    def answered(self, *, told: bool) -> None:
        """Whether Telegram has answered the question: if so, one message may try."""
        self._suspect = not told
        self._troubles += not told

    def _prove(self) -> bool:
        was_proven, self._proven = self._proven, True
        if self._troubles:
            log.warning("messages get through to Telegram again")
        self._troubles = self._losses = 0
        return not was_proven

    def _trouble(self, reason: str, now: float) -> None:
        if not self._troubles:
            log.warning("sending waits until Telegram can be reached again: %s", reason)
        self._suspect, self._proven = True, False
        self._troubles += 1
        self._ask_since, self._ask_after = now, self._backoff(self._troubles)
        self._next_round()

    def _next_round(self) -> None:
        self._round += 1
        self._sending = 0

    def _backoff(self, troubles: int) -> float:
        return min(ASK_MOST, ASK_FIRST * 2.0 ** min(troubles - 1, 10)) * (0.5 + self._jitter() / 2)
