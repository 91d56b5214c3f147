"""`make bench`: each figure beside a named baseline that is measured in the same run, as a ratio.

Absolute times depend on the machine and are printed only to give a feeling; the ratio is the result.
"""

import json
import sys
from dataclasses import asdict

from tests.benchmarks import intake, matching, storage


def main() -> None:
    """Run every benchmark and print the table, or JSON lines with --json."""
    rows = [row for measure in (matching.run, intake.run, storage.run) for row in measure()]
    if "--json" in sys.argv:
        for row in rows:
            print(json.dumps(asdict(row) | {"ratio": row.ratio}))
        return
    print(f"{'what':44} {'ours':>22}  {'baseline':>34} {'ratio':>8}")
    for row in rows:
        ours, theirs = f"{row.ours:,.0f} {row.unit}", f"{row.baseline}: {row.theirs:,.0f}"
        print(f"{row.what:44} {ours:>22}  {theirs:>34} {row.ratio:7.1f}×")


if __name__ == "__main__":
    main()
