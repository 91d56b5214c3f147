"""Texts that nobody means: any script, size and order of signs. Neither matcher minds, and they agree."""

import random
from itertools import pairwise

import pytest

from tests.badtext import KINDS, WORDS, texts
from watchlists.errors import QueryError
from watchlists.index import Index
from watchlists.model import Item
from watchlists.query import MAX_CHARACTERS, parse
from watchlists.score import score


def _index() -> Index:
    """Watches for every word, for pairs and phrases of them, and for bad texts that can be read as queries."""
    index = Index()
    written = [*WORDS, *(f'"{one} {other}"' for one, other in pairwise(WORDS))]
    written += [f"{one} {other} -{third}" for one, other, third in zip(WORDS, WORDS[3:], WORDS[5:], strict=False)]
    for key, text in enumerate([*written, *(text[:MAX_CHARACTERS] for text in texts(400) if len({*text}) > 2)]):
        try:
            index.add(key, parse(text))
        except QueryError:
            continue
    return index


@pytest.mark.parametrize("count", [400, pytest.param(10_000, marks=pytest.mark.soak)])
def test_bad_texts_are_matched(count: int) -> None:
    """No text makes the index fail. How long each takes is measured by the benchmarks."""
    index = _index()
    for number, text in enumerate(texts(count)):
        index.hits(Item("1", text, text[::-1], lang=("en", "ru", None, "ja", "xx")[number % 5]))


def test_of_an_item_of_a_megabyte_the_beginning_is_matched() -> None:
    """What comes after the first thousand characters is not even looked at."""
    index = _index()
    title, summary = "Gaza ceasefire " * 100, "Zelensky " * 1_000
    whole = Item("1", title + "Mar-a-Lago " * 70_000, summary + "Isreal " * 110_000)
    assert index.hits(whole) == index.hits(Item("1", title, summary))
    assert index.hits(whole)


@pytest.mark.parametrize("number", range(len(KINDS)))
def test_bad_texts_are_matched_as_by_the_reference(number: int) -> None:
    """The index hits what the reference hits, whatever the text."""
    chance = random.Random(number)
    for _ in range(5):
        text = KINDS[number](chance)[:200]
        item = Item("1", text, text[::-1])
        index = Index()
        queries = [parse(word) for word in WORDS if word != "🔔"]
        for key, query in enumerate(queries):
            index.add(key, query)
        expected = [(key, match) for key, query in enumerate(queries) if (match := score(query, item))]
        assert index.hits(item) == expected
