"""Which language an item is in."""

from datetime import UTC, datetime

import pytest

from bot.languages import first_fitting, language
from bot.parse_child import Document, read

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        *(("en", "en"), ("pt-BR", "pt"), ("ZH_hans", "zh"), ("epo", "epo"), ("und", None), ("xx-XX", None)),
        *(("english", None), ("", None), ("x", None), ("en us", None), ("de-", None), ("rss_1.0", None)),
    ],
)
def test_languages_are_primary_codes(tag: str, code: str | None) -> None:
    """The lower-case code before the first hyphen; what is no language tag is none."""
    assert language(tag) == code


@pytest.mark.parametrize(
    ("tags", "text", "code"),
    [
        (["de", "fr"], "Hafen gesperrt", "de"),
        (["", "fr"], "Port fermé", "fr"),
        (["deutsch", "fr"], "Port fermé", "fr"),
        (["en-us", "uk"], "Порт знову відкрито", "uk"),  # the language of a template
        (["en-us"], "Порт снова открыт", None),
        (["ru"], "Harbour Weekly", "ru"),  # a Latin headline is no proof
        (["en", "ja"], "港が再開した", "ja"),
        (["en", "zh"], "港口重新开放", "zh"),
        (["en", "ar"], "إعادة فتح الميناء", "ar"),
        (["en"], "Harbour «Порт» reopens after the storm", "en"),  # most letters count
        (["am"], "ወደቡ ተከፈተ", "am"),  # a script that is not in the table proves nothing
        (["en"], "… ★ 2026", "en"),
        ([], "Порт", None),
    ],
)
def test_the_first_language_that_can_be_is_believed(tags: list[str], text: str, code: str | None) -> None:
    """What is no language, or has another script than the text, is passed over."""
    assert first_fitting(tags, text) == code


@pytest.mark.parametrize(
    ("own", "expected"), [("", "uk"), ("<language>de</language>", "de"), ("<language>en-us</language>", "uk")]
)
def test_the_feed_counts_before_the_operator_and_the_server(own: str, expected: str) -> None:
    """In this order, where what is said can be."""
    title = "Hafen gesperrt" if expected == "de" else "Порт знову відкрито"
    feed = f"<rss version='2.0'><channel>{own}<item><title>{title}</title></item></channel></rss>"
    json = f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{{"id": 1, "title": "{title}"}}]}}'
    for body in [feed] if own else [feed, json]:
        parsed = read(Document(body.encode(), "https://a.example", "", ("uk", "fr"), NOW))
        assert parsed is not None
        assert parsed.items[0].lang == expected
