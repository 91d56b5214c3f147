"""What a query hits among the items that are stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watchlists.model import Item, Match

# Items that are judged for one question, the newest first: a query that hits more is answered with "more than".
JUDGED, LOOSER_JUDGED = 1_000, 400


@dataclass(frozen=True, slots=True)
class Found:
    """A stored item and what the query makes of it: its score may be below the threshold, down to that of `loose:`."""

    item_id: int
    story_id: int
    seen: datetime
    item: Item
    match: Match


@dataclass(frozen=True, slots=True)
class Past:
    """The newest first. There are no others that hit since `complete`, nor that hit loosely since `complete_loose`."""

    found: Sequence[Found]
    complete: datetime
    complete_loose: datetime
