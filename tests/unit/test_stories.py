"""Which items tell the same story: by link for three days, by a telling headline for half a day."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import item
from watchlists.stories import HEADLINE_LIFE, LINK_LIFE, story_keys

HEADLINE = "Trump expected to host Zelensky at Mar-a-Lago on Sunday"


def keys(title: str, url: str = "") -> set[str]:
    return {key.text for key in story_keys(item(title, url=url))}


def test_an_item_has_a_key_for_its_link_and_one_for_its_headline():
    """The link is the more telling and comes first; each has its own life."""
    link, headline = story_keys(item(HEADLINE, url="https://wire.example/a"))
    assert (link.life, headline.life) == (LINK_LIFE, HEADLINE_LIFE) == (timedelta(hours=72), timedelta(hours=12))
    assert link.text.startswith("link:")
    assert headline.text.startswith("headline:")


def test_tracking_parameters_change_no_story():
    """The same article from two feeds is one story."""
    plain = keys("A", "https://wire.example/a?id=7")
    assert plain == keys("B", "https://www.wire.example/a?utm_source=rss&id=7#top")
    assert plain != keys("A", "https://wire.example/a?id=8")


def test_case_and_spaces_change_no_headline():
    """An agency's headline comes back in capitals elsewhere."""
    assert keys(HEADLINE) == keys(f"  {HEADLINE.upper()}  ")
    assert keys(HEADLINE) != keys(HEADLINE.replace("Sunday", "Monday"))


def test_a_short_headline_tells_nothing():
    """“Live updates” is the headline of many stories; without a link such an item stands alone."""
    assert keys("Live updates from Kyiv today") == {"headline:live updates from kyiv today"}
    assert keys("Live updates from Kyiv") == set()
    assert keys("") == set()


@given(st.text(), st.text())
def test_any_text_gives_at_most_two_keys(title, url):
    """Whatever a feed says, nothing is raised, and the same item has the same keys."""
    made = story_keys(item(title, url=url))
    assert made == story_keys(item(title, url=url))
    assert len(made) <= 2


def test_a_page_about_many_things_joins_nothing():
    """Entries that all link to a site's home page are stories of their own."""
    (headline,) = story_keys(item(HEADLINE, url="https://wire.example/"), own_link=False)
    assert headline.text.startswith("headline:")
