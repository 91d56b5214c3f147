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

from bot.arrivals import arrivals
from bot.grow import grow
from bot.news import News
from bot.parse import ParsedFeed
from bot.spread import spread
from bot.store import Store
from bot.store.feeds import DueFeed, PollResult
from bot.storybook import StoryBook
from bot.tell import Rules, tell
from bot.watching import WatchIndex


def ingest(
    store: Store,
    watches: WatchIndex,
    stories: StoryBook,
    feed: DueFeed,
    parsed: ParsedFeed,
    result: PollResult | None,
    rules: Rules,
) -> Counter[str]:
    """Store what is new in the feed and enqueue the alerts it gives rise to. No `result`: it came without a poll.

    Returns how many items were new, how many decisions about a chat ended in each `Reason`, and how many edits of
    sent alerts were enqueued.
    """
    watches.refresh(store.watches)
    stories.refresh(store)
    counts: Counter[str] = Counter()
    for item, link in arrivals(store, feed.id, parsed):
        join = stories.find(item, link, store.now)
        story_id = store.items.open_story() if join is None else join.story_id
        item_id = store.items.add(feed.id, item, story_id, "" if join is None else join.evidence, link)
        if item_id is None:  # the database has the last word on what is new
            continue
        stories.add(item_id, item, link, story_id, store.now)
        counts["new"] += 1
        news = News(store, item, item_id, story_id, first_poll=not feed.primed)
        counts += tell(store, news, spread(store, item, watches.hits(item), first_poll=not feed.primed), rules)
    counts += Counter(edits=grow(store))
    if result is not None:
        store.feeds.succeeded(feed.id, result)
    elif counts["new"]:
        store.feeds.pushed(feed.id)
    return counts
