"""Which language is spoken."""

import pytest

from watchlists.i18n import _, nearest, ngettext, speaking, spoken


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en", "en"), ("es-MX", "es"), ("uk", "uk"), ("RU_ru", "ru"), ("pt-br", "en"), ("", "en"), ("xx", "en")],
)
def test_a_language_tag_gets_the_nearest_of_ours(tag: str, language: str) -> None:
    """A region is ignored, and a language that we do not speak is answered in English."""
    assert nearest(tag) == language


def test_a_language_is_spoken_only_inside_its_block() -> None:
    """Blocks nest, and leaving one brings the former language back."""
    with speaking("uk"):
        with speaking("es"):
            assert spoken() == "es"
        assert spoken() == "uk"
    assert spoken() == "en"


def test_a_message_without_a_translation_stays_english() -> None:
    """Nothing is lost by a missing entry, also with plurals."""
    with speaking("ru"):
        assert _("A sentence in no catalog.") == "A sentence in no catalog."
        assert ngettext("{n} such thing", "{n} such things", 1) == "1 such thing"
        assert ngettext("{n} such thing", "{n} such things", 5) == "5 such things"
