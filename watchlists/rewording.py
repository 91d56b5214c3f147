"""A watch's text with one thing changed, and all else as the person wrote it."""

import re

from watchlists.query import QUOTES, parse
from watchlists.terms import Strictness

_STRICTNESS = re.compile(r"\s*(?:strict|loose):", re.IGNORECASE)
_QUOTED = rf"[{QUOTES}][^{QUOTES}]*[{QUOTES}]"
_SOURCES = re.compile(rf"({_QUOTED})|(?<!\S)sources:\d+(?!\S)", re.IGNORECASE)


def with_strictness(written: str, strictness: Strictness) -> str:
    """The watch's text, strict, loose or neither."""
    if parse(written).strictness == strictness:
        return written
    rest = _STRICTNESS.sub("", written, count=1).strip() if _STRICTNESS.match(written) else written
    return f"{strictness}: {rest}" if strictness else rest


def with_sources(written: str, sources: int) -> str:
    """The watch's text, for alerts when so many independent sources tell a story; 1 for alerts at the first."""
    if parse(written).sources == sources:
        return written
    rest = _SOURCES.sub(lambda found: found[1] or "", written)
    rest = rest if rest == written else " ".join(rest.split())
    return f"{rest} sources:{sources}" if sources > 1 else rest


def without(written: str, word: str) -> str:
    """The watch's text, with a word excluded; unchanged where it is already."""
    return written if f"-{word}" in written.split() else f"{written} -{word}"
