"""The feeds that a web page names: `<link rel="alternate" type="application/rss+xml" href="…">`.

Tolerant, because pages are broken, and bounded, because they are written by strangers: one pass over the first
300,000 characters, each tag at most 2,000 long. (The standard library's HTML parser is quadratic on unclosed tags.)
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from watchlists.clean import clean

PAGE = 300_000  # bytes: feeds are named in the head
_TAG = 2_000  # characters
_TAGS = 400
_URL = 2_048
_PLACES = re.compile(r"<!--|<(?:script|style|link|base)(?=[\s/>])", re.IGNORECASE)
_CLOSERS = {"<!--": "-->", "<script": "</script", "<style": "</style"}
_ATTRIBUTE = re.compile(
    r"""(?<![a-z-])([a-z-]{1,20})\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
_TYPES = re.compile(r"(?:application|text)/(?:rss\+xml|atom\+xml|rdf\+xml|feed\+json|rss|atom|xml)|application/json")
_CHARSET = re.compile(r"charset\s{0,5}=\s{0,5}[\"']?([a-z0-9_-]{2,20})", re.IGNORECASE)
# Python knows codecs that are no encodings of text, and slow ones: only these are used because a page says so.
_CHARSETS = re.compile(
    r"utf-?8|iso-8859-\d{1,2}|windows-125\d|koi8-[ru]|shift_jis|euc-(?:jp|kr)|gbk|gb2312|gb18030|big5"
)
_COMMENTS = re.compile(r"/comments?\b|comments?/feed", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page names: absolute http(s) address, and the page's word for it."""

    url: str
    title: str


def looks_like_page(body: bytes) -> bool:
    """Whether an answer begins as HTML does; a feed, however it is labelled, does not."""
    start = body[:1_024].lower()
    return (b"<html" in start or b"<!doctype html" in start) and b"<rss" not in start and b"<feed" not in start


def feed_links(body: bytes, content_type: str, url: str) -> tuple[FeedLink, ...]:
    """The feeds named in the page at `url`, in its order, each once; feeds of comments come last."""
    text = _decoded(body[:PAGE], content_type)
    base, found = url, dict[str, FeedLink]()
    for name, attributes in _tags(text):
        if name == "base":
            base = _absolute(attributes.get("href", ""), url) or base
        elif _is_feed(attributes):
            address = _absolute(attributes.get("href", ""), base)
            if address:
                found.setdefault(address, FeedLink(address, clean(attributes.get("title", ""))))
    return tuple(sorted(found.values(), key=lambda link: bool(_COMMENTS.search(link.url))))


def _is_feed(attributes: dict[str, str]) -> bool:
    relations = attributes.get("rel", "").lower().split()
    kind = attributes.get("type", "").partition(";")[0].strip().lower()
    if "alternate" in relations:
        return bool(_TYPES.fullmatch(kind)) and "oembed" not in attributes.get("href", "").lower()
    return "feed" in relations


def _tags(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each link and base tag with its attributes; what stands in comments and scripts is none."""
    position, count, low = 0, 0, text.lower()
    absent: set[str] = set()
    while count < _TAGS and (place := _PLACES.search(text, position)):
        opener = place[0].lower()
        closer = _CLOSERS.get(opener)
        if closer is None:
            count += 1
            tag = text[place.end() : place.end() + _TAG]
            yield opener[1:], _attributes(tag)
            position = place.end()
            continue
        end = -1 if closer in absent else low.find(closer, place.end())
        if end < 0:  # never closed: read on, and search for its end no more
            absent.add(closer)
        position = place.end() if end < 0 else end + len(closer)


def _attributes(tag: str) -> dict[str, str]:
    """The attributes up to the `>` that closes the tag; the first of each name counts."""
    found: dict[str, str] = {}
    position = 0
    while place := _ATTRIBUTE.search(tag, position):
        if ">" in tag[position : place.start()]:
            break
        value = next((group for group in place.groups()[1:] if group is not None), "")
        found.setdefault(place[1].lower(), html.unescape(value))
        position = place.end()
    return found


def _absolute(address: str, base: str) -> str:
    """`address` as an absolute http(s) URL; empty where it is none or says nothing."""
    relative = clean(address).replace(" ", "%20")
    if not relative:
        return ""
    try:
        joined = urljoin(base, relative)
        parts = urlsplit(joined)
    except ValueError:
        return ""
    return joined if parts.scheme in ("http", "https") and parts.hostname and len(joined) <= _URL else ""


def _decoded(body: bytes, content_type: str) -> str:
    named = _CHARSET.search(content_type) or _CHARSET.search(body[:2_048].decode("latin-1"))
    charset = named[1].lower() if named else "utf-8"
    if not _CHARSETS.fullmatch(charset):
        charset = "utf-8"
    try:
        return body.decode(charset, "replace")
    except LookupError:
        return body.decode("utf-8", "replace")
