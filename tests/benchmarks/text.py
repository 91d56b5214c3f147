"""Headlines and watches for the benchmarks, from words that the program ships: the same at every run."""

import random
from functools import cache

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
    """Distinct watches of two or three words, none of them a very common one."""
    chance = random.Random(seed)
    vocabulary = [word for word in _vocabulary()[0] if 2.8 < _words("en")[word] < 5.2]
    found: dict[str, None] = {}
    while len(found) < count:
        found[" ".join(chance.sample(vocabulary, chance.choice((2, 2, 3))))] = None
    return list(found)
