"""What headlines say instead of the words of a watch. The headlines are invented."""

import pytest

from watchlists.model import Item
from watchlists.query import parse
from watchlists.score import score


def hits(query: str, title: str) -> bool:
    return score(parse(query), Item("1", title, lang="en")) is not None


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("coach injury", "Coach sidelined for a month"),
        ("steel tariffs", "New levy on steel"),
        ("bank merger", "Two banks to merge"),
        ("mayor arrested", "Mayor detained at the airport"),
        ("factory layoffs", "Factory to cut jobs"),
        ("rocket launch", "Rocket lifts off"),
        ("fraud investigation", "Prosecutors open fraud probe"),
        ("hostage release", "Captives to be freed, release expected today"),
        ("oil output", "Oil production falls"),
        ("pope visit", "Pontiff on a trip to the islands"),
        ("civil war Ashland", "War in Ashland enters its third year"),
    ],
)
def test_what_headlines_say_instead_hits(query: str, title: str) -> None:
    """Synonyms of the news count beside the rest of the watch."""
    assert hits(query, title)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("student loans", "College transfers of the season"),
        ("Serbia protests", "Serbia signs a contract until March 20"),
        ("gene therapy", "Genes named by medical researchers"),
        ("gold record", "Gold files found"),
        ("train crash", "War may derail the train of reforms"),
        ("operation Baltic", "Surgery in the Baltic"),
    ],
)
def test_words_of_two_meanings_are_taken_in_one(query: str, title: str) -> None:
    """What stands for a word need not be met by it: transfer by loan, but not loan by transfer."""
    assert not hits(query, title)
