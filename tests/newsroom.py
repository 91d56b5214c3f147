"""A desk that sorts invented items into stories as they come, and says which are together."""

from datetime import datetime, timedelta

from tests.fakes import NOON, item
from watchlists.identity import article_link
from watchlists.model import Item
from watchlists.stories import Join, StoryIndex


class Newsroom:
    """Items come by headline; each has a source of its own unless one is named."""

    def __init__(self) -> None:
        self.index = StoryIndex()
        self.now = NOON
        self.joins: list[Join | None] = []
        self.opened = 0

    def wait(self, **time: float) -> "Newsroom":
        """Time goes on."""
        self.now += timedelta(**time)
        return self

    def take(self, one: Item, at: datetime | None = None) -> int:
        """The story of one item."""
        at = at or self.now
        join = self.index.find(one, article_link(one.url), at)
        self.joins.append(join)
        self.opened += join is None
        story = self.opened if join is None else join.story_id
        self.index.add(one, article_link(one.url), story, at)
        return story

    def tell(self, title: str, source: str = "", **others: object) -> int:
        """The story of an item with this headline, first seen now."""
        number = len(self.joins)
        values = {"id": str(number), "source": source or f"paper{number}.example", **others}
        return self.take(item(title, **values))

    def stories(self, *titles: str) -> list[int]:
        """The stories of items with these headlines, a minute apart."""
        told = []
        for title in titles:
            told.append(self.tell(title))
            self.wait(minutes=1)
        return told
