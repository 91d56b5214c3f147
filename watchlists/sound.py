"""Names written in another script, or in the same one by other rules: what stays the same in all of their spellings.

    Зеленського  Zelensky  Zelenskyy   →  zelensk         Медведев  Medvedev  Medwedew  →  medvedev

Two keys: `across` scripts is coarse, because a Cyrillic word hardly ever looks like another Latin word by chance;
`within` the Latin script only evens out what rules of transliteration differ in.
"""

import re
from functools import lru_cache

from anyascii import anyascii

SHORTEST = 4  # letters of a key that says anything
_LETTERS = re.compile("[^a-z]")
_TWICE = re.compile(r"(.)\1+")
# Endings of case behind four letters or more. A stemmer would take the ending of a surname too (-ов, -ев, -ин).
_CASE = re.compile(
    "(?<=[а-яіїєґ]{4})(?:ого|его|ому|ему|ими|ыми|ами|ями|ові|еві|ою|ею|ой|ей|ої|ом|ем|им|ым|ий|ый|ій|[аоуеиыіїюяєьй])$"
)
_ACROSS = (
    ("shch", "sh"),
    ("tsch", "ch"),
    ("tch", "ch"),
    ("sch", "sh"),
    ("dzh", "zh"),
    ("dj", "zh"),
    ("ou", "u"),
    ("ch", "1"),
    ("sh", "2"),
    ("zh", "3"),
    ("kh", "g"),
    ("gh", "g"),
    ("h", "g"),
    ("ts", "z"),
    ("tz", "z"),
    ("ck", "k"),
    ("ph", "f"),
    ("x", "ks"),
    ("c", "k"),
    ("q", "k"),
    ("w", "v"),
    ("y", "i"),
    ("j", "i"),
    ("ii", "i"),
    ("ie", "e"),
)
_WITHIN = (
    ("tsch", "ch"),
    ("tch", "ch"),
    ("kh", "h"),
    ("iy", "y"),
    ("yi", "y"),
    ("ij", "y"),
    ("y", "i"),
    ("j", "i"),
    ("ie", "e"),
    ("ue", "u"),
    ("oe", "o"),
    ("w", "v"),
    ("q", "k"),
)


def across(word: str) -> str:
    """Equal for a folded word of another script and the Latin one that it is; empty where that cannot be said."""
    plain = word if word.isascii() else anyascii(_CASE.sub("", word, count=1)).lower()
    return _key(plain if plain.isalpha() else _LETTERS.sub("", plain), _ACROSS, True)


def within(word: str) -> str:
    """Equal for two Latin spellings of one folded word; empty where that cannot be said."""
    return _key(word, _WITHIN, False) if word.isascii() and word.isalpha() else ""


@lru_cache(maxsize=1 << 12)
def _key(word: str, rules: tuple[tuple[str, str], ...], coarse: bool) -> str:
    for one, other in rules:
        if one in word:  # less than a call
            word = word.replace(one, other)
    if _TWICE.search(word):
        word = _TWICE.sub(r"\1", word)
    if coarse:
        word = word.rstrip("aeiou")  # the vowels that endings leave
    return word if len(word) >= SHORTEST else ""
