"""Put a backup in the place of the database, while no bot runs on it.

News that came since the backup was made has most likely been sent. By default nothing of it is sent again: messages
that the backup still has waiting are dropped, and the first poll of each feed alerts nothing. With --resend they are
sent, and what has been told since comes once more.
"""

import argparse
from pathlib import Path

from bot.clock import utc_now
from bot.config import load_settings

HELP = "put a backup in the place of the database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The backup, and what to do where something is in its way."""
    parser.add_argument("file", type=Path, help="a file that `wirewatch backup` made")
    parser.add_argument("--force", action="store_true", help="a database is there already: keep it under another name")
    parser.add_argument("--resend", action="store_true", help="rather tell twice than not at all")


def main(arguments: argparse.Namespace) -> int:
    """Restore, and say what was done."""
    from bot.backup import restore

    database = load_settings().database
    done = restore(arguments.file, database, utc_now(), force=arguments.force, resend=arguments.resend)
    print(f"{database} is restored from {arguments.file}.")
    for sentence in done:
        print(sentence)
    return 0
