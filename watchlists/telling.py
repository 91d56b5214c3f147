"""What a further report adds to a story that is told already: nothing worth a message, or new facts.

A chat gets one alert per story. A report with a rare name or a number that no earlier report had is told anew, in
reply to that alert; and headlines that differ in their numbers only ("Bitcoin at 91,234") are one series.
"""

import re
from collections.abc import Iterable
from datetime import timedelta

from watchlists import aliases, text, words
from watchlists.identity import canonical_link
from watchlists.model import Item

RARE = 3.0  # Zipf frequency: below it a capitalised word is a name that tells one event from another
_ONE_ARTICLE = timedelta(hours=1)  # between the dates that two feeds of a publisher give it
_NAME_LETTERS = 4  # shorter ones are initials, units and parts of names
_TITLE_CASE = 0.7  # of a headline's longer words: then capitals mark no names
_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")
_MONTH = re.compile(
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def series(item: Item) -> str:
    """Equal for items of one publisher whose headlines differ in nothing but numbers."""
    return " ".join([item.source, *_DIGITS.sub("#", text.fold(item.title)).split()])


def is_same_article(one: Item, other: Item) -> bool:
    """Whether two items are one article: the same link, or the same headline and text by the same publisher.

    A headline such as "Statement by the minister" comes back over another text, or hours later.
    """
    if one.url and canonical_link(one.url) == canonical_link(other.url):
        return True
    if one.source != other.source or text.fold(one.title) != text.fold(other.title):
        return False
    if one.published and other.published and abs(one.published - other.published) > _ONE_ARTICLE:
        return False
    short, long = sorted(([token.text for token in text.tokens(item.summary)] for item in (one, other)), key=len)
    if not short:
        return True
    last = len(short) - 1  # of a text that its feed has cut this may be a part of a word
    return long[:last] == short[:last] and long[last].startswith(short[last])


def new_facts(item: Item, earlier: Iterable[Item]) -> tuple[str, ...]:
    """The rare names and the numbers of the headline, as printed, that no earlier report in its language has.

    Empty where no earlier report is in the item's language: other words for the same say nothing.
    """
    told = [other for other in earlier if (other.lang or "en") == (item.lang or "en")]
    if not told:
        return ()
    known = {form for other in told for form in _forms(f"{other.title} {other.summary}", item.lang)}
    found = [token for token in _telling(item.title, item.lang) if known.isdisjoint(_forms(token, item.lang))]
    return tuple(dict.fromkeys(found))


def _telling(title: str, lang: str | None) -> list[str]:
    """The words of a headline that may be new facts, as printed. Each headline begins with a capital."""
    found = [(token.text, title[token.start : token.end]) for token in text.tokens(title)]
    long = [printed for _, printed in found if len(printed) >= _NAME_LETTERS]
    is_title_case = sum(printed[:1].isupper() for printed in long) > _TITLE_CASE * len(long)
    months = {number for number, (folded, _) in enumerate(found) if _MONTH.fullmatch(folded)}
    return [
        printed
        for number, (folded, printed) in enumerate(found)
        if (_is_number(folded) and months.isdisjoint((number - 1, number + 1)))
        or (number > 0 and not is_title_case and _is_rare_name(folded, printed, lang))
    ]


def _is_number(folded: str) -> bool:
    """Two digits and more; one digit, a year and the day of a month say too little."""
    return len(folded) > 1 and folded[0].isdigit() and not _YEAR.fullmatch(folded)


def _is_rare_name(folded: str, printed: str, lang: str | None) -> bool:
    if len(folded) < _NAME_LETTERS or not printed[:1].isupper() or not folded.isalpha():
        return False
    return words.zipf(folded, text.word_language(folded, lang)) < RARE


def _forms(written: str, lang: str | None) -> Iterable[str]:
    """The words of a text, their stems, and the other spellings of the names among them."""
    for token in text.tokens(written):
        yield token.text
        yield text.stem(token.text, lang)
        for alias in aliases.of((token.text,)):
            yield from alias.words if len(alias.words) == 1 and not alias.hint else ()
