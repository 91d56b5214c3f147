"""The query language: what a person types into `/watch`, read into a `Query`.

    query   = [ "strict:" | "loose:" ] clause+
    clause  = [ "+" | "-" ] [ "title:" ] ( word | phrase | group )
            | [ "-" ] ( "source:" | "lang:" ) value
            | "sources:" number                 alert when so many independent sources tell the story
    phrase  = '"' text '"'                      any of the quotes people's phones write: " “ ” „ « »
    group   = "(" words ( "|" words )* ")"      alternatives, each of one or more words and phrases

Everything else is plain text: signs that stand alone, emoji and punctuation between words say nothing. A `Query`
equals another when it asks the same in the same order; its `key` is equal also when only case, accents, spaces
or the order of the words differ. `str(query)` is its canonical text: reading that gives an equal query.
"""

import re
from functools import lru_cache

from watchlists import text as texts
from watchlists.errors import QueryError
from watchlists.i18n import N_, _, quoted
from watchlists.identity import site
from watchlists.terms import Clause, Query, Scope, Sign, Strictness, Term

MAX_CHARACTERS = 256
MAX_TERMS = 16
MAX_SOURCES = 20
QUOTES = '"“”„‟«»＂'

_SIGNS: dict[str, Sign] = {"+": "+", "＋": "+", **dict.fromkeys("-–−‐‑", "-")}
_QUOTE = re.compile(f"[{QUOTES}]")
_RUN = re.compile(rf"[^\s{QUOTES}()|]+")
_FIELD = re.compile(r"([^\W\d_]+):")
_STRICTNESS = re.compile(r"\s*(strict|loose):", re.IGNORECASE)
_FIELDS = ("title", "source", "lang", "sources")
_ADDRESS = re.compile(r"(?:https?://)?([^/?#]*)(.*)", re.DOTALL)
_SIMPLE = re.compile(r"[a-zA-Z0-9]+(?: [a-zA-Z0-9]+)*")
_NOTHING_FOLLOWS = N_("Nothing follows {name}: – write a word right behind the colon.")


def parse(text: str) -> Query:
    """Reads a query. Raises `QueryError`, whose text names the place and the mend, and whose `position` is it."""
    if len(text.strip()) > MAX_CHARACTERS:
        message = _("That is {length} characters long and a watch may have {most}: shorten it.")
        raise QueryError(message.format(length=len(text.strip()), most=MAX_CHARACTERS), MAX_CHARACTERS)
    if _SIMPLE.fullmatch(text) and text.count(" ") < MAX_TERMS:
        return Query(tuple(map(_simple, text.split(" "))), text=text)
    reader = _Reader(text)
    reader.read()
    query = Query(tuple(reader.clauses), tuple(reader.scopes), reader.strictness, text.strip(), reader.sources)
    if not query.ideas:
        raise QueryError(_nothing_wanted(query), 0)
    return query


def _nothing_wanted(query: Query) -> str:
    if query.exclusions:
        return _("That only says what must not be there. Add at least one word that should be, like: tariffs -golf")
    if query.scopes:
        return _("Add at least one word to watch for, like: tariffs {scope}").format(scope=query.scopes[0])
    return _("There is no word to watch for. Write a few, like: Gaza ceasefire")


class _Reader:
    """Reads pieces from left to right; each method takes what it names and moves `at` behind it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.clauses: list[Clause] = []
        self.scopes: list[Scope] = []
        self.strictness: Strictness = ""
        self.sources = 1
        self.at = 0
        self.terms = 0

    def read(self) -> None:
        front = _STRICTNESS.match(self.text)
        if front:
            self.strictness = "strict" if front.group(1).lower() == "strict" else "loose"
            self.at = front.end()
            again = _STRICTNESS.match(self.text, self.at)
            if again:
                raise QueryError(_("Write strict: or loose: once, in front: take one of them out."), again.start(1))
        while self.at < len(self.text):
            if self.text[self.at].isspace():
                self.at += 1
            elif self.text[self.at] == ")":
                raise QueryError(_("This closing bracket has no opening one: add ( in front, or remove it."), self.at)
            elif self.text[self.at] == "|":
                raise QueryError(_("Put alternatives in round brackets, like: ceasefire (Gaza | Lebanon)"), self.at)
            else:
                self.clause()

    def clause(self) -> None:
        """One clause; a sign that stands alone says nothing."""
        start = self.at
        sign, name = self.prefix()
        behind = self.text[self.at : self.at + 1]
        if name and not behind.strip(" \t\n)|"):
            raise QueryError(_(_NOTHING_FOLLOWS).format(name=name), start)
        again = _FIELD.match(self.text, self.at)
        if name and again and again[1].lower() in (*_FIELDS, "strict", "loose"):
            message = _("Only one field can stand here: remove {name}: or this {other}:")
            raise QueryError(message.format(name=name, other=again[1].lower()), self.at)
        if name == "sources":
            self.sources = self.number(sign, start)
            return
        if name in ("source", "lang"):
            if sign == "+":
                raise QueryError(_("Remove the +: an item has to meet {name}: in any case.").format(name=name), start)
            self.scopes.append(Scope("source" if name == "source" else "lang", self.value(name), sign == "-"))
            return
        if not behind.strip():
            return
        options = self.options()
        if options:
            self.add(options, sign, name == "title")
        elif sign or name:
            message = _("There is no word in {text}: write letters or digits.")
            raise QueryError(message.format(text=self.text[start : self.at]), start)

    def prefix(self) -> tuple[Sign, str]:
        """The sign and the lower-case name of the field that stand in front of a clause, each perhaps empty."""
        sign = _SIGNS.get(self.text[self.at : self.at + 1], "")
        self.at += len(sign)
        found = _FIELD.match(self.text, self.at)
        name = found[1].lower() if found else ""
        if found is None or (name not in _FIELDS and not self.text[found.end() : found.end() + 1].strip()):
            return sign, ""  # also `Live: …`, which is plain text
        if name in ("strict", "loose"):
            raise QueryError(_("Write {name}: in front of everything else.").format(name=name), self.at)
        if name not in _FIELDS:
            message = _(
                "There is no field {name}: – there are title:, source:, lang: and sources:. "
                "For plain text leave a space behind the colon."
            )
            raise QueryError(message.format(name=name), self.at)
        self.at = found.end()
        return sign, name

    def options(self) -> tuple[tuple[Term, ...], ...]:
        """The alternatives of a group; a word or phrase is one alternative. None if there is no word."""
        if self.text[self.at] == "(":
            return self.group()
        option = self.term()
        return (option,) if option else ()

    def group(self) -> tuple[tuple[Term, ...], ...]:
        """`( a b | c )`, from the opening bracket to the closing one."""
        opened = self.at
        options: list[tuple[Term, ...]] = [()]
        self.at += 1
        while self.text[self.at : self.at + 1] != ")":
            sign = self.text[self.at : self.at + 1]
            if not sign:
                raise QueryError(_("This bracket is never closed: add ) behind the last alternative."), opened)
            if sign == "(":
                raise QueryError(_("Brackets cannot stand inside brackets: take out the inner ones."), self.at)
            if sign == "|":
                options.append(())
                self.at += 1
            elif sign.isspace():
                self.at += 1
            else:
                options[-1] += self.inside()
        self.at += 1
        if len(options) > 1 and not all(options):
            raise QueryError(_("One of these alternatives is empty: write a word there, or remove its |."), opened)
        return tuple(option for option in options if option)

    def inside(self) -> tuple[Term, ...]:
        """A word or phrase inside brackets, where signs and fields have no place."""
        start = self.at
        sign, name = self.prefix()
        if name or (sign and self.text[self.at : self.at + 1].strip()):
            message = _("Write {sign} in front of the brackets, not inside.")
            raise QueryError(message.format(sign=sign or f"{name}:"), start)
        return self.term() if self.at < len(self.text) and self.text[self.at] not in ")|(" else ()

    def term(self) -> tuple[Term, ...]:
        """A phrase, or a run of characters up to the next space, quote or bracket: perhaps several words."""
        start = self.at
        if self.text[start] not in QUOTES:
            self.at = _run_end(self.text, start)
            return self.counted(_plain(self.text[start : self.at]), start)
        closed = _QUOTE.search(self.text, start + 1)
        if not closed:
            message = _("The quote before {words} is never closed: add one more, or remove it.")
            raise QueryError(message.format(words=_glimpse(self.text[start + 1 :])), start)
        self.at = closed.end()
        inner = self.text[start + 1 : closed.start()].strip()
        words = _folded(texts.tokens(inner))
        if not words:
            raise QueryError(_("There is no word between these quotes: write one or remove them."), start)
        return self.counted((Term(words, True, inner),), start)

    def counted(self, terms: tuple[Term, ...], position: int) -> tuple[Term, ...]:
        self.terms += len(terms)
        if self.terms > MAX_TERMS:
            message = _(
                "A watch may have {most} words and phrases; from here on it is too many. "
                "Remove some, or make two watches."
            )
            raise QueryError(message.format(most=MAX_TERMS), position)
        return terms

    def value(self, name: str) -> str:
        """What `source:` or `lang:` ask for, folded; quotes around it may stand or not."""
        start = self.at
        if self.text[start] in QUOTES or self.text[start] == "(":
            message = _("Write the word right behind {name}: without quotes or brackets.")
            raise QueryError(message.format(name=name), start)
        self.at = _run_end(self.text, start)
        value = texts.fold(self.text[start : self.at])
        value = _site(value, start) if name == "source" else value.strip("./,;:")
        if not value:
            raise QueryError(_(_NOTHING_FOLLOWS).format(name=name), start)
        return value

    def number(self, sign: Sign, start: int) -> int:
        """What `sources:` asks for."""
        value = self.value("sources")
        if sign or not value.isdecimal() or not 1 <= int(value[:9]) <= MAX_SOURCES:
            message = _("Behind sources: stands how many sources have to report a story, from 1 to {most}: sources:2")
            raise QueryError(message.format(most=MAX_SOURCES), start)
        return int(value)

    def add(self, options: tuple[tuple[Term, ...], ...], sign: Sign, title: bool) -> None:
        """Adds a clause; words without a sign that were written together are separate ideas."""
        if len(options) > 1 or (sign == "-" and len(options[0]) > 1):
            self.clauses.append(Clause(options, sign, title))
        else:
            self.clauses += [Clause(((term,),), sign, title) for term in options[0]]


@lru_cache(maxsize=1 << 16)
def _simple(written: str) -> Clause:
    """The clause of one plain word; equal words of different queries share it."""
    return Clause((_plain(written),))


def _site(written: str, start: int) -> str:
    """The site in what people copy from an address bar. Raises `QueryError` for a part of a site."""
    found = _ADDRESS.match(written)
    host, rest = (found[1], found[2]) if found else (written, "")
    name = host.strip(".,;:")
    while name != (known := site(f"https://{name}")):  # `www.m.` are two
        name = known
    if name and rest.strip("/.,;:"):
        message = _("A source is a whole site, without {rest} behind it: source:{name}")
        raise QueryError(message.format(rest=_glimpse(rest), name=name), start)
    return name


def _run_end(text: str, start: int) -> int:
    found = _RUN.match(text, start)
    return found.end() if found else start + 1


def _plain(written: str) -> tuple[Term, ...]:
    """The terms of a run of characters without spaces: parts that hyphens join are one term."""
    terms: list[list[texts.Token]] = []
    for token in texts.tokens(written):
        if token.joined and terms:
            terms[-1].append(token)
        else:
            terms.append([token])
    return tuple(Term(_folded(parts), False, written[parts[0].start : parts[-1].end]) for parts in terms)


def _folded(tokens: list[texts.Token]) -> tuple[str, ...]:
    """The words as a watch means them: nobody watches for the pronoun, so `us` is the country in any case."""
    return tuple("usa" if token.text == "us" else token.text for token in tokens)


def _glimpse(text: str) -> str:
    return quoted(text[:20].strip() + ("…" if len(text) > 20 else ""))
