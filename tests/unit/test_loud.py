"""Words that would thin out a watch which fires too often."""

from tests.fakes import item
from watchlists.loud import exclusions
from watchlists.query import parse


def proposed(query: str, *titles: str) -> tuple[str, ...]:
    return exclusions(parse(query), [item(title, id=str(number)) for number, title in enumerate(titles)])


def test_words_of_many_hits_are_proposed_the_most_frequent_first():
    """In any form; as it is printed most often."""
    titles = (
        ["Bitcoin futures fall"] * 3 + ["Bitcoin futures and options rise"] * 3 + ["Bitcoin banned in a country"] * 6
    )
    assert proposed("bitcoin", *titles)[0] in ("futures", "banned", "country")
    assert set(proposed("bitcoin", *titles)) <= {"futures", "banned", "country", "options", "fall", "rise"}
    assert proposed("bitcoin", *["Bitcoin drills"] * 3, *["Bitcoin drill"] * 2, *["Bitcoin"] * 5) == ("drills",)


def test_a_word_of_nearly_all_hits_or_of_one_is_not_proposed():
    """The first would end the watch, the second would change nothing."""
    assert proposed("bitcoin", *[f"Bitcoin price word{'x' * n}" for n in range(20)]) == ()


def test_the_watchs_own_words_and_common_ones_are_not_proposed():
    """Nor short ones, nor numbers."""
    titles = ["Fires with that from 1234 in UK"] * 5 + ["Fire"] * 5
    assert proposed("fire", *titles) == ()
    assert (
        proposed(
            "fire",
        )
        == ()
    )
