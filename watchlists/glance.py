"""An item seen at a glance: what of all watches may be met in it, and where, from one look-up a word."""

from collections.abc import Container, Iterator

from watchlists import places, text
from watchlists.ideas import Form, Joint, Part
from watchlists.model import Field, How
from watchlists.places import Place, Reading
from watchlists.vocabulary import Seen, Vocabulary

ALONE = ""  # what every item meets: stands in place of the second idea of a watch that is filed under one
_LONGEST_UNION = 3  # words, see `places.one_word`

Opened = tuple[str, Form]  # the key of a part or joint, and one of its forms
# Where a word of watches is met by words first to last of a field, how well, and how.
_Spot = tuple[Field, int, int, float, How]


class Glance:
    """The sight (see `places.Sight`) that looks only where words stand that the forms begin with.

    `met` has the keys of all parts and joints that may be met, and how well at most.
    """

    def __init__(
        self, reading: Reading, vocabulary: Vocabulary, opened: dict[str, tuple[Opened, ...]], filed: Container[str]
    ) -> None:
        self._reading = reading
        self._opened = opened
        self._filed = filed
        self._forms: dict[str, list[Form]] = {}  # key of a part or joint → forms of it that may stand somewhere
        self._found: dict[str, list[Place]] = {}
        self._spots: dict[str, list[_Spot]] = {}  # word of watches → where
        self._unions: dict[tuple[str, str], list[tuple[Field, int]]] = {}
        self._halves: dict[str, float] = {}  # word of a union → what it is worth
        for field, tokens in reading.fields.items():
            for number, token in enumerate(tokens):
                self._look(field, number, vocabulary.look_up(token.text, reading.item.lang))
                if number + 1 < len(tokens) and (tokens[number + 1].joined or len(token.text) >= 3):
                    self._look_at_union(field, number, tokens, vocabulary)
        self.has_unions = bool(self._unions)
        self.met = self._bounds()

    def places(self, part: Part | Joint) -> list[Place]:
        """Every place where one of the forms stands."""
        found = self._found.get(part.key)
        if found is None:
            forms = self._forms.get(part.key, []) if part.key in self._filed else part.forms
            found = self._found[part.key] = [place for form in forms for place in self._search(form)]
        return found

    def as_one(self, first: str, second: str) -> Iterator[Place]:
        """Every place where the two words stand, written as one."""
        for field, number in self._unions.get((first, second), ()):
            place = places.union_at((first, second), self._reading, field, number)
            if place:
                yield place

    def _look(self, field: Field, number: int, seen: Seen) -> None:
        """Notes what the word there stands for."""
        partners, pairs = seen
        for word, quality, how in partners:
            self._spots.setdefault(word, []).append((field, number, number, quality, how))
        for pair in pairs:
            self._unions.setdefault(pair, []).append((field, number))
            for word in pair:
                self._halves[word] = max(self._halves.get(word, 0.0), places.WORTH[field])

    def _look_at_union(self, field: Field, number: int, tokens: list[text.Token], vocabulary: Vocabulary) -> None:
        """Notes what the word there and those behind it stand for as one, which goes before what it is alone."""
        for size in range(2, _LONGEST_UNION + 1):
            run = tokens[number : number + size]
            union = "".join(token.text for token in run)
            if len(run) == size and union in vocabulary and places.one_word(run):
                spots = self._spots.setdefault(union, [])
                if spots and spots[-1][:2] == (field, number):
                    spots.pop()
                spots.append((field, number, number + size - 1, places.JOINED, "spelling"))

    def _bounds(self) -> dict[str, float]:
        met = {ALONE: 1.0}
        for word, spots in self._spots.items():
            best = 0.0
            for field, first, last, quality, _ in spots:
                best = max(best, places.WORTH[field] * (1.0 if last > first else quality))  # a phrase is met as one
            for key, form in self._opened.get(word, ()):
                if len(form.words) == 1 or self._search(form):
                    self._forms.setdefault(key, []).append(form)
                    met[key] = max(met.get(key, 0.0), form.quality * best)
        for word, worth in self._halves.items():
            if word in self._filed:
                met[word] = max(met.get(word, 0.0), worth)
        return met

    def _search(self, form: Form) -> list[Place]:
        """Every place of a form."""
        if len(form.words) == 1 and form.words[0] in self._opened:
            spots = self._spots.get(form.words[0], ())
            return [place for place in (places.place_by(form, *spot) for spot in spots) if place]
        begun = starts(form)
        if begun <= self._opened.keys():
            where = {spot[:2] for word in begun for spot in self._spots.get(word, ())}
        else:
            where = {(field, number) for field, tokens in self._reading.fields.items() for number in range(len(tokens))}
        found = (places.place_at(form, self._reading, field, first) for field, first in where)
        return [place for place in found if place]


def starts(form: Form) -> set[str]:
    """What the first word of the item may be where the form stands: its first word, alone or as one with the next."""
    return {"".join(form.words[:size]) for size in range(1, min(_LONGEST_UNION, len(form.words)) + 1)}
