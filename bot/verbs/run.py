"""Run the bot until it is told to stop (SIGTERM or Ctrl-C)."""

import argparse
import asyncio
import logging
import os
import signal

from bot import log
from bot.config import ConfigurationError, load_settings, remarks, unknown_settings

HELP = "the bot"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is set by the environment, so there are none."""
    parser.epilog = "Settings come from the environment; `wirewatch check` says whether they are right."


def main(_arguments: argparse.Namespace) -> int:
    """Run until stopped; 0 when stopped from outside."""
    settings = load_settings()
    if not settings.secret:
        raise ConfigurationError(
            "No bot token: set WIREWATCH_TOKEN or WIREWATCH_TOKEN_FILE (@BotFather gives one). "
            "To try Wirewatch without a token: wirewatch sandbox"
        )
    log.configure(settings.log_level, settings.log_format, [settings.secret])
    for sentence in (*unknown_settings(os.environ), *remarks(settings)):
        logging.getLogger(__name__).warning("%s", sentence)
    from bot import app

    async def run() -> None:
        stop = asyncio.Event()
        for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(signum, stop.set)
        await app.run(settings, stop)
        logging.getLogger(__name__).info("stopped")

    asyncio.run(run())
    return 0
