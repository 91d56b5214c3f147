"""Alerts that grow: later reports of a story are added to the message that the chat has, without a sound.

A message that is still queued is rewritten; one that was sent is edited, at most once a minute.
"""

from datetime import timedelta

from bot import render
from bot.clock import to_epoch
from bot.post import burst
from bot.store import Store
from bot.store.outbox import GROWTH, Outgoing
from handlers.snoozes import under_alert, under_list
from watchlists.i18n import speaking

EDIT_EVERY = timedelta(minutes=1)
AT_ONCE = 200  # alerts in one transaction; the rest has its turn seconds later


def grow(store: Store) -> int:
    """Bring messages up to what is known; return how many edits were enqueued."""
    due = store.alerts.grown(to_epoch(store.now - EDIT_EVERY), AT_ONCE)
    return sum(_grow(store, alert_id) for alert_id in due)


def _grow(store: Store, alert_id: int) -> bool:
    state, message_id = store.outbox.message_of(alert_id)
    if state == "sending":
        return False  # its answer brings the id that an edit needs
    alert = store.alerts.get(alert_id)
    together = store.kept.members(alert_id)
    with speaking(alert.language):
        if together:
            text, buttons = burst(*together), under_list(alert_id, alert.look.kind)
        else:
            text = render.alert(alert)
            buttons = under_alert(alert_id, alert.look.kind, store.votes.of_alert(alert_id))
    is_edit = not store.outbox.rewrite(alert_id, text) and state == "sent" and message_id is not None
    if is_edit:
        key = f"grow:{alert_id}:{to_epoch(store.now):.0f}"
        store.outbox.add(
            Outgoing(
                key,
                alert.chat_id,
                "edit",
                text,
                buttons=buttons,
                edits=message_id,
                alert_id=alert_id,
                priority=GROWTH,
            )
        )
    store.alerts.settled(alert_id, edited=is_edit)
    return is_edit
