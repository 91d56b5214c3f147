"""The parse mode HTML, as strict as Telegram: what it refuses is refused here with the same words.

The rules are those of `parse_html` in tdlib/td: a small set of tags, properly nested; four named references
(lt, gt, amp, quot) and numeric ones; an unknown `&name` stays as written, an unknown tag is an error; errors
name byte offsets.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.entities import Entity, utf16

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9A-Fa-f]+)|#(?P<decimal>[0-9]+)|(?P<name>[A-Za-z]+));?")
_NAMES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SPACE = " \t\n\r\0\v"
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SCHEMES = ("http", "https", "tg", "ton", "tonsite")


class MarkupError(ValueError):
    """Its text is what stands behind `can't parse entities: `."""


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    index: int  # of the output pieces, to find the words of a link without href


def checked_link(url: str) -> str:
    """The link as Telegram keeps it, or an empty string when it drops it (no host, a foreign scheme)."""
    link = url if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", url) else f"http://{url}"
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme.lower() not in _SCHEMES or any(char.isspace() for char in link):
        return ""
    if parts.scheme.lower() in ("http", "https") and "." not in host.strip(".") and ":" not in host:
        return ""
    return link


def _reference(source: str, at: int) -> tuple[str, int] | None:
    match = _REFERENCE.match(source, at)
    if match is None:
        return None
    if match["name"]:
        char = _NAMES.get(match["name"])
        return (char, match.end()) if char else None
    code = int(match["hex"], 16) if match["hex"] else int(match["decimal"])
    if code == 0 or code >= 0x10FFFF or len(match.group().rstrip(";")) >= 10:
        return None
    return chr(code), match.end()


def _unescape(value: str) -> str:
    pieces, at = [], 0
    while at < len(value):
        read = _reference(value, at) if value[at] == "&" else None
        char, at = read if read else (value[at], at + 1)
        pieces.append(char)
    return "".join(pieces)


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.pieces: list[str] = []
        self.units = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            if self.source[self.at] == "<":
                self._end_tag() if self.source.startswith("</", self.at) else self._start_tag()
            elif self.source[self.at] == "&":
                read = _reference(self.source, self.at)
                char, self.at = read if read else ("&", self.at + 1)
                self._emit(char)
            else:
                self._emit(self._until("<&"))
        if self.open:
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        text = "".join(self.pieces)
        if _SURROGATE.search(text):
            raise MarkupError(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        return text, self.entities

    def _emit(self, words: str) -> None:
        self.pieces.append(words)
        self.units += utf16(words)

    def _bytes(self, at: int) -> int:
        return len(self.source[:at].encode("utf-8", "surrogatepass"))

    def _peek(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else ""

    def _until(self, stop: str) -> str:
        start = self.at
        found = [at for at in (self.source.find(char, start) for char in stop) if at >= 0]
        self.at = min(found, default=len(self.source))
        return self.source[start : self.at]

    def _skip_space(self) -> None:
        while self.at < len(self.source) and self.source[self.at] in _SPACE:
            self.at += 1

    def _start_tag(self) -> None:
        begin = self._bytes(self.at)
        self.at += 1
        tag = self._until(_SPACE + ">").lower()
        if not self._peek():
            raise MarkupError(f"Unclosed start tag at byte offset {begin}")
        if tag not in _TAGS:
            raise MarkupError(f'Unsupported start tag "{tag}" at byte offset {begin}')
        argument = ""
        while True:
            self._skip_space()
            if self._peek() == ">":
                break
            name, value = self._attribute(tag, begin)
            argument = _argument(tag, name, value) or argument
        self.at += 1
        if tag == "span" and argument != "spoiler":
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.open.append(_Open(tag, argument, self.units, len(self.pieces)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name = self._until(_SPACE + "=>/\"'")
        if not name:
            if not self._peek():
                raise MarkupError(f"Unclosed start tag at byte offset {begin}")
            raise MarkupError(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
        self._skip_space()
        if self._peek() != "=":
            if not self._peek():
                raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {begin}')
            return name, ""
        self.at += 1
        self._skip_space()
        value = self._value(begin)
        if not self._peek():
            raise MarkupError(f"Unclosed start tag at byte offset {begin}")
        return name, value

    def _value(self, begin: int) -> str:
        quote = self._peek()
        if quote not in ("'", '"'):
            start = self.at
            match = _TOKEN.match(self.source, start)
            self.at = match.end() if match else start
            if self._peek() not in (*_SPACE, ">", ""):
                raise MarkupError(f"Unexpected end of name token at byte offset {self._bytes(start)}")
            return self.source[start : self.at].lower()
        self.at += 1
        value = self._until(quote)
        if not self._peek():
            raise MarkupError(f"Unclosed start tag at byte offset {begin}")
        self.at += 1
        return _unescape(value)

    def _end_tag(self) -> None:
        begin = self._bytes(self.at)
        if not self.open:
            raise MarkupError(f"Unexpected end tag at byte offset {begin}")
        self.at += 2
        tag = self._until(_SPACE + ">").lower()
        self._skip_space()
        if self._peek() != ">":
            raise MarkupError(f"Unclosed end tag at byte offset {begin}")
        self.at += 1
        opened = self.open.pop()
        if tag and tag != opened.tag:
            raise MarkupError(f'Unmatched end tag at byte offset {begin}, expected "</{opened.tag}>", found "</{tag}>"')
        if self.units > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        kind, length = _TAGS[opened.tag], self.units - opened.offset
        last = self.entities[-1] if self.entities else None
        same = last is not None and (last.offset, last.length) == (opened.offset, length)
        if kind == "text_link":
            self._close_link(opened, length)
        elif kind == "custom_emoji":
            if not opened.argument.isdigit():
                raise MarkupError("Invalid custom emoji identifier specified")
        elif same and last is not None and {kind, last.type} == {"pre", "code"}:
            language = last.language or opened.argument
            self.entities[-1] = Entity("pre", opened.offset, length, language=language)
        elif kind == "blockquote" and opened.argument:
            self.entities.append(Entity("expandable_blockquote", opened.offset, length))
        else:
            self.entities.append(Entity(kind, opened.offset, length, language=opened.argument * (kind == "code")))

    def _close_link(self, opened: _Open, length: int) -> None:
        url = opened.argument or "".join(self.pieces[opened.index :])
        mention = re.fullmatch(r"tg://user/?\?(.+)", url, re.IGNORECASE)
        user = parse_qs(mention[1]).get("id", ["0"])[0] if mention else "0"
        if user.isdigit() and int(user):
            self.entities.append(Entity("text_mention", opened.offset, length, user_id=int(user)))
        elif link := checked_link(url):
            self.entities.append(Entity("text_link", opened.offset, length, url=link))


def _argument(tag: str, name: str, value: str) -> str:
    """What of an attribute Telegram keeps; it ignores all others."""
    name = name.lower()
    if (tag, name) in (("a", "href"), ("tg-emoji", "emoji-id")):
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return "1" if (tag, name) == ("blockquote", "expandable") else ""


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The text that people see and its entities. Raises MarkupError."""
    text, entities = _Parser(source).parse()
    closed = [Entity("code", part.offset, part.length) if part.type == "code" else part for part in entities]
    return text, closed
