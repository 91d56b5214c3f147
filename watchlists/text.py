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
# Chinese and Japanese leave no spaces: a Han character is a word of its own, a run of either kana one, the rest one.
_UNSPACED = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]")
_PARTS = re.compile(
    r"[\u3005\u3400-\u9fff\uf900-\ufaff]|[\u30a0-\u30ff\uff66-\uff9f]+|[\u3040-\u309f]+"
    r"|[^\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]+"
)
_HYPHENS = frozenset("-‐‑‒–−－")
# English, and the endings that Turkish writes behind a name.
_POSSESSIVE = re.compile(rf"[{_APOSTROPHES}](?:s|[dt][ae]n?|n[iıuü]n|y[aeiıuü])$", re.IGNORECASE)
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

    `joined` says that only a hyphen, or nothing, stands between it and the word before.
    """

    text: str
    start: int
    end: int
    joined: bool = False


@lru_cache(maxsize=1 << 12)
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
        if _UNSPACED.search(written):
            _append_unspaced(found, written, start, start - last_end == 1 and text[last_end] in _HYPHENS)
            last_end = match.end()
            continue
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


def _append_unspaced(found: list[Token], written: str, start: int, joined: bool) -> None:
    """The parts of a run of Chinese or Japanese, which joined as they are stand for its words."""
    for part in _PARTS.finditer(written):
        word = _word(part.group())
        if word:
            found.append(Token(word, start + part.start(), start + part.end(), joined))
            joined = True


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
    "tr": "turkish",
}
# What a script may be the language of; the first where the item does not say.
_SCRIPTS = (
    (re.compile("[\u0400-\u04ff]"), ("ru", "uk", "be", "bg", "mk", "sr")),
    (re.compile("[\u0600-\u06ff]"), ("ar", "fa", "ur")),
    (re.compile("[\u0370-\u03ff]"), ("el",)),
    (re.compile("[\u0900-\u097f]"), ("hi",)),
    (re.compile("[\uac00-\ud7a3]"), ("ko",)),
)
_LATIN = frozenset(_ALGORITHMS) - {language for _, languages in _SCRIPTS for language in languages} | {"sr"}
# The languages of which a word may be read otherwise than without one; see `stem` and `word_language`.
LANGUAGES = frozenset(_ALGORITHMS) | {language for _, languages in _SCRIPTS for language in languages}
_UKRAINIAN = re.compile("[ієї]")
# Case endings of nouns and adjectives and the commonest endings of verbs, longest first.
_UKRAINIAN_ENDING = re.compile(
    "(?:ування|ювання|ення|ання|іями|ями|ами|ими|іми|ого|ому|ього|ьому|ість|ості|істю|еві|ові|ієм|ією"
    "|ого|ими|ать|ять|ють|уть|ити|ати|яти|ів|їв|ах|ях|ам|ям|ою|ею|єю|ої|ій|ий|их|іх|им|ім|ом|ем|єм"
    "|ії|ія|ію|іє|ла|ло|ли|ть|ти|ся|а|я|о|е|є|и|і|у|ю|ь|й)$"
)
# What Korean writes onto a noun of two syllables or more.
_KOREAN_PARTICLE = re.compile(
    "(?<=[가-힣]{2})(?:에서는?|에게|에는|으로|까지|부터|은|는|이|가|을|를|의|에|와|과|로|도|만)$"
)


# English words that the stemmer takes for forms of other words that are frequent in the news: prison, office, import.
_OWN = """
    airliner airliners / authority authorities / conservation conservationist conservationists / customer customers /
    department departments / emergency emergencies / executive executives / experiment experiments experimental /
    housing / important importance / marine marines / medical / messy / officer officers / prisoner prisoners /
    rating ratings / route routes / several / shelling / training / united
"""
_OWN_STEMS = {form: forms.split()[0] for forms in _OWN.split("/") for form in forms.split()}
# How British spelling differs by rule. What these make of other words is no word, so that nothing meets it.
_BRITISH = (
    (re.compile(r"(?<=[a-z]{4})is(?=(?:ations?|e[drs]?|ers|ing)$)"), "iz"),  # organise
    (re.compile(r"(?<=[a-z]{3}l)ys(?=(?:e[drs]?|ers|ing)$)"), "yz"),  # paralyse
    (re.compile(r"(?<=[a-z]{3})our(?=(?:s|ed|ing|able|ful|ites?|hoods?|al|ist|ists)?$)"), "or"),  # colour
    (re.compile(r"(?<=[a-z]{2}[bt])re(?=s?$)"), "er"),  # centre
    (re.compile(r"(?<=[a-z]{2}[aeiou])ll(?=(?:ed|ing|ers?|ors?|ous)$)"), "l"),  # travelled
    (re.compile(r"(?<=[a-z]{3})enc(?=es?$)"), "ens"),  # defence
    (re.compile(r"(?<=[a-z]{2}og)ue(?=s?$)"), ""),  # catalogue
    (re.compile(r"(?<=m)me(?=s?$)"), ""),  # programme
    (re.compile(r"(?<=[a-z]{2}g)e(?=ments?$)"), ""),  # judgement
    (re.compile(r"(?<=[a-z])[ao]e(?=[a-km-z][a-z]{3})"), "e"),  # paediatric
)
_BRITISH_AT_ALL = re.compile("[iy]s|our|[bt]re|ll|enc|ogu|mme|ge|[ao]e")  # most words: no


@lru_cache(maxsize=1 << 14)
def stem(word: str, language: str | None) -> str:
    """The stem of a folded word, in the language of its item where that has the word's script."""
    language = word_language(word, language)
    if language == "uk":
        return _UKRAINIAN_ENDING.sub("", word, count=1) if len(word) > 4 else word
    if language == "ko":
        return _KOREAN_PARTICLE.sub("", word, count=1)
    algorithm = _ALGORITHMS.get(language, "english")
    if algorithm != "english":
        return _stemmer(algorithm)(word)
    return _OWN_STEMS.get(word) or _stemmer(algorithm)(_american(word))


def _american(word: str) -> str:
    if _BRITISH_AT_ALL.search(word):
        for british, letters in _BRITISH:
            word = british.sub(letters, word)
    return word


def word_language(word: str, language: str | None) -> str:
    """The language to read a folded word in: the item's, unless the word's script says otherwise."""
    if word.isascii():
        return language if language in _LATIN else "en"
    for script, languages in _SCRIPTS:
        if script.search(word):
            if language and language in languages:
                return language
            return "uk" if _UKRAINIAN.search(word) else languages[0]
    return language if language in _LATIN else "en"


@cache
def _stemmer(algorithm: str) -> Callable[[str], str]:
    stems: Callable[[str], str] = Stemmer.Stemmer(algorithm, 0).stemWord  # its own cache would cost more than it saves
    return stems
