"""The parse mode HTML: what Telegram takes, and what it refuses in which words."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import Entity, detect, piece, utf16
from bot.sandbox.formatting import caption, formatted, message_text
from bot.sandbox.markup import MarkupError, checked_link, parse_html
from bot.sandbox.refusals import ApiError

PIECES = ["<b>", "</b>", "<i>", "</i>", "a", "😀", "&lt;", "&", "<", ">", " ", '<a href="']
NESTED = "<b>one <i>two</i></b> three"


def marks(source):
    text, entities = parse_html(source)
    return [(part.type, piece(text, part)) for part in entities]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<b>x</b><strong>y</strong>", [("bold", "x"), ("bold", "y")]),
        ("<i>x</i><em>y</em>", [("italic", "x"), ("italic", "y")]),
        ("<u>x</u><ins>y</ins>", [("underline", "x"), ("underline", "y")]),
        ("<s>x</s><strike>y</strike><del>z</del>", [("strikethrough", c) for c in "xyz"]),
        ('<span class="tg-spoiler">x</span><tg-spoiler>y</tg-spoiler>', [("spoiler", "x"), ("spoiler", "y")]),
        ("<code>x</code>", [("code", "x")]),
        ("<pre>x</pre>", [("pre", "x")]),
        ("<blockquote>x</blockquote>", [("blockquote", "x")]),
        ("<blockquote expandable>x</blockquote>", [("expandable_blockquote", "x")]),
        ("<B>x</b >", [("bold", "x")]),
        ("<b>x</>", [("bold", "x")]),
        (NESTED, [("italic", "two"), ("bold", "one two")]),
        ("<b></b>", []),
        ('<tg-emoji emoji-id="5368324170671202286">x</tg-emoji>', []),
        ("<pre><code>x</code></pre>", [("pre", "x")]),
    ],
)
def test_every_supported_tag_becomes_its_entity(source, expected):
    """Each tag of the documentation marks its words, in any case and nested; an empty one marks nothing."""
    assert marks(source) == expected


@pytest.mark.parametrize("source", ['<pre><code class="language-python">x</code></pre>'])
def test_a_code_block_keeps_its_language(source):
    """`pre` around `code` with a language is one block."""
    assert parse_html(source) == ("x", [Entity("pre", 0, 1, language="python")])


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;&gt;&amp;&quot;", '<>&"'),
        ("&#33;&#x21;&#x1F600;", "!!😀"),
        ("&lt &amp", "< &"),
        ("&nbsp; &unknown; & &;", "&nbsp; &unknown; & &;"),
        ("&#0; &#x110000; &#99999999999;", "&#0; &#x110000; &#99999999999;"),
        ("&ltx", "&ltx"),
        ("a > b \" c ' d", "a > b \" c ' d"),
    ],
)
def test_references_are_read_as_telegram_reads_them(source, text):
    """Four names and the numbers are read; anything else stays as written."""
    assert parse_html(source)[0] == text


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("1 < 2 > 1", 'Unsupported start tag "" at byte offset 2'),
        ("є<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("x <b", "Unclosed start tag at byte offset 2"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a ", "Unclosed start tag at byte offset 0"),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<tg-emoji>x</tg-emoji>", "Invalid custom emoji identifier specified"),
        ("&#xd83d;", "Text contains invalid Unicode characters after decoding HTML entities, "
         "check for unmatched surrogate code units"),
    ],
)  # fmt: skip
def test_bad_markup_is_refused_in_telegrams_words(source, message):
    """The texts, with byte offsets, are those of tdlib."""
    with pytest.raises(MarkupError) as caught:
        parse_html(source)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ('<a href="https://a.example/x?a=1&amp;b=2">x</a>', "https://a.example/x?a=1&b=2"),
        ("<a href='http://127.0.0.1:8000/'>x</a>", "http://127.0.0.1:8000/"),
        ('<a class="c" href="tg://resolve?domain=x">x</a>', "tg://resolve?domain=x"),
        ("<a>https://a.example</a>", "https://a.example"),
    ],
)
def test_a_link_keeps_its_address(source, url):
    """Single or double quotes, escapes inside, other attributes ignored; without href the words are the link."""
    (entity,) = parse_html(source)[1]
    assert (entity.type, entity.url) == ("text_link", url)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://a.example", "http://localhost/", "https://", "http://[", "a b.example"]
)
def test_a_link_that_telegram_drops_leaves_plain_words(url):
    """A foreign scheme or a host without a dot loses the link, without an error."""
    assert checked_link(url) == ""
    assert parse_html(f'<a href="{url}">x</a>') == ("x", [])


def test_a_link_to_a_user_is_a_mention():
    """tg://user?id= names a person."""
    assert parse_html('<a href="tg://user?id=42">x</a>')[1] == [Entity("text_mention", 0, 1, user_id=42)]


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"])))
def test_escaped_text_comes_back_as_it_was(text):
    """Escaping any text gives valid markup that reads as this text."""
    assert parse_html(html.escape(text)) == (text, [])


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_markup_is_read_or_refused(source):
    """Nothing but MarkupError is ever raised, and entities lie within the text."""
    try:
        text, entities = parse_html(source)
    except MarkupError:
        return
    assert all(0 <= part.offset < part.end <= utf16(text) for part in entities)


def test_offsets_count_utf16_units():
    """A letter outside the basic plane counts two."""
    assert parse_html("😀<b>x</b>")[1] == [Entity("bold", 2, 1)]


def test_outer_space_goes_and_entities_move_with_it():
    """Telegram trims a text; what marked only space vanishes."""
    result = formatted(" \n<b> a</b> b <i> </i>", "HTML")
    assert result.text == "a b"
    assert result.entities == (Entity("bold", 0, 1),)


def test_code_and_quotes_hold_no_marks_of_their_kind():
    """Inside code nothing is marked, inside a quote no quote."""
    source = "<code><b>x</b> /go</code> <blockquote>y <blockquote>z</blockquote></blockquote>"
    assert [part.type for part in formatted(source, "html").entities] == ["code", "blockquote"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/watch@my_bot x", [("bot_command", "/watch@my_bot")]),
        ("and/or 1/2 </b", []),
        ("see @someone, or a@b.example", [("mention", "@someone"), ("email", "a@b.example")]),
        ("#news #1 $USD", [("hashtag", "#news"), ("cashtag", "$USD")]),
        ("https://a.example/x/y). b.com tg://resolve?domain=x", [("url", "https://a.example/x/y"), ("url", "b.com"),
                                                                ("url", "tg://resolve?domain=x")]),
        ("v1.2.3 e.g. this", []),
    ],
)  # fmt: skip
def test_telegram_marks_links_and_commands_unasked(text, expected):
    """Commands, mentions, addresses, links and tags are found as a client shows them."""
    assert sorted((part.type, piece(text, part)) for part in detect(text)) == sorted(expected)


def test_the_words_of_a_link_are_not_searched():
    """A link's own words become no second link."""
    result = formatted('<a href="https://a.example">b.com</a>', "HTML")
    assert [part.type for part in result.entities] == ["text_link"]


@pytest.mark.parametrize(
    ("read", "source", "reason"),
    [
        (message_text, "", "message text is empty"),
        (message_text, "<b> </b>\n", "message text is empty"),
        (message_text, "x" * 4097, "message is too long"),
        (message_text, "😀" * 2049, "message is too long"),
        (caption, "x" * 1025, "message caption is too long"),
        (message_text, "<b>x</b> " * 101, "ENTITIES_TOO_LONG"),
        (message_text, "<p>", 'can\'t parse entities: Unsupported start tag "p" at byte offset 0'),
    ],
)
def test_limits_are_checked_after_the_markup_is_read(read, source, reason):
    """Length counts UTF-16 units of what people see."""
    with pytest.raises(ApiError) as caught:
        read(source, "HTML")
    assert (caught.value.code, caught.value.description) == (400, f"Bad Request: {reason}")


def test_the_longest_message_passes():
    """4096 units beside any amount of markup, and an empty caption, are allowed."""
    assert message_text("<b>" + "&amp;" * 4096 + "</b>", "HTML").text == "&" * 4096
    assert caption("", "").text == ""


@pytest.mark.parametrize("mode", ["MarkdownV2", "markdown", "XML"])
def test_other_parse_modes_are_refused(mode):
    """The sandbox says so rather than sending asterisks."""
    with pytest.raises(ApiError):
        formatted("x", mode)
