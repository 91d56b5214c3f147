"""What a watch asks for, weighed: which words count how much, and which belong together."""

import pytest

from watchlists.ideas import LEAST, NAMED, PLACE, pairs, plan
from watchlists.query import parse


def shares(text: str) -> dict[str, float]:
    """What each idea of a watch weighs, as a share of the whole."""
    ready = plan(parse(text))
    return {idea.shown: idea.weight / ready.total for idea in ready.ideas}


def named(text: str) -> list[tuple[int, ...]]:
    """The numbers of the words that are a name together."""
    return [joint.members for joint in plan(parse(text)).joints]


def test_rare_words_weigh_more_but_carry_no_watch_alone():
    """*Darfur* more than *talks*, *the* next to nothing; and the rarest of two less than twice the other."""
    found = shares("Darfur talks")
    assert found["talks"] < found["Darfur"] < 2 * found["talks"]
    assert 0 < shares("the volcano")["the"] < 0.1
    assert LEAST < plan(parse("the")).total < plan(parse("talks")).total


@pytest.mark.parametrize(("listed", "plain"), [("Egypt", "castle"), ("crash", "kitchen"), ("Iceland", "tomato")])
def test_places_and_happenings_weigh_more_than_words_as_frequent(listed, plain):
    """An event elsewhere, and other news from there, are other events."""
    found = {idea.shown: idea for idea in plan(parse(f"{listed} {plain}")).ideas}
    assert found[listed].zipf >= found[plain].zipf
    assert found[listed].weight > found[plain].weight


def test_the_words_of_a_name_weigh_little_more_than_its_rarest():
    """Or a name of three words would leave nothing for what happened to it."""
    ready = plan(parse("New York City fire"))
    alone = {word: plan(parse(word)).total for word in ("New", "York", "City")}
    name = sum(idea.weight for idea in ready.ideas[:3])
    rarest, *others = sorted(alone.values(), reverse=True)
    assert name == pytest.approx(PLACE * (rarest + sum(others) / NAMED))
    each = [idea.weight for idea in ready.ideas[:3]]
    assert each[0] < each[2] < each[1], "each its share by its rarity"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Bank of Japan", [(0, 1, 2)]),
        ("fire New York City", [(1, 2, 3)]),
        ("Bank of Japan Red Sea", [(0, 1, 2), (3, 4)]),
        ("Japan bank", []),
        ("title:New York", []),
        ("-New York fire", []),
        ('"New York" fire', []),
        ("(New) York fire", [(0, 1)]),
    ],
)
def test_a_listed_name_is_one_the_longest_first(text, names):
    """Its words in their order, none of them bound otherwise."""
    assert named(text) == names


def test_a_name_of_three_words_may_stand_as_its_initials():
    """One of two may not: *NY* is listed where it is meant."""
    (central,), (york,) = plan(parse("European Central Bank")).joints, plan(parse("New York")).joints
    assert ("ecb",) in {form.words for form in central.forms}
    assert ("ny",) not in {form.words for form in york.forms}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("strike Lebanon deal", (0, 2)),
        ("New York fire", (2,)),
        ("Zelensky Putin meeting", (2,)),
        ("Lebanon Putin", ()),
        ("Lebanon window strike", ()),
    ],
)
def test_happenings_are_known_where_all_else_is_names(text, numbers):
    """Other words of a watch may stand for its happening."""
    assert plan(parse(text)).happenings == numbers


def test_any_two_plain_words_may_be_written_as_one():
    """In either order; not those of a name, of a compound, of a phrase, of an alternative, or too short for a half."""
    found = pairs(plan(parse('cargo bike New York rate-cut "peace plan" (a | b) xy')), lambda _word: True)
    assert sorted((one, other) for _, one, _, other in found) == [("bike", "cargo"), ("cargo", "bike")]


def test_of_words_that_cannot_be_halves_no_pair_is_tried():
    """It takes two that can."""
    ready = plan(parse("cargo bike storm"))
    assert {(i, j) for i, _, j, _ in pairs(ready, lambda word: word != "bike")} == {(0, 2), (2, 0)}
    assert not pairs(ready, lambda word: word == "bike")


def test_of_alternatives_the_lightest_counts_and_of_compounds_the_rarest_most():
    """A watch for any of several words is no more demanding than one for the easiest of them."""
    assert plan(parse("(flood | the)")).total == plan(parse("the")).total
    assert plan(parse("(the flood)")).total == pytest.approx(plan(parse("the")).total + plan(parse("flood")).total)
    assert plan(parse('"the flood"')).ideas[0].zipf == plan(parse("flood")).ideas[0].zipf
    single, compound, phrase = (plan(parse(text)).total for text in ("window", "window-table", '"window table"'))
    assert single < compound < phrase


def test_a_plus_is_no_weight():
    """It says what has to be there, not that it says more."""
    ready = plan(parse("fire +Ashby"))
    assert ready.musts == (1,)
    assert shares("fire +Ashby") == shares("fire Ashby")


def test_words_are_weighed_in_the_language_of_the_watch():
    """*Die* is no rare word in German."""
    assert shares("die Regierung Haushalt")["die"] < shares("die Wall")["die"]
