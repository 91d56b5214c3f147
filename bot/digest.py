"""Summaries: what was kept for a chat comes as one message when the snooze, the quiet hours or the wait is over.

Whether something may come is looked at anew when it is due, since the chat's settings may have changed meanwhile.
The messages are enqueued and the alerts let go in one transaction: a crash leaves all waiting, or all told.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from bot import listing
from bot.clock import to_epoch
from bot.store import Store
from bot.store.outbox import BROADCAST, PRIORITY, Head, Outgoing
from bot.timing import Timing
from handlers import replies_lists
from watchlists import zones
from watchlists.decide import Reason
from watchlists.delivery import Hold, is_silent
from watchlists.hours import quiet_until, read_quiet
from watchlists.i18n import N_, _, speaking
from watchlists.model import Alert
from watchlists.service import Service

CHATS_AT_ONCE = 50  # in one transaction
CLOCK_SLACK = timedelta(minutes=1)
NAME = "summaries"  # in the table of progress
# In quiet hours; an edit makes no sound, what is urgent passes.
_HELD = (PRIORITY["alert"], PRIORITY["digest"], BROADCAST)
_NOTES = {
    Reason.SNOOZED: N_("While you snoozed"),
    Reason.QUIET_HOURS: N_("During your quiet hours"),
    Reason.DIGEST: N_("Your digest"),
    Reason.STALE: N_("Too late to come one by one"),
    Reason.UNSURE: N_("These may not have reached you"),
}


def release(store: Store) -> int:
    """Tell what is due; return how many chats were looked at. 0: nothing more is due."""
    last = store.progress.all().get(NAME)
    if last and last > store.now + CLOCK_SLACK:
        store.kept.follow_clock()
    store.progress.mark(NAME)
    chats = store.kept.due_chats(CHATS_AT_ONCE)
    store.recall.summaries(chats)
    due = store.kept.due(chats)
    timing = Timing(store, chats)
    later: dict[int, Hold] = {}
    ready: dict[int, dict[int, tuple[Alert, Reason]]] = {chat_id: {} for chat_id in chats}
    for alert_id, (alert, reason) in due.items():
        if alert.chat_id not in timing.habits:
            continue
        hold = timing.hold(alert.chat_id, alert.story_id, alert.item.source, alert.hits, since=alert.first_seen)
        if hold:
            later[alert_id] = hold
        else:
            ready[alert.chat_id][alert_id] = (alert, reason)
    store.kept.keep(later)
    for chat_id, its in ready.items():
        if not its:
            continue
        with speaking(timing.habits[chat_id].language):
            alerts = {alert_id: alert for alert_id, (alert, _reason) in its.items()}
            summarise(store, chat_id, alerts, note(reason for _alert, reason in its.values()))
            _tell_of_lists(store, chat_id)
    unreached = {alert_id for alert_id, (alert, _reason) in due.items() if alert.chat_id not in timing.habits}
    store.kept.let_go(unreached)
    return len(chats)


def _tell_of_lists(store: Store, chat_id: int) -> None:
    """What is new in the lists that the chat follows comes beside its digest, where it wants to know."""
    changes = Service(store).following().changes(chat_id)
    if changes:
        key = f"lists:{chat_id}:{to_epoch(store.now):.0f}"
        store.outbox.add(Outgoing(key, chat_id, "digest", replies_lists.news(changes), silent=True))


def hush(store: Store, heads: Iterable[Head]) -> bool:
    """Keep what would go out now in the quiet hours of its chat, having waited for Telegram; whether there was any."""
    hushed = False
    for head in heads:
        if head.quiet and head.priority in _HELD:
            quiet = read_quiet(head.quiet)
            until = quiet_until(quiet, zones.zone(head.zone), store.now) if quiet else None
            if until:
                store.recall.hush(head.chat_id, to_epoch(until))
                hushed = True
    return hushed


def note(reasons: Iterable[Reason]) -> str:
    """Why these come together."""
    found = set(reasons)
    return _(_NOTES[found.pop()]) if len(found) == 1 else _("While alerts were kept for you")


def summarise(store: Store, chat_id: int, alerts: Mapping[int, Alert], note: str) -> None:
    """Enqueue what lists the alerts (by id) of one chat, in as many messages as that takes, and let them go."""
    silent = is_silent([hit for alert in alerts.values() for hit in alert.hits])
    key = f"digest:{chat_id}:{min(alerts)}-{max(alerts)}:{len(alerts)}:{to_epoch(store.now):.0f}:"
    for number, text in enumerate(listing.messages(note, list(alerts.values()), store.now)):
        store.outbox.add(Outgoing(f"{key}{number}", chat_id, "digest", text, silent=silent))
    store.kept.let_go(alerts, told_in=f"{key}0")
