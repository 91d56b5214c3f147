"""`make bench`: each figure beside a named baseline that is measured in the same run, as a ratio.

Absolute times depend on the machine and are printed only to give a feeling; the ratio is the result.
"""

import json
import sys
from dataclasses import asdict

from tests.benchmarks import delivery, footprint, intake, lag, looking_back, matching, polls, storage, stories


def main() -> None:
    """Run every benchmark and print each row as it comes: a table, or JSON lines with --json."""
    as_json = "--json" in sys.argv
    if not as_json:
        print(
            "More than 1× is faster than the baseline. feedparser alone and the bare INSERT do only a part of the work:"
        )
        print("they bound what is possible.\n")
        print(f"{'what':44} {'ours':>20}  {'baseline':>40} {'ratio':>8}")
    groups = (matching, stories, intake, polls, lag, storage, delivery, looking_back, footprint)
    for measure in (group.run for group in groups):
        for row in measure():
            if as_json:
                print(json.dumps(asdict(row) | {"ratio": row.ratio}), flush=True)
                continue
            ours, theirs = f"{row.ours:,.0f} {row.unit}", f"{row.baseline}: {row.theirs:,.0f}"
            print(f"{row.what:44} {ours:>20}  {theirs:>40} {row.ratio:7.3g}×", flush=True)


if __name__ == "__main__":
    main()
