"""Watches that fire too often: their owners are told once, with what would make them calmer."""

from collections.abc import Sequence

from bot.store import Store
from bot.store.outbox import Outgoing
from handlers import replies_channels, replies_delivery
from watchlists.i18n import speaking
from watchlists.loud import exclusions
from watchlists.model import Watch
from watchlists.query import parse

AT_ONCE = 50  # watches in one transaction
HEADLINES = 100


def ask(store: Store) -> int:
    """Ask the owners of watches that fire too often; return how many were asked. 0: nobody is left to ask."""
    firing = store.kept.firing(AT_ONCE)
    for watch, fired in firing:
        words = exclusions(parse(watch.text), store.kept.headlines(watch, HEADLINES))
        store.watches.propose(watch, words)
        for here in store.links.voices(watch.chat_id):
            _ask(store, here, watch, fired, words)
    return len(firing)


def _ask(store: Store, here: int, watch: Watch, fired: int, words: Sequence[str]) -> None:
    """Of a channel's watch those are asked who look after the channel."""
    channel = store.links.channel(watch.chat_id)
    with speaking(store.chats.languages([here])[here]):
        reply = replies_delivery.loud(watch, fired, words)
        reply = replies_channels.marked(reply, channel.name) if channel else reply
    about = None if here == watch.chat_id else watch.chat_id
    key = f"loud:{watch.id}" if about is None else f"loud:{watch.id}:{here}"
    store.outbox.add(Outgoing(key, here, "digest", reply.text, buttons=reply.buttons, about=about))
