"""From the outbox to Telegram: paced, one message per chat at a time, every result recorded.

`queued → sending` is committed before the call and the result after it, so that whatever kills the program
in between is known at the next start: such a message may have arrived, and goes out once more.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from html import unescape

from telegram import Bot
from telegram.error import InvalidToken

from bot import telegram
from bot.clock import Clock, to_epoch
from bot.outcomes import (
    BadMessage,
    ChatGone,
    ChatMoved,
    ChatPaused,
    Fatal,
    NotSent,
    Outcome,
    Rejected,
    RetryAt,
    Sent,
    Uncertain,
    Unreachable,
)
from bot.pace import Pace
from bot.plain import MAX_UNITS, units
from bot.store import Storage, Store
from bot.store.outbox import Delivery, Head, Outgoing

log = logging.getLogger(__name__)

IN_FLIGHT = 8  # python-telegram-bot gets slower above this
CANDIDATES = 64
IDLE = 20.0  # seconds; also how often the loop shows that it is alive
BACKOFF_FIRST, BACKOFF_MOST = 0.5, 60.0
RIGHTS_PAUSE = 3600.0
SHUTDOWN_GRACE = 8.0
MAX_LATE = 90  # headlines in one message


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
    ) -> None:
        self._storage = storage
        self._bot = bot
        self._clock = clock
        self._jitter = jitter
        self._pause = pause
        self._pace = Pace()
        self._in_flight: dict[int, asyncio.Task[None]] = {}
        self._unsettled: set[int] = set()
        self._news = news
        self._stopping = False
        self._fatal = ""

    @property
    def in_flight(self) -> int:
        """How many sends wait for Telegram's answer."""
        return len(self._in_flight)

    def stop(self) -> None:
        """Begin no further send; `run` returns when those in flight have ended."""
        self._stopping = True
        self._news.set()

    async def run(self) -> None:
        """Send until stopped. Raises `InvalidToken` when Telegram refuses the token; nothing is lost by it."""
        recovered = await self._storage.run(lambda store: store.outbox.recover())
        if recovered:
            log.warning("%d messages were on their way when the program last stopped; they go out again", recovered)
        while not self._stopping and not self._fatal:
            self._news.clear()
            wait = await self._step()
            if wait > 0:
                await self._pause(self._news, wait)
        await self._finish_sends()
        if self._fatal:
            raise InvalidToken(self._fatal)

    async def _finish_sends(self) -> None:
        """Wait for the answers that are due; what gets none in time stays `sending`, and is uncertain next time."""
        if self._in_flight:
            _, late = await asyncio.wait(self._in_flight.values(), timeout=SHUTDOWN_GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _step(self) -> float:
        """Start one send if one may go now; return the seconds to wait before looking again."""
        if len(self._in_flight) >= IN_FLIGHT:
            return IDLE
        unsettled = frozenset(self._unsettled)
        heads = await self._storage.run(lambda store: self._look(store, unsettled))
        self._unsettled -= unsettled
        now = to_epoch(self._clock())
        chosen, wait = self._choose(heads, now)
        if chosen is None:
            wake_at = await self._storage.run(lambda store: store.outbox.next_wake())
            return min(wait, IDLE if wake_at is None else max(0.01, wake_at - now))
        delivery = await self._storage.run(lambda store: store.outbox.claim(chosen.id))
        if delivery is not None:
            self._pace.sending(delivery.chat_id, now)
            self._in_flight[delivery.chat_id] = asyncio.create_task(self._send(delivery))
        return 0

    def _look(self, store: Store, unsettled: frozenset[int]) -> list[Head]:
        store.progress.mark("delivery")
        for row_id in unsettled:
            store.outbox.uncertain(row_id, "an error on our side; it is in the log", 0)
        _expire(store)
        return store.outbox.heads(list(self._in_flight), CANDIDATES)

    def _choose(self, heads: list[Head], now: float) -> tuple[Head | None, float]:
        """The message that may go now and is the most urgent; else how long the soonest has to wait."""
        waits = [(self._pace.wait(head.chat_id, head.chat_kind, now), head) for head in heads]
        ready = [head for wait, head in waits if wait <= 0]
        if ready:
            return min(ready, key=lambda head: (head.priority, self._pace.last_served(head.chat_id), head.id)), 0
        return None, max(0.01, min((wait for wait, _ in waits), default=IDLE))

    async def _send(self, delivery: Delivery) -> None:
        try:
            outcome = await telegram.send(self._bot, delivery)
            await self._storage.run(lambda store: self._settle(store, delivery, outcome))
            if isinstance(outcome, RetryAt):
                self._pace.refused(delivery.chat_id, outcome.seconds, to_epoch(self._clock()))
        except Exception:
            # The boundary of a job: it may have been delivered, and the chat's other messages must not wait for it.
            log.exception("delivery %d to chat %d ended in an error of ours", delivery.id, delivery.chat_id)
            self._unsettled.add(delivery.id)
        finally:
            self._in_flight.pop(delivery.chat_id, None)
            self._news.set()

    def _settle(self, store: Store, delivery: Delivery, outcome: Outcome) -> None:
        """Record what came of one send: always exactly one state for its row."""
        now = to_epoch(self._clock())
        outbox = store.outbox
        match outcome:
            case Sent(message_id):
                outbox.finish(delivery.id, "sent", message_id=message_id)
                return
            case RetryAt(seconds):
                store.chats.pause(delivery.chat_id, now + seconds + 0.5)
                outbox.requeue(delivery.id, "Telegram asked to wait", 0, counted=False)
            case NotSent(reason) | Unreachable(reason):
                outbox.requeue(delivery.id, reason, now + self._backoff(delivery.attempts))
            case Uncertain(reason):
                if outbox.uncertain(delivery.id, reason, now + self._backoff(delivery.attempts)) == "failed":
                    log.error("message %d may not have arrived: %s", delivery.id, reason)
            case BadMessage(reason) if not delivery.plain:
                log.error("Telegram refuses the formatting of message %d: %s", delivery.id, reason)
                outbox.requeue_plain(delivery.id, reason)
            case _:
                self._settle_refusal(store, delivery, outcome, now)
        log.info("delivery %d to chat %d: %s", delivery.id, delivery.chat_id, outcome)

    def _settle_refusal(self, store: Store, delivery: Delivery, outcome: Outcome, now: float) -> None:
        match outcome:
            case ChatGone(reason):
                store.chats.deactivate(delivery.chat_id, reason)
                store.outbox.finish(delivery.id, "dropped", reason)
                store.outbox.drop_chat(delivery.chat_id, reason)
            case ChatMoved(chat_id):
                store.outbox.requeue(delivery.id, "the chat moved", 0, counted=False)
                store.chats.move(delivery.chat_id, chat_id)
            case ChatPaused(reason):
                store.chats.pause(delivery.chat_id, now + RIGHTS_PAUSE)
                store.outbox.requeue(delivery.id, reason, 0)
            case Fatal(reason):
                store.outbox.requeue(delivery.id, reason, 0, counted=False)
                self._fatal = reason
            case BadMessage(reason) | Rejected(reason):
                log.error("Telegram refuses message %d: %s", delivery.id, reason)
                store.outbox.finish(delivery.id, "failed", reason)
            case _:
                raise TypeError(f"no rule for {outcome}")

    def _backoff(self, attempts: int) -> float:
        return min(BACKOFF_MOST, BACKOFF_FIRST * 2.0 ** min(attempts, 10)) * (0.5 + self._jitter() / 2)


def _expire(store: Store) -> None:
    """Alerts too old to send singly become one message per chat that lists their headlines."""
    for chat_id, rows in store.outbox.expire().items():
        text = _late([text.split("\n", 1)[0] for _, text in rows])
        store.outbox.add(Outgoing(f"late:{chat_id}:{rows[-1][0]}", chat_id, "digest", text))


def _late(headlines: list[str]) -> str:
    count = "1 alert" if len(headlines) == 1 else f"{len(headlines)} alerts"
    lines = [f"<b>{count} came too late to send one by one</b>"]
    room = MAX_UNITS - 100
    for number, headline in enumerate(headlines):
        line = "• " + headline.replace("<b>", "").replace("</b>", "")  # Telegram takes 100 marked parts
        room -= units(unescape(line)) + 1
        if room < 0 or number == MAX_LATE:
            lines.append(f"… and {len(headlines) - number} more")
            break
        lines.append(line)
    return "\n".join(lines)
