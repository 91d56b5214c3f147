"""The table of rights: complete, and shown in the README as it is."""

import handlers
from bot import build_rights
from handlers import rights
from handlers.rights import Place


def test_every_command_and_button_has_a_row():
    """And every row is that of one which exists."""
    assert list(rights.COMMANDS) == [command.name for command in handlers.COMMANDS]
    assert set(rights.BUTTONS) == set(handlers.BUTTONS)


def test_the_readme_shows_the_table():
    """`make rights` was run after the last change."""
    readme = build_rights.README.read_text(encoding="utf-8")
    assert build_rights.inserted(readme) == readme


def test_what_admins_and_editors_do_they_do_in_private():
    """A group would read it."""
    for rule in (*rights.COMMANDS.values(), *rights.BUTTONS.values()):
        if rule.right in (rights.Right.ADMIN, rights.Right.EDIT):
            assert rule.places == {Place.PRIVATE}
