"""A watch's text with one thing changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlists.query import parse
from watchlists.rewording import with_sources, with_strictness, without

QUERIES = st.sampled_from(
    [
        "fire",
        "Strict: fire",
        " loose:  fire alarm",
        '"peace plan" -golf',
        '"sources:3" fire',
        "a sources:2 b",
        "sources:4 x",
    ]
)


@given(QUERIES, st.sampled_from(["", "strict", "loose"]))
def test_strictness_changes_and_nothing_else(text, strictness):
    """Whatever it was before, and a second time changes nothing."""
    changed = with_strictness(text, strictness)
    before, after = parse(text), parse(changed)
    assert after.strictness == strictness
    assert (after.clauses, after.scopes, after.sources) == (before.clauses, before.scopes, before.sources)
    assert with_strictness(changed, strictness) == changed


@given(QUERIES, st.integers(1, 5))
def test_sources_change_and_nothing_else(text, sources):
    """A phrase that looks like the field is left alone."""
    changed = with_sources(text, sources)
    before, after = parse(text), parse(changed)
    assert after.sources == sources
    assert (after.clauses, after.scopes, after.strictness) == (before.clauses, before.scopes, before.strictness)
    assert with_sources(changed, sources) == changed


@pytest.mark.parametrize(
    ("text", "strict"),
    [("fire", "strict: fire"), ("loose: fire", "strict: fire"), ("STRICT: fire", "STRICT: fire")],
)
def test_a_watch_is_made_strict(text, strict):
    """Its own writing is kept."""
    assert with_strictness(text, "strict") == strict


def test_a_word_is_excluded_once():
    """A second press changes nothing."""
    assert without(without("fire", "drill"), "drill") == "fire -drill"
    assert len(parse(without("fire", "drill")).exclusions) == 1
