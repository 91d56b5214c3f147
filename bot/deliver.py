"""From the outbox to Telegram: paced, one message per chat at a time, every result recorded.

`queued → sending` is committed before the call and the result after it, so that whatever kills the program
in between is known at the next start: such a message may have arrived, and goes out once more. Whether the line
is to be trusted at all is judged in `bot/link.py`, what an outcome means for a message in `bot/settle.py`.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable, Collection

from telegram import Bot
from telegram.error import InvalidToken

from bot import telegram
from bot.clock import Clock, to_epoch
from bot.digest import hush
from bot.link import Link
from bot.metrics import Metrics
from bot.outcomes import Fatal, Outcome, RetryAt, Sent
from bot.pace import Pace
from bot.settle import about, kind, settle
from bot.store import Storage, Store
from bot.store.gauges import Way
from bot.store.outbox import Delivery, Head, Holds

log = logging.getLogger(__name__)

IN_FLIGHT = 8  # python-telegram-bot gets slower above this
CANDIDATES = 64
IDLE = 20.0  # seconds; also how often the loop shows that it is alive
BACKOFF_FIRST, BACKOFF_MOST = 0.5, 60.0
SHUTDOWN_GRACE = 6.0  # seconds; the whole program has ten
AFTER_A_KILL: Holds = (5.0, 5.0)  # seconds; a kill says nothing bad of the line


async def _until_news(news: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(news.wait(), seconds)


class Deliverer:
    """The loop that empties the outbox. `news` is set by whoever enqueues; `stop` ends it."""

    def __init__(
        self,
        storage: Storage,
        bot: Bot,
        clock: Clock,
        news: asyncio.Event,
        jitter: Callable[[], float] = random.random,
        pause: Callable[[asyncio.Event, float], Awaitable[None]] = _until_news,
        metrics: Metrics | None = None,
    ) -> None:
        self._storage = storage
        self._bot = bot
        self._clock = clock
        self._jitter = jitter
        self._pause = pause
        self._metrics = metrics or Metrics()
        self._pace = Pace()
        self._link = Link(jitter)
        self._in_flight: dict[
            int, tuple[int, asyncio.Task[None]]
        ] = {}  # id of the message → chat (Telegram's id), send
        self._question: asyncio.Task[None] | None = None
        self._unsettled: set[int] = set()
        self._planned: float | None = None  # when a message that waits for its time should go
        self._news = news
        self._stopping = False
        self._fatal = ""

    @property
    def in_flight(self) -> int:
        """How many calls wait for Telegram's answer."""
        return len(self._in_flight) + (self._question is not None)

    def stop(self) -> None:
        """Begin no further send; `run` returns when those in flight have ended."""
        self._stopping = True
        self._news.set()

    def heard(self) -> None:
        """Telegram has sent an update: whoever wrote it waits for a reply, and the line may be good again."""
        self._link.heard()
        self._news.set()

    async def run(self) -> None:
        """Send until stopped. Raises `InvalidToken` when Telegram refuses the token; nothing is lost by it."""
        await self._recover(AFTER_A_KILL)
        if await self._storage.run(lambda store: store.outbox.has_repeats()):
            self._link.doubt()
        while not self._stopping and not self._fatal:
            self._news.clear()
            wait = await self._step()
            if wait > 0:
                await self._pause(self._news, wait)
        await self._finish_sends()
        if self._fatal:
            raise InvalidToken(self._fatal)

    async def _recover(self, holds: Holds) -> None:
        """What is `sending` without anybody waiting for its answer may have arrived."""
        repeated, failed = await self._storage.run(lambda store: store.outbox.recover(holds))
        if repeated:
            log.warning("on their way when the program stopped, to go out once more: messages %s", repeated)
        if failed:
            log.error("twice on their way when an answer was lost, not tried again: messages %s", failed)

    async def _finish_sends(self) -> None:
        """Wait for the answers that are due. A send without one counts as a lost answer, and its repeat is held."""
        if self._question is not None:
            self._question.cancel()
            await asyncio.gather(self._question, return_exceptions=True)
        if self._in_flight:
            sends = [send for _, send in self._in_flight.values()]
            _, late = await asyncio.wait(sends, timeout=SHUTDOWN_GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._recover(self._link.holds)

    async def _step(self) -> float:
        """Start one send or question if one may go now; return the seconds to wait before looking again."""
        if len(self._in_flight) >= IN_FLIGHT:
            return IDLE
        heads = await self._look()
        now = to_epoch(self._clock())
        if heads and self._link.suspect:
            return self._ask(now)
        if heads and not self._link.free:
            return IDLE
        chosen, wait = self._choose(heads, now)
        planned, self._planned = self._planned, now + wait if heads and chosen is None else None
        if chosen is None:
            wake_at = await self._storage.run(lambda store: store.outbox.next_wake())
            return min(wait, IDLE if wake_at is None else max(0.01, wake_at - now))
        begun = self._link.begin()  # before the claim: what is learnt meanwhile comes too late for this one
        delivery = await self._storage.run(lambda store: store.outbox.claim(chosen.id))
        if delivery is None:
            self._link.end(begun)
        else:
            self._pace.sending(delivery.telegram_id, now, planned)
            self._in_flight[delivery.id] = delivery.telegram_id, asyncio.create_task(self._send(delivery, begun))
        return 0

    async def _look(self) -> list[Head]:
        unsettled = frozenset(self._unsettled)
        busy = [telegram_id for telegram_id, _ in self._in_flight.values()]
        half_open = self._link.half_open
        heads = await self._storage.run(lambda store: _look(store, unsettled, busy, half_open=half_open))
        self._unsettled -= unsettled
        return heads

    def _choose(self, heads: list[Head], now: float) -> tuple[Head | None, float]:
        """The message that may go now and is the most urgent; else how long the soonest has to wait."""
        waits = [(self._pace.wait(head.telegram_id, head.chat_kind, now), head) for head in heads]
        ready = [head for wait, head in waits if wait <= 0]
        if ready:
            return min(ready, key=lambda head: (head.priority, self._pace.last_served(head.telegram_id), head.id)), 0
        return None, max(0.01, min((wait for wait, _ in waits), default=IDLE))

    def _ask(self, now: float) -> float:
        """Ask Telegram whether it is there, when it is time to; return the seconds to wait."""
        if self._question is not None:
            return IDLE
        wait = self._link.ask_in(now)
        if wait > 0:
            return min(IDLE, wait)
        self._link.ask(now)
        self._question = asyncio.create_task(self._ask_telegram())
        return IDLE

    async def _ask_telegram(self) -> None:
        try:
            answer = await telegram.ask(self._bot)
            self._link.answered(told=answer is None)
            if isinstance(answer, Fatal):
                self._fatal = answer.reason
        finally:
            self._question = None
            self._news.set()

    async def _send(self, delivery: Delivery, begun: int) -> None:
        try:
            await self._settle(delivery, begun, await telegram.send(self._bot, delivery))
        except Exception:
            # The boundary of a job: it may have been delivered, and the chat's other messages must not wait for it.
            self._metrics.own_error("delivery")
            log.exception("delivery %d ended in an error of ours", delivery.id, extra=about(delivery))
            self._unsettled.add(delivery.id)
        finally:
            self._link.end(begun)
            del self._in_flight[delivery.id]
            self._news.set()

    async def _settle(self, delivery: Delivery, begun: int, outcome: Outcome) -> None:
        now = to_epoch(self._clock())
        through_again = self._link.learn(begun, outcome, now)
        backoff, holds = self._backoff(delivery.attempts), self._link.holds

        def record(store: Store) -> Way | None:
            settle(store, delivery, outcome, backoff, holds)
            if through_again:
                store.outbox.release_repeats()
            has_come = isinstance(outcome, Sent) and delivery.edits is None
            return store.gauges.way(delivery.alert_id) if has_come and delivery.alert_id is not None else None

        self._metrics.delivered(kind(delivery), outcome, await self._storage.run(record))
        if isinstance(outcome, Fatal):
            self._fatal = outcome.reason
        if isinstance(outcome, RetryAt) and self._pace.refused(delivery.telegram_id, outcome.seconds, now):
            self._link.doubt()

    def _backoff(self, attempts: int) -> float:
        return min(BACKOFF_MOST, BACKOFF_FIRST * 2.0 ** min(attempts, 10)) * (0.5 + self._jitter() / 2)


def _look(store: Store, unsettled: Collection[int], busy: Collection[int], *, half_open: bool) -> list[Head]:
    """The first messages of the chats; while the line is in doubt those first that were never in doubt themselves."""
    store.progress.mark("delivery")
    for row_id in unsettled:
        store.outbox.uncertain(row_id, "an error on our side; it is in the log", (0, 0))
    store.recall.late()
    heads = _heads(store, busy, half_open=half_open)
    if hush(store, heads):
        heads = _heads(store, busy, half_open=half_open)
    return heads


def _heads(store: Store, busy: Collection[int], *, half_open: bool) -> list[Head]:
    undoubted = store.outbox.heads(busy, CANDIDATES, undoubted=True) if half_open else []
    return undoubted or store.outbox.heads(busy, CANDIDATES)
