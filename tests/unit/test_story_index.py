"""Which items tell the same story. All headlines are invented."""

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import NOON, item
from tests.newsroom import Newsroom
from watchlists.stories import LIFE, StoryIndex

DAM = [
    "Dam bursts above Velmora, 14 people missing",
    "Fourteen missing after Velmora dam bursts",
    "Velmora: 14 missing as dam burst floods valley",
]
OTHERS = [
    "Orchestra of Tessaly cancels its autumn tour",
    "Chess champion Ilvesson loses to a schoolgirl",
    "Bank of Japan leaves interest rates unchanged",
    "Kelbrook airport closed by volcanic ash",
]


def test_headlines_of_one_event_are_one_story():
    """Other words, order and inflection, the same rare name and what happened."""
    assert Newsroom().stories(*DAM) == [1, 1, 1]


def test_other_events_are_other_stories():
    """Headlines that share nothing rare stay apart."""
    assert Newsroom().stories(*DAM[:1], *OTHERS) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "titles",
    [
        ("Zelensky dismisses the mayor of Odesa", "Zelenskyy dismisses Odessa mayor"),
        ("Explosion heard at Kiev power plant", "Blast heard at power plant in Kyiv"),
        ("Governor Mukhametshin arrested for graft", "Graft: governor Muhametshin arrested"),
        ("Ukrainian drones hit Ryazan refinery", "Ryazan refinery hit by drones of Ukraine"),
        ("Ten die in Velmora landslide", "Velmora landslide kills 10"),
    ],
)
def test_spellings_split_no_story(titles: tuple[str, str]) -> None:
    """Spellings of names, peoples and countries, numbers as words, happenings in other words."""
    assert Newsroom().stories(*titles) == [1, 1]


@pytest.mark.parametrize(
    "titles",
    [
        ("Earthquake of magnitude 5.2 strikes Chile", "Earthquake of magnitude 5.2 strikes Peru"),
        ("Opposition leader Karvonen wins in Estonia", "Opposition leader Dravec wins in Slovenia"),
        ("Velmora council meets on Dec. 28", "Velmora council meets on 29 December"),
        ("Bitcoin at 91,234", "Bitcoin at 92,118"),
    ],
)
def test_another_name_number_or_day_is_another_story(titles: tuple[str, str]) -> None:
    """Alike in all but who, where, how much or when."""
    assert Newsroom().stories(*titles) == [1, 2]


def test_what_others_say_of_an_event_is_another_story():
    """Who acts is news of its own."""
    told = Newsroom().stories(
        "Israel recognises Velmoria as a state",
        "Israel recognises Velmoria",
        "African Union condemns recognition of Velmoria, calls for calm",
    )
    assert told == [1, 1, 2]


def test_a_seat_stands_for_its_country():
    """Beijing and China are no difference in names."""
    assert Newsroom().stories("China sanctions Velmotech over chip sales", "Beijing sanctions Velmotech over chips")[
        1
    ] == (1)


@pytest.mark.parametrize(
    "title",
    [
        "Morning briefing: what to know in Kyiv today",
        "Ukraine war live: Velmora front, day by day",
        "Weather in Velmora: sun and cloud",
        "Velmora stock market opens higher on bank shares",
        "What to know about the Velmora talks",
    ],
)
def test_series_of_different_days_never_join(title: str) -> None:
    """The same headline tomorrow is another story, from the same source and from another; today it is the same."""
    news = Newsroom()
    assert news.tell(title, "daily.example") == news.wait(hours=2).tell(title, "herald.example") == 1
    assert news.wait(days=1).tell(title, "daily.example") == 2
    assert news.tell(title, "herald.example") != 1


def test_a_series_joins_nothing_of_another_day_through_others():
    """A live report of yesterday is in the story; the one of today opens another."""
    news = Newsroom()
    news.stories(*DAM)
    assert news.tell(f"Live: {DAM[0]}") == 1
    assert news.wait(hours=20).tell(f"Live: {DAM[1]}") == 2


def test_a_source_that_says_the_same_with_other_numbers_has_other_facts():
    """Prices and tolls of one feed are not folded into one another; what it repeats is."""
    news = Newsroom()
    told = [news.tell(f"Bitcoin falls below {price} dollars", "ticker.example") for price in (91234, 90120, 88001)]
    assert told == [1, 2, 3]
    assert news.tell("Bitcoin falls below 88001 dollars", "ticker.example") == 3


def test_the_same_words_of_a_source_hours_later_are_news():
    """What no list knows as a series is one when its source says it again."""
    news = Newsroom()
    title = "Velmora harbour: departures and arrivals of ferries"
    assert news.tell(title, "port.example") == 1
    assert news.wait(minutes=5).tell(title, "port.example") == 1
    assert news.wait(hours=7).tell(title, "port.example") == 2


def test_one_feed_seldom_writes_a_story_twice():
    """Two fresh headlines of one source need more in common than those of two."""
    titles = "Storm in Velmora cuts power to villages", "Velmora storm: schools are closed"
    news = Newsroom()
    assert (news.tell(titles[0]), news.tell(titles[1])) == (1, 1)
    news = Newsroom()
    assert (news.tell(titles[0], "one.example"), news.tell(titles[1], "one.example")) == (1, 2)


@pytest.mark.parametrize(
    "link",
    [
        "https://wire.example/velmora-dam",
        "http://www.wire.example/velmora-dam/?utm_source=rss&fbclid=1#top",
    ],
)
def test_the_same_link_is_always_the_same_story(link: str) -> None:
    """Whatever the headline says, in whatever feed."""
    news = Newsroom()
    assert news.tell(DAM[0], url="https://wire.example/velmora-dam") == 1
    assert news.tell("Live", url=link) == 1
    assert news.joins[-1].evidence == "same link"
    assert news.joins[-1].score == 100


@pytest.mark.parametrize("link", ["https://wire.example/", "https://www.wire.example", "urn:x", ""])
def test_a_home_page_is_no_article(link: str) -> None:
    """Items that link to a site and not to a page of it have no link in common."""
    news = Newsroom()
    assert [news.tell(title, url=link) for title in OTHERS] == [1, 2, 3, 4]


@pytest.mark.parametrize("title", ["", "  ", "—", "2026", "91,234 17", "Update", "Velmora 12"])
def test_a_headline_that_says_nothing_joins_nothing(title: str) -> None:
    """No words, numbers only, one word: not even with the same again."""
    news = Newsroom()
    assert [news.tell(title, summary="") for _ in range(3)] == [1, 2, 3]


def test_a_thousand_identical_headlines_of_one_feed_are_one_story():
    """Nothing is lost by folding what is the same, and nobody wants it a thousand times."""
    news = Newsroom()
    assert {news.tell(DAM[0], "one.example") for _ in range(1000)} == {1}


def test_a_short_headline_is_read_with_its_summary():
    """Where the headline says next to nothing the summary tells what it is about."""
    news = Newsroom()
    assert news.tell(DAM[0]) == 1
    assert news.tell("Dam bursts", summary="The dam above Velmora has burst. 14 people are missing.") == 1


def test_no_chain_of_items_leads_to_another_event():
    """Each headline is like the one before, the last is not like the first."""
    told = Newsroom().stories(
        "Velmora dam bursts after storm, villages flooded",
        "Villages flooded in Velmora: government under fire over dam",
        "Government under fire over dam: minister Ardelan to face parliament",
        "Minister Ardelan faces parliament over pension vote",
        "Pension vote: Ardelan loses majority in parliament",
    )
    assert told[0] != told[-1]


def test_a_story_lives_for_three_days_from_its_first_item():
    """However often it is told until then; later the same headline opens another."""
    news = Newsroom()
    assert news.tell(DAM[0]) == 1
    news.wait(hours=72)
    news.index.expire(news.now - LIFE)
    assert news.tell(DAM[0]) == 1
    news.wait(minutes=1)
    news.index.expire(news.now - LIFE)
    assert len(news.index) == 0
    assert news.tell(DAM[0]) == 2


def test_what_is_forgotten_leaves_nothing_behind():
    """After the stories are gone the index holds no word, no link and no key of them."""
    news = Newsroom()
    for number in range(60):
        news.tell(f"{DAM[number % 3]} {OTHERS[number % 4]}", url=f"https://a.example/{number}")
    news.index.expire(news.now + timedelta(seconds=1))
    assert len(news.index) == 0
    assert (news.index._filed, news.index._links, news.index._kept) == ({}, {}, {"": ""})


def test_a_join_says_why():
    """Names, numbers and words in common, as the new headline has them, the most telling first."""
    news = Newsroom()
    news.stories("Zelensky dismisses 3 ministers over Velmora dam")
    news.tell("Velmora dam: Zelenskyy dismisses three ministers")
    join = news.joins[-1]
    assert join.names == ("Velmora", "Zelenskyy")
    assert join.numbers == ("three",)
    assert set(join.words) == {"dam", "dismisses", "ministers"}
    assert join.evidence.startswith("same names: Velmora, Zelenskyy; same numbers: three; same words: ")
    assert 50 <= join.score < 100


def test_finding_changes_nothing():
    """To ask twice is to ask once."""
    news = Newsroom()
    news.stories(*DAM[:2], *OTHERS)
    one = item(DAM[2], source="x.example")
    assert news.index.find(one, "", news.now) == news.index.find(one, "", news.now)


def test_the_order_of_minutes_changes_nothing():
    """Items that come within minutes are sorted alike in any order."""
    titles = [(number, title) for number, title in enumerate([*DAM, *OTHERS])]
    groups = set()
    for seed in range(10):
        random.Random(seed).shuffle(titles)
        news = Newsroom()
        told = {number: news.tell(title, f"{number}.example") for number, title in titles}
        together = frozenset(frozenset(n for n in told if told[n] == story) for story in set(told.values()))
        groups.add(together)
    assert groups == {frozenset([frozenset([0, 1, 2]), *(frozenset([n]) for n in range(3, 7))])}


def test_the_same_items_give_the_same_stories():
    """Nothing but the items and their order counts."""
    titles = [f"{title} {number}" for number, title in enumerate([*DAM, *OTHERS] * 5)]
    assert Newsroom().stories(*titles) == Newsroom().stories(*titles)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.text(max_size=30) | st.sampled_from([*DAM, *OTHERS]),
            st.sampled_from(["", "https://a.example/x", "http://["]),
            st.integers(-(10**6), 10**6),
        ),
        max_size=12,
    )
)
def test_any_items_can_be_sorted(told):
    """Whatever comes, with whatever dates: nothing is raised, and to forget all empties the index."""
    news = Newsroom()
    for title, link, minutes in told:
        news.tell(title, url=link, published=NOON + timedelta(minutes=minutes))
        assert news.joins[-1] is None or 0 <= news.joins[-1].score <= 100
    news.index.expire(NOON + timedelta(days=1))
    assert len(news.index) == 0


def test_a_wrong_date_counts_as_long_ago_or_now():
    """A date of years ago or of tomorrow moves an item no further than a story lives."""
    scores = []
    for days in (-5000, -3, 0, 30):
        news = Newsroom()
        news.stories(*DAM[:1])
        assert news.tell(DAM[0], published=news.now + timedelta(days=days)) == 1
        scores.append(news.joins[-1].score)
    assert scores[0] == scores[1] < scores[2] == scores[3]


def test_a_word_that_all_have_is_looked_up_in_the_newest_only(monkeypatch):
    """However many stories have a word, only so many are looked at for an item."""
    monkeypatch.setattr("watchlists.stories._LOOKED_AT", 5)
    index = StoryIndex()
    for number in range(50):
        index.add(item(f"Velmora dam {number} leaks badly", source=f"{number}.example"), "", number, NOON)
    join = index.find(item("Velmora dam leaks badly again", source="z.example"), "", NOON)
    assert join.story_id >= 45
