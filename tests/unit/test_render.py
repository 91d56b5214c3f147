"""An alert on a phone: whole HTML whatever the feed says, the matched words in bold, nothing of the input alive."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import render
from bot.sandbox.entities import piece, utf16
from bot.sandbox.formatting import MESSAGE_LIMIT, Formatted, message_text
from tests.fakes import NOON, item, match, spot
from watchlists.model import Alert, Evidence, Hit, Item, Look, Watch

HEADLINE = "Trump expected to host Zelensky at Mar-a-Lago on Sunday"
URL = "https://harbour-wire.example/a?x=1&y=2"
ALIVE = {"mention", "bot_command", "hashtag", "cashtag"}


def alert(news: Item, *evidence: Evidence, watches: tuple[str, ...] = ("Mar-a-Lago meeting",)) -> str:
    hits = tuple(Hit(Watch(n, 7, n, text), match(*evidence)) for n, text in enumerate(watches, 1))
    return render.alert(Alert(7, 1, news, hits, NOON))


def read(html: str) -> Formatted:
    return message_text(html, "HTML")


def alive(html: str) -> list[str]:
    """What a tap on the message would start: commands, mentions, tags, links into Telegram."""
    seen = read(html)
    marked = [(entity.type, entity.url or piece(seen.text, entity)) for entity in seen.entities]
    return [text for kind, text in marked if kind in ALIVE or text.lower().startswith(("tg:", "ton:"))]


def bold(html: str) -> list[str]:
    seen = read(html)
    return [piece(seen.text, entity) for entity in seen.entities if entity.type == "bold"]


def test_an_alert_looks_like_this():
    """Headline as a link with the matched words in bold, source and time, summary, the watch that hit."""
    news = item(HEADLINE, url=URL, source="harbour-wire.example", published=NOON, summary="Talks on <peace> & more.")
    evidence = (spot(HEADLINE, "host"), spot(HEADLINE, "Mar-a-Lago"), spot(news.summary, "Talks", "summary"))
    assert alert(news, *evidence) == (
        '<a href="https://harbour-wire.example/a?x=1&amp;y=2">'
        "Trump expected to <b>host</b> Zelensky at <b>Mar-a-Lago</b> on Sunday</a>\n"
        "harbour-wire.example · 12:00 UTC\n"
        "<i><b>Talks</b> on &lt;peace&gt; &amp; more.</i>\n"
        "🔔 Mar-a-Lago meeting"
    )


def test_words_that_the_publisher_has_edited_away_mark_nothing():
    """The evidence names the words that were met; others in their place are not bold."""
    assert bold(alert(item("Lake frozen over"), spot("Fire spreads", "Fire"))) == []


def test_later_reports_stand_below_the_summary():
    """One line each, the headline as a link, then how many more there are."""
    news = item("Fire", summary="It burns.", source="a.example")
    others = tuple(item(f"Fire & {n}", url=f"https://b.example/{n}", source="b.example") for n in range(2))
    html = render.alert(Alert(7, 1, news, (Hit(Watch(1, 7, 1, "fire"), match()),), NOON, others, 4))
    assert html.split("\n")[2:] == [
        "<i>It burns.</i>",
        'also: <a href="https://b.example/0">Fire &amp; 0</a> · b.example',
        'also: <a href="https://b.example/1">Fire &amp; 1</a> · b.example',
        "+4 more sources",
        "🔔 fire",
    ]


def test_a_chat_has_its_own_words_around_each_alert():
    """As they were typed, and no HTML of theirs."""
    look = Look("channel", "<b>Desk</b> & co", "Discuss below")
    html = render.alert(Alert(7, 1, item("Fire"), (), NOON, look=look))
    assert html.startswith("&lt;b&gt;Desk&lt;/b&gt; &amp; co\nFire\n")
    assert html.endswith("\nDiscuss below")


def test_exactly_the_matched_words_are_bold():
    """Each once, joined where they touch or overlap, in the field where they were met."""
    title = "Kyiv and Kiev and Kyiv again"
    spans = [(0, 4), (9, 13), (9, 17), (13, 17), (22, 22)]
    evidence = [Evidence("k", title[start:end], "exact", "title", start, end, 0.5, 1.0) for start, end in spans]
    html = alert(item(title, summary="Kyiv says no"), *evidence, *evidence, spot("Kyiv says no", "says", "summary"))
    assert bold(html) == ["Kyiv", "Kiev and", "says"]


def test_bold_survives_characters_outside_the_basic_plane():
    """Evidence counts characters and Telegram counts code units: an emoji in front moves nothing."""
    title = "🚢🚢 Ferry <b>stuck</b> at Odesa 🚢"
    assert bold(alert(item(title), spot(title, "Ferry"), spot(title, "Odesa"))) == ["Ferry", "Odesa"]


def test_a_cut_word_is_not_bold():
    """What the cut has shortened is no longer the word that met."""
    title = "a" * (render.MAX_TITLE - 8) + " harbour in flames"
    assert bold(alert(item(title), spot(title, "harbour"))) == []
    whole = "a" * (render.MAX_TITLE - 12) + " harbour in flames"
    assert bold(alert(item(whole), spot(whole, "harbour"))) == ["harbour"]


def test_the_time_is_utc_and_has_a_date_when_it_is_not_of_today():
    """A feed's own zone is converted; an item without a date has the time at which it was first seen."""
    cet = timezone(timedelta(hours=1))
    assert "\n11:50 UTC\n" in alert(item("x", published=datetime(2026, 3, 2, 12, 50, tzinfo=cet)))
    assert "\n1 Mar, 23:30 UTC · " in alert(item("x", published=datetime(2026, 3, 2, 0, 30, tzinfo=cet)))
    assert "\n31 Dec 2025, 23:30 UTC · " in alert(item("x", published=datetime(2026, 1, 1, 0, 30, tzinfo=cet)))
    assert "\n12:00 UTC\n" in alert(item("x"))


def test_the_time_is_that_of_the_chats_zone():
    """Without the name of the zone: it is the time on the reader's clock."""
    assert "\n14:00\n" in render.alert(Alert(7, 1, item("x"), (), NOON, zone="Europe/Kyiv"))


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(0, ""), (15, ""), (16, " · 16 min ago"), (59, " · 59 min ago"), (125, " · 2 h ago"), (3000, " · 2 days ago")],
)
def test_the_age_is_shown_when_an_item_is_not_fresh(minutes, shown):
    """Older than a quarter of an hour when the alert was made."""
    lines = alert(item("x", published=NOON - timedelta(minutes=minutes))).splitlines()
    assert lines[1].partition(" UTC")[2] == shown


def test_a_date_without_a_time_says_nothing_of_the_age_on_its_day():
    """Some feeds give midnight for every item of a day."""
    assert " ago" not in alert(item("x", published=NOON.replace(hour=0)))
    assert "12 h ago" in alert(item("x", published=NOON.replace(hour=0) - timedelta(days=1)))


def test_a_summary_that_repeats_the_headline_is_left_out():
    """Many feeds put the headline in both places."""
    assert alert(item(HEADLINE, summary=f"{HEADLINE.upper()}. And so on.")).count("Zelensky") == 1
    assert "<i>Something else</i>" in alert(item(HEADLINE, summary="Something else"))


def test_an_item_without_a_headline_shows_its_summary():
    """Short posts have only a text; it is all there is to read."""
    html = alert(item("", summary="The harbour is closed", url=URL))
    assert read(html).text.splitlines()[0] == "(no headline)"
    assert "The harbour is closed" in html


def test_all_watches_that_hit_are_named_up_to_a_limit():
    """One alert names both; a chat with very many gets a number."""
    assert alert(item("x"), watches=("first", "<second>")).endswith("🔔 first, &lt;second&gt;")
    many = alert(item("x"), watches=tuple(f"w{n}" for n in range(render.MAX_WATCHES + 3)))
    assert many.endswith(f"w{render.MAX_WATCHES - 1} and 3 more")


@pytest.mark.parametrize(
    "url", ["", "https://a.example/" + "x" * render.MAX_URL, "tg://resolve?domain=spam", "javascript:1"]
)
def test_without_a_web_link_the_headline_stands_alone(url):
    """No link, one too long to send, or one that does not lead into the web."""
    seen = read(alert(item(HEADLINE, url=url)))
    assert seen.text.startswith(HEADLINE)
    assert not [entity for entity in seen.entities if entity.type == "text_link"]


@pytest.mark.parametrize(
    "title",
    [
        "@spammer says /start now",
        "#breaking: $GOLD falls",
        "(/unwatch) “@name”",
        "/a/b @@c",
        "go to tg://resolve?domain=x",
    ],
)
def test_nothing_of_a_feed_is_alive(title):
    """A headline is no command, mention or tag: not alone, and not where a bold word follows the sign."""
    starts = [place for place, char in enumerate(title) if char.isalnum() and title[place - 1] in "/@#$"]
    evidence = [Evidence("x", "x", "exact", "title", start, start + 1, 0.1, 1.0) for start in starts]
    for html in (alert(item(title, source=title), *evidence), alert(item("x", summary=title), watches=(title,))):
        assert alive(html) == []


lines = st.text(st.characters(blacklist_categories=("Cs", "Zl", "Zp"), blacklist_characters="\n\r\v\f\x1c\x1d\x1e\x85"))
nasty = lines | st.text("<>&\"'/@#$ aÄ🔔tg:;", max_size=80) | st.builds(lambda text: text * 50, lines)
spans = st.builds(
    lambda field, start, length: Evidence("t", "f", "exact", field, start, start + length, 0.5, 1.0),
    st.sampled_from(["title", "summary"]),
    st.integers(0, 600),
    st.integers(0, 30),
)


@given(nasty, nasty, nasty, nasty, st.lists(spans, max_size=12), st.lists(nasty, min_size=1, max_size=12))
def test_any_text_gives_a_message_that_telegram_accepts(title, summary, url, source, evidence, watches):
    """Whole HTML, 1 to 4096 units after parsing, at most 100 entities, nothing alive."""
    news = item(title, summary=summary, url=f"https://a.example/{url}", source=source)
    html = alert(news, *evidence, watches=tuple(watches))
    assert utf16(read(html).text) <= MESSAGE_LIMIT
    assert alive(html) == []


def test_a_headline_of_a_hundred_matched_words_stays_within_the_limit_of_entities():
    """Telegram takes 100 marked parts; what is beyond loses its mark and not its text."""
    title = " ".join("x" * 149)
    summary = " ".join("y" * 139)
    evidence = [
        Evidence("x", "x", "exact", field, 2 * n, 2 * n + 1, 0.01, 1.0)
        for field, count in (("title", 149), ("summary", 139))
        for n in range(count)
    ]
    seen = read(alert(item(title, summary=summary, url=URL), *evidence))
    assert title in seen.text
