"""The figures of `wirewatch status`: what there is, how it goes, and whether every loop still gets round."""

from datetime import timedelta
from importlib.metadata import version
from typing import Any

from bot.store import Store

# Each loop marks its progress at least every 25 s (a long poll); four missed rounds are no accident.
STALLED_AFTER = timedelta(seconds=120)
LOOPS = ("polling", "updates", "delivery")
MAX_TROUBLED = 50


def figures(store: Store) -> dict[str, Any]:
    """Everything as plain values for JSON."""
    outbox = store.outbox.counts()
    progress = store.progress.all()
    troubled = [feed for feed in store.feeds.all() if feed.failures or feed.stopped]
    return {
        "version": version("wirewatch"),
        "feeds": store.feeds.counts(),
        "troubled_feeds": [
            {"url": feed.url, "failures": feed.failures, "stopped": feed.stopped, "error": feed.error}
            for feed in troubled[:MAX_TROUBLED]
        ],
        **store.items.counts(),
        "chats": store.chats.counts(),
        "watches": store.watches.count(),
        "alerts": store.alerts.count(),
        "outbox": outbox,
        "outbox_adds_up": outbox["enqueued"] == sum(n for state, n in outbox.items() if state != "enqueued"),
        "inbox": store.inbox.counts(),
        "progress": {name: moment.isoformat(timespec="seconds") for name, moment in progress.items()},
        "stalled": stalled(store),
    }


def stalled(store: Store) -> list[str]:
    """The loops that have not got round for two minutes, or never."""
    progress = store.progress.all()
    return [name for name in LOOPS if name not in progress or store.now - progress[name] > STALLED_AFTER]
