"""Which language an item is in, by what its feed, the operator and the server say of it.

Many feeds carry the `en-us` of the template they were made from. What is said is believed unless it is no
language, or the text is in a script that the language is not written in.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import islice

_NONE = frozenset(("und", "mul", "mis", "zxx", "xx"))  # ISO 639's ways of saying nothing, and a template's
_LETTERS = 40  # that are looked at
_LATIN = "LATIN"
# First words of the names of letters in Unicode → languages written so. A script that is missing here proves nothing.
_SCRIPTS = {
    "CYRILLIC": "ab av ba be bg ce cu cv kk kv ky mk mn os ro ru sah sh sr tg tk tt udm uk uz",
    "GREEK": "el grc",
    "ARABIC": "ar az ckb dv fa ha kk ks ku ky ms pa ps sd ug ur uz",
    "HEBREW": "he iw ji yi",
    "DEVANAGARI": "bh hi kok ks mai mr ne pi sa sd",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "cmn ja ko yue zh",
    "THAI": "pi th",
    "GEORGIAN": "ka xmf",
    "ARMENIAN": "hy",
}
_WRITTEN = {script: frozenset(codes.split()) for script, codes in _SCRIPTS.items()}


def language(tag: str) -> str | None:
    """The lower-case primary code of a language tag: `pt` for `pt-BR`; None where it names no language."""
    found = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*", tag.strip())
    code = found[1].lower() if found else None
    return None if code in _NONE else code


def first_fitting(tags: Iterable[str], text: str) -> str | None:
    """The code of the first tag that names a language in which `text` may be written; None where there is none."""
    codes = [code for code in map(language, tags) if code]
    if not codes or text.isascii():
        return next(iter(codes), None)
    written = _WRITTEN.get(_script(text))
    return next((code for code in codes if written is None or code in written), None)


def _script(text: str) -> str:
    """The script of most letters at the beginning of `text`, by Unicode's names; Latin where they are few."""
    scripts = [unicodedata.name(letter, "").partition(" ")[0] for letter in islice(filter(str.isalpha, text), _LETTERS)]
    return max(set(scripts), key=scripts.count) if scripts else _LATIN
