"""`python -m tests.endure HOST:PORT SECONDS` fetches and parses from all of `tests.hostile` at once.

Prints one JSON object: what came of each server, the longest wait of the event loop in seconds, and how much memory
the process gained at its peak, in MB.
"""

import asyncio
import json
import sys
from pathlib import Path

from bot.fetch import Fetcher, FetchError
from bot.guard import Guard
from bot.parse import ParseError, ParserPool
from tests.hostile import BEHAVIOURS


def forget_peak() -> None:
    """Count the peak of memory from here on (proc(5), clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5")


def peak() -> float:
    """The most memory that was used at a time, in MB."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1_000


async def outcome(fetcher: Fetcher, parser: ParserPool, url: str, patient: bool) -> str:
    """`feed`, or the kind of the error."""
    try:
        async with fetcher.holding(url, patient=patient) as fetched:
            await parser.parse(fetched, slow=patient)
    except (FetchError, ParseError) as error:
        return error.kind
    return "feed"


async def lag(stop: asyncio.Event) -> float:
    """The longest that the loop kept a task waiting which had slept."""
    loop, longest = asyncio.get_running_loop(), 0.0
    while not stop.is_set():
        before = loop.time()
        await asyncio.sleep(0.005)
        longest = max(longest, loop.time() - before - 0.005)
    return longest


async def main(address: str, limit: float) -> None:
    """Half of the servers are met with patience, the others without."""
    fetcher = Fetcher(Guard({address}), total_timeout=limit, short_timeout=limit / 2)
    parser = ParserPool()
    await outcome(fetcher, parser, f"http://{address}/good", True)  # what is loaded once is not counted
    forget_peak()
    before, stop = peak(), asyncio.Event()
    lagging = asyncio.create_task(lag(stop))
    kinds = await asyncio.gather(
        *(
            outcome(fetcher, parser, f"http://{address}/{name}", number % 2 == 0)
            for number, name in enumerate(BEHAVIOURS)
        )
    )
    stop.set()
    print(json.dumps({"kinds": dict(zip(BEHAVIOURS, kinds, strict=True)), "lag": await lagging, "mb": peak() - before}))
    parser.close()
    await fetcher.aclose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2])))
