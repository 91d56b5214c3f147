"""A server of feeds for the benchmarks, in a process of its own: what it computes is nobody's work that is measured.

`/same/N` never changes and answers 304 to who says so; `/small/N` has one new entry of 30 at each request, `/fresh/N`
100 new ones. `python -m tests.benchmarks.feedserver` prints its `host:port` and serves until its stdin closes.
"""

import asyncio
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from aiohttp import web

from tests.benchmarks.text import headlines
from tests.newsstand import Story, rss

SHOWN = {"same": 30, "small": 30, "fresh": 100}
STEP = {"same": 0, "small": 1, "fresh": 100}
_MOST = 400  # entries of one feed in all


@contextmanager
def serving() -> Iterator[str]:
    """The server; gives its `host:port`."""
    command = [sys.executable, "-m", "tests.benchmarks.feedserver"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield process.stdout.readline().strip()
        process.stdin.close()


@cache
def _entries(name: str) -> list[Story]:
    return [
        Story(words.title, f"https://{name}.example/{words.id}", "", words.summary)
        for words in headlines(_MOST, seed=zlib.crc32(name.encode()))
    ]


async def _main() -> None:
    asked: Counter[str] = Counter()

    async def serve(request: web.Request) -> web.Response:
        kind, name = request.match_info["kind"], request.match_info["name"]
        first = asked[request.path] * STEP[kind]
        asked[request.path] += 1
        etag = f'"{first}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        body = rss(f"feed {name}", _entries(kind + name)[first : first + SHOWN[kind]])
        return web.Response(body=body, headers={"ETag": etag, "Content-Type": "application/rss+xml"})

    app = web.Application()
    app.router.add_get("/{kind}/{name}", serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_main())
