"""What a fresh database is filled with: the feeds and the watchlists of the settings. From then on it is the truth."""

import logging

from bot.config import Settings
from bot.files import first_feeds, watchlists
from bot.store import Store
from watchlists.errors import ListError

log = logging.getLogger(__name__)
ACT = "shipped"  # in the log of each list


def first_start(store: Store, settings: Settings) -> None:
    """Add the feeds and the lists of which there are none yet. Raises `ListError`."""
    if not store.feeds.all():
        entries = first_feeds(settings.feeds)
        added = sum(store.feeds.add(entry.url, entry.title, entry.lang or "") for entry in entries)
        log.info("first start: %d feeds added", added)
    elif settings.feeds:
        log.info("%s is not read: feeds are added at the first start only, and this database has some", settings.feeds)
    if not store.lists.all():
        log.info("first start: %d watchlists added", _add_lists(store, settings))
    elif settings.watchlists:
        log.info("%s is not read: use `wirewatch watchlists import` to change the lists", settings.watchlists)


def _add_lists(store: Store, settings: Settings) -> int:
    contents = watchlists(settings.watchlists)
    for content in contents:
        taken = store.lists.taken([content.slug, *content.aliases])
        if taken:
            raise ListError(f"two of the watchlists in {settings.watchlists} have the name {taken!r}.")
        store.lists.add(content, 0, ACT)
    return len(contents)
