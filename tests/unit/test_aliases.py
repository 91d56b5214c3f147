"""Names with several spellings, demonyms and headline words."""

import pytest

from watchlists import aliases
from watchlists.text import fold


def found(*words: str) -> dict[tuple[str, ...], float]:
    return {alias.words: alias.quality for alias in aliases.of(words)}


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("kyiv", ("киев",)),
        ("kyiv", ("kiev",)),
        ("zelensky", (fold("Зеленський"),)),
        ("donbass", ("donbas",)),
        ("usa", ("united", "states")),
        ("ceo", ("chief", "executive")),
    ],
)
def test_a_name_stands_for_its_other_spellings(word: str, other: tuple[str, ...]) -> None:
    """Spellings and scripts of one name stand for one another, both ways."""
    assert found(word)[other] == aliases.SAME
    assert found(*other)[(word,)] == aliases.SAME


def test_worth_falls_from_name_to_hint() -> None:
    """Another spelling is worth more than a demonym, that more than a synonym, that more than a hint."""
    assert found("russia")[("russian",)] == aliases.DEMONYM
    assert found("ceasefire")[("truce",)] == aliases.SYNONYM
    assert found("meeting")[("host",)] == aliases.HINT
    assert 1 > aliases.SAME > aliases.DEMONYM > aliases.SYNONYM > aliases.HINT > 0


def test_only_hints_are_hints() -> None:
    """What needs the rest of the watch beside it says so."""
    kinds = {alias.words: alias.hint for alias in aliases.of(("meeting",))}
    assert kinds[("host",)]
    assert not kinds[("summit",)]


def test_a_narrower_word_does_not_stand_the_other_way() -> None:
    """A rate cut is news about interest rates, but not every interest rate is a cut."""
    assert ("rate", "cut") in found("interest", "rate")
    assert ("interest", "rate") not in found("rate", "cut")


def test_a_place_stands_for_its_country_but_not_the_other_way() -> None:
    """A capital or a town, in any of its spellings, is news of its country; a country is not news of its town."""
    assert found("ukraine")[("kyiv",)] == found("ukraine")[("kiev",)] == aliases.WITHIN
    assert ("ukraine",) not in found("kyiv")
    assert ("los", "angeles") in found("california")


def test_spellings_are_no_names() -> None:
    """Two spellings of a word, a number or initials are the same, but weigh like words and not like names."""
    assert found("tyre")[("tire",)] == found("20")[("twenty",)] == aliases.SAME
    assert ("world", "war", "2") in found("wwii")
    assert not aliases.is_name(("tyre",))
    assert not aliases.is_name(("20",))


def test_inflected_words_find_their_line() -> None:
    """A word that is not listed as written is looked up by its stem."""
    assert ("truce",) in found("ceasefires")
    assert found("zzyzx") == {}


def test_no_word_stands_for_itself() -> None:
    """An alias is always another word, and is listed once."""
    for head, others in aliases._table().items():
        listed = [words for words, _, _ in others]
        assert head not in listed
        assert len(set(listed)) == len(listed)


def test_set_phrases_names_and_events() -> None:
    """The lists know which words belong together, which are names, and which are happenings."""
    assert aliases.is_set_phrase(("red", "sea"))
    assert aliases.is_set_phrase(("interest", "rates"))
    assert not aliases.is_set_phrase(("sea", "red"))
    assert not aliases.is_set_phrase(("kyiv",))
    assert aliases.is_name(("kyiv",))
    assert not aliases.is_name(("meeting",))
    assert aliases.is_event(("meetings",))
    assert not aliases.is_event(("moon",))


@pytest.mark.parametrize(
    ("one", "other"), [("iran", "iraq"), ("niger", "nigeria"), ("slovakia", "slovenia"), ("austria", "australia")]
)
def test_look_alikes_are_not_aliases(one: str, other: str) -> None:
    """Names that look alike are no spellings of one another."""
    assert (other,) not in found(one)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("kiev",), ("kyiv",)),
        (("ukrainians",), ("ukraine",)),
        (("italien",), ("italy",)),  # from a second line that shares a form with the first
        (("islamic", "state"), ("isis",)),
        (("white", "house"), ("white", "house")),
        (("dam",), None),
    ],
)
def test_one_name_stands_for_all_spellings(words: tuple[str, ...], name: tuple[str, ...] | None) -> None:
    """Whichever spelling, people or script is asked for."""
    assert aliases.name_of(words) == name
    assert (words in aliases.names()) == (name is not None)


def test_happenings_are_told_by_their_lines() -> None:
    """Words of one line share a number; a word may stand in several lines."""
    assert set(aliases.happenings("quak")) & set(aliases.happenings("tremor"))
    assert len(aliases.happenings("strike")) > 1
    assert aliases.happenings("dam") == ()
