"""Feed text → plain text that is safe to show: no markup, nothing invisible, nothing that turns lines around.

All takes time linear in the text, whatever the text is: a feed is written by strangers. (The standard
library's HTML parser and the usual regular expressions are quadratic on unclosed tags and comments.)
"""

import html
import re

# What a reader cannot see but a program can: it splits words, hides them, or reorders the line.
_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # C0 and C1 controls, but for those that are white space
    "\u00ad\u034f\u180e"  # soft hyphen, grapheme joiner, Mongolian vowel separator
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction marks, embeddings, overrides and isolates
    "\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufeff"  # zero-width spaces, joiners, deprecated format controls
    "\ud800-\udfff"  # lone surrogates: cannot be encoded
    "\ufdd0-\ufdef\ufff9-\uffff"  # noncharacters, interlinear annotation; U+FFFD goes below
    "\U000e0000-\U000e007f"  # tags: a whole hidden alphabet
    "]"
)
_REPLACEMENT = "\ufffd"  # stands for a byte that was lost: visible, so it stays

# Elements of HTML; any other word between angle brackets was meant to be read (`List<String>`, `a <b`).
_INLINE_NAMES = """
    a abbr acronym b basefont bdi bdo big blink cite code data del dfn em font i ins kbd label mark math
    meter nobr output progress q rb rp rt ruby s samp slot small span strike strong sub sup time tt u var
    wbr
"""
_BLOCK_NAMES = """
    address area article aside audio base blockquote body br button canvas caption center col colgroup
    datalist dd details dialog dir div dl dt embed fieldset figcaption figure footer form frame frameset
    h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe img input legend li link main map marquee menu
    menuitem meta nav noframes noscript object ol optgroup option p param picture plaintext pre rtc search
    section select source summary svg table tbody td template tfoot th thead tr track ul video xmp
"""
_INLINE = frozenset(_INLINE_NAMES.split())
_BLOCK = frozenset(_BLOCK_NAMES.split())
_RAW = frozenset(("script", "style", "textarea", "title"))  # dropped with what they hold

_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9:_-]*)(?=[\s/>])")
_TAG_STOP = re.compile(r"""=\s*(["'])|>""")


def clean(text: str) -> str:
    """`text` on one line: invisible characters gone, every run of white space one space, ends trimmed."""
    if not text.isascii() or not text.isprintable():
        text = _INVISIBLE.sub(lambda found: _REPLACEMENT if found[0] == _REPLACEMENT else "", text)
    return " ".join(text.split())


def plain_text(markup: str) -> str:
    """The words of a piece of HTML, on one line and clean.

    Block elements separate words, inline elements do not; scripts and styles go with what they hold;
    character references are read once. What only looks like a tag stays.
    """
    if "<" in markup:
        if "<![CDATA[" in markup:  # marks of XML that were escaped once too often: their text is text
            markup = markup.replace("]]>", "")
        markup = "".join(_Stripper(markup).pieces())
    return clean(html.unescape(markup))


def shorten(text: str, limit: int) -> str:
    """`text` cut to at most `limit` characters, at a space where there is one near, with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = head.rfind(" ", limit - limit // 4)
    return (head[:space] if space > 0 else head).rstrip() + "…"


class _Stripper:
    """One pass from left to right. A search that finds nothing is not made again: so the pass is linear."""

    def __init__(self, markup: str) -> None:
        self._text = markup
        self._absent: set[str] = set()

    def pieces(self) -> list[str]:
        """The text between the tags, with a space in place of each block element."""
        text, done, position, found = self._text, 0, 0, []
        while (start := text.find("<", position)) >= 0:
            end, gap = self._markup(start)
            if end < 0:
                position = start + 1
                continue
            found += [text[done:start], gap]
            done = position = end
        found.append(text[done:])
        return found

    def _markup(self, start: int) -> tuple[int, str]:
        """The end of the markup that begins at `start`, or -1 for plain text; and what takes its place."""
        text = self._text
        if text.startswith("<!--", start):
            # A comment without an end hides the rest in a browser, but in a feed it is more often a cut text.
            return self._after("-->", start + 4), ""
        if text.startswith("<![CDATA[", start):
            return start + len("<![CDATA["), ""
        if text.startswith(("<!", "<?"), start):
            return self._after(">", start + 2), ""
        named = _NAME.match(text, start + 1)
        name = named[1].lower() if named else ""
        if name in _RAW and text[start + 1] != "/":
            return self._after_raw(name, start), " "
        if name in _INLINE:
            return self._tag_end(start), ""
        if name in _BLOCK or name in _RAW or "-" in name or ":" in name:
            return self._tag_end(start), " "
        return -1, ""

    def _after(self, closer: str, position: int) -> int:
        """The place after the next `closer`, or -1."""
        if closer in self._absent:
            return -1
        found = self._text.find(closer, position)
        if found < 0:
            self._absent.add(closer)
            return -1
        return found + len(closer)

    def _after_raw(self, name: str, start: int) -> int:
        """The place after `</name>`; where there is none, after the opening tag."""
        opened = self._tag_end(start)
        closer = self._after_ignoring_case(f"</{name}", opened) if opened >= 0 else -1
        closed = self._tag_end(closer) if closer >= 0 else -1
        return closed if closed >= 0 else opened

    def _after_ignoring_case(self, closer: str, position: int) -> int:
        if closer in self._absent:
            return -1
        found = re.compile(re.escape(closer) + r"(?=[\s/>])", re.IGNORECASE).search(self._text, position)
        if not found:
            self._absent.add(closer)
            return -1
        return found.end()

    def _tag_end(self, position: int) -> int:
        """The place after the `>` that closes a tag, quoted values skipped; -1 where there is none."""
        text = self._text
        if ">" in self._absent:
            return -1
        place = position
        while stop := _TAG_STOP.search(text, place):
            quote = stop[1]
            if quote is None:
                return stop.end()
            closing = self._after(quote, stop.end())
            if closing < 0:
                break
            place = closing
        # A quote that never closes: the tag ends at the first bracket, as its author meant.
        return self._after(">", position)
