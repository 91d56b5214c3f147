"""`python -m tests.licences`: what the program is installed with, and under which licence each part is.

The names are those of requirements.lock; the licences are what the packages say of themselves.
"""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements.lock"
_LONGEST = 40  # characters: some put the whole text where its name belongs
# What the packages leave out or say in a sentence of their own.
_SAID_ELSEWHERE = {"feedparser-sgmllib": "BSD-2-Clause"}


def licence(name: str) -> str:
    """The licence of an installed distribution; empty where it does not say."""
    about = metadata(name)
    named = about.get("License-Expression") or about.get("License") or ""
    if named and len(named) <= _LONGEST and "\n" not in named:
        return named
    classified = [line.split(" :: ")[-1] for line in about.get_all("Classifier") or () if line.startswith("License ::")]
    return ", ".join(classified) or _SAID_ELSEWHERE.get(name, "")


def licences() -> dict[str, str]:
    """By name, of all that is installed beside the program here; parts for other systems are left out."""
    names = re.findall(r"(?m)^([a-z0-9-]+)==", LOCK.read_text(encoding="utf-8"))
    found = {}
    for name in names:
        try:
            found[name] = licence(name)
        except PackageNotFoundError:  # of another system
            continue
    return found


if __name__ == "__main__":
    for each, under in licences().items():
        print(f"{each:24} {under}")
