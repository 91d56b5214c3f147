"""Look at all that the bot stands on: versions, files, the database through and through, its backups, the clock.

Also while the bot runs. A line for each, with what to do about what is wrong; nothing is written, nothing is mended.
"""

import argparse
import os

from bot.clock import utc_now
from bot.config import load_settings

HELP = "look for damage and trouble, and say what to do"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is set by the environment, so there are none."""
    parser.epilog = "Exit code 0: all is well. 1: something has to be done."


def main(_arguments: argparse.Namespace) -> int:
    """Print the findings; 1 when one of them is a problem."""
    from bot.doctor import examine

    problems = 0
    for finding in examine(load_settings(), utc_now(), dict(os.environ)):
        problems += finding.problem
        print(f"{'PROBLEM' if finding.problem else 'ok':8} {finding.what}: {finding.says}", flush=True)
    return 1 if problems else 0
