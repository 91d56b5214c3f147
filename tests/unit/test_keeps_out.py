"""What a follower does not want of a list."""

import pytest

from tests.fakes import item
from watchlists.errors import QueryError
from watchlists.following import keeps_out, plain_exclusions


@pytest.mark.parametrize("text", ["-golf", '-golf -"peace prize"', "-(golf | rugby) -source:rt.com", "-lang:es", ""])
def test_exclusions_are_kept_as_written(text):
    """Words and scopes, each with its minus."""
    assert plain_exclusions(text) == text


@pytest.mark.parametrize(
    "text",
    ["golf", "-golf tennis", "source:rt.com", "-golf sources:3", "sources:2", "+golf", "any -golf", "strict: -golf"],
)
def test_what_is_wanted_is_no_exclusion(text):
    """The list says that; neither how strictly nor how many sources are the follower's to say here."""
    with pytest.raises(QueryError):
        plain_exclusions(text)


@pytest.mark.parametrize(
    ("without", "title", "source", "kept_out"),
    [
        ("-golf", "Golf: the final is today", "a.example", True),
        ("-golf", "Tennis: the final is today", "a.example", False),
        ("-golf -tennis", "Tennis: the final is today", "a.example", True),
        ('-"the final"', "The last final of golf", "a.example", False),
        ("-source:a.example", "Tennis", "news.a.example", True),
        ("-source:a.example", "Tennis", "b.example", False),
        ("-golf -source:a.example", "Tennis", "a.example", True),
        ("-golf", "Golfing holidays", "a.example", True),
    ],
)
def test_an_item_is_kept_out_by_any_of_them(without, title, source, kept_out):
    """By a word, one of its forms, or a scope; whatever else the item tells of."""
    assert keeps_out(without, item(title, source=source)) is kept_out
