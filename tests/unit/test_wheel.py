"""What is installed: three packages with all that they need, and nothing beside them."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "handlers", "watchlists")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built as the container builds it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_nothing_is_installed_beside_the_three_packages(wheel: zipfile.ZipFile) -> None:
    """A further name at the top would be everybody's on the machine."""
    top = {name.split("/")[0] for name in wheel.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {*PACKAGES}
    assert len(top) == len(PACKAGES) + 1


def test_every_file_of_the_packages_is_installed(wheel: zipfile.ZipFile) -> None:
    """Data, catalogs, curated lists, the page, files for operators: what the code reads is beside it."""
    ours = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert ours <= {*wheel.namelist()}
    endings = {Path(name).suffix for name in ours}
    assert {".py", ".toml", ".mo", ".gz", ".html", ".js", ".css", ".yml", ".json", ".service", ".typed"} <= endings


def test_the_command_and_the_licences_are_installed(wheel: zipfile.ZipFile) -> None:
    """`wirewatch` is there for pipx and uv; the licence of the word frequencies goes with them."""
    names = {name.split(".dist-info/")[-1]: name for name in wheel.namelist()}
    assert "wirewatch = bot.__main__:main" in wheel.read(names["entry_points.txt"]).decode()
    assert {"licenses/LICENSE", "licenses/watchlists/words.LICENSE.txt"} <= names.keys()
