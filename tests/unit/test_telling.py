"""What a further report adds: a rare name, a number, or nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes import NOON, item
from watchlists.publishers import independent, publisher
from watchlists.telling import is_same_article, new_facts, series

FIRST = item("Storm hits the coast of Vindemar", summary="At least 12 people were hurt in Tarquelle.", lang="en")


@pytest.mark.parametrize(
    ("title", "facts"),
    [
        ("Storm hits coast of Vindemar, 45 dead", ("45",)),
        ("Storm reaches Ostravance after Vindemar", ("Ostravance",)),
        ("At least 12 hurt as storm hits Vindemar", ()),
        ("Tarquelle: storm hurts people", ()),
        ("Storm of 2026 hits the coast of Vindemar in 3 places", ()),
        ("Storm Reaches Ostravance After Hitting Vindemar Coast", ()),  # capitals everywhere mark no names
        ("Brutally hit, Vindemar counts the damage of the storm", ()),  # any first word has a capital
        ("Storm to hit the coast of Vindemar on Dec. 28", ()),
        ("Storm leaves coast; Government sends help", ()),
    ],
)
def test_rare_names_and_numbers_are_new_facts(title, facts):
    """Not what stood in an earlier headline or summary, not a year, one digit or a frequent word."""
    assert new_facts(item(title, lang="en"), [FIRST]) == facts


def test_other_spellings_and_forms_are_no_new_facts():
    """Kyiv is Kiev; a possessive is the name."""
    assert new_facts(item("Kiev waits for Vindemar's help"), [item("Kyiv asks Vindemar for help")]) == ()


def test_a_report_in_another_language_brings_no_facts():
    """All its words are new, and none of them says so."""
    german = item("Sturm trifft Ostravance: 45 Tote", lang="de")
    assert new_facts(german, [FIRST]) == new_facts(item("Storm: 17 dead", lang="en"), [german]) == ()
    assert new_facts(item("Storm: 17 dead"), [german, FIRST]) == ("17",), "what names no language is English"


def test_headlines_that_differ_in_numbers_are_a_series():
    """Of one publisher."""
    one, other = item("Bitcoin at 91,234", source="a.example"), item("BITCOIN at 7", source="a.example")
    assert series(one) == series(other)
    assert series(one) != series(item("Bitcoin at 91,234", source="b.example"))
    assert series(one) != series(item("Bitcoin falls", source="a.example"))


def test_the_same_link_or_headline_is_the_same_article():
    """Tracking marks are clothes; the same headline by another publisher is another report."""
    one = item("Storm", url="https://a.example/1", source="a.example")
    assert is_same_article(one, item("Other", url="https://www.a.example/1?utm_source=x", source="b.example"))
    assert is_same_article(one, item("STORM", url="https://a.example/2", source="a.example"))
    assert not is_same_article(one, item("Storm", url="https://b.example/1", source="b.example"))


def test_a_headline_that_comes_back_is_another_article():
    """Over another text, or hours later; feeds cut the same text at different places."""
    whole = "The ministry spoke of the grain talks in the harbour town on Sunday."
    one = item("Statement", url="https://a.example/1", source="a.example", summary=whole, published=NOON)
    other = replace(one, id="2", url="https://a.example/2")
    assert is_same_article(one, other)
    assert is_same_article(one, replace(other, summary="The ministry spoke of the grain tal…"))
    assert not is_same_article(one, replace(other, title="Correction"))
    assert is_same_article(one, replace(other, summary="", published=NOON + timedelta(minutes=30)))
    assert not is_same_article(one, replace(other, summary="The ministry spoke of the rail talks."))
    assert not is_same_article(one, replace(other, summary=whole.replace("Sunday", "Monday")))
    assert not is_same_article(one, replace(other, published=NOON + timedelta(hours=2)))


def test_hosts_of_one_publisher_are_one_source():
    """By registrable domain, which only a list knows; shared hosting is no publisher."""
    assert publisher("news.bbc.co.uk") == publisher("bbc.co.uk") == "bbc.co.uk"
    assert independent(["a.github.io", "b.github.io", "b.github.io", ""]) == 2
    assert independent(["uk.wire.example", "wire.example"]) == 1
    assert publisher("localhost") == "localhost"
