"""What speaks for one story and what against it, one thing at a time. The headlines are invented."""

import pytest

from tests.newsroom import Newsroom

DAM = "Dam bursts above Velmora, 14 people missing"


def score(first: str, then: str, *, hours: float = 0, source: str = "") -> int:
    """How surely the second headline joins the story of the first, 0–100; 0 where it does not."""
    news = Newsroom()
    news.tell(first, "one.example")
    news.wait(hours=hours).tell(then, source or "two.example")
    join = news.joins[-1]
    return join.score if join else 0


def test_more_words_in_common_are_surer():
    """The same headline is the surest."""
    less, more, same = (score(DAM, then) for then in ("Velmora dam cracks", "Velmora dam bursts in storm", DAM))
    assert 0 < less < more <= same == 99


def test_rare_words_in_common_are_surer_than_frequent_ones():
    """A name that no table has is seldom shared by chance."""
    rare = score("Velmora opens its harbour to all visitors", "Harbour of Velmora closes for winter")
    common = score("London opens its harbour to all visitors", "Harbour of London closes for winter")
    assert common < rare


def test_time_makes_less_sure():
    """Hour by hour; what says the same stays the same for longer."""
    then = "Velmora dam: villages cut off"
    assert score(DAM, then, hours=24) == 0 < score(DAM, then, hours=12) < score(DAM, then)
    assert score(DAM, DAM, hours=24) > 0


def test_a_source_seldom_writes_a_story_twice():
    """Another's report is surer to be of the same event."""
    then = "Velmora dam bursts, many people missing"
    assert score(DAM, then, source="one.example") < score(DAM, then)


def test_the_same_name_in_the_lead_is_surer():
    """It mostly is who acts."""
    told = "Velmora sues Tarquelle over water"
    assert score("Tarquelle and Velmora at odds", told) < score("Velmora and Tarquelle at odds", told)


@pytest.mark.parametrize(
    ("first", "then", "joins"),
    [
        ("Velmora council meets on Dec. 28", "Velmora council meets", True),
        ("Velmora council meets", "Velmora council meets on Dec. 28", True),
        ("Velmora council meets on Dec. 28", "Velmora council meets 28 December", True),
        ("Velmora council meets on Dec. 28", "Velmora council meets on Dec. 29", False),
    ],
)
def test_only_another_day_is_another_event(first, then, joins):
    """To name none is no difference."""
    assert (score(first, then) > 0) is joins


def test_a_difference_of_names_or_numbers_is_more_than_one_of_words():
    """The same event somewhere else, or at another price, is another event."""
    told = "Fire destroys historic theatre in Velmora, 14 injured"
    assert score(told, "Fire destroys theatre in Tarquelle") == 0 < score(told, "Fire in Velmora opera")
    assert score(told, "Fire in theatre, 90 injured") == 0 < score(told, "Fire in theatre, dozens injured")


def test_an_edition_of_a_source_is_another_story_only_with_other_numbers_or_hours_later():
    """What it says again at once is the same."""
    told = "Velmora bread at 91 crowns"
    assert score(told, told, source="one.example", hours=1) > 0
    assert score(told, told, source="one.example", hours=6) == 0
    assert score(told, "Velmora bread at 92 crowns", source="one.example") == 0


def test_what_several_reports_say_together_counts():
    """A headline whose words are all told, but by none of the reports alone, tells the story."""
    news = Newsroom()
    news.stories(
        "Velmora dam bursts, 14 missing", "Velmora dam bursts: rescuers search valley", "Velmora dam bursts after storm"
    )
    assert news.tell("Storm: rescuers look for 14 missing in valley") == 1


def test_the_evidence_is_that_of_the_closest_report():
    """Not what some other report of the story has in common with the headline."""
    news = Newsroom()
    told = news.stories(
        "Velmora dam bursts, 14 people missing",
        "Velmora dam bursts, rescuers search valley",
        "Velmora dam bursts: rescuers search valley for survivors",
    )
    assert told == [1, 1, 1]
    assert set(news.joins[-1].words) == {"dam", "bursts", "rescuers", "search", "valley"}
    assert news.tell("Velmora dam bursts, people missing") == 1
    assert set(news.joins[-1].words) == {"dam", "bursts", "missing"}
