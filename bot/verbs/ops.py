"""Print a file that operators need, ready-made: put it where its first lines say."""

import argparse
import sys
from importlib.resources import files

FILES = {
    "alerts": "alerts.yml",
    "grafana": "grafana.json",
    "litestream": "litestream.yml",
    "systemd": "wirewatch.service",
}
HELP = "print a ready-made file for operators: " + ", ".join(FILES)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which of them."""
    parser.add_argument(
        "name",
        choices=FILES,
        help="alerts: rules for Prometheus; grafana: a dashboard; litestream: replication; systemd: a service",
    )


def main(arguments: argparse.Namespace) -> int:
    """Print it as it is."""
    sys.stdout.write((files("bot") / "ops" / FILES[arguments.name]).read_text(encoding="utf-8"))
    return 0
