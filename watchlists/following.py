"""The use-cases of following a list, or some of its watches: who follows what, and how."""

from functools import lru_cache

from watchlists.errors import QueryError
from watchlists.i18n import _
from watchlists.model import Item
from watchlists.query import parse
from watchlists.score import forbids
from watchlists.terms import Query

_ANY = "any"  # a query has to want something: what exclusions are read with


def exclusions(text: str) -> Query:
    """What a follower does not want, `-golf -"peace prize" -source:rt.com`, as a query. Raises `QueryError`."""
    query = parse(f"{_ANY} {text}")
    if len(query.ideas) > 1 or not all(scope.negated for scope in query.scopes) or query.sources > 1:
        raise QueryError(_("Write a minus before each thing that you do not want, like: -golf -source:rt.com"))
    return query


def keeps_out(without: str, item: Item) -> bool:
    """Whether a follower's exclusions keep the item out."""
    return forbids(_exclusions(without), item)


@lru_cache(maxsize=1 << 10)
def _exclusions(text: str) -> Query:
    return exclusions(text)
