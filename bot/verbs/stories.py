"""Group items into stories, as JSON lines: each item's id and the number of its story.

The items are JSON lines in the order in which they came, as `wirewatch feed` prints them; stories are numbered from 1
as they open. An item without a time counts as come with the one before it. An item line that cannot be read is named
on stderr and left out (exit code 1).
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.itemlines import open_items
from bot.jsonlines import to_line

if TYPE_CHECKING:
    from watchlists.model import Item

HELP = "group items into stories"
_START = datetime(1970, 1, 8, tzinfo=UTC)  # before any news


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file."""
    parser.add_argument("--items", metavar="FILE|-", required=True, help="items as JSON lines; - reads standard input")


def main(arguments: argparse.Namespace) -> int:
    """Print a line per item, in the order given; 1 where an item line could not be read."""
    with open_items(arguments.items) as items:
        for item, story in _grouped(items):
            line = to_line({"item": item.id, "story": story}) + "\n"
            sys.stdout.buffer.write(line.encode("utf-8"))
    sys.stdout.buffer.flush()
    return 1 if items.bad else 0


def _grouped(items: "Iterable[Item]") -> "Iterator[tuple[Item, int]]":
    from watchlists.identity import article_link
    from watchlists.stories import LIFE, StoryIndex

    index = StoryIndex()
    opened = 0
    now = _START
    for item in items:
        now = max(now, item.published or now)
        index.expire(now - LIFE)
        link = article_link(item.url)
        join = index.find(item, link, now)
        if join is None:
            opened += 1
        story = opened if join is None else join.story_id
        index.add(item, link, story, now)
        yield item, story
