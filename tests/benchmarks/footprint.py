"""What the program takes before it has anything to do: until it asks for updates, and the memory that it holds then.

Beside python-telegram-bot's own `Application` without a handler, as a process of its own likewise.
"""

import asyncio
import os
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.clock import utc_now
from bot.sandbox.server import BotApiServer
from bot.sandbox.telegram_state import Telegram
from tests.benchmarks.rows import Row

ROUNDS = 3
BASELINE = "an Application without handlers"
_APPLICATION = """
import sys
from telegram.ext import Application

Application.builder().token(sys.argv[1]).base_url(sys.argv[2] + "/bot").build().run_polling()
"""


@dataclass(frozen=True)
class _Footprint:
    seconds: float
    megabytes: float


def run() -> list[Row]:
    """Starts a minute of CPU, and how many would fit into a gigabyte; the best of some rounds."""
    return asyncio.run(_measure())


async def _measure() -> list[Row]:
    telegram = Telegram(token="123456:" + "x" * 35, clock=utc_now)
    asked = asyncio.Event()

    @web.middleware
    async def listen(request: web.Request, handler) -> web.StreamResponse:
        if request.path.endswith("/getUpdates"):
            asked.set()
        return await handler(request)

    api = BotApiServer(telegram, extend=lambda served: served.middlewares.append(listen))
    await api.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings = {
                "WIREWATCH_TOKEN": telegram.token,
                "WIREWATCH_API_URL": api.url,
                "WIREWATCH_DATABASE": str(Path(folder) / "wirewatch.db"),
                "WIREWATCH_LOG_LEVEL": "error",
            }
            ours = [await _start(asked, ["-m", "bot", "run"], settings) for _ in range(ROUNDS)]
        plain = ["-c", _APPLICATION, telegram.token, api.url]
        theirs = [await _start(asked, plain, {}) for _ in range(ROUNDS)]
    finally:
        await api.stop()

    def row(what: str, unit: str, figure: str, whole: float) -> Row:
        best = (min(getattr(each, figure) for each in found) for found in (ours, theirs))
        mine, other = (whole / each for each in best)
        return Row(what, mine, unit, BASELINE, other)

    return [
        row("start, until updates are asked for", "/min of CPU", "seconds", 60),
        row("memory then, with forty feeds and five lists", "in a GB", "megabytes", 1_000),
    ]


async def _start(asked: asyncio.Event, command: list[str], settings: dict[str, str]) -> _Footprint:
    asked.clear()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        env={**os.environ, **settings},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(60):
        await asked.wait()
    footprint = await asyncio.to_thread(_footprint, process.pid)
    process.send_signal(signal.SIGTERM)
    await process.wait()
    return footprint


def _footprint(pid: int) -> _Footprint:
    """https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html"""
    numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(numbers[11]) + int(numbers[12])  # in user mode and in the kernel
    return _Footprint(ticks / os.sysconf("SC_CLK_TCK"), int(numbers[21]) * os.sysconf("SC_PAGE_SIZE") / 1_000_000)
