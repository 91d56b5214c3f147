"""A watch that fires too often: which words would thin it out."""

from collections import Counter
from collections.abc import Sequence

from watchlists import text, words
from watchlists.model import Item
from watchlists.terms import Query

FIRES, FIRES_WITHIN_HOURS = 20, 1  # more often than that is too often
PROPOSED = 3
_MOST, _LEAST = 0.7, 0.15  # a word in nearly every hit would end the watch, one in a few would change nothing
_LETTERS = 4
_COMMON = 5.5  # Zipf frequency: words above it (of, with, says) say nothing


def exclusions(query: Query, items: Sequence[Item]) -> tuple[str, ...]:
    """The words that stand in many of the items, not in nearly all, and that the watch does not name.

    As printed most often in the headlines; those first whose exclusion would spare the most.
    """
    own = {form for term in text.tokens(str(query)) for form in (term.text, text.stem(term.text, None))}
    seen: Counter[str] = Counter()
    printed: dict[str, Counter[str]] = {}
    for item in items:
        forms: dict[str, str] = {}
        for token in text.tokens(item.title):
            if not own.isdisjoint((token.text, text.stem(token.text, item.lang))) or not tells(token.text, item.lang):
                continue
            forms[text.stem(token.text, item.lang)] = token.text
        seen.update([*forms])
        for stem, form in forms.items():
            printed.setdefault(stem, Counter())[form] += 1
    few, many = _LEAST * len(items), _MOST * len(items)
    found = [stem for stem, count in seen.most_common() if max(1, few) < count <= many]
    return tuple(printed[stem].most_common(1)[0][0] for stem in found[:PROPOSED])


def tells(word: str, lang: str | None) -> bool:
    """Whether a folded word of an item in a language says something."""
    return len(word) >= _LETTERS and word.isalpha() and words.zipf(word, text.word_language(word, lang)) < _COMMON
