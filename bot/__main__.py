"""The command line: `wirewatch VERB …`, also `python -m bot VERB …`.

Each verb is a module of `bot.verbs`. Wrong use or configuration ends with exit code 2, a failed job with 1;
both say why in one plain line on stderr.
"""

import argparse
import importlib
import os
import select
import sys
from collections.abc import Sequence
from importlib.metadata import version
from types import ModuleType
from typing import NoReturn

from watchlists.errors import WirewatchError

VERBS = (
    *("run", "sandbox", "check", "feed", "match", "stories", "watchlists", "opml", "backup", "restore", "status"),
    *("audit", "doctor", "ops"),
)


class _Parser(argparse.ArgumentParser):
    """argparse, but wrong use is one line on stderr and not the whole usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (try: {self.prog} --help)\n")


def _parser(modules: dict[str, ModuleType]) -> argparse.ArgumentParser:
    parser = _Parser(prog="wirewatch", description="A news alert bot for Telegram: one alert per story.")
    parser.add_argument("--version", action="version", version=f"wirewatch {version('wirewatch')}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    for name, module in modules.items():
        verb = verbs.add_parser(name, help=module.HELP, description=module.__doc__)
        verb.formatter_class = argparse.RawDescriptionHelpFormatter
        module.add_arguments(verb)
        verb.set_defaults(main=module.main)
    return parser


def _nobody_reads(descriptor: int) -> bool:
    """Whether this is a pipe whose other end is closed."""
    poll = select.poll()
    poll.register(descriptor, 0)
    return bool(poll.poll(0))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code: 0, 1 (a job failed) or 2 (wrong use or configuration)."""
    modules = {name: importlib.import_module(f"bot.verbs.{name}") for name in VERBS}
    parser = _parser(modules)
    parsed = parser.parse_args(arguments)
    if parsed.verb is None:
        parser.error(f"say what to do: {', '.join(VERBS)}")
    try:
        return int(parsed.main(parsed))
    except WirewatchError as error:
        for line in str(error).splitlines():
            print(f"wirewatch: {line}", file=sys.stderr)
        return getattr(error, "exit_code", 2)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        if not _nobody_reads(sys.stdout.fileno()):
            raise
        # The reader of a pipe went away (`| head`): what is still buffered must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
