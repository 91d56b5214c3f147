"""An item seen at a glance: what of all watches may be met in it, and where, from one look-up a word."""

from collections.abc import Container

from watchlists import places, text
from watchlists.forms import LONGEST_HEAD, LONGEST_UNION, Forms
from watchlists.ideas import Form, Joint, Part
from watchlists.model import Field, How
from watchlists.places import Place, Reading

ALONE = ""  # what every item meets: stands in place of the second idea of a watch that is filed under one

# Where a word of watches is met by words first to last of a field, how well, and how.
_Spot = tuple[Field, int, int, float, How]


class Glance:
    """The sight (see `places.Sight`) that looks only where the forms begin.

    `met` has the keys of all parts and joints that may be met, and how well at most. `used` has the keys of those that
    are ideas of watches; others, which only exclude, need not be among the forms.
    """

    def __init__(self, reading: Reading, forms: Forms, used: Container[str]) -> None:
        self.met = {ALONE: 1.0}
        self._reading = reading
        self._forms = forms
        self._used = used
        self._spots: dict[str, list[_Spot]] = {}  # word of watches → where
        self._unions: dict[tuple[str, str], list[tuple[Field, int]]] = {}
        self._halves: dict[str, float] = {}  # word of a union → what it is worth
        self._runs: dict[str, list[Place]] = {}  # key → where its forms of several words stand
        self._found: dict[str, list[Place]] = {}  # key → where any of its forms stands, as far as asked for
        for field, tokens in reading.fields.items():
            for number, token in enumerate(tokens):
                partners, pairs = forms.vocabulary.look_up(token.text, reading.item.lang)
                for word, quality, how in partners:
                    self._note(word, (field, number, number, quality, how))
                for pair in pairs:
                    self._note_union(pair, field, number)
                self._look_behind(field, tokens, number)
            if forms.by_head:
                self._look_for_phrases(field, tokens)
        self._bound()

    def places(self, part: Part | Joint) -> list[Place]:
        """Every place where one of the forms stands."""
        found = self._found.get(part.key)
        if found is None:
            if part.key in self._used:
                found = self._runs.get(part.key, [])
                for form in part.forms:
                    if len(form.words) == 1 and form.words[0] in self._spots:  # few other spellings are
                        found += self._by_spots(form)
            else:
                found = [place for form in part.forms for place in self._search(form)]
            self._found[part.key] = found
        return found

    def may_be_half(self, word: str) -> bool:
        """Whether `as_one` may give anything for the word with another."""
        return word in self._halves

    def as_one(self, first: str, second: str) -> list[Place]:
        """Every place where the two words stand, written as one."""
        where = self._unions.get((first, second), ())
        found = [places.union_at((first, second), self._reading, *there) for there in where]
        return [place for place in found if place]

    def _note(self, word: str, spot: _Spot) -> None:
        spots = self._spots.get(word)
        if spots is None:
            self._spots[word] = [spot]
        else:
            spots.append(spot)

    def _note_union(self, pair: tuple[str, str], field: Field, number: int) -> None:
        self._unions.setdefault(pair, []).append((field, number))
        for word in pair:
            self._halves[word] = max(self._halves.get(word, 0.0), places.WORTH[field])

    def _note_run(self, key: str, form: Form, field: Field, first: int) -> None:
        """Notes the place of a form of several words, if it stands there."""
        place = places.place_at(form, self._reading, field, first)
        if place and place not in self._runs.setdefault(key, []):
            self._runs[key].append(place)
            self.met[key] = max(self.met.get(key, 0.0), place.quality)

    def _look_behind(self, field: Field, tokens: list[text.Token], number: int) -> None:
        """Notes what the word there and those behind it stand for as one, which goes before what it is alone."""
        letters, words = tokens[number].text, self._forms.vocabulary.words
        for last in range(number + 1, min(number + LONGEST_UNION, len(tokens))):
            letters += tokens[last].text
            if letters in words and places.one_word(tokens[number : last + 1]):
                spots = self._spots.get(letters)
                if spots and spots[-1][:2] == (field, number):
                    spots.pop()
                self._note(letters, (field, number, last, places.JOINED, "spelling"))

    def _look_for_phrases(self, field: Field, tokens: list[text.Token]) -> None:
        for number in range(len(tokens)):
            letters = ""
            for token in tokens[number : number + LONGEST_HEAD]:
                letters += token.text
                for key, form, _ in self._forms.by_head.get(letters, ()):
                    self._note_run(key, form, field, number)

    def _bound(self) -> None:
        """Notes what may be met by the words found, and how well at most."""
        met, by_word, by_start = self.met, self._forms.by_word, self._forms.by_start
        for word, spots in self._spots.items():
            best = 0.0
            for field, first, last, quality, _ in spots:
                worth = places.WORTH[field] * (1.0 if last > first else quality)  # a phrase is met as one
                if worth > best:
                    best = worth
            for key, quality in by_word.get(word, ()):
                worth = quality * best
                if worth > met.get(key, 0.0):
                    met[key] = worth
            if word in by_start:
                self._look_for_runs(word, spots)
        for word, worth in self._halves.items():
            if word in self._used:
                met[word] = max(met.get(word, 0.0), worth)

    def _look_for_runs(self, word: str, spots: list[_Spot]) -> None:
        for key, form, size in self._forms.by_start.get(word, ()):
            for field, first, last, _, _ in spots:
                if size == len(form.words) or places.goes_on(form, size, self._reading, field, last + 1):
                    self._note_run(key, form, field, first)

    def _search(self, form: Form) -> list[Place]:
        """Every place of a form that need not be among those of the ideas."""
        if len(form.words) == 1 and form.words[0] in self._forms.vocabulary.words:
            return self._by_spots(form)
        fields = self._reading.fields.items()
        where = ((field, number) for field, tokens in fields for number in range(len(tokens)))
        found = [places.place_at(form, self._reading, field, first) for field, first in where]
        return [place for place in found if place]

    def _by_spots(self, form: Form) -> list[Place]:
        """Every place of a form of one word."""
        found = [places.place_by(form, *spot) for spot in self._spots.get(form.words[0], ())]
        return [place for place in found if place]
