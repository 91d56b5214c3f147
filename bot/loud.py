"""Watches that fire too often: their owners are told once, with what would make them calmer."""

from bot.store import Store
from bot.store.outbox import Outgoing
from handlers import replies_delivery
from watchlists.i18n import speaking
from watchlists.loud import exclusions
from watchlists.query import parse

AT_ONCE = 50  # watches in one transaction
HEADLINES = 100


def ask(store: Store) -> int:
    """Ask the owners of watches that fire too often; return how many were asked. 0: nobody is left to ask."""
    firing = store.kept.firing(AT_ONCE)
    languages = store.chats.languages({watch.chat_id for watch, _ in firing}) if firing else {}
    for watch, fired in firing:
        words = exclusions(parse(watch.text), store.kept.headlines(watch, HEADLINES))
        store.watches.propose(watch, words)
        with speaking(languages[watch.chat_id]):
            reply = replies_delivery.loud(watch, fired, words)
        store.outbox.add(Outgoing(f"loud:{watch.id}", watch.chat_id, "digest", reply.text, buttons=reply.buttons))
    return len(firing)
