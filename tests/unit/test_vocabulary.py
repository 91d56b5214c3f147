"""The vocabulary of watches: what a word of an item may stand for, however it is written."""

from hypothesis import given
from hypothesis import strategies as st

from watchlists import places
from watchlists.vocabulary import Vocabulary


def edited(one: str, edits: list[tuple[int, int, str]]) -> str:
    """A word with letters put in, left out, replaced or exchanged with the next."""
    for at, kind, letter in edits:
        at %= len(one) + 1
        before, here, behind = one[:at], one[at : at + 1], one[at + 1 :]
        one = [before + letter + here, before, before + letter, before + behind[:1] + here][kind] + behind[kind == 3 :]
    return one


MISSPELT = ["zelensky", "tarrif", "goverment", "vlorp", "qarbtoe", "zzyzxian", "kharkivska", "ceasefire", "netanyahu"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(MISSPELT),
            st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3), st.sampled_from("aeqz")), max_size=2),
        ),
        max_size=12,
    ),
    st.sampled_from(["en", "de", None]),
)
def test_every_word_that_is_alike_is_found(made: list[tuple[str, list[tuple[int, int, str]]]], lang: str) -> None:
    """Whatever letters are wrong, the vocabulary finds the words that comparing with each of them finds."""
    forms = [word for word in (edited(*one) for one in made) if word]
    vocabulary = Vocabulary()
    for word in {*forms, *MISSPELT}:
        vocabulary.add(word)
    for written in forms:
        alike = {word: places.alike(word, written, lang) for word in vocabulary.words}
        expected = {(word, quality, how) for word, (quality, how) in alike.items() if quality}
        assert {*vocabulary.look_up(written, lang)[0]} == expected


def test_the_memory_of_lookups_is_bounded() -> None:
    """Any number of different words can pass without the vocabulary growing for ever."""
    vocabulary = Vocabulary()
    vocabulary.add("gaza")
    for number in range((1 << 16) + 10):
        vocabulary.look_up(f"word{number}", None)
    assert len(vocabulary._known) + len(vocabulary._known_before) <= 1 << 16
    assert vocabulary.look_up("gaza", None) == ((("gaza", 1.0, "exact"),), ())
