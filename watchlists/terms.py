"""The parts of a query: words and phrases, the clauses that they make, and the scopes that narrow it.

`str` of each is its canonical text; its `key` is equal for parts that mean the same.
"""

from dataclasses import dataclass, field
from typing import Literal

Sign = Literal["", "+", "-"]


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

    def __str__(self) -> str:
        if len(self.options) == len(self.options[0]) == 1:
            return f"{self.sign}{'title:' if self.title else ''}{self.options[0][0]}"
        options = " | ".join(" ".join(map(str, option)) for option in self.options)
        return f"{self.sign}{'title:' if self.title else ''}({options})"

    @property
    def key(self) -> str:
        """Equal for clauses that mean the same."""
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
