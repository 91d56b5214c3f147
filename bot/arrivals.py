"""Which items of a feed's document are new. An item is known however it comes back.

By its key (`watchlists.identity.item_key`); where a feed has given all its items new guids, or a site has moved, by its
link or by its title and date. Such an item is the one that was stored: it gets its new key, and nobody is alerted. Only
an item that is no longer in the document under its old key can have been renamed.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from bot.clock import to_epoch
from bot.entries import ParsedFeed
from bot.store import Store
from bot.store.items import Stored
from watchlists.identity import article_link, is_same_headline
from watchlists.model import Item


class Arrival(NamedTuple):
    """A new item, and the canonical link of its article: empty where its link is that of a page about many things."""

    item: Item
    link: str


def arrivals(store: Store, feed_id: int, parsed: ParsedFeed) -> Sequence[Arrival]:
    """The new items, oldest first. Those that are known are brought up to date."""
    # Feeds put the newest first; alerts go out in the order of events. Of two with one key the newest counts.
    items = {item.id: item for item in reversed(parsed.items)}
    links = _own_links(parsed)
    known = store.items.known(feed_id, items)
    store.items.still_there(known.values())
    fresh = {}
    for key, item in items.items():
        stored = known.get(key)
        if stored is None:
            fresh[key] = Arrival(item, links.get(key, ""))
        elif _is_another_article(stored, item, links.get(key, "")):
            store.items.rename(stored.id, f"{key}:{stored.id}")
            fresh[key] = Arrival(item, links.get(key, ""))
        else:
            _update(store, feed_id, item)
    for key, stored in _renamed(store, feed_id, fresh, items):
        item, link = fresh.pop(key)
        store.items.move(stored.id, key, item.url, link)
        _update(store, feed_id, item)
    return list(fresh.values())


def _own_links(parsed: ParsedFeed) -> dict[str, str]:
    """Key → canonical link, for items that alone have theirs: what several have, or the feed itself, is a page."""
    links = {item.id: article_link(item.url) for item in parsed.items}
    times = Counter(links.values()) + Counter([article_link(parsed.link)])
    return {key: link for key, link in links.items() if link and times[link] == 1}


def _update(store: Store, feed_id: int, item: Item) -> None:
    edited = store.items.update_text(feed_id, item)
    if edited:
        store.alerts.touch_item(edited)


def _is_another_article(stored: Stored, item: Item, link: str) -> bool:
    """Whether a feed has given the guid of one article to another."""
    moved = stored.link != link if stored.link and link else stored.published != _epoch(item)
    return moved and stored.title != "" and not is_same_headline(stored.title, item.title)


def _renamed(
    store: Store, feed_id: int, fresh: Mapping[str, Arrival], items: Collection[str]
) -> Sequence[tuple[str, Stored]]:
    """The keys of unknown items that are stored under a key that has gone, each with what is stored."""
    like = store.items.like(feed_id, fresh.values()) if fresh else ()
    gone = [stored for stored in like if stored.key not in items]
    by_link = {stored.link: stored for stored in gone}
    by_text = {_text(stored, stored.published): stored for stored in gone}
    by_text.pop(None, None)
    found: dict[int, tuple[str, Stored]] = {}
    for key, (item, link) in fresh.items():
        stored = by_link.get(link) if link else None
        if stored is None or not is_same_headline(stored.title or item.title, item.title):
            stored = by_text.get(_text(item, _epoch(item)))  # not a page that shows one article after the other
        if stored is not None:
            found.setdefault(stored.id, (key, stored))
    return list(found.values())


def _text(one: Item | Stored, published: float | None) -> tuple[str, float | str] | None:
    """What an item is known by without its guid and link: its title with its date or else its summary, or nothing."""
    told = one.summary if published is None else published
    return (one.title, told) if one.title and told else None


def _epoch(item: Item) -> float | None:
    return to_epoch(item.published) if item.published else None
