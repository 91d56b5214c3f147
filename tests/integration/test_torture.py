"""Documents made to hurt the parser: whatever is sent, it gives a feed or a named error, in its time."""

import asyncio
from itertools import chain

import pytest

from bot.parse import ParserPool
from tests.promises import Measured
from tests.torture import FAMILIES, bombs, describe, endure, mutations, resident

GROWTH = 20.0  # MB


@pytest.mark.parametrize(("count", "wall"), [(300, 0.3), pytest.param(10_000, 5.0, marks=pytest.mark.soak)])
async def test_nothing_that_is_sent_ends_the_program_or_holds_it_up(
    count: int, wall: float, measured: Measured
) -> None:
    """Bombs, entities, deep nesting, giants and damaged feeds: each ends within the limit, and no memory is kept."""
    parser = ParserPool(wall_limit=wall)
    lines = await endure(chain.from_iterable(family() for family in FAMILIES), parser)
    before = resident()  # the allocator keeps room for the largest documents, once
    lines |= await endure(mutations(count), parser)
    await endure(bombs(), parser)
    grown = resident() - before
    await asyncio.to_thread(parser.close)
    for name, line in lines.items():
        measured("P3", describe(name, line))
    measured("P3", f"the bot has grown by {grown:.0f} MB")
    assert lines["mutations"].outcomes.total() == count
    assert lines["mutations"].outcomes["items"] > count / 4
    assert {"too_large", "encoding"} <= lines["gzip bombs"].outcomes.keys()
    assert max(line.slowest for line in lines.values()) < wall + 4
    assert grown < GROWTH
