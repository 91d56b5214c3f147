"""Files of feeds as other readers write them: in which encoding, and where they are broken."""

import pytest

from tests.refusals import refusal
from watchlists.feed_files import parse_feeds
from watchlists.opml import decoded


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Новости".encode(), "Новости"),
        ("Новости".encode("utf-8-sig"), "Новости"),
        ("Новости".encode("utf-16"), "Новости"),
        (b"\xfe\xff" + "Новости".encode("utf-16-be"), "Новости"),
        ("<?xml version='1.0' encoding='windows-1251'?>Новости".encode("windows-1251"), "Новости"),
        ('\n<?xml version="1.0" encoding="KOI8-R"?>Новости'.encode("koi8-r"), "Новости"),
        ('<?xml version="1.0" encoding="zlib"?>Новости'.encode(), "Новости"),
        ('<?xml version="1.0" encoding="utf-16"?>Новости'.encode(), "Новости"),
        (b"Caf\xe9", "Caf\ufffd"),
        (b"", ""),
    ],
)
def test_a_file_is_read_in_its_own_encoding(body, text):
    """By its mark, else by what it names, if that is an encoding of text; else UTF-8, what cannot be read replaced."""
    assert decoded(body).rpartition(">")[2] == text


def test_a_broken_file_says_where():
    """By line and column, both from 1 as editors count them."""
    assert "(line 2, column 5)" in refusal(parse_feeds, "<opml>\n  </body></opml>")
