"""The figures of `wirewatch status`: what there is, how it goes, and whether every loop still gets round."""

from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

from bot.store import Store
from watchlists.health import Health, health

# Each loop marks its progress at least every 25 s (a long poll); four missed rounds are no accident.
STALLED_AFTER = timedelta(seconds=120)
LOOPS = ("polling", "updates", "delivery")
MAX_TROUBLED = 50


def figures(store: Store) -> dict[str, Any]:
    """Everything as plain values for JSON."""
    outbox = store.outbox.counts()
    progress = store.progress.all()
    states = [(feed, health(feed, store.now)) for feed in store.feeds.all()]
    troubled = [(feed, state) for feed, state in states if state not in (Health.OK, Health.WAITING)]
    return {
        "version": version("wirewatch"),
        "feeds": store.feeds.counts(),
        "pushed_feeds": store.subscriptions.count(),
        "troubled_feeds": [
            {
                "url": feed.url,
                "state": state,
                "since": _iso(feed.failing_since or (feed.last_change if state is Health.SILENT else None)),
                "failures": feed.failures,
                "stopped": feed.stopped,
                "error": feed.error,
            }
            for feed, state in troubled[:MAX_TROUBLED]
        ],
        **store.items.counts(),
        "chats": store.chats.counts(),
        "watches": store.watches.count(),
        "alerts": store.alerts.count(),
        "outbox": outbox,
        "outbox_adds_up": outbox["enqueued"] == sum(n for state, n in outbox.items() if state != "enqueued"),
        "inbox": store.inbox.counts(),
        "progress": {name: _iso(moment) for name, moment in progress.items()},
        "stalled": stalled(store),
    }


def stalled(store: Store) -> list[str]:
    """The loops that have not got round for two minutes, or never."""
    progress = store.progress.all()
    return [name for name in LOOPS if name not in progress or store.now - progress[name] > STALLED_AFTER]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
