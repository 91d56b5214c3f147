"""All hostile servers at once, against one process: its time, memory and event loop keep their limits."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.hostile import BEHAVIOURS, hostile
from tests.promises import Measured

LAG, MEMORY = 0.25, 20.0  # seconds, MB
PARSER = 6.0  # seconds: what a parser may take, and to be replaced
# What else may come of them than a refusal: time may be up first, and two of them are documents like any other.
HARMLESS = {"hungry": "feed", "hidden-bomb": "not_a_feed"}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with hostile() as address:
        yield address


@pytest.mark.parametrize("limit", [2.0, pytest.param(20.0, marks=pytest.mark.soak)])
def test_hostile_servers_cost_little(address: str, limit: float, measured: Measured) -> None:
    """No answer is a feed, all end in time, the loop waits 250 ms at most and memory grows by 20 MB at most."""
    start = time.monotonic()
    command = [sys.executable, "-m", "tests.endure", address, str(limit)]
    told = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    waited, grown = f"{told['lag'] * 1000:.0f} ms", f"{told['mb']:.0f} MB"
    measured("P5", f"{len(BEHAVIOURS)} kinds: the loop waited {waited} at most, memory grew by {grown}")
    for name in BEHAVIOURS:
        kinds = {"timeout", "too_large", "encoding", "protocol", "redirect", HARMLESS.get(name)}
        assert told["kinds"][name] in kinds, name
    assert time.monotonic() - start < limit + 2 * PARSER
    assert told["lag"] <= LAG
    assert told["mb"] <= MEMORY
