"""Texts that nobody means: any script, size and order of signs; seeded, so that each run has the same."""

import random
from collections.abc import Callable

WORDS = [
    *("the who", "a", "of the", "Gaza", "Zelensky", "Зеленський", "ceasefire", "cease-fire", "AT&T", "C++", "U.S."),
    *("停戦", "平和 計画", "هدنة غزة", "הפסקת אש", "युद्धविराम", "휴전 협상", "ประชุม", "🔔", "ß", "İstanbul", "ﬁnal"),
    *("20-point", "1,000.5", "rock 'n' roll", "x", "goverment", "Isreal", "mar-a-lago", "Donaudampfschifffahrt"),
]
SIGNS = "-–—'’\"“”().,:;!?+*/\\|&#@_~^=<>[]{}%$€ \t\n\r\x00\x1f\u00ad\u200b\u200d\u200e\u202e\u2060\ufeff\ufe0f\ud800"
MARKS = "".join(map(chr, range(0x300, 0x370)))


def _any_characters(chance: random.Random) -> str:
    return "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randrange(300)))


def _zalgo(chance: random.Random) -> str:
    return "".join(letter + "".join(chance.choices(MARKS, k=20)) for letter in chance.choice(WORDS) * 8)


def _one_long_word(chance: random.Random) -> str:
    return chance.choice(["a", "ab", "Gaza", "ж", "中", "🔔", "1", "-", "'a", "a-", "&", "й"]) * 100_000


def _many_words(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=1000))


def _letters_apart(chance: random.Random) -> str:
    return chance.choice([" ", "-", "'", ".", "\u200b"]).join(chance.choices("abcdefgaeiouжи中", k=900))


def _words_run_together(chance: random.Random) -> str:
    return "".join(chance.choices(WORDS, k=60))


def _signs_between(chance: random.Random) -> str:
    return "".join(chance.choice(WORDS) + "".join(chance.choices(SIGNS, k=3)) for _ in range(100))


def _words_misspelt(chance: random.Random) -> str:
    mixed = [chance.sample(word, len(word)) for word in chance.choices(WORDS, k=100)]
    return " ".join("".join(letters) for letters in mixed)


KINDS: list[Callable[[random.Random], str]] = [
    _any_characters, _zalgo, _one_long_word, _many_words,
    _letters_apart, _words_run_together, _signs_between, _words_misspelt,
]  # fmt: skip


def texts(count: int) -> list[str]:
    """So many, of each kind in turn."""
    chance = random.Random(20)
    return [KINDS[number % len(KINDS)](chance) for number in range(count)]
