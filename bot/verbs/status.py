"""Print the figures of the bot as JSON. Works while the bot runs."""

import argparse
import json
import sys

from bot.clock import utc_now
from bot.config import load_settings
from bot.db import Database
from bot.figures import figures
from bot.store import Storage

HELP = "the figures of the bot, as JSON"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--healthy` is what a container's health check asks."""
    parser.add_argument(
        "--healthy",
        action="store_true",
        help="print nothing; exit 1 unless polling, updates and delivery all made progress within two minutes",
    )


def main(arguments: argparse.Namespace) -> int:
    """Print the figures; with --healthy say by the exit code whether the bot makes progress."""
    database = Database.visit(load_settings().database)
    try:
        storage = Storage(database, utc_now)
        if arguments.healthy:
            late = storage.run_blocking(lambda store: store.figures.stalled())
            if late:
                print(f"wirewatch: no progress in {', '.join(late)}", file=sys.stderr)
            return 1 if late else 0
        print(json.dumps(storage.run_blocking(figures), indent=2, ensure_ascii=False))
        return 0
    finally:
        database.close()
