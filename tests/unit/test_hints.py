"""Hints: what is legal and most likely meant otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlists.errors import QueryError
from watchlists.hints import hints
from watchlists.query import parse


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Gaza NOT Hamas", "write a minus: -Hamas"),
        ('NOT "peace prize" nobel', 'write a minus: -"…"'),
        ("Gaza OR Lebanon", "(Gaza | Lebanon)"),
        ("truce (Gaza OR “southern Lebanon”)", '(Gaza | "…")'),
        ("OR Lebanon", "(… | Lebanon)"),
        ("Putin - golf", "If golf must not be there: -golf"),
        ("tariffs + Putin", "If Putin must be there: +Putin"),
        ("tariffs lang:xx", "“xx” is no code"),
        ("tariffs -lang:english", "“english” is no code"),
        ("tariffs lang:spa lang:spa", "“spa” is no code"),
    ],
)
def test_a_query_that_reads_otherwise_than_meant_gets_one_hint(text: str, says: str) -> None:
    """With the words that were typed, so that it can be copied."""
    (hint,) = hints(parse(text))
    assert says in hint


@pytest.mark.parametrize(
    "text",
    [
        "Gaza truce", "not in my name", "Trump or Biden", "Oregon OREGON NOTHING", '"to be OR NOT to be"', "gaza -",
        "Trump – Putin – call", "20-point plan -golf +putin", "x (a | b)", "x lang:en lang:pt-br -lang:uk lang:fil",
    ],
)  # fmt: skip
def test_what_is_meant_as_it_reads_gets_none(text: str) -> None:
    """Small words are words, quotes hold theirs, dashes stand between words."""
    assert hints(parse(text)) == ()


@given(st.text(alphabet=st.sampled_from('ab NOTR-+|()"“”lang:es \n') | st.characters(), max_size=60))
def test_any_query_has_hints_or_none(text: str) -> None:
    """No text makes it fail; a hint is one line."""
    try:
        query = parse(text)
    except QueryError:
        return
    assert all(hint and "\n" not in hint for hint in hints(query))
