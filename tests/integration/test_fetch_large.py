"""Large bodies: only so many are in memory at once, however many servers send them."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from tests.anyserver import answer, fetching, listening
from tests.fakes import until

LARGE = b"x" * 400_000


@pytest.mark.parametrize("patient", [True, False])
async def test_a_large_body_waits_until_another_has_been_dealt_with(patient: bool) -> None:
    """A body has its place until the work on it is done; small ones pass, and those of the other kind of feeds."""
    async with listening() as server, fetching(server) as fetcher, AsyncExitStack() as held:
        server.answers = {"/large": answer(body=LARGE), "/small": answer(body=b"small")}
        await held.enter_async_context(fetcher.holding(server.url("/large"), patient=patient))
        second = asyncio.create_task(fetcher.fetch(server.url("/large"), patient=patient))
        await until(lambda: len(server.requests) == 2)
        assert (await fetcher.fetch(server.url("/small"), patient=patient)).body == b"small"
        assert (await fetcher.fetch(server.url("/large"), patient=not patient)).body == LARGE
        assert not second.done()
        await held.aclose()
        assert (await second).body == LARGE


async def test_a_body_that_is_never_finished_gives_its_place_back() -> None:
    """The time limit ends the waiting as well as the sending."""
    async with listening() as server, fetching(server, total_timeout=0.1) as fetcher:
        server.answers = {"/stuck": answer(body=LARGE)[:-1], "/large": answer(body=LARGE)}
        server.hold = True
        stuck = [fetcher.fetch(server.url("/stuck")) for _ in range(4)]
        kinds = [getattr(error, "kind", "") for error in await asyncio.gather(*stuck, return_exceptions=True)]
        assert kinds == ["timeout"] * 4
        assert (await fetcher.fetch(server.url("/large"))).body == LARGE
