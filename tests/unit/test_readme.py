"""The README's tables say what the program has, all of it and nothing else."""

import re
from pathlib import Path

from bot.__main__ import VERBS
from bot.config import PREFIX, Settings
from handlers import COMMANDS

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def _first_cells(heading: str) -> str:
    """The first column of the table below a heading."""
    below = README.split(heading, 1)[1].split("\n#", 1)[0]
    return "\n".join(line.split("|")[1] for line in below.splitlines() if line.startswith("|"))


def test_every_setting_is_documented() -> None:
    """A setting without a row is a secret; a row without a setting is a lie."""
    named = set(re.findall(rf"{PREFIX}([A-Z_]+)", _first_cells("### Settings")))
    assert named == {name.upper() for name in Settings.model_fields}


def test_every_verb_is_documented() -> None:
    """The table of the command line names each verb once."""
    named = re.findall(r"`([a-z]+)", _first_cells("### Command line"))
    assert sorted(named) == sorted(VERBS)


def test_every_command_is_documented() -> None:
    """The table of commands is that of the bot, in its order."""
    named = re.findall(r"`/([a-z]+)", _first_cells("## Use it"))
    assert named == [command.name for command in COMMANDS]
