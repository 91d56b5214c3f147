"""Back-test: which watches hit which items, as JSON lines.

The watches file has one query a line, or is a watchlist in TOML. A line that begins with # is a comment, and so is
what follows a # between spaces. The items are JSON lines, as `wirewatch feed` prints them. Each hit is one line: the
watch as written, the item's id, the score (0-100) and the evidence. A watch that cannot be read ends the command
before it prints anything (exit code 2); an item line that cannot be read is named on stderr and left out (exit code 1).
"""

import argparse
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.itemlines import open_items
from bot.jsonlines import to_line
from watchlists.errors import QueryError, WirewatchError

if TYPE_CHECKING:
    from watchlists.model import Match
    from watchlists.terms import Query

HELP = "show which watches hit which items (back-test)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The two files."""
    parser.add_argument("--watches", metavar="FILE", required=True, help="one query a line, or a watchlist TOML")
    parser.add_argument("--items", metavar="FILE|-", required=True, help="items as JSON lines; - reads standard input")


def main(arguments: argparse.Namespace) -> int:
    """Print a line per hit, by item and then by watch; 1 where an item line could not be read."""
    from watchlists.index import Index, in_bulk

    index, texts = Index(), []
    with in_bulk():
        for key, query in enumerate(_queries(arguments.watches)):
            index.add(key, query)
            texts.append(query.text)
    if not texts:
        raise WirewatchError(f"{arguments.watches} has no watches: write one query a line.")
    with open_items(arguments.items) as items:
        for item in items:
            for key, match in index.hits(item):
                line = to_line(_hit(texts[key], item.id, match)) + "\n"
                sys.stdout.buffer.write(line.encode("utf-8"))
    sys.stdout.buffer.flush()
    return 1 if items.bad else 0


def _hit(watch: str, item: str, match: "Match") -> dict[str, Any]:
    evidence = [{"term": one.term, "found": one.found, "how": one.how} for one in match.evidence]
    return {"watch": watch, "item": item, "score": match.score, "evidence": evidence}


def _queries(name: str) -> "Iterator[Query]":
    """All watches of the file; the first that cannot be read is a `WirewatchError` that names its line."""
    try:
        text = Path(name).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise WirewatchError(f"{name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise WirewatchError(f"{name} is not UTF-8 text.") from None
    yield from _from_toml(text, name) if _is_toml(text, name) else _from_lines(text, name)


def _is_toml(text: str, name: str) -> bool:
    """A TOML file by its name, or because it reads as TOML that holds watches."""
    if name.endswith(".toml"):
        return True
    try:
        return "watches" in tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False


def _from_toml(text: str, name: str) -> "list[Query]":
    """A watchlist, or no more than `watches = ["…", "…"]`."""
    from watchlists.list_files import parse_watchlist

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WirewatchError(f"{name} is not valid TOML: {error}.") from None
    if set(document) == {"watches"} and isinstance(document["watches"], list):
        bare = [one.get("query") if isinstance(one, dict) else one for one in document["watches"]]
        texts = [one for one in bare if isinstance(one, str)]
        if len(texts) < len(bare):
            raise WirewatchError(f"{name}: each of the watches should be a text or a table with a query.")
        return [_parsed(one, f"{name}, watch {number}") for number, one in enumerate(texts, start=1)]
    return [watch.query for watch in parse_watchlist(text, name).watches]


def _from_lines(text: str, name: str) -> "Iterator[Query]":
    lines = ((number, _without_comment(line.strip())) for number, line in enumerate(text.split("\n"), start=1))
    return (_parsed(line, f"{name}, line {number}") for number, line in lines if line)


def _without_comment(line: str) -> str:
    """The query of a line. `#MeToo` is a word, and what stands between quotes belongs to a phrase."""
    from watchlists.query import QUOTES

    if line.startswith("#"):
        return ""
    for found in re.finditer(r"\s#(?=\s|$)", line):
        if sum(line.count(quote, 0, found.start()) for quote in QUOTES) % 2 == 0:
            return line[: found.start()].rstrip()
    return line


def _parsed(written: str, place: str) -> "Query":
    from watchlists.query import parse

    try:
        return parse(written)
    except QueryError as error:
        shown = json.dumps(written[:60], ensure_ascii=False)
        raise WirewatchError(f"{place}, character {error.position + 1} of {shown}: {error}") from None
