"""`pytest --promises`: all that the README promises, tried in full, and at the end one table of what was measured.

It runs the tests that the README names beside P1 to P17, whatever else has a long version, and the property tests. Of a
test that has a long version the short one is left out. `make soak` calls it.
"""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"(?m)^\| (P\d+) ([^|]+?) \| ([^|]+) \|$")
LAWS = "properties"
OTHERS = {"test_week.py": "a week", "test_scale.py": "feeds"}  # long tests of no promise: the name of their row

Measured = Callable[[str, str], None]


def shown_by() -> dict[str, tuple[str, list[str]]]:
    """Promise → its words in the README, and the files that show it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return {
        name: (words.split(":")[0], re.findall(r"`(tests/[\w/]+\.py)`", shown))
        for name, words, shown in ROW.findall(text)
    }


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Measured:
    """Call it with the name of a row, such as P3, and what was measured: it stands in the table of `make soak`."""
    return lambda row, text: record_property("measured", [row, text])


class Promises:
    """Chooses the tests, hears how they end, and writes the table."""

    def __init__(self) -> None:
        self._rows: dict[str, str] = {}
        self._of_file: dict[str, list[str]] = {}
        for name, (words, files) in shown_by().items():
            self._rows[name] = words
            for file in files:
                self._of_file.setdefault(file, []).append(name)
        self._laws: set[str] = set()
        self._ended: dict[str, Counter[str]] = {}
        self._seconds: Counter[str] = Counter()
        self._measured: dict[str, list[str]] = {}

    @pytest.hookimpl(trylast=True)  # hypothesis has marked its tests by then
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keep what is to run."""
        long = {_name(item) for item in items if item.get_closest_marker("soak")}
        kept, left = [], []
        for item in items:
            is_law = item.get_closest_marker("hypothesis") is not None
            is_long = item.get_closest_marker("soak") is not None
            is_promised = item.location[0] in self._of_file
            is_wanted = is_long or ((is_law or is_promised) and _name(item) not in long)
            (kept if is_wanted else left).append(item)
            if is_law:
                self._laws.add(item.nodeid)
        items[:] = kept
        config.hook.pytest_deselected(items=left)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test for each promise that its file shows."""
        rows = self._of_file.get(report.location[0]) or [OTHERS.get(Path(report.location[0]).name, "others")]
        if report.nodeid in self._laws:
            rows = [*(row for row in rows if row != "others"), LAWS]
        for row in rows:
            self._seconds[row] += report.duration
            if report.when == "call" or not report.passed:
                self._ended.setdefault(row, Counter())[report.outcome] += 1
        if report.when == "call":
            for name, value in report.user_properties:
                if name == "measured":
                    row, text = value
                    self._measured.setdefault(row, []).append(text)

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The table."""
        terminalreporter.section("what was promised, and what was measured")
        for row in [*self._rows, *sorted(self._ended.keys() - self._rows.keys())]:
            ended = self._ended.get(row, Counter({"not run": 1}))
            counts = ", ".join(f"{number} {outcome}" for outcome, number in ended.items())
            head = f"{row:<10} {counts:<24} {self._seconds[row]:>7,.0f} s  "
            texts = [self._rows.get(row, ""), *self._measured.get(row, [])]
            for text in filter(None, texts):
                terminalreporter.write_line(f"{head}{text}")
                head = " " * len(head)
            if head.strip():
                terminalreporter.write_line(head)


def _name(item: pytest.Item) -> str:
    """Of all forms of a test."""
    return item.nodeid.partition("[")[0]
