"""A query and its parts: words and phrases, the clauses that they make, and the scopes that narrow it.

`str` of each is its canonical text; its `key` is equal for parts that mean the same.
"""

from dataclasses import dataclass, field
from typing import Literal

Sign = Literal["", "+", "-"]
Strictness = Literal["", "strict", "loose"]


@dataclass(frozen=True, slots=True)
class Term:
    """A word, a hyphenated compound (`words` of several parts) or, when `phrase`, words as written in quotes.

    `written` is what stands in the query; it takes no part in comparison.
    """

    words: tuple[str, ...]
    phrase: bool = False
    written: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f'"{self.written}"' if self.phrase else self.written

    @property
    def key(self) -> str:
        """Equal for terms that mean the same."""
        return f'"{" ".join(self.words)}"' if self.phrase else "-".join(self.words)


@dataclass(frozen=True, slots=True)
class Clause:
    """One idea: any of `options`, each a tuple of terms that all have to be met. `title`: only there."""

    options: tuple[tuple[Term, ...], ...]
    sign: Sign = ""
    title: bool = False

    def __hash__(self) -> int:
        return hash(self.options[0][0].words)  # tells most apart, and takes a quarter of the time that all would

    def __str__(self) -> str:
        if len(self.options) == len(self.options[0]) == 1:
            term = str(self.options[0][0])
            return f"{self.sign}{'title:' if self.title else ''}{term}" if self.sign or self.title else term
        options = " | ".join(" ".join(map(str, option)) for option in self.options)
        return f"{self.sign}{'title:' if self.title else ''}({options})"

    @property
    def key(self) -> str:
        """Equal for clauses that mean the same."""
        if len(self.options) == len(self.options[0]) == 1 and not (
            self.sign or self.title or self.options[0][0].phrase
        ):
            return self.options[0][0].key
        options = sorted({" ".join(sorted({term.key for term in option})) for option in self.options})
        single = len(options) == 1 and " " not in options[0]
        joined = options[0] if single else f"({' | '.join(options)})"
        return f"{self.sign}{'title:' if self.title else ''}{joined}"


@dataclass(frozen=True, slots=True)
class Scope:
    """`source:` or `lang:`, or its negation; `value` is folded."""

    field: Literal["source", "lang"]
    value: str
    negated: bool = False

    def __str__(self) -> str:
        return f"{'-' if self.negated else ''}{self.field}:{self.value}"


@dataclass(frozen=True, slots=True)
class Query:
    """A query as `watchlists.query.parse` reads it. `text` is what the person wrote, stripped."""

    clauses: tuple[Clause, ...]
    scopes: tuple[Scope, ...] = ()
    strictness: Strictness = ""
    text: str = field(default="", compare=False)
    sources: int = 1

    def __str__(self) -> str:
        return " ".join([*self._front, *map(str, self.clauses), *map(str, self.scopes), *self._back])

    @property
    def _front(self) -> list[str]:
        return [f"{self.strictness}:"] if self.strictness else []

    @property
    def _back(self) -> list[str]:
        return [f"sources:{self.sources}"] if self.sources > 1 else []

    @property
    def key(self) -> str:
        """Equal for queries that mean the same, whatever their case, accents, spaces and order."""
        clauses, scopes = {part.key for part in self.clauses}, {*map(str, self.scopes)}
        return " ".join([*self._front, *sorted(clauses), *sorted(scopes), *self._back])

    @property
    def ordered_key(self) -> str:
        """Equal for queries that mean the same in the same order: names are words in their order."""
        clauses, scopes = [clause.key for clause in self.clauses], {*map(str, self.scopes)}
        return " ".join([*self._front, *clauses, *sorted(scopes), *self._back])

    @property
    def ideas(self) -> tuple[Clause, ...]:
        """The clauses that an item should meet."""
        return tuple([clause for clause in self.clauses if clause.sign != "-"])

    @property
    def exclusions(self) -> tuple[Clause, ...]:
        """The clauses that an item must not meet."""
        return tuple([clause for clause in self.clauses if clause.sign == "-"])
