"""What every test stands on: no network beyond loopback, no settings from outside, and a canary token."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from tests import loopback_only
from tests.promises import Promises, measured

loopback_only.install()
__all__ = ["measured"]  # a fixture for all tests

# The everyday run tries the same examples each time, so that a red build is a change's fault. `make soak` tries new.
hypothesis.settings.register_profile("everyday", derandomize=True, deadline=None)
hypothesis.settings.register_profile("soak", max_examples=2_000, deadline=None, print_blob=True)
hypothesis.settings.load_profile("everyday")

# Every test that needs a token uses this one; at the end of the run nothing that was written may contain it.
CANARY_TOKEN = "424242424242:CANARY-canary_CANARY-canary_CANARY1"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--promises", action="store_true", help="all that the README promises, in full, and a table of it")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--promises"):
        config.pluginmanager.register(Promises())


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test; processes that tests start are bound to loopback too."""
    for name in list(os.environ):
        if name.startswith("WIREWATCH_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent / "loopback"))


@pytest.fixture(scope="session", autouse=True)
def _token_is_nowhere(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[None]:
    """After the last test: the canary token stands in no file, log, database or output that the run produced."""
    yield
    files = [path for path in tmp_path_factory.getbasetemp().rglob("*") if path.is_file() and path.name != "token"]
    leaks = [path for path in files if CANARY_TOKEN.encode() in path.read_bytes()]
    assert not leaks, f"the token was written to {leaks}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A test whose captured output or log contains the token fails."""
    report = yield
    said = "".join(text for _, text in report.sections)
    if CANARY_TOKEN in said:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: the token stands in the captured output"
    return report


@pytest.fixture
def token() -> str:
    """The canary token."""
    return CANARY_TOKEN


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings that point into a folder of the test; the database there."""
    monkeypatch.setenv("WIREWATCH_DATABASE", str(tmp_path / "wirewatch.db"))
    return tmp_path / "wirewatch.db"


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, list[str]]]:
    """Run the command line in this process: exit code, stdout, stderr lines."""
    from bot.__main__ import main

    def run(*arguments: str) -> tuple[int, str, list[str]]:
        capsys.readouterr()
        try:
            code = main(arguments)
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err.splitlines()

    return run
