"""Headlines and watches for the benchmarks, from words that the program ships: the same at every run."""

import random
from functools import cache
from itertools import accumulate

from watchlists.model import Item
from watchlists.words import _words


@cache
def _vocabulary() -> tuple[list[str], list[float]]:
    words = {word: zipf for word, zipf in _words("en").items() if word.isalpha() and len(word) > 2}
    return list(words), [10 ** (zipf * 0.7) for zipf in words.values()]


def headlines(count: int, words: int = 10, summary: int = 30, seed: int = 1) -> list[Item]:
    """Items whose words are as frequent as in real text, flattened a little as headlines are."""
    chance = random.Random(seed)
    vocabulary, weights = _vocabulary()
    drawn = chance.choices(vocabulary, weights, k=count * (words + summary))
    items = []
    for number in range(count):
        own = drawn[number * (words + summary) : (number + 1) * (words + summary)]
        title, rest = " ".join(own[:words]).capitalize(), " ".join(own[words:]).capitalize()
        items.append(Item(id=str(number), title=title, summary=rest, url=f"https://news.example/{number}", lang="en"))
    return items


def queries(count: int, seed: int = 2) -> list[str]:
    """Distinct watches of two or three words as people type them: names and moderately rare words.

    The words have a Zipf frequency of 3 to 5.2, from *ceasefire* and *Crimea* to *election*, and are drawn with a
    weight that grows slowly with it: a word ten times as frequent is in about twice as many watches.
    """
    chance = random.Random(seed)
    listed = {word: zipf for word, zipf in _words("en").items() if word.isalpha() and len(word) > 2 and 3 < zipf < 5.2}
    weights = list(accumulate(10 ** (zipf * 0.35) for zipf in listed.values()))
    vocabulary = list(listed)
    found: dict[str, None] = {}
    while len(found) < count:
        drawn = dict.fromkeys(chance.choices(vocabulary, cum_weights=weights, k=chance.choice((2, 2, 3))))
        if len(drawn) > 1:
            found[" ".join(drawn)] = None
    return list(found)
