"""The laws of cleaning: words stay, markup and what cannot be seen go, in linear time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlists.clean import clean, plain_text, shorten


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Talks &amp; terms<br>agreed</p><p>Markets rise</p>", "Talks & terms agreed Markets rise"),
        ("<b>W</b>ord <em>by</em> <a href='/x'>word</a>", "Word by word"),  # inline elements split nothing
        ("<IMG src=x alt='a > b'/>After", "After"),
        ('<a href="x>y" title=it\'s>link</a> text', "link text"),
        ('<p class="x>A quote that never closes</p>', "A quote that never closes"),
        ("Before<script>if (a < b) alert('</p>')</SCRIPT >after", "Before after"),
        ("Before<style>p{}</style><textarea>x</textarea>after", "Before after"),
        ("A script <script>without end", "A script without end"),
        ("One<!-- hidden <b> -->two", "Onetwo"),
        ("A comment <!-- without end", "A comment <!-- without end"),
        ("<!DOCTYPE html><?php echo 1 ?>Text", "Text"),
        ("<![CDATA[Escaped <i>once</i> too often]]>", "Escaped once too often"),
        ("<media:text>Other</media:text> <x-card>elements</x-card>", "Other elements"),
        ("if a < b and c > d: List<String> stays", "if a < b and c > d: List<String> stays"),
        ("1 <2, <3 & AT&T", "1 <2, <3 & AT&T"),
        ("5 &lt; 6 &#8217;&#x2019;&#146; &nbsp;&hellip;", "5 < 6 ’’’ …"),
        ("&lt;b&gt;shown as written&lt;/b&gt;", "<b>shown as written</b>"),
        ("A tag that never ends <a href=", "A tag that never ends <a href="),
        ("", ""),
        ("  \n\t ", ""),
    ],
)
def test_markup_becomes_words(markup: str, text: str) -> None:
    """Each row: a piece of HTML as feeds hold it, and what a reader would read."""
    assert plain_text(markup) == text


@pytest.mark.parametrize(
    ("dirty", "tidy"),
    [
        ("a\x00b\x07c\x1bd\x7fe\x9ff", "abcdef"),  # C0 and C1 controls
        ("one\r\ntwo\tthree\x0bfour\x85five\u2028six\u00a0seven\u3000eight", "one two three four five six seven eight"),
        ("\u202egnp.exe\u202c \u2066x\u2069 \u200fy\u061c", "gnp.exe x y"),  # direction
        ("Kh\u200bar\u200ckiv\u200d \ufeffand\u2060 soft\u00adhyphen", "Kharkiv and softhyphen"),  # zero width
        ("half \ud83d emoji \ude00", "half emoji"),  # lone surrogates
        ("lost \ufffd byte", "lost \ufffd byte"),
        ("flag \U000e0067\U000e007f hidden \ufdd0\uffff", "flag hidden"),
        ("☕️ Київ naïve 中文 العربية 👍🏽", "☕️ Київ naïve 中文 العربية 👍🏽"),  # what is seen stays
    ],
)
def test_what_cannot_be_seen_goes(dirty: str, tidy: str) -> None:
    """Each row: text with invisible characters, and without; white space of every kind is one space."""
    assert clean(dirty) == tidy


@given(st.text() | st.text(alphabet="<>&;/!-\"'= ab\u202e\u200b\ud800\n"))
def test_any_text_comes_out_clean(text: str) -> None:
    """Whatever goes in, what comes out is one clean, encodable line; cleaning it again changes nothing."""
    for result in (clean(text), plain_text(text)):
        result.encode("utf-8")
        assert clean(result) == result
        assert not set(result) & set("\n\r\t\u202e\u200b")


@given(st.lists(st.sampled_from(["talks", "Kyiv", "20-point", "AT&amp;T", "«plan»"]), min_size=1))
def test_words_survive_markup(words: list[str]) -> None:
    """Wrapping each word in elements loses no word and joins none."""
    wrapped = "".join(f'<p><a href="?a>b"><b>{word}</b></a></p>' for word in words)
    assert plain_text(wrapped) == " ".join(words).replace("&amp;", "&")


NASTY = ["<a", "<a ", "<!--", '<p "', '<a x="', "<a x='", "<script>", "</", "<!", "<?", "<![CDATA[", "&#", "&amp"]
NASTY += ["<title><style>", "<a x='\"", "<script></scrip", "= ", "<p =\n", "\u200b", "]]>", "<textarea><"]


@pytest.mark.parametrize("unit", NASTY)
def test_time_is_linear(unit: str) -> None:
    """Half a megabyte of the worst that was found takes about as long as any half megabyte."""
    start = time.process_time()
    plain_text(unit * (500_000 // len(unit)))
    assert time.process_time() - start < 2.0  # quadratic forms need minutes


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("short", 10, "short"),
        ("exactly ten", 11, "exactly ten"),
        ("several words in a row", 16, "several words…"),
        ("Donaudampfschifffahrt", 10, "Donaudamp…"),  # no space near: cut within the word
        ("a bcdefghijklmnopqrst", 12, "a bcdefghij…"),  # a space too far away is not worth the loss
    ],
)
def test_long_text_is_cut_at_a_space(text: str, limit: int, short: str) -> None:
    """The cut text fits the limit, ellipsis included, and ends with a word where one ends nearby."""
    assert shorten(text, limit) == short
    assert len(short) <= limit
