"""The forms that watches look for, filed by what an item has where they begin."""

from typing import TypeVar

from watchlists.ideas import Form
from watchlists.vocabulary import Vocabulary

LONGEST_UNION = 3  # words that may be written as one, or as which one may be written: see `places`
LONGEST_HEAD = 2 * LONGEST_UNION  # words of an item that the first two words of a phrase may be written as

# The key of a part or joint, one of its forms, and how many words of the form are what it is filed by.
Filed = tuple[str, Form, int]
_What = TypeVar("_What")


class Forms:
    """Every form with the key of the part or joint that it is for.

    Words of a form may be met by others, so it is filed by its first, which is looked up in the vocabulary. A phrase
    has to stand as it is written, so it is filed by the letters of its first two: many may have the first in common.
    """

    def __init__(self) -> None:
        self.by_word: dict[str, tuple[tuple[str, float], ...]] = {}  # of forms of one word the key and the quality
        self.by_start: dict[str, tuple[Filed, ...]] = {}
        self.by_head: dict[str, tuple[Filed, ...]] = {}
        self.vocabulary = Vocabulary()  # the words of `by_word` and `by_start`

    def add(self, key: str, form: Form) -> None:
        """Adds a form that is not there for the key."""
        if is_long_phrase(form):
            for size, head in _heads(form):
                _put(self.by_head, head, (key, form, size))
            return
        for size, start in _starts(form):
            if start not in self.vocabulary.words:
                self.vocabulary.add(start)
            if len(form.words) == 1:
                _put(self.by_word, start, (key, form.quality))
            else:
                _put(self.by_start, start, (key, form, size))

    def remove(self, key: str, form: Form) -> None:
        """Removes a form that is there for the key."""
        if is_long_phrase(form):
            for size, head in _heads(form):
                _take(self.by_head, head, (key, form, size))
            return
        for size, start in _starts(form):
            if len(form.words) == 1:
                _take(self.by_word, start, (key, form.quality))
            else:
                _take(self.by_start, start, (key, form, size))
            if start not in self.by_word and start not in self.by_start:
                self.vocabulary.remove(start)


def is_long_phrase(form: Form) -> bool:
    """Whether a form is words that have to stand as they are written."""
    return form.how == "phrase" and len(form.words) > 1


def _starts(form: Form) -> list[tuple[int, str]]:
    """What the first word of the item may be where the form stands: its first words as one, and how many."""
    return _joined(form, 1, LONGEST_UNION)


def _heads(form: Form) -> list[tuple[int, str]]:
    """The first two words as one, and those that may be written as one with the second of them."""
    return _joined(form, 2, 1 + LONGEST_UNION)


def _joined(form: Form, least: int, most: int) -> list[tuple[int, str]]:
    return [(size, "".join(form.words[:size])) for size in range(least, min(most, len(form.words)) + 1)]


def _put(filed: dict[str, tuple[_What, ...]], where: str, what: _What) -> None:
    filed[where] = (*filed.get(where, ()), what)


def _take(filed: dict[str, tuple[_What, ...]], where: str, what: _What) -> None:
    left = list(filed[where])
    left.remove(what)
    if left:
        filed[where] = tuple(left)
    else:
        del filed[where]
