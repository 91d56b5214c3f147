"""Writes the table of rights into README.md, between its two markers: `python -m bot.build_rights`.

Commands and buttons with the same rule share a row.
"""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from handlers import rights
from handlers.rights import Place, Right, Rule

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- rights: made by `make rights` -->\n", "<!-- end of rights -->\n"
HEAD = "| what | in private | in a group or topic | about a channel, in private |\n| --- | --- | --- | --- |\n"
NOWHERE, AS_IN_PRIVATE = "–", "as in private"


def table() -> str:
    """The table, as Markdown."""
    rows = [f"| {', '.join(f'`/{name}`' for name in names)} | {cells} |" for names, cells in _alike(rights.COMMANDS)]
    rows.append(f"| other text, files | {_cells(rights.TEXT)} |")
    rows += [f"| buttons: {', '.join(names)} | {cells} |" for names, cells in _alike(rights.BUTTONS)]
    return HEAD + "\n".join(rows) + "\n"


def who(rule: Rule, place: Place) -> str:
    """Who may, in one place."""
    if place not in rule.places:
        is_personal = place is Place.CHANNEL and Place.PRIVATE in rule.places
        return AS_IN_PRIVATE if is_personal else NOWHERE
    if rule.right is Right.ADMIN:
        return "admins"
    if rule.right is Right.EDIT:
        return "editors, admins"
    return "administrators" if rights.needs_administrator(rule, place) else "everyone"


def inserted(readme: str) -> str:
    """The README with the table of now. Raises ValueError where a marker is missing."""
    before, rest = readme[: readme.index(BEGIN)], readme[readme.index(END) :]
    return before + BEGIN + table() + rest


def _alike(rules: Mapping[str, Rule]) -> list[tuple[list[str], str]]:
    names: dict[str, list[str]] = defaultdict(list)
    for name, rule in rules.items():
        names[_cells(rule)].append(name)
    return [(its, cells) for cells, its in names.items()]


def _cells(rule: Rule) -> str:
    return " | ".join(who(rule, place) for place in Place)


if __name__ == "__main__":
    README.write_text(inserted(README.read_text(encoding="utf-8")), encoding="utf-8")
