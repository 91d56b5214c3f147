"""Spellings of one name: what brings them together, and what stays apart."""

import pytest

from watchlists import sound
from watchlists.model import Item
from watchlists.query import parse
from watchlists.score import score
from watchlists.text import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Зеленського", "Zelensky"),
        ("Зеленский", "Zelenskyy"),
        ("Сирський", "Syrskyi"),
        ("Песков", "Peskov"),
        ("Медведева", "Medvedev"),
        ("Чернігів", "Chernihiv"),
        ("Хрущев", "Khrushchev"),
        ("Шойгу", "Shoigu"),
        ("Ельцин", "Yeltsin"),
        ("Кличко", "Klitschko"),
        ("Токаев", "Tokayev"),
        ("Карабах", "Karabakh"),
        ("Мерц", "Merz"),
    ],
)
def test_a_name_keeps_its_key_in_another_script(one: str, other: str) -> None:
    """Endings of case, rules of transliteration and languages change nothing."""
    assert sound.across(fold(one)) == sound.across(fold(other)) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kupyansk", "Kupiansk"), ("Sergei", "Sergey"), ("Medvedev", "Medwedew"), ("Müller", "Mueller")],
)
def test_latin_spellings_of_a_name_have_one_key(one: str, other: str) -> None:
    """What rules of transliteration differ in is evened out."""
    assert sound.within(fold(one)) == sound.within(fold(other)) != ""


def test_a_short_word_has_no_key() -> None:
    """Three letters say too little."""
    assert sound.across("сша") == sound.within("usa") == ""


@pytest.mark.parametrize(
    ("watch", "title", "met"),
    [
        ("Peskov", "Песков ответил на вопрос", True),
        ("Буданов", "Budanov appointed", True),
        ("Kupyansk", "Fighting near Kupiansk", True),
        ("organisation", "The organization answers", True),
        ("Bhutan", "Bhutanese prince marries", True),
        ("Vienna", "Konzert in Wien", True),
        ("Nigerian", "Nigerien army says", False),
        ("Iran", "Ирак закрыл границу", False),
        ("Slovakia", "Словения проголосовала", False),
        ("Mali", "Malawi votes", False),
        ("desert", "The best dessert of the year", False),
        ("Guinea", "Guyana finds oil", False),
        ("Харьков", "Бои под Харьковом", True),
        ("Kharkiv", "Бои под Харьковом", True),
        ("Messi", "A messy divorce", False),
        ("ferry", "A fiery speech", False),
    ],
)
def test_names_meet_and_look_alikes_do_not(watch: str, title: str, met: bool) -> None:
    """One name in its spellings, demonyms and scripts is met; another that looks like it is not."""
    assert (score(parse(watch), Item("1", title)) is not None) is met
