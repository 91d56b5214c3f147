"""The whole program against a local Bot API server with invented news: no token, no internet.

You are Ada, who already watches two things; alerts appear within a minute. Type commands to the bot.
"""

import argparse
import asyncio
import signal

from bot import log

MOST_SPEED = 100  # faster, and all news would be over before the first poll, which alerts nothing
MOST_PORT = 65535
HELP = "try the whole program: no token, no internet"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How fast, and where."""
    parser.add_argument(
        "--port", type=_port, default=0, metavar="N", help="port of page and Bot API (default: a free one)"
    )
    parser.add_argument("--speed", type=_speed, default=1.0, metavar="X", help="how fast the news comes (default: 1)")
    parser.add_argument("--no-page", action="store_true", help="the chat in the terminal only, none in the browser")


def main(arguments: argparse.Namespace) -> int:
    """Run until Ctrl-C, Ctrl-D or SIGTERM."""
    from bot.sandbox import session

    log.configure("error", "text", [])

    async def run() -> None:
        stop = asyncio.Event()
        for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(signum, stop.set)
        await session.run(stop, arguments.port, arguments.speed, page=not arguments.no_page)

    asyncio.run(run())
    return 0


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > MOST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} should be a whole number from 0 to {MOST_PORT}")
    return int(text)


def _speed(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= MOST_SPEED:
        raise argparse.ArgumentTypeError(f"{text!r} should be a number above 0 and at most {MOST_SPEED}")
    return value
