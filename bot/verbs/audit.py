"""Print what admins did as JSON lines, oldest first. Works while the bot runs.

Each line has `at` (ISO 8601), `user` (a numeric id; 0 is the command line), `act`, `subject`, `detail` (an object) and
`why`. The record is kept for 400 days.
"""

import argparse
import re
from datetime import UTC, datetime, timedelta

from bot.clock import to_epoch, utc_now
from bot.config import load_settings
from bot.db import Database
from bot.jsonlines import to_line
from bot.store import Storage

HELP = "what admins did, as JSON lines"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How far back."""
    parser.add_argument("--since", type=_moment, metavar="WHEN", help="a date (2026-03-01), a time, or a span (7d)")


def main(arguments: argparse.Namespace) -> int:
    """Print the record."""
    since = to_epoch(arguments.since) if arguments.since else 0.0
    database = Database.visit(load_settings().database)
    try:
        for act in Storage(database, utc_now).run_blocking(lambda store: list(store.audit.since(since))):
            print(to_line(act))
    finally:
        database.close()
    return 0


def _moment(typed: str) -> datetime:
    """The time that is meant; one without a zone is UTC."""
    span = re.fullmatch(r"(\d{1,4})([hd])", typed)
    if span:
        return utc_now() - timedelta(hours=int(span[1]) * (24 if span[2] == "d" else 1))
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{typed!r} is no time: write 2026-03-01, 2026-03-01T12:00 or 7d") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
