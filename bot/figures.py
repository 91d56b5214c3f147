"""The figures of `wirewatch status`: what there is, how it goes, and whether every loop still gets round."""

from datetime import datetime
from importlib.metadata import version
from typing import Any

from bot.store import Store
from watchlists.health import Health, health
from watchlists.model import Feed

MAX_TROUBLED = 50


def figures(store: Store) -> dict[str, Any]:
    """Everything as plain values for JSON."""
    status = store.figures.all()
    backlog = status.backlog
    states = [(feed, health(feed, store.now)) for feed in store.trouble.all()]
    troubled = [(feed, state) for feed, state in states if state not in (Health.OK, Health.WAITING)]
    return {
        "version": version("wirewatch"),
        "feeds": status.feeds,
        "pushed_feeds": store.subscriptions.count(),
        "troubled_feeds": [_troubled(feed, state) for feed, state in troubled[:MAX_TROUBLED]],
        "items": status.items,
        "stories": status.stories,
        "chats": status.chats,
        "watches": status.watches,
        "alerts": status.alerts,
        "outbox": status.outbox,
        "outbox_adds_up": status.adds_up,
        "backlog": {
            "waiting": backlog.waiting,
            "later": backlog.later,
            "paused": backlog.paused,
            "expected_end": _iso(status.now + backlog.lasts) if backlog.waiting else None,
            "sent_last_minute": backlog.sent,
            "oldest_seconds": round(backlog.oldest.total_seconds()),
        },
        "failed_within_a_day": status.failed,
        "banned": status.banned,
        "open_invitations": status.invites,
        "inbox": status.inbox,
        "progress": {name: _iso(moment) for name, moment in status.progress.items()},
        "stalled": status.stalled,
    }


def _troubled(feed: Feed, state: Health) -> dict[str, Any]:
    return {
        "url": feed.url,
        "state": state,
        "since": _iso(feed.failing_since or (feed.last_change if state is Health.SILENT else None)),
        "failures": feed.failures,
        "stopped": feed.stopped,
        "error": feed.error,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
