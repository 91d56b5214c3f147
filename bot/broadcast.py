"""Sending the operator's messages, and telling their authors how far they are.

All is in the database, so that a restart goes on where it was: which chat had its turn last, and whether the end was
told. A few hundred messages at most are in the outbox at once, behind all that anybody waits for.
"""

from collections import defaultdict

from bot.clock import to_epoch
from bot.store import Store
from bot.store.outbox import Outgoing
from handlers import replies_broadcast
from watchlists.broadcasting import progress
from watchlists.i18n import speaking
from watchlists.ports_broadcasts import Broadcast

AHEAD = 250  # messages in the outbox at once: ten seconds at full pace


def send(store: Store) -> int:
    """Enqueue what may go next, and what is to be told of it; return whether anything was."""
    found = store.broadcasts.running()
    written = _enqueue(store, found) if found else 0
    return written + sum(_tell(store, each) for each in store.broadcasts.untold())


def _enqueue(store: Store, found: Broadcast) -> int:
    states = store.broadcasts.progress(found.id)
    waiting = states.get("queued", 0) + states.get("sending", 0)
    chats = store.broadcasts.next_chats(found.id, AHEAD - waiting) if waiting < AHEAD else {}
    same: dict[str, list[int]] = defaultdict(list)
    for chat_id, language in chats.items():
        same[language].append(chat_id)
    for language, chat_ids in same.items():
        with speaking(language):
            message = replies_broadcast.message(found.text)
        store.broadcasts.enqueue(found.id, chat_ids, message.text, message.buttons)
    if not chats and not waiting:
        store.broadcasts.finish(found.id)
    return len(chats)


def _tell(store: Store, found: Broadcast) -> bool:
    """Write the message that shows how far it is, or change the one that is there; not more than one waits."""
    key = f"broadcast_progress:{found.id}:"
    if store.broadcasts.waits_for_edit(key):
        return False
    current = store.broadcasts.get(found.id) or found
    states = store.broadcasts.progress(found.id)
    over = current.state in ("done", "stopped") and not states.get("sending")
    with speaking(store.chats.languages([found.by]).get(found.by, "en")):
        said = replies_broadcast.progress(progress(current, states))
    if over:
        store.broadcasts.told(found.id)
    if found.by not in store.chats.active([found.by]):  # the author has blocked the bot, or had all deleted
        return False
    return _say(store, found, key, said.text, said.buttons)


def _say(store: Store, found: Broadcast, key: str, text: str, buttons: tuple[tuple[tuple[str, str], ...], ...]) -> bool:
    shown = store.replies.shown_in(f"{key}first")
    if shown is None:
        return store.outbox.add(Outgoing(f"{key}first", found.by, "reply", text, buttons=buttons))
    if store.replies.last_text(key) == text:
        return False
    now = f"{to_epoch(store.now):.3f}"
    return store.outbox.add(Outgoing(f"{key}{now}", found.by, "edit", text, buttons=buttons, edits=shown))
