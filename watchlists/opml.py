"""OPML 1.0 and 2.0 → the feeds that it names, with the folders they lie in; and feeds → OPML 2.0.

A document type is refused before any entity can be declared, so none can expand; nothing outside the text is
read.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.parsers import expat

from watchlists.clean import clean
from watchlists.errors import ListError
from watchlists.i18n import _

_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,80}?encoding\s?=\s?["']([A-Za-z0-9_-]{2,20})["']""")
_SINGLE_BYTE = re.compile(r"iso-8859-(?:[1-9]|1[03456])|windows-125[0-8]|koi8-[ru]")
MAX_DEPTH = 20  # folders in folders: each feed carries the names of all of its folders


@dataclass(frozen=True, slots=True)
class Outline:
    """One outline with an address, as written and unchecked; `tags` are its folders, then its categories."""

    line: int
    url: str
    title: str
    language: str
    tags: tuple[str, ...]


def document(title: str, feeds: Iterable[tuple[str, str]]) -> str:
    """Feeds, as (title, address), as an OPML document that other readers take."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = title
    body = ElementTree.SubElement(root, "body")
    for name, url in feeds:
        shown = clean(name) or url
        ElementTree.SubElement(body, "outline", type="rss", text=shown, title=shown, xmlUrl=url)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def outlines(text: str, name: str) -> list[Outline]:
    """The outlines that are feeds, in the order of the file; `name` is how messages call it.

    Outlines without an address are folders; other kinds (links, inclusions) are passed over.
    """
    reader = expat.ParserCreate(encoding="utf-8")
    walk = _Walk(name, reader)
    reader.StartDoctypeDeclHandler = walk.doctype
    reader.StartElementHandler = walk.start
    reader.EndElementHandler = walk.end
    try:
        reader.Parse(text.encode("utf-8", "surrogatepass"), True)
    except expat.ExpatError as error:
        message = _("{file} is not well-formed OPML: {reason} (line {line}, column {column}).")
        reason = expat.ErrorString(error.code)
        text = message.format(file=name, reason=reason, line=error.lineno, column=error.offset + 1)
        raise ListError(text) from None
    return walk.found


def decoded(body: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or what its XML declaration names of the usual ones."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", "replace")
    named = _DECLARED.match(body)
    charset = named[1].decode().lower() if named else "utf-8"
    return body.decode(charset if _SINGLE_BYTE.fullmatch(charset) else "utf-8-sig", "replace")


class _Walk:
    """What the parser has met so far. Files in the wild write the names of attributes in any case."""

    def __init__(self, name: str, reader: expat.XMLParserType) -> None:
        self.found: list[Outline] = []
        self._name, self._reader = name, reader
        self._root = ""
        self._folders: list[str] = []

    def doctype(self, *_declared: object) -> None:
        self._refuse(_("{file} declares a document type, which OPML has no use for (line {line})."))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._root = self._root or tag.lower()
        if self._root != "opml":
            self._refuse(_("{file} is neither TOML nor OPML: it begins with <{tag}> (line {line})."), tag=tag)
        if tag.lower() != "outline":
            return
        given = {key.lower(): value.strip() for key, value in attributes.items()}
        title, url = given.get("title") or given.get("text", ""), given.get("xmlurl", "")
        if url:
            categories = (part.strip("/ ") for part in given.get("category", "").split(","))
            tags = tuple(dict.fromkeys(tag for tag in (*self._folders, *categories) if tag))
            line = self._reader.CurrentLineNumber
            self.found.append(Outline(line, url, title, given.get("language", ""), tags))
        if len(self._folders) >= MAX_DEPTH:
            self._refuse(_("{file} has folders more than {most} deep (line {line})."), most=MAX_DEPTH)
        self._folders.append("" if url else title)

    def end(self, tag: str) -> None:
        if tag.lower() == "outline":
            self._folders.pop()

    def _refuse(self, fault: str, **values: object) -> None:
        raise ListError(fault.format(file=self._name, line=self._reader.CurrentLineNumber, **values))
