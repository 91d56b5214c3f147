"""How rare a word is, from a table that ships with the program: a fresh install scores like an old one.

The table (`words.txt.gz`; licence and attribution in `words.LICENSE.txt`) lists the frequent words of ten languages
with their Zipf frequency: log10 of the uses in a billion words, so *the* has 7.7, *ceasefire* 3.3 and a word that is
not listed `UNLISTED`. `bot/build_words.py` makes it.

    wirewatch words 1         the format
    en                        a language; an empty line ends it
    77<tab>the                tenths of a Zipf unit, and the words that have it
    …
"""

import gzip
from collections.abc import Iterable
from functools import cache
from importlib import resources
from itertools import repeat

TABLE = "words.txt.gz"
FORMAT = "wirewatch words 1"
UNLISTED = 2.4
LANGUAGES = ("en", "es", "de", "fr", "ru", "uk", "it", "pt", "nl", "pl")
_SURE = 2.0  # Zipf units by which another language has to be likelier than English


def zipf(word: str, language: str) -> float:
    """The Zipf frequency (about 0–8) of a folded word in a language; `UNLISTED` if its table has no such word."""
    return _words(language).get(word, UNLISTED)


def are_english(folded: Iterable[str]) -> bool:
    """Whether all folded words of letters are listed as English."""
    english = _words("en")
    return all(word in english or not word.isalpha() for word in folded)


def language_of(query: tuple[str, ...]) -> str:
    """The language that folded words are most likely written in; English where nothing speaks for another."""
    if are_english(query):
        return "en"

    def likely(language: str) -> float:
        listed = _words(language)
        return sum(listed.get(word, 0.0) for word in query)

    best = max(LANGUAGES, key=likely)
    return best if likely(best) > likely("en") + _SURE else "en"


@cache
def _words(language: str) -> dict[str, float]:
    """Folded word → Zipf frequency; empty for a language without a table."""
    found: dict[str, float] = {}
    for line in _sections().get(language, "").splitlines():
        tenths, listed = line.split("\t")
        found.update(zip(listed.split(" "), repeat(int(tenths) / 10)))
    return found


@cache
def _sections() -> dict[str, str]:
    """Language → its lines, unread: what nobody asks for costs nothing."""
    packed = resources.files("watchlists").joinpath(TABLE).read_bytes()
    header, _, body = gzip.decompress(packed).decode().partition("\n")
    if header != FORMAT:
        raise ValueError(f"{TABLE} is not in the format {FORMAT!r}: build it anew with bot/build_words.py")
    named = (section.partition("\n") for section in body.split("\n\n"))
    return {language: lines for language, _, lines in named}
