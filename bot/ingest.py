"""From a parsed feed to rows of the outbox, in one transaction. This module runs the main flow:

    feed URL ─fetch→ Fetched ─parse→ [Item] ─new?→ [Item] ─story→ Story ─match→ [Hit] ─decide→ [Alert] ─→ outbox
              async    bytes   child         └─────────── this module: one SQLite transaction ──────────────┘
                               process
    outbox ─deliver→ chat
             async, paced

The new items, their stories, the outbox rows and the feed's ETag and next poll are stored together: a crash
leaves all of them or none. An ETag stored without its items would hide them behind a 304 for ever.
"""

from collections import Counter

from bot.grow import grow
from bot.news import News
from bot.parse import ParsedFeed
from bot.store import Store
from bot.store.feeds import DueFeed, PollResult
from bot.tell import Rules, tell
from bot.watching import WatchIndex
from watchlists.identity import canonical_link
from watchlists.model import Item
from watchlists.stories import story_keys


def ingest(
    store: Store, index: WatchIndex, feed: DueFeed, parsed: ParsedFeed, result: PollResult, rules: Rules
) -> Counter[str]:
    """Store what is new in the feed and enqueue the alerts it gives rise to.

    Returns how many items were new, how many decisions about a chat ended in each `Reason`, and how many edits of
    sent alerts were enqueued.
    """
    index.refresh(store.watches)
    counts: Counter[str] = Counter()
    known = store.items.known(feed.id, (item.id for item in parsed.items))
    links = Counter(canonical_link(item.url) for item in parsed.items)
    # Feeds put the newest first; alerts go out in the order of events. Of two with one key the newest counts.
    for item in {item.id: item for item in reversed(parsed.items)}.values():
        if item.id in known:
            edited = store.items.update_text(feed.id, item)
            if edited:
                store.alerts.touch_item(edited)
            continue
        # A link that several entries of one feed share is that of a page (a site's home, a status page).
        story_id = _story(store, item, own_link=links[canonical_link(item.url)] == 1)
        item_id = store.items.add(feed.id, item, story_id)
        if item_id is None:  # the database has the last word on what is new
            continue
        counts["new"] += 1
        news = News(store, item, item_id, story_id, first_poll=not feed.primed)
        counts += tell(store, news, index.hits(item), rules)
    counts += Counter(edits=grow(store))
    store.feeds.succeeded(feed.id, result)
    return counts


def _story(store: Store, item: Item, *, own_link: bool) -> int:
    """The story that the item joins, or a new one; from now on its keys lead there too."""
    keys = story_keys(item, own_link=own_link)
    story_id = store.items.story_of(keys) or store.items.open_story()
    store.items.claim_keys(story_id, keys)
    return story_id
