"""Following lists: who sees which, how much of one, and what is told of its changes."""

from dataclasses import replace

import pytest

from tests.fakes import MemoryStore
from tests.fakes_lists import watchlist
from watchlists.errors import QuotaExceeded, UnknownList, UnknownNumber
from watchlists.following import MAX_FOLLOWS, Following

ANN, BOB = 7, 8
PORTS = watchlist("ports", "harbour fire", "ferry strike", aliases=("docks",))


@pytest.fixture
def store() -> MemoryStore:
    """A public list, one that is found by its name alone, and one that is nobody's business."""
    made = MemoryStore()
    for content in (
        PORTS,
        watchlist("hidden", "lock", visibility="unlisted"),
        watchlist("drafts", "gangway", visibility="private"),
    ):
        made.lists.add(content, 1, "new")
    return made


@pytest.fixture
def following(store) -> Following:
    return Following(store)


def slugs(found) -> list[str]:
    return [one.stored.content.slug for one in found]


def test_public_lists_are_shown_and_unlisted_ones_found(following):
    """By slug or alias, in any letters; a private one is not there at all."""
    assert slugs(following.all(ANN)) == ["ports"]
    assert slugs(following.find(ANN, name) for name in (" Ports", "DOCKS", "hidden")) == ["ports", "ports", "hidden"]
    with pytest.raises(UnknownList):
        following.find(ANN, "drafts")


def test_editors_see_their_lists_and_followers_theirs(store, following):
    """Also once such a list is private."""
    assert slugs(Following(store, lambda list_id: list_id == 3).all(ANN)) == ["ports", "drafts"]
    following.follow(ANN, "hidden")
    stored = store.lists.find("hidden")
    store.lists.change(stored, replace(stored.content, visibility="private"), 1, "set")
    assert slugs(following.all(ANN)) == ["ports", "hidden"]
    assert following.find(ANN, "hidden").follow
    with pytest.raises(UnknownList):
        following.find(BOB, "hidden")


def test_following_twice_is_following_once(following):
    """And says how the list is followed."""
    once = following.follow(ANN, "ports")
    assert following.follow(ANN, "docks") == once
    assert following.count(ANN) == 1
    assert [once.hears(watch) for watch in once.watches] == [True, True]


def test_some_of_a_list_may_be_followed_and_then_the_whole(following):
    """Watches join one by one; the list as a whole has those to come."""
    shown = following.follow(ANN, "ports", 2)
    assert [shown.hears(watch) for watch in shown.watches] == [False, True]
    shown = following.follow(ANN, "ports")
    assert [shown.hears(watch) for watch in shown.watches] == [True, True]
    assert not shown.follow.some
    with pytest.raises(UnknownNumber, match="it has 2"):
        following.follow(ANN, "ports", 3)


def test_whoever_mutes_the_last_watch_follows_no_more(following):
    """Of a list that is followed in part; one that is followed as a whole may be quiet for now."""
    following.follow(ANN, "ports", 2)
    assert following.unfollow(ANN, "ports", 2).follow is None
    assert following.count(ANN) == 0
    following.follow(ANN, "ports")
    following.unfollow(ANN, "ports", 1)
    assert following.unfollow(ANN, "ports", 2).follow
    assert following.unfollow(ANN, "ports").follow is None


def test_following_again_is_following_as_before(following):
    """Or as if for the first time, where there was no before."""
    following.follow(ANN, "ports")
    before = following.unfollow(ANN, "ports", 1).follow
    following.unfollow(ANN, "ports")
    assert following.follow_again(following.find(ANN, "ports")).follow == before
    assert following.follow_again(following.find(BOB, "ports")).follow


def test_lists_that_one_may_follow_have_an_end(store, following):
    """So many, not one more; what is followed already is no more."""
    for number in range(MAX_FOLLOWS):
        store.lists.add(watchlist(f"list-{number}", "word"), 1, "new")
        following.follow(ANN, f"list-{number}")
    with pytest.raises(QuotaExceeded):
        following.follow(ANN, "ports")
    assert following.follow(ANN, "list-0").follow
    following.unfollow(ANN, "list-0")
    following.follow(ANN, "ports")
    with pytest.raises(QuotaExceeded):
        following.follow_again(following.find(ANN, "list-0"))
    assert following.count(ANN) == MAX_FOLLOWS


def test_changes_are_told_once_to_those_who_want_them(store, following):
    """Other watches, whatever other lists the chat follows; another description is nothing to tell."""
    store.lists.add(watchlist("blazes", "harbour fire"), 1, "new")
    following.follow(ANN, "blazes")
    following.news(following.follow(ANN, "ports"), wanted=True)
    following.follow(BOB, "ports")
    stored = store.lists.find("ports")
    store.lists.change(stored, replace(PORTS, description=PORTS.title, tags=("sea",)), 1, "set")
    assert following.changes(ANN) == []
    grown = replace(PORTS, watches=(*PORTS.watches, *watchlist("x", "tide", "gale", "pilots", "cranes").watches))
    for slug, content in (("blazes", grown), ("ports", grown)):
        stored = store.lists.find(slug)
        store.lists.change(stored, replace(content, slug=slug, aliases=()), 1, "import")
    (told,) = following.changes(ANN)
    assert (told.stored.content.slug, len(told.diff.added)) == ("ports", 4)
    assert following.changes(ANN) == following.changes(BOB) == []


def test_each_may_hear_a_list_in_their_own_way(following):
    """Level, digest and what is not wanted; empty for what the list has set."""
    shown = following.follow(ANN, "ports")
    shown = following.without(following.digest(following.level(shown, "urgent"), "hourly"), "-golf")
    assert (shown.follow.level, shown.follow.digest, shown.follow.without) == ("urgent", "hourly", "-golf")
    assert following.digest(shown, "off").follow.digest == "off"
    shown = following.without(following.digest(following.level(shown, ""), ""), "")
    assert (shown.follow.level, shown.follow.digest, shown.follow.without) == ("", "", "")
    assert following.find(ANN, "ports") == shown


def test_to_set_something_is_to_follow(following):
    """Whoever chooses how its alerts come wants them."""
    assert following.level(following.find(BOB, "ports"), "silent").follow.level == "silent"
    assert following.count(BOB) == 1
