"""What an edit of a watchlist changes."""

from dataclasses import replace

from watchlists.lists import ListedWatch, Watchlist, diff, texts
from watchlists.query import parse


def listed(*queries: str) -> Watchlist:
    return Watchlist("ferries", texts({"en": "Ferries"}), watches=tuple(ListedWatch(parse(query)) for query in queries))


def names(watches) -> list[str]:
    return [watch.query.text for watch in watches]


OLD = listed("ferry strike", "ferry sank", "harbour fire")


def test_what_comes_and_goes_is_named():
    """A watch is the same where it means the same, whatever its place."""
    found = diff(OLD, listed("harbour FIRE", "ferry delay", "gangway", "ferry strike"))
    assert (names(found.added), names(found.removed)) == (["ferry delay", "gangway"], ["ferry sank"])
    assert [(old.query.text, new.query.text) for old, new in found.changed] == [("harbour fire", "harbour FIRE")]
    assert found.is_large


def test_other_words_at_the_same_place_are_the_same_watch():
    """Who muted it has it muted still; two at once are others."""
    found = diff(OLD, listed("ferry strike", "ferry (sank | sinks)", "harbour fire"))
    assert [(old.query.text, new.query.text) for old, new in found.changed] == [("ferry sank", "ferry (sank | sinks)")]
    assert (found.added, found.removed) == ((), ())
    assert found.is_large
    two = diff(OLD, listed("ferry strike", "gangway", "mooring"))
    assert (len(two.added), len(two.removed), two.changed) == (2, 2, ())


def test_fields_and_order_are_small_changes():
    """Followers hear nothing else for them."""
    found = diff(OLD, replace(OLD, tags=("sea",), watches=OLD.watches[::-1]))
    assert found.fields == ("tags", "order")
    assert found
    assert not found.is_large
    assert not diff(OLD, OLD)
