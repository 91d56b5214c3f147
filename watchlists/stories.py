"""Which items tell the same story. First version: the same link, or the same headline within a day.

Each item has a few keys; an item joins the story that one of its keys leads to, or opens a new one.
"""

from dataclasses import dataclass
from datetime import timedelta

from watchlists.identity import canonical_link
from watchlists.model import Item
from watchlists.text import fold

LINK_LIFE = timedelta(hours=72)
# Shorter than a day: "Morning briefing from Kyiv: what to know" of tomorrow is another story.
HEADLINE_LIFE = timedelta(hours=12)
# Shorter headlines ("Live updates", "Weather") are shared by many stories.
HEADLINE_WORDS = 5


@dataclass(frozen=True, slots=True)
class StoryKey:
    """Items with the same `text` within `life` of each other tell the same story."""

    text: str
    life: timedelta


def story_keys(item: Item, *, own_link: bool = True) -> tuple[StoryKey, ...]:
    """The keys of an item, the most telling first. None for an item without a link and with a short headline.

    `own_link=False` says that the item's link is not its own but that of a page about many things.
    """
    keys = []
    if item.url and own_link:
        keys.append(StoryKey(f"link:{canonical_link(item.url)}", LINK_LIFE))
    headline = " ".join(fold(item.title).split())
    if headline.count(" ") + 1 >= HEADLINE_WORDS:
        keys.append(StoryKey(f"headline:{headline}", HEADLINE_LIFE))
    return tuple(keys)
