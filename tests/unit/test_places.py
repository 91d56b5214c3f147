"""Which words of an item stand for which of a watch. The names are invented or of the public."""

import pytest

from watchlists.places import alike, one_word
from watchlists.text import tokens


@pytest.mark.parametrize(
    ("word", "other", "met"),
    [
        ("1000", "1001", False),
        ("iran", "iraq", False),
        ("witkoff", "witkof", True),
        ("witkoff", "vitkoff", True),
        ("witkoff", "titkoff", False),
        ("wolfenbuettel", "wolfenbuetel", True),
        ("wolfenbuettel", "wolfenbxxettel", True),
        ("wolfenbuettel", "wolfexxxttel", False),
        ("tariffs", "tariff", True),
        ("witkoff", "witkoff2", False),
    ],
)
def test_words_are_alike_within_bounds(word: str, other: str, met: bool) -> None:
    """Edits are few, never the first letter, and never a digit."""
    assert (alike(word, other, "en")[0] > 0) is met
    assert alike(word, word, "en") == (1.0, "exact")


def test_only_synonyms_ignore_spelling() -> None:
    """A word that stands for another has to be spelt right."""
    assert alike("witkoff", "witkof", "en", spelling=False)[0] == 0


def test_what_may_be_one_word() -> None:
    """Hyphens join any parts; a space joins two of three letters or more."""
    assert one_word(tokens("e-mail"))
    assert one_word(tokens("cease fire"))
    assert not one_word(tokens("for um"))
    assert not one_word(tokens("one two three"))
