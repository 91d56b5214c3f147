"""All watches, and which of them an item hits: the same hits as `score`, pair for pair, without trying each.

    item ─→ its words ─→ words of the watches that they may stand for ─→ gates that open ─→ watches to judge

A watch is filed under its gate: the fewest of its heaviest ideas without which the rest cannot reach the threshold
(prefix filtering, as in set-similarity joins), or one of its ideas with a plus. Of each form that meets an idea of
the gate the rarest word is the key. A watch none of whose keys has a partner in the item cannot hit.
"""

from collections import defaultdict
from collections.abc import Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from watchlists import score, text, words
from watchlists.ideas import Form, Plan, plan
from watchlists.model import Item, Match
from watchlists.query import Query

_LONGEST_UNION = 3  # see `score.one_word`


class Index:
    """Queries by key. Any number of keys may hold equal queries."""

    def __init__(self) -> None:
        self._plans: dict[int, Plan] = {}
        self._filed: defaultdict[str, set[int]] = defaultdict(set)
        self._vocabulary = _Vocabulary()

    def __len__(self) -> int:
        return len(self._plans)

    def add(self, key: int, query: Query) -> None:
        """Adds the query, in place of the one that the key had."""
        self.remove(key)
        self._plans[key] = plan(query)
        for word in gate_words(self._plans[key]):
            self._filed[word].add(key)
            self._vocabulary.add(word)

    def remove(self, key: int) -> None:
        """Removes a key; one that is not there is no error."""
        ready = self._plans.pop(key, None)
        for word in gate_words(ready) if ready else ():
            self._filed[word].discard(key)
            if not self._filed[word]:
                del self._filed[word]
                self._vocabulary.remove(word)

    def hits(self, item: Item) -> list[tuple[int, Match]]:
        """The keys whose queries hit the item, in ascending order, each with its match."""
        reading = score.read(item)
        keys: set[int] = set()
        for written in _written(reading):
            for word in self._vocabulary.partners(written, item.lang):
                keys |= self._filed[word]
        judged = ((key, score.judge(self._plans[key], reading)) for key in sorted(keys))
        return [(key, match) for key, match in judged if match]


def gate_words(ready: Plan) -> set[str]:
    """The words one of which every item that hits has, as they are or in another shape."""
    return {word for number in _gate(ready) for form in _forms(ready, number) for word in _key(form)}


def _gate(ready: Plan) -> list[int]:
    """The ideas one of which every hit meets."""
    required = [number for number, idea in enumerate(ready.ideas) if idea.clause.sign == "+"]
    if required:
        return [max(required, key=lambda number: ready.ideas[number].weight)]
    needed = (score.THRESHOLDS[ready.query.strictness] - 1) / 100
    rest = 1.0
    gate = []
    for number in sorted(range(len(ready.ideas)), key=lambda number: -ready.ideas[number].weight):
        if rest < needed:
            break
        gate.append(number)
        rest -= ready.ideas[number].weight
    return gate


def _forms(ready: Plan, number: int) -> Iterator[Form]:
    """All forms that meet an idea, by itself or in a joint. Of an option of several parts the rarest has to be met."""
    for option in ready.ideas[number].options:
        yield from min(option, key=lambda part: part.zipf).forms
    for joint in ready.joints:
        if number in joint.members:
            yield from joint.forms


def _key(form: Form) -> Iterator[str]:
    """The rarest word of a form, alone and written as one with its neighbours."""
    rarest = min(range(len(form.words)), key=lambda number: (words.zipf(form.words[number], "en"), number))
    for size in range(1, _LONGEST_UNION + 1):
        for first in range(max(0, rarest - size + 1), rarest + 1):
            if first + size <= len(form.words):
                yield "".join(form.words[first : first + size])


def _written(reading: score.Reading) -> set[str]:
    """The words of an item, and those of its neighbours that may be one word."""
    found = set()
    for tokens in reading.fields.values():
        for size in range(1, _LONGEST_UNION + 1):
            for first in range(len(tokens) - size + 1):
                run = tokens[first : first + size]
                if size == 1 or score.one_word(run):
                    found.add("".join(token.text for token in run))
    return found


class _Vocabulary:
    """The words that watches are filed under, found by what an item may have in their place."""

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._stems: dict[str | None, defaultdict[str, set[str]]] = {}  # language → stem → words
        self._alphabet: defaultdict[tuple[str, int], set[str]] = defaultdict(set)  # first letter, length → words
        self._found: dict[tuple[str, str | None], tuple[str, ...]] = {}

    def add(self, word: str) -> None:
        if word in self._words:
            return
        self._words.add(word)
        self._found.clear()
        self._alphabet[word[0], len(word)].add(word)
        for language, stems in self._stems.items():
            stems[text.stem(word, language)].add(word)

    def remove(self, word: str) -> None:
        self._words.discard(word)
        self._found.clear()
        self._alphabet[word[0], len(word)].discard(word)
        for language, stems in self._stems.items():
            stems[text.stem(word, language)].discard(word)

    def partners(self, written: str, language: str | None) -> tuple[str, ...]:
        """The words for which `written` may stand in an item of the language (see `score.alike`)."""
        found = self._found.get((written, language))
        if found is None:
            if len(self._found) > 1 << 16:
                self._found.clear()
            near = {written, *self._of_stem(written, language), *self._near(written)} & self._words
            found = tuple(sorted(word for word in near if score.alike(word, written, language)[0]))
            self._found[written, language] = found
        return found

    def _of_stem(self, written: str, language: str | None) -> set[str]:
        stems = self._stems.get(language)
        if stems is None:
            stems = self._stems[language] = defaultdict(set)
            for word in self._words:
                stems[text.stem(word, language)].add(word)
        return stems.get(text.stem(written, language), set())

    def _near(self, written: str) -> Iterator[str]:
        for length in range(len(written) - 2, len(written) + 3):
            bucket = self._alphabet.get((written[0], length))
            if bucket:
                near = process.extract(written, bucket, scorer=OSA.distance, score_cutoff=2, limit=None)
                yield from (word for word, _, _ in near)
