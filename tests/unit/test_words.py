"""The table of word rarity."""

import gzip
import time
from importlib import resources

import pytest

from watchlists import words
from watchlists.text import fold


def test_rarer_words_have_lower_frequencies() -> None:
    """The table orders words as their use does."""
    order = ["the", "record", "summit", "ceasefire", "zzyzxian"]
    assert [words.zipf(word, "en") for word in order] == sorted(
        (words.zipf(word, "en") for word in order), reverse=True
    )


def test_an_unlisted_word_has_the_floor() -> None:
    """What no table lists, or a language without a table, is rare."""
    assert words.zipf("zzyzxian", "en") == words.UNLISTED
    assert words.zipf("the", "xx") == words.UNLISTED


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_listed_words_are_folded(language: str) -> None:
    """A folded word can be looked up: the table holds no other kind."""
    listed = words._words(language)
    assert len(listed) > 10_000
    assert all(fold(word) == word for word in listed)
    assert min(listed.values()) >= words.UNLISTED


@pytest.mark.parametrize(
    ("query", "language"),
    [
        (("gaza", "ceasefire"), "en"),
        (("pokrovsk",), "en"),
        ((), "en"),
        (("737", "max"), "en"),
        (("elecciones", "generales", "argentina"), "es"),
        (("bundestag", "wahl", "ergebnis"), "de"),
        (("отставка", "правительства"), "ru"),
        (("переговори", "щодо", "миру"), "uk"),
        (("gouvernement", "election", "loi"), "fr"),
        (("governo", "elezioni", "legge"), "it"),
        (("governo", "eleicoes", "lei"), "pt"),
        (("regering", "verkiezingen", "wet"), "nl"),
        (("rzad", "wybory", "ustawa"), "pl"),
    ],
)
def test_the_language_of_a_query(query: tuple[str, ...], language: str) -> None:
    """The likeliest language by its words; English unless another is clearly likelier."""
    assert words.language_of(query) == language


def test_the_table_is_small_and_says_its_format() -> None:
    """The shipped file stays below 1.5 MB, names its format, and its licence ships with it."""
    folder = resources.files("watchlists")
    packed = folder.joinpath(words.TABLE).read_bytes()
    assert len(packed) < 1_500_000
    assert gzip.decompress(packed).startswith(words.FORMAT.encode())
    assert "ShareAlike" in folder.joinpath("words.LICENSE.txt").read_text(encoding="utf-8")


def test_a_table_of_another_format_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of another version is an error that says what to do, never wrong scores."""
    words._sections.cache_clear()
    monkeypatch.setattr(words, "FORMAT", "wirewatch words 0")
    with pytest.raises(ValueError, match="build it anew"):
        words._sections()
    monkeypatch.undo()
    words._sections.cache_clear()


def test_the_table_loads_at_once() -> None:
    """Reading all languages is no matter of seconds (about 50 ms on the machine it was made on)."""
    words._sections.cache_clear()
    words._words.cache_clear()
    start = time.perf_counter()
    for language in words.LANGUAGES:
        words.zipf("the", language)
    assert time.perf_counter() - start < 1.0
