"""Large bodies: only so many are in memory at once, however many servers send them."""

import asyncio
from contextlib import AsyncExitStack

from tests.anyserver import answer, fetching, listening
from tests.fakes import until

LARGE = b"x" * 400_000


async def test_a_third_large_body_waits_until_another_has_been_dealt_with() -> None:
    """Small ones pass meanwhile; a body has its place until the work on it is done, not only until it is here."""
    async with listening() as server, fetching(server) as fetcher:
        server.answers = {"/large": answer(body=LARGE), "/small": answer(body=b"small")}
        held = [AsyncExitStack() for _ in range(2)]
        for stack in held:
            await stack.enter_async_context(fetcher.holding(server.url("/large")))
        third = asyncio.create_task(fetcher.fetch(server.url("/large")))
        await until(lambda: len(server.requests) == 3)
        assert (await fetcher.fetch(server.url("/small"))).body == b"small"
        assert not third.done()
        await held[0].aclose()
        assert (await third).body == LARGE
        await held[1].aclose()


async def test_a_body_that_is_never_finished_gives_its_place_back() -> None:
    """The time limit ends the waiting as well as the sending."""
    async with listening() as server, fetching(server, total_timeout=0.1) as fetcher:
        server.answers = {"/stuck": answer(body=LARGE)[:-1], "/large": answer(body=LARGE)}
        server.hold = True
        stuck = [fetcher.fetch(server.url("/stuck")) for _ in range(4)]
        kinds = [getattr(error, "kind", "") for error in await asyncio.gather(*stuck, return_exceptions=True)]
        assert kinds == ["timeout"] * 4
        assert (await fetcher.fetch(server.url("/large"))).body == LARGE
