"""Folding, tokens and stems."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlists.text import fold, stem, tokens, word_language


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    """Folding is idempotent for any text."""
    assert fold(fold(text)) == fold(text)


def test_every_character_folds_to_a_fixed_point() -> None:
    """Folding is idempotent for every single character, and none makes it fail."""
    wrong = [
        point
        for point in range(sys.maxunicode + 1)
        if not 0xD800 <= point < 0xE000 and fold(fold(chr(point))) != fold(chr(point))
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Orbán", "ORBAN"),
        ("Łódź", "lodz"),
        ("Malmø", "malmo"),
        ("Straße", "STRASSE"),
        ("Ｇａｚａ", "gaza"),
        ("ﬁnance", "finance"),
        ("Z\u0351a\u0325l\u0310go", "zalgo"),
        ("soft\u00adhyphen", "softhyphen"),
        ("ёлка", "елка"),
        ("İstanbul", "istanbul"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد", "محمد"),
    ],
)
def test_spellings_of_one_word_fold_alike(one: str, other: str) -> None:
    """Case, accents, width, ligatures, vowel signs and unseen signs do not tell words apart."""
    assert fold(one) == fold(other)


def test_another_letter_is_another_letter() -> None:
    """What looks like an accent but makes another letter is kept."""
    assert fold("май") != fold("маи")
    assert fold("ガ") != fold("カ")


@given(st.text())
def test_offsets_are_those_of_the_original(text: str) -> None:
    """Tokens are in order, do not overlap, are not empty, and stand where they say."""
    end = 0
    for token in tokens(text):
        assert token.text
        assert end <= token.start < token.end <= len(text)
        end = token.end


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Trump’s plan", ["trump", "plan"]),
        ("the workers' strike", ["the", "workers", "strike"]),
        ("O'Neill and D’Angelo", ["oneill", "and", "angelo"]),
        ("l'Ukraine, d’État", ["ukraine", "etat"]),
        ("don't", ["dont"]),
        ("об'єкт", ["обєкт"]),
        ("U.S. tariffs, US tariffs and USA", ["usa", "tariffs", "usa", "tariffs", "and", "usa"]),
        ("tell us", ["tell", "us"]),
        ("the U.K. and U.N.", ["the", "uk", "and", "un"]),
        ("AT&T uses C++ and C#", ["at&t", "uses", "c++", "and", "c#"]),
        ("#MeToo @someone", ["metoo", "someone"]),
        ("1,000 of 3.5%", ["1000", "of", "3.5"]),
        ("737 Max, F-16, G7", ["737", "max", "f", "16", "g7"]),
        ("end.Next", ["end", "next"]),
        ("…—!🔥", []),
        ("ʿ Aʿli", ["ali"]),
        ("", []),
        ("हिन्दी", ["हिन्दी"]),
        ("中国政府", ["中", "国", "政", "府"]),
        ("トランプ大統領は来日、GDPも", ["トランプ", "大", "統", "領", "は", "来", "日", "gdp", "も"]),
        ("Türkiye'de, Ankara’nın", ["turkiye", "ankara"]),
        ("Shi'a, Sana'a", ["shia", "sanaa"]),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    """Words are what a reader would call words: without possessive, elision, dots of initials and signs."""
    assert [token.text for token in tokens(text)] == words


def test_parts_that_hyphens_join_know_it() -> None:
    """Any hyphen or dash between two words joins them; a dash between spaces does not."""
    assert [token.joined for token in tokens("Mar-a-Lago")] == [False, True, True]
    assert [token.joined for token in tokens("rate‑cut 2025–26")] == [False, True, False, True]
    assert [token.joined for token in tokens("Trump – Putin")] == [False, False]
    assert [token.joined for token in tokens("Trump's-plan")] == [False, True]
    assert [token.joined for token in tokens("北京 東京")] == [False, True, False, True]


def test_a_prefix_that_makes_another_thing_belongs_to_its_word() -> None:
    """A semi-final is no final; other compounds are met by their parts."""
    assert [token.text for token in tokens("Semi-final, quarter-finals")] == ["semifinal", "quarterfinals"]
    assert [token.text for token in tokens("post-final")] == ["post", "final"]
    assert [token.text for token in tokens("a semi - final")] == ["a", "semi", "final"]
    (token,) = tokens("Semi-final")
    assert (token.start, token.end, token.joined) == (0, 10, False)


def test_the_first_word_is_joined_to_nothing() -> None:
    """A hyphen at the end of a text is not in front of its first word."""
    assert [token.joined for token in tokens("golf -")] == [False]


def test_a_possessive_is_not_printed_in_bold() -> None:
    """The place of a word leaves out its possessive and its article."""
    text = "À Paris, l’Ukraine’s plan"
    assert [text[token.start : token.end] for token in tokens(text)] == ["À", "Paris", "Ukraine", "plan"]


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("tariffs", "tariff", "en"),
        ("ceasefires", "ceasefire", None),
        ("elecciones", "eleccion", "es"),
        ("войны", "война", "ru"),
        ("войны", "война", None),
        ("переговорів", "переговори", "uk"),
        ("переговорів", "переговори", "en"),
        ("tariffs", "tariff", "ru"),
        ("tariffs", "tariff", "xx"),
        ("tariffs", "tariff", "zh"),
        ("우크라이나에서", "우크라이나", None),
        ("러시아는", "러시아", "ko"),
        ("الروسية", "روسي", None),
        ("colours", "color", "en"),
        ("organisation", "organizations", None),
        ("travelled", "traveling", "en"),
        ("defences", "defense", "en"),
        ("theatres", "theater", "en"),
        ("paediatric", "pediatric", "en"),
        ("bilerne", "biler", "da"),
        ("talossa", "talo", "fi"),
        ("házak", "ház", "hu"),
        ("městech", "město", "cs"),
        ("domami", "dom", "pl"),
        ("governi", "governo", "it"),
        ("Wahlen", "Wahl", "de"),
        ("evler", "ev", "tr"),
        ("makanan", "makan", "id"),
        ("namai", "namas", "lt"),
        ("majad", "maja", "et"),
        ("bilene", "biler", "nb"),
        ("bilene", "biler", "no"),
        ("bilane", "bilar", "nn"),
        ("bilarna", "bilar", "sv"),
        ("δρόμοι", "δρόμος", "el"),
        ("लड़कों", "लड़का", "hi"),
    ],
)
def test_inflected_forms_share_a_stem(one: str, other: str, language: str | None) -> None:
    """Stems follow the item's language where it fits the word's script, else the script."""
    assert stem(fold(one), language) == stem(fold(other), language)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("prisoner", "prison"),
        ("airliners", "airline"),
        ("officers", "office"),
        ("officers", "prisoners"),
        ("united", "unit"),
        ("messy", "messi"),
        ("filled", "filed"),
        ("flour", "floor"),
    ],
)
def test_words_that_a_stemmer_confuses_stay_apart(one: str, other: str) -> None:
    """A word that only looks like a form of another has a stem of its own, in English and where nothing is known."""
    assert stem(one, "en") != stem(other, "en")
    assert stem(one, None) == stem(one, "xx") == stem(one, "en")


def test_short_ukrainian_words_are_left_alone() -> None:
    """A word too short to have an ending keeps all its letters."""
    assert stem("мир", "uk") == "мир"


@pytest.mark.parametrize(
    ("word", "language", "read_as"),
    [
        ("gaza", None, "en"),
        ("gaza", "de", "de"),
        ("gaza", "ru", "en"),
        ("газа", "en", "ru"),
        ("київ", "en", "uk"),
        ("київ", "ru", "ru"),
        ("gaza", "zh", "en"),
        ("غزة", "en", "ar"),
        ("غزة", "fa", "fa"),
        ("서울", None, "ko"),
        ("köln", None, "en"),
        ("北京", None, "en"),  # a script that no stemmer reads
    ],
)
def test_the_script_decides_where_the_language_cannot(word: str, language: str | None, read_as: str) -> None:
    """A feed may give the wrong language; a word of another script is never read as English."""
    assert word_language(fold(word), language) == read_as


def test_folded_text_is_composed() -> None:
    """Folded text is in composed form, so that equal letters are equal strings."""
    assert unicodedata.is_normalized("NFC", fold("한국 й ñ"))
