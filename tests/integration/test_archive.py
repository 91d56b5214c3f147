"""What a query hits among stored items: what the matcher finds that reads each. The headlines are invented."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import wordindex
from bot.migrations.words import index_items
from bot.store import Store, archive
from tests.fakes import NOON, FakeClock, Tables, item
from tests.unit.test_index import items, query_text, read
from watchlists.model import Item
from watchlists.query import parse
from watchlists.score import THRESHOLDS, explain, score

ANN = 7
DAY = timedelta(days=1).total_seconds()


class Desk:
    """Tables with a chat and a feed, which take items as time goes on."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self._tables = Tables(self.clock)
        self.store.chats.ensure(ANN, "private")
        self.feed = self.add_feed("https://a.example/feed")
        self.rows: dict[int, Item] = {}

    @property
    def store(self) -> Store:
        return self._tables()

    def add_feed(self, url: str) -> int:
        self.store.feeds.add(url)
        return self._tables.database.execute("SELECT max(id) FROM feeds").fetchone()[0]

    def take(self, *told: Item | str, wait: float = 60, feed: int = 0) -> None:
        for one in told:
            self.clock.advance(wait)
            made = item(one) if isinstance(one, str) else one
            made = replace(made, id=f"{len(self.rows)} {made.id}")
            item_id = self.store.items.add(feed or self.feed, made, self.store.items.open_story())
            self.rows[item_id] = made

    def found(self, text: str, since=NOON) -> list[int]:
        """The items that hit, oldest first."""
        past = self.store.archive.hits(ANN, parse(text), since)
        return sorted(one.item_id for one in past.found if one.match.score >= one.match.threshold)

    def forget(self, age: float) -> None:
        left = 1
        while left:
            with self._tables.transaction() as store:
                left = store.retention.forget_texts(age, 3) + store.retention.forget_words(age, 3)

    @contextmanager
    def trying(self) -> Iterator["Desk"]:
        """What is done in the block is undone."""
        self._tables.database.execute("BEGIN")
        try:
            yield self
        finally:
            self._tables.database.execute("ROLLBACK")
            self.rows.clear()


@pytest.fixture
def desk():
    return Desk()


ONE = Desk()


@given(st.lists(query_text, min_size=1, max_size=3), st.lists(items, min_size=1, max_size=5))
def test_it_finds_what_the_plain_matcher_finds(texts: list[str], told: list[Item]) -> None:
    """Of any items each that hits, none that does not, with its match; also what only a loose watch would hit."""
    with ONE.trying() as desk:
        desk.take(*told)
        for query in filter(None, map(read, texts)):
            loose = parse(f"loose: {str(query).removeprefix(f'{query.strictness}: ')}")
            expected = {number: explain(loose, one) for number, one in desk.rows.items()}
            past = desk.store.archive.hits(ANN, query, NOON)
            assert {one.item_id: one.match._replace(threshold=50) for one in past.found} == {
                number: match for number, match in expected.items() if match.score >= THRESHOLDS["loose"]
            }
            assert [one.item_id for one in past.found] == sorted((one.item_id for one in past.found), reverse=True)
            assert {one.match.threshold for one in past.found} <= {THRESHOLDS[query.strictness]}


def slipped(word: str, edits: list[tuple[str, int, str]]) -> str:
    """The word with letters left out, put in, exchanged with the next, or replaced; the first stays."""
    for kind, at, letter in edits:
        at = 1 + at % (len(word) - 1)
        if kind == "out":
            word = word[:at] + word[at + 1 :]
        elif kind == "in":
            word = word[:at] + letter + word[at:]
        elif kind == "next":
            word = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
        else:
            word = word[:at] + letter + word[at + 1 :]
    return word


KINDS = ("out", "in", "next", "other")
ONCE = [[(kind, at, "k")] for kind in KINDS for at in range(9)]
TWICE = [[("next", first, ""), (kind, second, "k")] for kind in KINDS for first in range(8) for second in range(8)]


@pytest.mark.parametrize(
    ("word", "slips"), [("Bramsk", ONCE), ("goverment", ONCE), ("Zelenskyy", ONCE + TWICE), ("Velmorand", TWICE)]
)
def test_however_a_word_is_misspelt_it_is_found_as_the_plain_matcher_finds_it(desk, word, slips):
    """At each place by one edit, or by two: exactly those that are near enough."""
    desk.take(*[f"News from {slipped(word, edits)} today" for edits in slips])
    expected = [number for number, one in desk.rows.items() if score(parse(word), one)]
    assert desk.found(word) == expected
    assert len(expected) > len(slips) // 3


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("cease fire Gaza", "Ceasefire in Gaza holds"),
        ("ceasefire Gaza", "Cease-fire in Gaza holds"),
        ("ceasefire Gaza", "Ceasefi-re in Gaza"),
        ('"peace plan"', "A peaceplan nobody wanted"),
        ('"peaceplan"', "A peace plan nobody wanted"),
        ('"maralago club"', "Guests of the Mar-a-Lago Club"),
        ("goverment shutdown", "Government shutdown looms"),
        ("supliied weapons", "Weapons supplied to Kyiv"),
        ("Zelensky", "Володимир Зеленський прибув"),
        ("Зеленський", "Zelenskyy arrives"),
        ("covid 2025", "The covid2025 wave"),
        ("AT&T", "AT&T raises prices"),
        ("C++", "A new C++ is out"),
        ("ﷺ", "ﷺ"),
        ("3.5 earthquake", "Earthquake of 3.5"),
    ],
)
def test_however_words_are_written_they_are_found(desk, query, title):
    """Joined, split, misspelt, in another script, of signs."""
    desk.take("Another thing altogether", Item("x", title, lang="uk" if not title.isascii() else "en"))
    assert desk.found(query) == [2]


def test_an_edited_item_is_found_by_its_words_of_now(desk):
    """However often it was edited, and by its old words no more."""
    desk.take("Gaza ceasefire holds")
    for title in ("Gaza truce breaks", "Donbas withdrawal begins", "Donbas withdrawal ends"):
        desk.store.items.update_text(desk.feed, replace(desk.rows[1], title=title, summary=title))
    assert desk.found("Gaza") == []
    assert desk.found("Donbas withdrawal") == [1]


def test_periods_are_looked_through_and_forgotten(desk):
    """Items of weeks are found, those of the asked time; what is pruned is in no table any more."""
    for _ in range(20):
        desk.take("Gaza ceasefire holds", wait=DAY)
    assert desk.found("Gaza ceasefire") == list(range(1, 21))
    assert desk.found("Gaza ceasefire", since=desk.clock.now - timedelta(days=7)) == list(range(13, 21))
    desk.store.items.update_text(desk.feed, replace(desk.rows[1], title="Gaza truce", summary=""))
    limit = desk.clock.now - timedelta(days=7)
    desk.forget(7 * DAY)
    assert desk.found("Gaza ceasefire") == list(range(13, 21))
    kept = [row["name"] for row in desk.store.items._rows("SELECT name FROM sqlite_master WHERE name GLOB 'item_in*'")]
    oldest = int(limit.timestamp() // wordindex.PERIOD)
    assert {int(name.split("_")[2]) for name in kept} == {oldest, oldest + 1}
    desk.clock.advance(60 * DAY)
    desk.forget(7 * DAY)
    left = [f"SELECT count(*) AS n FROM {table}" for table in ("words", "word_periods", "item_edits")]
    assert [desk.store.items._rows(sql)[0]["n"] for sql in left] == [0, 0, 0]


def test_another_chats_feed_is_not_looked_into(desk):
    """Its items may be private; one's own feed is, and none else for who wants none else."""
    theirs, own = (desk.add_feed(f"https://{name}.example/feed") for name in ("theirs", "own"))
    for feed in (theirs, own):
        desk.store.feeds._write("UPDATE feeds SET common = 0 WHERE id = ?", [feed])
    desk.store.chat_feeds.restore(ANN, own) if desk.store.chat_feeds.get(ANN, own) else desk.store.feeds._write(
        "INSERT INTO chat_feeds (chat_id, feed_id, number, added) VALUES (?, ?, 1, 0)", [ANN, own]
    )
    desk.take("Gaza ceasefire holds")
    desk.take("Gaza ceasefire holds", feed=theirs)
    desk.take("Gaza ceasefire holds", feed=own)
    assert desk.found("Gaza") == [1, 3]
    desk.store.chat_feeds.choose(ANN, own_only=True)
    assert desk.found("Gaza") == [3]


def test_what_hits_too_much_is_said_to_be_incomplete(desk, monkeypatch):
    """So many candidates are judged, the newest; since when there are no others is known, for both strictnesses."""
    monkeypatch.setattr(archive, "JUDGED", 3)
    monkeypatch.setattr(archive, "LOOSER_JUDGED", 2)
    desk.take(*["Gaza ceasefire holds", "Gaza is quiet"] * 6)
    seen = {number: NOON + timedelta(minutes=number) for number in desk.rows}
    past = desk.store.archive.hits(ANN, parse("Gaza ceasefire"), NOON)
    assert [one.item_id for one in past.found if one.match.score >= 61] == [11, 9, 7]
    assert past.complete == seen[5]
    assert past.complete_loose >= past.complete
    whole = desk.store.archive.hits(ANN, parse("loose: Gaza ceasefire"), desk.clock.now - timedelta(minutes=3))
    assert whole.complete == whole.complete_loose == desk.clock.now - timedelta(minutes=3)


def test_what_was_stored_before_there_was_an_index_is_found(desk):
    """The schema's step fills it, each item in the period in which it came."""
    desk.take(*["Gaza ceasefire holds"] * 3, wait=4 * DAY)
    desk.store.items._write("UPDATE items SET pruned = 1 WHERE id = 3")
    for row in desk.store.items._rows("SELECT period FROM word_periods"):
        desk.store.items._write(f"DROP TABLE item_index_{row['period']}")
    for table in ("words", "word_periods"):
        desk.store.items._write(f"DELETE FROM {table}")
    assert desk.found("Gaza") == []
    index_items(desk.store.items._database)
    assert desk.found("Gaza") == [1, 2]
    assert len(desk.store.items._rows("SELECT * FROM word_periods")) == 2
