"""Text as the matcher sees it: folded words with their places in the original, and stems.

    "Kremlin’s cease-fire"  →  kremlin [0:7]   cease [10:15] joined→ fire [16:20]

Folding removes what writers of the same word differ in: case, accents, full-width forms, ligatures. Offsets
always count characters of the text as it was given, so that an alert can print the matched words in bold.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

import Stemmer

# Letters that have no decomposition in Unicode and that readers type without their stroke.
_LETTERS = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ı": "i",
        "ŧ": "t",
        "ʻ": "",
        "ʿ": "",
        "ʾ": "",
        "ґ": "г",
    }
)
# Accents, Hebrew points, Arabic vowel signs and the tatweel. The breve is kept where it makes another letter.
_MARKS = re.compile(r"(?<=[и])(\u0306)|[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f]")
# Soft hyphens, joiners, marks of direction and other signs that show nothing.
_UNSEEN = re.compile(r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")

# A run of letters, marks and digits; apostrophes inside; full stops inside abbreviations; `&` inside AT&T;
# thousands and decimals inside numbers; the sharps and pluses of C++ and C#.
_APOSTROPHES = "'’ʼ‘`´′＇"
_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?"
    r"|\d+(?:[.,:]\d+)+(?!\w)"
    rf"|[^\W_](?:[^\W_]|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0900-\u0dff\u200c\u200d\u00ad]"
    rf"|[{_APOSTROPHES}&](?=[^\W_]))*(?:\+\+|\#(?!\w))?"
)
# What makes another thing of the word behind its hyphen: a semi-final is no final.
_PREFIXES = frozenset({"quarter", "semi"})
_HYPHENS = frozenset("-‐‑‒–−－")
_POSSESSIVE = re.compile(rf"[{_APOSTROPHES}]s$", re.IGNORECASE)
# Articles and pronouns that French, Italian and Catalan write onto the next word.
_ELISION = re.compile(
    rf"^(?:[ldjcmnst]|qu|jusqu|lorsqu|puisqu|dell|nell|sull|dall|all|un)[{_APOSTROPHES}](?=[^\W\d_]{{3}})",
    re.IGNORECASE,
)
_QUOTES = str.maketrans("", "", _APOSTROPHES)
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?$")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+$")
# An acronym that in small letters is one of the commonest words.
_ACRONYMS = {"US": "usa", "U.S": "usa", "U.S.": "usa"}


class Token(NamedTuple):
    """One folded word of a text and its place `[start:end]` in the original.

    `joined` says that only a hyphen stands between it and the word before.
    """

    text: str
    start: int
    end: int
    joined: bool = False


@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """The text without what spellings of one word differ in: case, accents, width, ligatures, unseen signs.

    Folding twice gives the same as folding once.
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", _UNSEEN.sub("", text)).casefold().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", plain).casefold()
    plain = _MARKS.sub(lambda found: found.group(1) or "", plain)
    return unicodedata.normalize("NFC", plain)


def tokens(text: str) -> list[Token]:
    """The words of a text in order, folded. Never raises; a text without letters or digits has none."""
    found: list[Token] = []
    last_end = -2  # nothing stands before the first
    for match in _WORD.finditer(text):
        start, end = match.span()
        written = match.group()
        if written.isascii() and written.isalnum():  # nearly all; the rest of the loop would not change them
            joined = start - last_end == 1 and text[last_end] in _HYPHENS
            _append(found, Token(_ACRONYMS.get(written) or written.lower(), start, end, joined))
            last_end = end
            continue
        elided = _ELISION.match(written)
        if elided:
            start += elided.end()
            written = written[elided.end() :]
        possessive = _POSSESSIVE.search(written)
        if possessive:
            end -= len(written) - possessive.start()
            written = written[: possessive.start()]
        word = _word(written)
        if not word:
            continue
        joined = start - last_end == 1 and text[last_end] in _HYPHENS
        _append(found, Token(word, start, end, joined))
        last_end = match.end()
    return found


def _append(found: list[Token], token: Token) -> None:
    if token.joined and found[-1].text in _PREFIXES:
        prefix = found.pop()
        token = Token(prefix.text + token.text, prefix.start, token.end, prefix.joined)
    found.append(token)


def _word(written: str) -> str:
    """One written word, folded: without dots of initials, apostrophes and thousands separators."""
    if written in _ACRONYMS:
        return _ACRONYMS[written]
    if _GROUPED.match(written):
        return written.replace(",", "")
    if _INITIALS.match(written):
        written = written.replace(".", "")
    return fold(written.translate(_QUOTES))


# ISO 639 code → Snowball algorithm. Ukrainian has none there: `_ukrainian` is our own.
_ALGORITHMS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_UKRAINIAN = re.compile("[ієї]")
_CYRILLIC_LANGUAGES = frozenset({"ru", "uk", "be", "bg", "mk", "sr"})
# Case endings of nouns and adjectives and the commonest endings of verbs, longest first.
_UKRAINIAN_ENDING = re.compile(
    "(?:ування|ювання|ення|ання|іями|ями|ами|ими|іми|ого|ому|ього|ьому|ість|ості|істю|еві|ові|ієм|ією"
    "|ого|ими|ать|ять|ють|уть|ити|ати|яти|ів|їв|ах|ях|ам|ям|ою|ею|єю|ої|ій|ий|их|іх|им|ім|ом|ем|єм"
    "|ії|ія|ію|іє|ла|ло|ли|ть|ти|ся|а|я|о|е|є|и|і|у|ю|ь|й)$"
)


# English words that the stemmer takes for forms of other words that are frequent in the news: prison, office, import.
_OWN_STEMS = {
    form: forms[0]
    for forms in (
        ("airliner", "airliners"),
        ("authority", "authorities"),
        ("conservation", "conservationist", "conservationists"),
        ("customer", "customers"),
        ("department", "departments"),
        ("emergency", "emergencies"),
        ("executive", "executives"),
        ("experiment", "experiments", "experimental"),
        ("housing",),
        ("important", "importance"),
        ("marine", "marines"),
        ("officer", "officers"),
        ("prisoner", "prisoners"),
        ("rating", "ratings"),
        ("several",),
        ("shelling",),
        ("training",),
        ("united",),
    )
    for form in forms
}


@lru_cache(maxsize=1 << 14)
def stem(word: str, language: str | None) -> str:
    """The stem of a folded word, in the language of its item where that has the word's script."""
    language = word_language(word, language)
    if language == "uk":
        return _UKRAINIAN_ENDING.sub("", word, count=1) if len(word) > 4 else word
    algorithm = _ALGORITHMS.get(language, "english")
    own = _OWN_STEMS.get(word) if algorithm == "english" else None
    return own or _stemmer(algorithm)(word)


def word_language(word: str, language: str | None) -> str:
    """The language to read a folded word in: the item's, unless the word's script says otherwise."""
    if _CYRILLIC.search(word):
        if language in _CYRILLIC_LANGUAGES:
            return language
        return "uk" if _UKRAINIAN.search(word) else "ru"
    return language if language and language not in _CYRILLIC_LANGUAGES else "en"


@cache
def _stemmer(algorithm: str) -> Callable[[str], str]:
    stems: Callable[[str], str] = Stemmer.Stemmer(algorithm).stemWord
    return stems
