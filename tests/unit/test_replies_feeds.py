"""What the bot says about feeds: exact where it matters, and accepted by Telegram whatever is put into it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import piece, utf16
from bot.sandbox.formatting import MESSAGE_LIMIT, message_text
from handlers import replies_feeds as replies
from handlers import replies_health
from handlers.context import Reply
from tests.fakes import NOON
from watchlists.feed_service import MAX_OWN, Added, FeedHealth, Overview
from watchlists.health import health
from watchlists.model import Candidate, Feed, OwnFeed
from watchlists.sample import FeedSample, Rhythm

anything = st.text(max_size=40) | st.text("<>&\"'/@#$ aÄ🔔\n", max_size=600) | st.text("🔔", max_size=600)


def shown(reply: Reply) -> str:
    """The text as a person sees it; fails where Telegram would refuse the message or a button."""
    for row in reply.buttons:
        assert all(0 < len(label) <= 64 and 0 < len(data.encode()) <= 64 for label, data in row)
    seen = message_text(reply.text, "HTML")
    assert utf16(seen.text) <= MESSAGE_LIMIT
    return seen.text


def feed(number: int = 1, **others: object) -> Feed:
    values = {"id": number, "url": f"https://{number}.example/rss", "title": f"Feed {number}", "next_poll": NOON}
    return Feed(**{**values, **others})


def overview(*common: Feed, own: tuple[Feed, ...] = (), own_only: bool = False, detailed: bool = False) -> Reply:
    numbered = [OwnFeed(number, each) for number, each in enumerate(own, start=1)]
    return replies.overview(Overview(numbered, common, own_only), detailed=detailed)


def test_troubled_feeds_come_first():
    """Each line begins with its state; the head counts those that work. Reasons are for admins, and no address."""
    feeds = (
        feed(1, last_success=NOON),
        feed(2),
        feed(3, failures=2, error="10.0.0.5 is not <public>", title="", url="https://10.0.0.5:8080/rss?key=secret"),
        feed(4, stopped=True, gone=True, error="It is gone."),
        feed(5, failures=1, title="", url="https://["),
        feed(6, stopped=True),
    )
    assert shown(overview(*feeds)) == (
        "6 feeds of this bot, 1 working\n"
        "⚠️ 10.0.0.5: cannot be read at the moment (2 tries)\n"
        "⛔ Feed 4: is gone, no longer read\n"
        "⚠️ a feed: cannot be read at the moment (1 try)\n"
        "⛔ Feed 6: cannot be read, and was stopped\n"
        "✅ Feed 1\n"
        "⏳ Feed 2: not read yet\n\n"
        "Read another one: /addfeed and its address."
    )
    assert "(2 tries). 10.0.0.5 is not <public>\n" in shown(overview(*feeds, detailed=True))
    assert overview(*feeds).buttons == ()
    assert "/addfeed" in shown(overview())
    assert "… and 10 more." in shown(overview(*(feed(n, title="x") for n in range(replies.MAX_COMMON_SHOWN + 10))))


def test_own_feeds_stand_first_by_number_and_their_trouble_has_no_reason():
    """Why an address does not answer is told to admins: to others the bot would be a scanner of networks."""
    own = (feed(1, last_success=NOON), feed(2, failures=3, error="The server cannot be reached."))
    reply = overview(feed(3, last_success=NOON), own=own)
    assert shown(reply).startswith(
        "Your own feeds\n1. ✅ Feed 1\n2. ⚠️ Feed 2: cannot be read at the moment (3 tries)\nDrop one"
    )
    assert "cannot be reached" in shown(overview(own=own, detailed=True))
    assert "1 feed of this bot, 1 working" in shown(reply)
    assert reply.buttons == ((("Only my own feeds", "own_feeds:"),), (("My feeds as a file", "export_feeds:"),))


def test_who_wants_only_own_feeds_is_told_what_that_means():
    """The others are counted, and where there are no own feeds nothing will come."""
    reply = overview(feed(1), own=(feed(2),), own_only=True)
    assert "You get none of the 1 feed of this bot, only your own." in shown(reply)
    assert reply.buttons[0] == (("All feeds of this bot", "all_feeds:"),)
    assert "no alerts will come" in shown(overview(feed(1), own_only=True))


def test_what_was_added_is_introduced():
    """Its name, its number, its address, how often it publishes, the latest items, an undo."""
    sample = FeedSample("https://1.example/rss", "Feed 1", ("First @you", "Second"), Rhythm(12.2, NOON))
    reply = replies.added(Added(OwnFeed(3, feed(1)), sample, existed=False))
    assert shown(reply).replace("\u2060", "") == (
        "Added Feed 1: number 3 in /feeds.\n"
        "https://1.example/rss\n"
        "Publishes about 12 items a day.\n"
        "\n"
        "Latest:\n"
        "• First @you\n"
        "• Second"
    )
    assert reply.buttons == ((("Undo", "undo_addfeed:1"),),)
    again = replies.added(Added(OwnFeed(3, feed(1)), sample, existed=True))
    assert shown(again) == "You have this feed already: Feed 1, number 3 in /feeds."
    assert again.buttons == ()


@pytest.mark.parametrize(
    ("per_day", "said"),
    [
        (72.0, "about 72 items a day"),
        (2.0, "about 2 items a day"),
        (1.0, "about 7 items a week"),
        (0.1, "about 3 items a month"),
        (0.01, "less than twice a month; the latest item is of 1 Feb 2026"),
        (None, "cannot be told yet"),
    ],
)
def test_how_often_in_words(per_day, said):
    """In the unit of which there are at least two."""
    sample = FeedSample("u", "", (), Rhythm(per_day, NOON - timedelta(days=29)))
    assert said in shown(replies.added(Added(OwnFeed(1, feed(1)), sample, existed=False)))


def test_several_feeds_have_a_button_each():
    """Whose data are ids only."""
    reply = replies.choices("paper.example", [Candidate(7, "https://a.example/1", "World"), Candidate(8, "u", "")])
    assert shown(reply).endswith("1. World\nhttps://a.example/1\n2. u\nu")
    assert reply.buttons == ((("1. World", "pick_feed:7"),), (("2. u", "pick_feed:8"),))


def test_no_feed_has_one_answer():
    """The reason comes only where it is given, to admins."""
    assert shown(replies.nothing("x.example", "")).startswith("I found no feed at x.example.\n")
    told = shown(replies.nothing("x.example", "The server cannot be reached."))
    assert told == shown(replies.nothing("x.example", "")) + "\n\nThe server cannot be reached."


def test_a_file_is_answered_line_by_line():
    """What went wrong comes first, and the head has the sums."""
    results = ["added", "none", "known", "full", "added"]
    lines = [Candidate(n, f"https://{n}.example", f"F{n}", n, result) for n, result in enumerate(results, start=1)]
    assert shown(replies.file_results(lines)) == (
        "5 feeds in your file: 2 added, 1 that you had already, 1 where I found no feed, "
        "1 above the number of feeds that you may have.\n"
        "⛔ line 4: F4\n⚠️ line 2: F2\n☑️ line 3: F3\n✅ line 1: F1\n✅ line 5: F5\n\nSee /feeds."
    )


def test_a_name_of_a_feed_is_only_text():
    """A publisher cannot put a command or a mention into the bot's mouth."""
    title = "@spammer /start #now tg://resolve"
    bad = feed(title=title, failures=1, error=title)
    sample = FeedSample(bad.url, title, (title,))
    for reply in (
        overview(bad, own=(bad,), detailed=True),
        replies.added(Added(OwnFeed(1, bad), sample, existed=False)),
        replies.choices("x", [Candidate(1, "https://x.example", title)]),
        replies.file_results([Candidate(1, "u", title, 1, "added")]),
        replies.nothing("x", title),
    ):
        seen = message_text(reply.text, "HTML")
        alive = {piece(seen.text, entity) for entity in seen.entities if entity.type not in ("bold", "code")}
        assert alive <= {"/feeds", "/delfeed", "/addfeed"}


@given(st.lists(st.tuples(anything, anything, st.booleans(), st.integers(0, 3)), max_size=45), anything)
def test_any_feed_can_be_shown(rows, asked):
    """Whatever publishers call themselves and whatever goes wrong, however long."""
    feeds = [
        feed(n, title=title * 4, error=error * 4, stopped=stopped, failures=failures)
        for n, (title, error, stopped, failures) in enumerate(rows)
    ]
    text = shown(overview(*feeds, own=tuple(feeds), detailed=True))
    assert not feeds or len(text.splitlines()) > 1
    shown(replies.nothing(asked, asked))
    shown(replies.looking(asked, 1))
    shown(replies.file_results([Candidate(n, asked or "u", f.title, n, "none") for n, f in enumerate(feeds)]))
    troubled = [(each, health(each, NOON)) for each in feeds]
    counts = dict.fromkeys(("total", "ok", "failing", "stopped", "waiting"), len(feeds))
    shown(replies_health.feedhealth(FeedHealth(counts, troubled, NOON)))
    for each in feeds[:6]:
        for text in (replies_health.dead(each, NOON), replies_health.gone(each), replies_health.back(each)):
            shown(Reply(text))
        shown(Reply(replies_health.moved(each, asked)))
    for each in feeds[:6]:
        shown(replies.added(Added(OwnFeed(1, each), FeedSample(asked, each.title, (each.title,) * 3), existed=False)))
        shown(replies.choices(asked, [Candidate(1, asked or "u", each.title)] * 6))
        shown(replies.dropped(OwnFeed(1, each)))
        shown(replies.restored(OwnFeed(1, each), 5))


def test_a_full_quota_of_long_names_is_one_message():
    """Each cut, all within what Telegram takes."""
    own = tuple(feed(n, title="🔔" * 500, error="🔔" * 500, failures=1) for n in range(MAX_OWN))
    assert "…" in shown(overview(*own, own=own, detailed=True))


def test_fixed_texts_are_accepted():
    """Every sentence that stands in the module by itself."""
    for text in (replies.ADD_USAGE, replies.DROP_USAGE, replies.NO_FEEDS, replies.NOT_READ, replies.FILE_TOO_LARGE):
        assert shown(Reply(text))


def test_admins_may_give_what_they_add_to_all_chats():
    """A button that others do not have, nor feeds that all chats get already."""
    sample = FeedSample("https://1.example/rss", "Feed", (), Rhythm(None, None))
    own = Added(OwnFeed(1, feed(common=False)), sample, existed=False)
    labels = {shareable: len(replies.added(own, shareable=shareable).buttons) for shareable in (False, True)}
    assert labels == {False: 1, True: 2}
    assert len(replies.added(Added(OwnFeed(1, feed()), sample, existed=False), shareable=True).buttons) == 1
