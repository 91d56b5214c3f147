"""Our own HTML as plain text: for the one retry without formatting, cut to what Telegram takes."""

import re
from html import unescape

MAX_UNITS = 4096
_TAG = re.compile(r"<[^<>]*>")


def units(text: str) -> int:
    """The length of `text` as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """`text` with at most `limit` UTF-16 units, ended by an ellipsis where something was cut."""
    if units(text) <= limit:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (limit - 1)].decode("utf-16-le", "ignore")
    return kept.rstrip() + "…"


def to_plain(html: str) -> str:
    """The text of a message that this program rendered, without its tags."""
    return cut(unescape(_TAG.sub("", html)), MAX_UNITS)
