"""What a headline says, as stories are told apart by it. All headlines are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import item
from watchlists.storywords import is_name, read


def keys(title: str, **others: object) -> list[str]:
    return [word.key for word in read(item(title, **others)).words]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Zelenskyy visits Kiev", ["=zelensky", "visit", "=kyiv"]),
        ("Ukrainians of the United States", ["=ukraine", "=usa"]),
        ("Muhametshin, Mukhametshin", ["~muhametshin"]),
        ("Ten villages, 12 towns", ["#10", "villag", "#12", "town"]),
        ("New Zealand beats New York City", ["=new zealand", "beat", "=new york"]),  # the longest name at each place
        ("IS claims attack", ["=isis", "claim", "attack"]),
        ("Taxes, taxes and taxing", ["tax"]),
        ("Of the and in", []),
        ("", []),
    ],
)
def test_words_are_brought_to_one_form(title: str, expected: list[str]) -> None:
    """Listed names, unlisted names by sound, numbers, stems; each once; what says nothing left out."""
    assert keys(title) == expected


def test_initials_are_initials_only_among_small_letters():
    """“IS” in a headline of capitals is the verb."""
    assert "=isis" not in keys("THE END IS NEAR")


def test_a_word_says_how_it_is_written_and_what_else_it_means():
    """For the evidence, and for what other headlines call the same happening or government."""
    kremlin, strike = read(item("Kremlin denies strike")).words[0::2]
    assert (kremlin.shown, kremlin.kinds) == ("Kremlin", ("@Russia",))
    assert read(item("Moscow")).words[0].kinds == read(item("Russian")).words[0].kinds == ("@Russia",)
    assert set(strike.kinds) & set(read(item("attack")).words[0].kinds)
    assert is_name(kremlin.key)
    assert not is_name(strike.key)


def test_a_rarer_word_has_a_smaller_share():
    """Shares follow general use, and are shares."""
    common, rare, unlisted = read(item("police resign qwrtplk")).words
    assert 1 > common.share > rare.share > unlisted.share > 0


def test_the_lead_is_the_first_name():
    """Mostly who acts."""
    assert read(item("Court orders Ukraine to pay Gazprom")).lead == "=ukraine"
    assert read(item("Court orders banks to pay")).lead == ""
    assert read(item("Putin wins", summary="Ukraine has to pay, a court says.")).lead == "=putin"
    assert read(item("Court rules", summary="Ukraine has to pay.")).lead == "=ukraine"


@pytest.mark.parametrize(
    ("title", "days"),
    [
        ("Meeting on Dec. 28", {"12-28"}),
        ("Meeting on 28 December 2025", {"12-28"}),
        ("Map of March 3rd", {"3-3"}),
        ("Rates for 03.11.2025", {"11-3"}),
        ("Sept 7 to 9", {"9-7"}),
        ("War, day 38", {"day 38"}),
        ("Seven days in May", set()),
        ("June Velmora is 17", set()),
    ],
)
def test_days_that_are_named(title: str, days: set[str]) -> None:
    """Months as words or initials before or after a day, full dates, counted days."""
    assert read(item(title)).dates == days


def test_every_month_has_its_number():
    """In full and short, before a day and behind it."""
    months = "January February March April May June July August September October November December"
    for number, month in enumerate(months.split(), 1):
        for title in (f"Talks on 5 {month}", f"Talks on {month} 5th", f"Talks on {month[:3]}. 5"):
            assert read(item(title)).dates == {f"{number}-5"}


@pytest.mark.parametrize(
    ("title", "series"),
    [
        ("Live: polls close in Velmora", "live"),
        ("Polls close in Velmora – live", "live"),
        ("Evening Briefing, Tuesday", "digest"),
        ("Weather: rain", "weather"),
        ("Polls close in Velmora", ""),
        ("Where the oldest people live now", ""),
        ("", ""),
    ],
)
def test_series_are_known_by_their_phrases(title: str, series: str) -> None:
    """Some phrases anywhere, some words at either end."""
    assert read(item(title)).series == series


def test_the_summary_helps_a_short_headline_only():
    """Four words say enough."""
    assert "velmora" in keys("Dam bursts", summary="Velmora is flooded")[-2]
    assert keys("Big dam bursts above town", summary="Velmora is flooded") == keys("Big dam bursts above town")


@given(st.text(max_size=200), st.sampled_from([None, "en", "ru", "uk", "ar", "xx"]))
def test_any_headline_can_be_read(title, language):
    """Nothing is raised, each key stands once, each share is one."""
    found = read(item(title, lang=language)).words
    assert len({word.key for word in found}) == len(found)
    assert all(0 < word.share <= 0.5 and word.key for word in found)
