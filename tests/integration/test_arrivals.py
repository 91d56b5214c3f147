"""An item is known however it comes back. Through the real ingest into a real database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes import NOON, item
from tests.press import press
from watchlists.model import Item

ANN = 7
A, B = "https://a.example/rss", "https://b.example/rss"
FIRE = item(
    "Fire in the harbour of Velmora",
    id="guid-1",
    url="https://a.example/fire",
    summary="Two ships burn.",
    published=NOON - timedelta(hours=1),
    source="a.example",
)
CHESS = item("Chess champion wins", id="guid-2", url="https://a.example/chess", source="a.example")


@pytest.fixture
def news(tmp_path: Path):
    with press(tmp_path) as opened:
        opened.watch(ANN, "Velmora fire")
        yield opened


@pytest.mark.parametrize(
    ("name", "back", "items", "stories"),
    [
        ("same guid", FIRE, 1, 1),
        ("same guid, title edited", replace(FIRE, title="Fire in Velmora harbour is out"), 1, 1),
        ("same guid, same link with marks of tracking", replace(FIRE, url=f"{FIRE.url}/?utm_source=rss"), 1, 1),
        ("same guid, site moved", replace(FIRE, url="https://new.example/1"), 1, 1),
        ("guid changed, link the same", replace(FIRE, id="new"), 1, 1),
        ("guid changed, link the same, title edited", replace(FIRE, id="new", title="Velmora harbour on fire"), 1, 1),
        ("guid and link changed, title and date the same", replace(FIRE, id="new", url="https://new.example/1"), 1, 1),
        ("guid reused for another article", replace(CHESS, id="guid-1", url="https://a.example/2"), 2, 2),
        ("guid reused, no link", replace(CHESS, id="guid-1", url="", published=NOON), 2, 2),
        ("guid and link changed, title the same on another day", replace(FIRE, id="new", url="", published=NOON), 2, 1),
        ("another article at the same address", replace(FIRE, id="new", title="Chess champion loses"), 2, 1),
        ("another item", replace(CHESS, id="new"), 2, 2),
    ],
)
def test_what_comes_back(news, name: str, back: Item, items: int, stories: int) -> None:
    """One item, one story and one alert, or two; the document that brings it is no longer that of before."""
    url = news.feed(A)
    assert news.poll(url, FIRE)["ALERT"] == 1
    counts = news.poll(url, back)
    assert news.rows("SELECT count(*), count(DISTINCT story_id) FROM items") == [(items, stories)]
    assert counts.get("new", 0) == items - 1
    assert sum(kind == "alert" for kind, _ in news.outgoing()) == 1
    assert news.poll(url, back) == {}, "from now on it is known"


@pytest.mark.parametrize(
    "bare",
    [
        replace(FIRE, id="content-key", url="", published=None),
        replace(FIRE, id="content-key", url="https://a.example/"),
        replace(FIRE, id="content-key", url="", published=None, summary=""),
    ],
)
def test_an_item_without_guid_and_link_is_one(news, bare: Item) -> None:
    """Its content is its key: the same again adds nothing."""
    url = news.feed(A)
    assert news.poll(url, bare)["new"] == 1
    assert news.poll(url, bare) == {}


def test_an_item_without_date_is_known_by_title_and_summary(news):
    """A title alone is not enough: many a feed writes it every day."""
    undated = replace(FIRE, published=None)
    url = news.feed(A)
    news.poll(url, undated)
    assert news.poll(url, replace(undated, id="new", url="https://new.example/1")) == {}
    assert news.poll(url, replace(undated, id="newer", url="https://new.example/2", summary=""))["new"] == 1


def test_the_same_link_in_two_feeds_is_two_items_of_one_story(news):
    """One feed never swallows another's item; there is one alert."""
    first, second = news.feed(A), news.feed(B)
    assert news.poll(first, FIRE)["ALERT"] == 1
    assert news.poll(second, replace(FIRE, id="x"))["new"] == 1
    assert news.rows("SELECT count(*), count(DISTINCT story_id) FROM items") == [(2, 1)]
    assert news.rows("SELECT joined FROM items") == [("",), ("same link",)]
    assert sum(kind == "alert" for kind, _ in news.outgoing()) == 1


def test_a_feed_that_lost_its_etag_brings_nothing_new(news):
    """The whole document again, in another order and with another ETag."""
    url = news.feed(A)
    news.poll(url, FIRE, CHESS, etag='"x"')
    assert news.poll(url, CHESS, FIRE, etag='"y"') == {}


def test_an_item_that_vanishes_and_returns_is_the_same(news):
    """Known for longer than it is in the document."""
    url = news.feed(A)
    news.poll(url, FIRE)
    news.poll(url, CHESS)
    assert news.poll(url, FIRE, CHESS) == {}


def test_two_items_with_one_title_and_date_are_two(news):
    """What is in the document under its own key has not been renamed."""
    url = news.feed(A)
    news.poll(url, FIRE)
    assert news.poll(url, replace(FIRE, id="2", url="https://a.example/2"), FIRE)["new"] == 1


def test_one_stored_item_is_the_old_name_of_one(news):
    """Of two new items that look like it, the second is new."""
    url = news.feed(A)
    news.poll(url, FIRE)
    twins = [replace(FIRE, id=str(number), url=f"https://a.example/{number}") for number in range(2)]
    assert news.poll(url, *twins)["new"] == 1


def test_a_pruned_item_is_known_by_its_link(news):
    """Its title is gone, its link stays."""
    url = news.feed(A)
    news.poll(url, FIRE)
    news.storage.run_blocking(lambda store: store.retention.forget_texts(-1, 10))
    assert news.poll(url, replace(FIRE, id="new")) == {}


def site_of(host: str, count: int) -> Sequence[Item]:
    """A big site: each headline is its own."""
    return [
        item(
            f"Report {number} of the harbour office on fires at Velmora",
            id=f"{host}-{number}",
            url=f"https://{host}/{number}",
            published=NOON - timedelta(minutes=number),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("host", ["new.example", "a.example"])
def test_a_site_that_gives_all_its_items_new_guids_floods_nobody(news, host: str) -> None:
    """10,000 items with new guids, at the old addresses and at new ones: none is new, nobody is alerted."""
    url = news.feed(A)
    old = site_of("a.example", 10_000)

    def fill(store):
        story = store.items.open_story()
        for one in old:
            store.items.add(1, one, story, link=one.url)

    news.storage.run_blocking(fill)
    news.clock.advance(4 * 24 * 3600)  # the stories are over: it is not they that hold the flood back
    moved = [replace(one, id=f"new-{one.id}") for one in site_of(host, 10_000)]
    assert news.poll(url, *moved) == {}
    assert news.outgoing() == []
    assert news.rows("SELECT count(*) FROM items WHERE key LIKE 'new-%'") == [(10_000,)]
