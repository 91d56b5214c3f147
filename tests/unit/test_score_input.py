"""Items and watches that nobody expects: of any characters, of any size, of one letter, of nothing but stop words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlists.errors import QueryError
from watchlists.model import Item, Match
from watchlists.places import SUMMARY_WORDS, TITLE_WORDS, read
from watchlists.query import parse
from watchlists.score import explain, score


def item(title: str, summary: str = "", lang: str | None = "en") -> Item:
    return Item("1", title, summary, lang=lang)


def hits(query: str, title: str) -> bool:
    return score(parse(query), item(title)) is not None


NASTY = st.text(
    alphabet=st.sampled_from("aàб中ع🔥\u0301\u200d\ud7ff \n-'’.:#&+()|\"0123")
    | st.characters(exclude_categories=["Cs"]),
    max_size=300,
)


@given(NASTY, NASTY, st.sampled_from([None, "en", "ru", "zh", "??"]))
def test_no_text_makes_it_fail(title: str, summary: str, lang: str | None) -> None:
    """Whatever an item holds, the score is 0-100 and the evidence stands where it says."""
    for query in ("gaza ceasefire", "a", "the who", '"a b"', "б", "+0 (1 | 2 3)", "–x 中 ع"):
        told = Item("1", title, summary, lang=lang)
        match = explain(parse(query), told)
        assert 0 <= match.score <= 100
        for one in match.evidence:
            assert (told.title if one.field == "title" else told.summary)[one.start : one.end] == one.found


@pytest.mark.parametrize("title", ["x" * 100_000, "x " * 500_000, "🔥" * 100_000, "a\u0301" * 50_000, "a-" * 100_000])
def test_huge_titles_are_cut(title: str) -> None:
    """An item of any size is read like a headline and a summary."""
    match: Match = explain(parse("gaza ceasefire"), item(title, title))
    assert match.score == 0


@pytest.mark.parametrize("title", ["a " * 100_000, "北京" * 100_000, "1-" * 100_000, "а. б. " * 100_000])
def test_an_item_has_so_many_words_at_most(title: str) -> None:
    """However short its words, an item is read no further than a headline and a summary go."""
    fields = read(item(title, title)).fields
    assert len(fields["title"]) <= TITLE_WORDS
    assert len(fields["summary"]) <= SUMMARY_WORDS


def test_a_word_that_comes_many_times_changes_no_score() -> None:
    """Of many places of an idea the best count, so that repeating words costs nothing and earns nothing."""
    once, often = item("Gaza ceasefire"), item("Gaza ceasefire " * 30)
    assert explain(parse("gaza ceasefire"), often).score == explain(parse("gaza ceasefire"), once).score == 100


@pytest.mark.parametrize(
    ("query", "title", "hit"),
    [
        ("x", "X sues a rival", True),
        ("x", "Xylophone players of the world", False),
        ("b", "Plan B", True),
        ("б", "План Б", True),
        ("中", "中国", True),
        ("7", "Seven dead", True),
        ("7", "17 dead", False),
    ],
)
def test_a_watch_of_one_letter_is_that_word(query: str, title: str, hit: bool) -> None:
    """One letter or digit is met where it stands as a word of its own, and not inside another."""
    assert hits(query, title) is hit


@pytest.mark.parametrize(
    ("query", "title", "hit"),
    [
        ("the who", "The Who plan one last show", True),
        ("the who", "The man who sold the moon", True),
        ('"the who"', "The Who plan one last show", True),
        ('"the who"', "The man who sold the moon", False),
        ("the who", "Nobody knows", False),
    ],
)
def test_a_watch_of_stop_words_takes_them_at_their_word(query: str, title: str, hit: bool) -> None:
    """Words that weigh next to nothing weigh all where there are no others; quotes make a band of them."""
    assert hits(query, title) is hit


@pytest.mark.parametrize("query", ["-golf", "-golf -tennis", '-"peace prize"', "-source:rt.com"])
def test_a_watch_of_exclusions_is_refused_with_a_reason(query: str) -> None:
    """What only says what must not be there would hit everything else: the error asks for a word."""
    with pytest.raises(QueryError, match="at least one word"):
        parse(query)
