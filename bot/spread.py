"""Spreading what a list's watches hit over its followers: each gets what it has not muted or excluded, as it wants it.

Followers that want the same share the values, and nothing is asked of the database for each: a list may have a hundred
thousand.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.store import Store
from bot.watching import LISTS
from watchlists.following import keeps_out
from watchlists.model import Hit, Item
from watchlists.ports_lists import Follower

Hits = Mapping[int, Sequence[Hit]]
PLAIN = Follower(0)


def spread(store: Store, item: Item, hits: Hits, *, first_poll: bool = False) -> Hits:
    """The hits by chat: those of lists, which come under `LISTS`, join those of each follower's own watches.

    What stood in a feed at its `first_poll` alerts nobody, so it is spread over nobody.
    """
    if LISTS not in hits:
        return hits
    found: dict[int, Sequence[Hit]] = {chat_id: its for chat_id, its in hits.items() if chat_id != LISTS}
    if first_poll:
        return found
    of_list: dict[int, list[Hit]] = defaultdict(list)
    for hit in hits[LISTS]:
        of_list[hit.watch.list_id].append(hit)
    for list_id, its in of_list.items():
        for chat_id, wanted in _wanted(store, item, list_id, its):
            own = found.get(chat_id)
            found[chat_id] = [*own, *wanted] if own else wanted
    return found


def _wanted(store: Store, item: Item, list_id: int, hits: Sequence[Hit]) -> list[tuple[int, Sequence[Hit]]]:
    """Each follower that wants some of the hits, with those."""
    made: dict[Follower, Sequence[Hit]] = {}
    found: list[tuple[int, Sequence[Hit]]] = []
    for follower in store.follows.followers(list_id, [hit.watch.id for hit in hits]):
        chat_id, *_ = follower
        want = follower._replace(chat_id=0) if any(follower[1:]) else PLAIN
        its = made.get(want)
        if its is None:
            its = made[want] = _as_wanted(item, hits, follower)
        if its:
            found.append((chat_id, its))
    return found


def _as_wanted(item: Item, hits: Sequence[Hit], follower: Follower) -> Sequence[Hit]:
    if follower.without and keeps_out(follower.without, item):
        return []
    chosen = [hit for hit in hits if (hit.watch.id in follower.named) == bool(follower.some)]
    return [_delivered(hit, follower) for hit in chosen] if follower.level or follower.digest else chosen


def _delivered(hit: Hit, follower: Follower) -> Hit:
    watch = hit.watch
    level, digest = follower.level or watch.level, follower.digest or watch.digest
    return replace(hit, watch=replace(watch, level=level, digest=digest))
