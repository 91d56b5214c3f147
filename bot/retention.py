"""Forgetting, a little at a time: between two steps the messages and the polls have their turn."""

import logging
from collections.abc import Callable
from datetime import timedelta

from bot.clock import to_epoch
from bot.store import Storage, Store

log = logging.getLogger(__name__)

PAGES = 256  # of the file, given back in one transaction
AT_ONCE = 500  # rows of a table in one transaction
KEYS = timedelta(days=400)
STORY_OVER = timedelta(hours=72)
DIALOGUES = timedelta(days=30)  # for which the buttons of a preview work
HANDLED = timedelta(days=7)  # updates and lookups


async def forget(storage: Storage, texts: timedelta) -> None:
    """Forget what is too old by now; `texts` is how long items and messages keep their text."""
    await storage.run(_forget_ended)
    age, oldest = texts.total_seconds(), KEYS.total_seconds()
    count = await _all(storage, lambda store: store.retention.forget_texts(age, AT_ONCE))
    if count:
        log.info("forgot the text of %d items and messages older than %d days", count, texts.days)
    await _all(storage, lambda store: store.retention.forget_words(age, AT_ONCE))
    count = await _all(storage, lambda store: store.retention.forget_keys(oldest, AT_ONCE))
    if count:
        log.info("forgot %d items, alerts and messages older than %d days", count, KEYS.days)
    count = await _all(storage, lambda store: store.retention.shrink(PAGES))
    if count:
        log.info("gave back %d pages of the database that nothing is in any more", count)


async def _all(storage: Storage, step: Callable[[Store], int]) -> int:
    count = 0
    while done := await storage.run(step):
        count += done
    return count


def _forget_ended(store: Store) -> None:
    """What is over within days: there is never much of it."""
    now = to_epoch(store.now)
    store.snoozes.prune(now - HANDLED.total_seconds())
    store.alerts.prune(now - STORY_OVER.total_seconds())
    store.lookups.prune(now - HANDLED.total_seconds())
    store.drafts.prune(now - DIALOGUES.total_seconds())
    store.inbox.prune(now - HANDLED.total_seconds())
    store.audit.prune(now - KEYS.total_seconds())
    store.broadcasts.prune(now - KEYS.total_seconds())
