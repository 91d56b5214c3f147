"""What a document becomes, format by format: pairs of a feed and the values expected of it, and the rules."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.details import to_dict
from bot.entries import MAX_ITEMS, SUMMARY_LIMIT, TITLE_LIMIT, ParsedFeed
from bot.jsonlines import item_to_dict
from bot.parse_child import Document, read
from watchlists.model import Details, Item

FEEDS = Path(__file__).parent.parent / "data" / "feeds"
URL = "https://www.example.org/feeds/all"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def parse(body: str | bytes, url: str = URL, content_type: str = "") -> ParsedFeed | None:
    data = body if isinstance(body, bytes) else body.encode()
    return read(Document(data, url, content_type, (), NOW))


def rss(*items: str, channel: str = "") -> str:
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f"<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>T</title>{channel}{inner}</channel></rss>"


def items(*texts: str, channel: str = "", url: str = URL) -> tuple[Item, ...]:
    parsed = parse(rss(*texts, channel=channel), url)
    assert parsed is not None
    return parsed.items


@pytest.mark.parametrize("expected", sorted(FEEDS.glob("*.expected.json")), ids=lambda path: path.name)
def test_each_format_gives_the_expected_values(expected: Path) -> None:
    """Beside each sample stands what it must become, every field of every item."""
    parsed = parse((FEEDS / expected.name.removesuffix(".expected.json")).read_bytes())
    assert parsed is not None
    shown = [
        {name: value for name, value in item_to_dict(item).items() if name != "id"} | {"details": to_dict(item.details)}
        for item in parsed.items
    ]
    values = {name: getattr(parsed, name) for name in ("title", "link", "lang", "ttl", "kind")}
    assert {**values, "items": shown} == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "body",
    [
        b"just text",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b'{"version": "https://jsonfeed.org/version/9", "items": []}',
        b'{"items": [{"id": "1"}]}',
        b'\xef\xbb\xbf {"version": 1}',
        b'{"version": "https://jsonfeed.org/version/1", "items": [',
        b'{"a":' * 100_000,
        b'{"version": ' + b"9" * 10_000 + b"}",
        b"<opml version='2.0'><body><outline text='x'/></body></opml>",
        b"<?xml version='1.0'?><catalogue><book/></catalogue>",
        (FEEDS / "page.html").read_bytes(),
    ],
    ids=range(11),
)
def test_what_is_no_feed_is_none(body: bytes) -> None:
    """Pages, pictures, other XML and other JSON are not feeds, and not errors of the parser either."""
    assert parse(body) is None


def test_a_feed_without_entries_is_a_feed() -> None:
    """Nothing published yet is no error."""
    assert items() == ()


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        (rss("<title>A</title>"), True),
        (rss("<title>A</title>")[:-1], True),  # a bracket is missing in some feeds for ever
        (rss("<title>A</title>") + "<!-- made in 0.1 s -->", True),
        (rss("<title>A</title>")[:-20], False),
        (rss("<title>A</title>").encode("utf-16")[:-40], False),
        ("<feed xmlns='http://www.w3.org/2005/Atom'/>", True),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><entry/>", False),
        ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry/></a:feed>", True),
        ('{"version": "https://jsonfeed.org/version/1"}', True),
    ],
)
def test_a_document_that_is_cut_off_is_noticed(body: str | bytes, whole: bool) -> None:
    """Its outermost element is not closed."""
    parsed = parse(body)
    assert parsed is not None
    assert parsed.whole is whole


def test_no_more_than_the_cap_is_kept() -> None:
    """As many from the begin as from the end, in the feed's order: what is new stands at one of them."""
    found = items(*(f"<title>Item {n}</title>" for n in range(MAX_ITEMS + 5)))
    kept = [*range(MAX_ITEMS // 2), *range(MAX_ITEMS // 2 + 5, MAX_ITEMS + 5)]
    assert [item.title for item in found] == [f"Item {n}" for n in kept]


def test_long_texts_are_cut() -> None:
    """No title or summary is longer than what is worth storing."""
    (item,) = items(f"<title>{'word ' * 1_000}</title><description>{'text ' * 9_000}</description>")
    assert (len(item.title) <= TITLE_LIMIT, len(item.summary) <= SUMMARY_LIMIT) == (True, True)
    assert item.title.endswith("word…")


def test_an_entry_with_nothing_but_a_link_is_known_by_it() -> None:
    """A link is still news; an entry with no title, text or link is nothing."""
    found = items("<link>https://example.org/a?b=1</link>", "<guid isPermaLink='false'>x</guid>")
    assert [item.title for item in found] == ["example.org/a?b=1"]


@pytest.mark.parametrize(
    ("date", "kept"),
    [
        ("Sun, 01 Mar 2026 12:00:00 GMT", True),
        ("Mon, 02 Mar 2026 11:00:00 GMT", True),  # tomorrow: a wrong zone
        ("Mon, 02 Mar 2026 13:00:00 GMT", False),
        ("Sun, 31 Dec 1989 23:59:59 GMT", False),
        ("Mon, 01 Jan 1990 00:00:01 GMT", True),
        ("9999-12-31T23:59:59-12:00", False),
        ("0000-00-00", False),
        ("yesterday", False),
    ],
)
def test_only_plausible_dates_are_kept(date: str, kept: bool) -> None:
    """From 1990 to a day from now; every other date is none."""
    (item,) = items(f"<title>A</title><pubDate>{date}</pubDate>")
    assert (item.published is not None) is kept
    if item.published:
        assert item.published.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("link", "url", "channel", "expected"),
    [
        ("/a", URL, "", "https://www.example.org/a"),
        ("a", URL, "", "https://www.example.org/feeds/a"),
        ("//cdn.example/a", URL, "", "https://cdn.example/a"),
        (" https://a.example/x y ", URL, "", "https://a.example/x%20y"),
        ("https://a.example/\u202egpj.exe", URL, "", "https://a.example/gpj.exe"),
        ("/a", "", "<link>https://site.example/</link>", "https://site.example/a"),  # a file knows no address
        ("/a", "", "", ""),
        ("javascript:alert(1)", URL, "", ""),
        ("tg://resolve?domain=x", URL, "", ""),
        ("mailto:a@example.org", URL, "", ""),
        ("https://", URL, "", ""),
        ("https://a.example/" + "x" * 3_000, URL, "", ""),
        ("http://[bad/", URL, "", ""),
    ],
)
def test_only_absolute_web_links_are_kept(link: str, url: str, channel: str, expected: str) -> None:
    """Relative links are resolved, against the feed's address first; what is no web page is no link."""
    (item,) = items(f"<title>A</title><link>{link}</link>", channel=channel, url=url)
    assert item.url == expected


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ("<guid>abc-1</guid>", ""),
        ("<guid isPermaLink='true'>/a/b</guid>", ""),
        ("<guid>tag:e.example,2026:1</guid>", ""),
        ("<guid>abc-1</guid><link></link>", ""),
        ("<guid>abc-1</guid><enclosure url='https://e.example/a.mp3' type='audio/mpeg'/>", ""),
        ("<guid>https://e.example/1</guid>", "https://e.example/1"),
        ("<guid isPermaLink='false'>https://e.example/1</guid>", ""),
        ("<guid>/a</guid><link>/a</link>", "https://www.example.org/a"),
        ("<guid>abc-1</guid><link>https://e.example/1</link>", "https://e.example/1"),
    ],
)
def test_a_guid_is_a_link_only_where_it_is_a_whole_address(elements: str, expected: str) -> None:
    """Without a link, a guid that is no absolute web address is an identity and nothing to open."""
    (item,) = items(f"<title>A</title>{elements}")
    assert item.url == expected


def test_what_an_item_carries_is_short() -> None:
    """Few names, short ones, no addresses that are no web pages; the date of a change only where it is another."""
    authors = "".join(f"<dc:creator>{'x' * 200}{number}</dc:creator>" for number in range(50))
    tags = "".join(f"<category>tag {number}</category>" for number in range(200))
    (item,) = items(
        f"<title>A</title>{authors}{tags}<enclosure url='javascript:alert(1)' type='audio/mpeg'/>"
        "<dc:date>2026-02-28T23:00:00Z</dc:date>"
    )
    assert [len(item.details.authors), max(map(len, item.details.authors))] == [1, 80]
    assert item.details.categories == tuple(f"tag {number}" for number in range(15))
    assert item.details == Details(item.details.authors, item.details.categories)


def test_an_aggregator_names_the_publisher() -> None:
    """Behind a redirect of Google News the source is the paper that it names, where it names one."""
    link = "<title>A</title><link>https://news.google.com/rss/articles/CBMi?oc=5</link>"
    found = items(f"{link}<source url='https://www.herald.example'>Herald</source>", link)
    assert [item.source for item in found] == ["herald.example", "news.google.com"]


def test_keys_come_from_guid_then_link_then_content() -> None:
    """The same entry has the same key however its title, tracking marks or place in the feed change."""
    before = items(
        "<title>A</title><guid isPermaLink='false'>1</guid><link>https://e.example/a</link>",
        "<title>B</title><link>https://e.example/b?utm_source=x</link>",
        "<title>C</title><description>text</description>",
    )
    after = items(
        "<title>C</title><description>text</description>",
        "<title>B, updated</title><link>http://www.e.example/b</link>",
        "<title>A, updated</title><guid isPermaLink='false'>1</guid><link>https://e.example/moved</link>",
    )
    assert [item.id for item in before] == [item.id for item in reversed(after)]
    assert len({item.id for item in before}) == 3


@pytest.mark.parametrize("guid", ["abc-1", "/news/1", "42", "https://e.example/1"])
def test_a_feed_that_moves_keeps_its_keys(guid: str) -> None:
    """A guid is opaque: it is not resolved against the address of the feed."""
    entry = f"<title>A</title><guid>{guid}</guid>"
    (before,), (after,) = items(entry), items(entry, url="https://new.example/rss")
    assert before.id == after.id


def test_one_guid_for_different_entries_is_no_identity() -> None:
    """A program that gives all entries one guid loses none of them; versions of one entry stay one."""
    guid = "<guid isPermaLink='false'>same</guid>"
    found = items(
        f"<title>A</title>{guid}<link>https://e.example/a</link>",
        f"<title>B</title>{guid}<link>https://e.example/b</link>",
    )
    assert len({item.id for item in found}) == 2
    assert len({item.id for item in items(f"<title>A</title>{guid}", f"<title>B</title>{guid}")}) == 2
    versions = items(
        f"<title>A</title>{guid}<link>https://e.example/a</link>",
        f"<title>A, corrected</title>{guid}<link>https://e.example/a</link>",
    )
    assert len({item.id for item in versions}) == 1


def test_the_link_of_a_whole_page_is_no_identity() -> None:
    """Status pages link every entry to the page itself: each entry is still one of its own."""
    page = "<link>https://status.example/</link>"
    assert len({item.id for item in items(f"<title>A</title>{page}", f"<title>B</title>{page}")}) == 2
    alone, other = (items(f"<title>{title}</title>{page}", channel=page)[0] for title in "AB")
    assert alone.id != other.id


def test_ttl_is_in_seconds_or_none() -> None:
    """RSS counts minutes; nonsense is none."""
    values = [parse(rss(channel=f"<ttl>{ttl}</ttl>")) for ttl in ("60", "0", "-5", "soon", "")]
    assert [parsed and parsed.ttl for parsed in values] == [3_600, None, None, None, None]


@pytest.mark.parametrize(
    ("channel", "hours", "days"),
    [
        ("", set(), set()),
        ("<skipHours><hour>0</hour>\n<hour> 23 </hour><hour>24</hour><hour>x</hour></skipHours>", {0, 23}, set()),
        ("<SkipDays><day>Monday</day><day>SUNDAY</day><day>Doomsday</day></SkipDays>", set(), {0, 6}),
        ("<skipHours><hour>1</hour>", set(), set()),
        ("</skipHours><skipHours>", set(), set()),
        (f"<skipHours>{'<hour>1</hour>' * 500}</skipHours>", set(), set()),
    ],
)
def test_hours_and_days_to_skip_are_read(channel: str, hours: set[int], days: set[int]) -> None:
    """Hours of the day and days of the week; what is neither is not there."""
    parsed = parse(rss(channel=channel))
    assert parsed is not None
    assert (parsed.skip_hours, parsed.skip_days) == (hours, days)


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        (rss("<title>Überfahrt</title>").encode("utf-8"), "", "Überfahrt"),
        (rss("<title>Überfahrt</title>").encode("utf-8"), "text/xml", "Überfahrt"),
        (rss("<title>Überfahrt</title>").encode("latin-1"), "application/rss+xml; charset=iso-8859-1", "Überfahrt"),
        (rss("<title>Überfahrt</title>").encode("utf-8-sig"), "text/html; charset=utf-8", "Überfahrt"),
        (rss("<title>Überfahrt</title>").encode("utf-16"), "application/xml; charset=utf-16", "Überfahrt"),
        (rss("<title>Überfahrt</title>").encode("utf-16-be"), "", "Überfahrt"),
        (b"<?xml version='1.0' encoding='x-none'?>" + rss("<title>plain</title>").encode(), "", "plain"),
    ],
    ids=range(7),
)
def test_encodings_are_read_as_declared_or_guessed(body: bytes, content_type: str, title: str) -> None:
    """Declared by the server, by the document, by a mark, wrongly, or not at all."""
    parsed = parse(body, content_type=content_type)
    assert parsed is not None
    assert [item.title for item in parsed.items] == [title]


def test_entities_of_a_bomb_are_not_expanded() -> None:
    """Entities that refer to entities are not followed, so a billion laughs are none."""
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10 if n else 'lol'}'>" for n in range(10))
    parsed = parse(f"<?xml version='1.0'?><!DOCTYPE rss [{laughs}]>" + rss("<title>A &l9;</title>"))
    assert parsed is not None
    assert all(len(item.title) < 100 for item in parsed.items)
