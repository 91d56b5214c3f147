"""Make a consistent copy of the database, also while the bot runs, and check it."""

import argparse
from pathlib import Path

from bot.config import load_settings

HELP = "copy the database, also while the bot runs"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file to write; an earlier backup of that name is replaced."""
    parser.add_argument("file", type=Path, help="the copy; an earlier backup of that name is replaced")


def main(arguments: argparse.Namespace) -> int:
    """Copy, check, and say how large it is."""
    from bot.backup import backup

    size = backup(load_settings().database, arguments.file)
    print(f"{arguments.file}: {size / 1_000_000:.1f} MB, checked")
    return 0
