"""What the outcome of one send means for its message and its chat: exactly one state for each, stored at once."""

import logging

from bot import warn
from bot.clock import to_epoch
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
    TopicClosed,
    TopicGone,
    Uncertain,
    Unreachable,
)
from bot.store import Store
from bot.store.chats import TOPIC_GONE
from bot.store.outbox import Delivery, Holds

log = logging.getLogger(__name__)

RETRY_SLACK = 0.5  # seconds beyond what Telegram asked for
LONG = 3600.0  # a wait that the operator should hear of: short ones are everyday
RIGHTS_PAUSES = (3600.0, 6 * 3600.0, 24 * 3600.0)  # one after the other; then the chat is given up
REJECTED_IN_A_ROW, REJECTED_PAUSE = 5, 3600.0


def settle(store: Store, delivery: Delivery, outcome: Outcome, backoff: float, holds: Holds) -> None:
    """Store what came of a send. `backoff` and `holds` (seconds) are for what was not sent and what is uncertain."""
    outbox, now = store.outbox, to_epoch(store.now)
    match outcome:
        case Sent(message_id):
            outbox.finish(delivery.id, "sent", message_id=message_id)
            if delivery.edits is None:
                store.chats.reached(delivery.chat_id)
            log.debug("delivery %d: sent", delivery.id, extra=about(delivery))
            return
        case RetryAt(seconds):
            store.chats.pause(delivery.chat_id, now + seconds + RETRY_SLACK)
            outbox.requeue(delivery.id, "Telegram asked to wait", 0, counted=False)
            if seconds > LONG:
                log.error(
                    "Telegram wants a chat to be left alone for %.1f hours", seconds / 3600, extra=about(delivery)
                )
        case Unreachable(reason) | Fatal(reason):
            outbox.requeue(delivery.id, reason, 0, counted=False)
        case NotSent(reason):
            outbox.requeue(delivery.id, reason, now + backoff)
        case Uncertain(reason):
            if outbox.uncertain(delivery.id, reason, holds) == "failed":
                log.error("message %d may not have arrived: %s", delivery.id, reason, extra=about(delivery))
            outbox.hold_repeats(holds)
        case _:
            _settle_refusal(store, delivery, outcome, now)
    said = "the chat moved" if isinstance(outcome, ChatMoved) else outcome  # without its number
    log.info("delivery %d: %s", delivery.id, said, extra=about(delivery))


def kind(delivery: Delivery) -> str:
    """What the message is for monitoring: an alert, an edit, or another one."""
    if delivery.edits is not None:
        return "edit"
    return "other" if delivery.alert_id is None else "alert"


def about(delivery: Delivery) -> dict[str, int | None]:
    """What a line of the log about this message carries."""
    return {"delivery": delivery.id, "chat": delivery.chat_id, "alert": delivery.alert_id}


def _settle_refusal(store: Store, delivery: Delivery, outcome: Outcome, now: float) -> None:
    match outcome:
        case ChatGone(reason):
            _give_up(store, delivery, reason)
        case ChatMoved(chat_id):
            store.outbox.requeue(delivery.id, "the chat moved", 0, counted=False)
            store.chats.move(delivery.telegram_id, chat_id)
        case ChatPaused(reason):
            _pause(store, delivery, reason, now)
        case TopicGone(reason) if delivery.thread_id:
            _leave_topic(store, delivery, reason)
        case TopicClosed(reason) | TopicGone(reason):
            _wait_for_topic(store, delivery, reason, now)
        case BadMessage(reason) if not delivery.plain:
            log.error("Telegram refuses the formatting of message %d: %s", delivery.id, reason, extra=about(delivery))
            store.outbox.requeue_plain(delivery.id, reason)
        case BadMessage(reason):
            _fail(store, delivery, reason)
        case Rejected(reason):
            _fail(store, delivery, reason)
            # An edit that is refused says nothing of what can be sent.
            if delivery.edits is None and store.chats.rejected(delivery.chat_id) >= REJECTED_IN_A_ROW:
                store.chats.pause(delivery.chat_id, now + REJECTED_PAUSE)
        case _:
            raise TypeError(f"no rule for {outcome}")


def _fail(store: Store, delivery: Delivery, reason: str) -> None:
    log.error("Telegram refuses message %d: %s", delivery.id, reason, extra=about(delivery))
    store.outbox.finish(delivery.id, "failed", reason)


def _pause(store: Store, delivery: Delivery, reason: str, now: float) -> None:
    """The chat's administrators have a day and a quarter to mend it."""
    times = store.chats.rights_missing(delivery.chat_id)
    if times > len(RIGHTS_PAUSES):
        _give_up(store, delivery, reason)
        return
    store.chats.pause(delivery.chat_id, now + RIGHTS_PAUSES[times - 1])
    store.outbox.requeue(delivery.id, reason, 0)
    warn.of_rights(store, delivery.telegram_id)


def _wait_for_topic(store: Store, delivery: Delivery, reason: str, now: float) -> None:
    """As long as for a right; the other topics go on. General may be closed, too."""
    times = store.chats.topic_closed(delivery.chat_id)
    if times > len(RIGHTS_PAUSES):
        store.outbox.finish(delivery.id, "dropped", reason)
        store.chats.silence(delivery.chat_id, reason)
        return
    store.chats.pause_topic(delivery.chat_id, now + RIGHTS_PAUSES[times - 1])
    store.outbox.requeue(delivery.id, reason, 0)
    if times == 1:
        warn.of_closed_topic(store, delivery.telegram_id)


def _leave_topic(store: Store, delivery: Delivery, reason: str) -> None:
    """The message goes to General instead, the last one: what else was for the topic is dropped."""
    if delivery.edits is not None:
        _fail(store, delivery, reason)
    else:
        store.chats.ensure(delivery.telegram_id, "supergroup")
        store.outbox.requeue(delivery.id, reason, 0, counted=False)
        store.recall.redirect(delivery.id, delivery.telegram_id)
        warn.of_lost_topic(store, delivery.telegram_id)
    store.chats.silence(delivery.chat_id, TOPIC_GONE)


def _give_up(store: Store, delivery: Delivery, reason: str) -> None:
    """The chat is gone, and so are all its topics."""
    store.outbox.finish(delivery.id, "dropped", reason)
    store.chats.give_up(delivery.chat_id, reason)
    warn.of_loss(store, delivery.telegram_id)
