"""The documents hold what they say: their commands run, or say why no test runs them, and their files are there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.licences import licences
from tests.promises import OTHERS, shown_by
from tests.shell import make_database

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "SECURITY.md")
MARKER = "<!-- not run by a test: "
# What may be used as it is by a program under the MIT licence, and passed on beside it.
PERMISSIVE = re.compile(r"MIT|BSD|Apache|ISC|PSF|Public Domain|MPL-2\.0|LGPL")


def blocks(name: str) -> list[tuple[str, str]]:
    """The command lines of each block of code in a document, and why it is not run; empty where it is."""
    found = []
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    inside, before, previous = False, "", ""
    block: list[str] = []
    for line in lines:
        if line.startswith("```"):
            commands = [text.removeprefix("$ ") for text in block if text.startswith("$ ")]
            if inside and commands:
                found.append(("\n".join(commands), before))
            elif not inside:
                before = previous.removeprefix(MARKER).removesuffix(" -->") if previous.startswith(MARKER) else ""
            inside, block = not inside, []
        elif inside:
            block.append(line)
        previous = line
    return found


COMMANDS = [(name, commands, why) for name in DOCUMENTS for commands, why in blocks(name)]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database, in which the commands are there."""
    make_database(tmp_path / "wirewatch.db", "polling")
    monkeypatch.setenv("WIREWATCH_DATABASE", str(tmp_path / "wirewatch.db"))
    monkeypatch.setenv("WIREWATCH_BACKUPS", "")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


@pytest.mark.parametrize("commands", [commands for _name, commands, why in COMMANDS if not why])
def test_the_commands_of_the_documents_run(commands: str, shop: Path) -> None:
    """As they stand, one after the other, in a shell that stops at the first that fails."""
    done = subprocess.run(["bash", "-euc", commands], cwd=shop, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_some_commands_are_run_and_each_other_says_why_not() -> None:
    """A block without either would be caught by running it."""
    run = [commands for _name, commands, why in COMMANDS if not why]
    assert len(run) >= 4
    assert {"match", "backup", "restore", "doctor", "status", "ops"} <= set(
        re.findall(r"wirewatch (\w+)", " ".join(run))
    )
    assert all(len(why) > 15 for _name, _commands, why in COMMANDS if why)


def test_every_target_of_make_that_a_document_names_is_there() -> None:
    """And every one that a contributor is told of by `make help` is in CONTRIBUTING or README."""
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    named = {word for name in DOCUMENTS for word in re.findall(r"(?m)^(?:\$ )?make ([a-z]+)\b", _code(name))}
    assert named <= targets
    assert targets - named <= {"format", "lint", "types", "clean"}


def _code(name: str) -> str:
    """What stands between backticks, in blocks or in lines."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return "\n".join(re.findall(r"`([^`]+)`", text))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_that_a_document_names_is_there(name: str) -> None:
    """Tests behind promises, pictures, other documents."""
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:tests|bot|handlers|watchlists)/[\w/.-]+\.\w+)`", text))
    named |= set(re.findall(r"\]\((?!https?:|#)([^)]+)\)", text))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_promise_has_its_test() -> None:
    """P1 to P17, in their order, each with a file that has tests."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| (P\d+) [^|]+\| ([^|]+) \|$", text)
    assert [number for number, _ in rows] == [f"P{number}" for number in range(1, 18)]
    for _number, shown in rows:
        paths = re.findall(r"`(tests/[\w/]+\.py)`", shown)
        assert paths
        assert all("def test_" in (ROOT / path).read_text(encoding="utf-8") for path in paths)


def test_what_is_measured_stands_in_the_table() -> None:
    """A row of another name would be a promise that the README does not make."""
    rows = {*shown_by(), *OTHERS.values()}
    named = {
        row
        for path in (ROOT / "tests").rglob("test_*.py")
        for row in re.findall(r'\bmeasured\(\s*"([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert named <= rows
    assert len(named) > 12


def test_nothing_is_installed_whose_licence_is_not_known() -> None:
    """A new dependency under another kind of licence has to be thought about first."""
    found = licences()
    assert len(found) > 30
    assert {name: under for name, under in found.items() if not PERMISSIVE.search(under)} == {}
