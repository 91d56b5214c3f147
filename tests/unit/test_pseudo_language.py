"""A language that only marks what is translated: then all that stands outside of the marks is data or markup."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

import handlers
from bot import digest, listing, lookups, post, render
from handlers import replies, replies_delivery, replies_feeds, replies_health
from handlers.context import Reply
from tests.fakes import NOON, item, match, spot
from tests.fakes_lists import watchlist
from tests.sayings import SAID
from tests.talk import ANN, Chat
from watchlists import i18n, zones
from watchlists.decide import Reason
from watchlists.feed_service import Added
from watchlists.health import health
from watchlists.model import Alert, Candidate, Feed, Hit, Item, OwnFeed, Watch
from watchlists.sample import FeedSample, Rhythm

HOLE = re.compile(r"(\{\w*\}|<[^>]*>)")
LEFT, RIGHT = "⟦", "⟧"
# What people and publishers wrote, what is typed to the bot, and names that are the same in every language.


class Marks:
    """Catalogs whose translation of each message is the message with marks around all but its holes and its markup."""

    def gettext(self, message: str) -> str:
        assert message, "an empty message is the header of a catalog"
        pieces = HOLE.split(message)
        return "".join(
            piece if number % 2 or not piece else f"{LEFT}{piece}{RIGHT}" for number, piece in enumerate(pieces)
        )

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)


@pytest.fixture(autouse=True)
def marked(monkeypatch) -> None:
    marks = Marks()
    monkeypatch.setattr(i18n, "_catalog", lambda _language: marks)


def outside(text: str) -> set[str]:
    """The words that stand outside of the marks and are no markup; what was cut off has no right mark."""
    bare = re.sub(rf"{LEFT}[^{LEFT}{RIGHT}]*(?:{RIGHT}|…|$)", " ", text)
    return set(re.findall(r"[^\W\d_]{2,}", re.sub(r"<[^>]*>|&\w+;", " ", bare)))


def spoken(reply: Reply) -> Iterator[str]:
    """All that a person reads of a reply."""
    yield reply.text
    yield reply.notice
    yield from (label for row in reply.buttons for label, _data in row)


def written(*texts: str) -> set[str]:
    return {word.casefold() for text in texts for word in re.findall(r"[^\W\d_]{2,}", text)}


def check(reply: Reply | str, known: set[str]) -> None:
    for text in [reply] if isinstance(reply, str) else spoken(reply):
        strange = {word for word in outside(text) if word.casefold() not in known and word.strip("z")}
        assert not strange, f"not translated: {strange} in {text!r}"


def an_alert(source: str = "zz.example", **others: object) -> Alert:
    """An alert whose words are all invented."""
    one = Item("zz1", "Zzfire at zzharbour", "https://zz.example/a", source=source, published=NOON - timedelta(days=3))
    hit = Hit(Watch(1, ANN, 1, "zzfire"), match(spot(one.title, "zzharbour")))
    return Alert(ANN, 1, one, (hit,), NOON, **others)


def a_feed(number: int = 1, **others: object) -> Feed:
    return Feed(number, f"https://zz{number}.example/rss", f"Zzfeed {number}", NOON, **others)


@pytest.fixture
def chat() -> Chat:
    """An admin with feeds, an alert and items, all of whose words are invented."""
    made = Chat(is_admin=True)
    made.store.feeds.rows = [a_feed(1, failures=2, error="The server cannot be reached."), a_feed(2, last_success=NOON)]
    made.store.feeds.rows += [a_feed(3, stopped=True, gone=True), a_feed(4, stopped=True), a_feed(5)]
    made.store.trouble.rows = made.store.feeds.rows
    made.store.chat_feeds.add(ANN, "https://zz.example/rss", "Zzfeed")
    made.store.items.rows = [item(f"Zzfire {n}", url=f"https://zz.example/{n}") for n in range(20)]
    made.store.items.rows.append(item("Zzfire at zzharbour", url="https://zz.example/a"))
    made.store.archive.take(1, NOON - timedelta(days=8), item("Zzfire at zzharbour", url="https://zz.example/a"))
    for number in range(30):
        made.store.archive.take(number, NOON - timedelta(hours=1), item(f"Zzfire {number}", source="zz.example"))
    made.store.kept.told = {number: an_alert() for number in range(12)}
    made.store.alerts.rows[55] = an_alert()
    made.store.kept.alerts[ANN] = 2
    made.store.lists.add(watchlist("zzlist", "zzfire", "zzharbour"), 0, "new")
    return made


DATA = written(
    *SAID, "Zzfire at zzharbour zz.example Zzfeed https rss", *handlers._BY_NAME, "https://t.me/zz_bot?start=code"
)
KNOWN = written("UTC", *zones.OFFERED, *i18n.LANGUAGES.values())


async def test_who_has_nothing_yet_is_answered_only_through_the_catalogs():
    """The first answers that somebody gets."""
    for admin in (False, True):
        newcomer = Chat(is_admin=admin)
        for said in (
            "/watches",
            "/unwatch 1",
            "/why https://zz.example/a",
            "/feeds",
            "/delfeed 1",
            "/settings",
            *SAID[:9],
        ):
            check(await newcomer.say(said), DATA | KNOWN)
        check(await newcomer.press("export_feeds:"), DATA)


async def test_every_command_speaks_only_through_the_catalogs(chat):
    """With and without arguments, right and wrong ones."""
    assert {f"/{name}" for name in handlers._BY_NAME} <= {said.split()[0] for said in SAID}
    for said in SAID:
        check(await chat.say(said), DATA | KNOWN)
    for name, size in (("zz.png", 1), ("zz.opml", 2_000_000), ("zz.opml", 1)):
        check(await chat.send(name, size), DATA | KNOWN)


async def test_every_button_speaks_only_through_the_catalogs(chat):
    """Those that the answers have, down to the last one; those of messages that come by themselves; old ones."""
    for said in ("/watch zzfire", "/watch zzharbour", "/settings 1 words zztariffs", "/digest 2 hourly"):
        await chat.say(said)
    chat.store.watches.words[1] = ("zzword",)
    chat.store.lookups.asked.append((ANN, "address", "zz.example", False))
    chat.store.lookups.note(1, [(0, "https://zz.example/1", "Zzfeed")])
    waiting = ["settings:0", "watches:0", "ask_watch:", "see_example:", "snooze:55", "snooze_undo:55:1", "pick_feed:1"]
    waiting += [f"snooze_do:55:{number}" for number in range(5)] + ["snooze_close:55", "own_feeds:", "all_feeds:"]
    waiting += ["loud_digest:1:0", "loud_strict:1", "loud_without:1:0", "loud_undo:1", "undo_watch:1", "undo_unwatch:1"]
    waiting += ["undo_addfeed:1", "undo_delfeed:1", "export_feeds:", "watch_undo:1", "watch_delete:2", "snooze_for:2"]
    waiting += [f"{name}:999" for name in handlers.BUTTONS] + ["gone:"]
    pressed: set[str] = set()
    while waiting:
        data = waiting.pop(0)
        if data not in pressed:
            pressed.add(data)
            reply = await chat.press(data)
            check(reply, DATA | KNOWN | {"zzword"})
            waiting += [data for row in reply.buttons for _label, data in row]
    assert {data.partition(":")[0] for data in pressed} >= handlers.BUTTONS.keys()


def test_what_comes_by_itself_speaks_only_through_the_catalogs():
    """Alerts, lists of them, notes about feeds and loud watches, results of looks."""
    alert = an_alert(also=(item("Zzharbour", source="zz.example"),), more=2)
    many = replace(alert, hits=alert.hits * 12)
    bare = replace(alert, item=replace(alert.item, title=""), hits=())
    for one in (alert, many, replace(alert, more=1)):
        check(render.alert(one), DATA | KNOWN)
    alerts = [replace(alert, story_id=n) for n in range(60)] + [replace(bare, story_id=n) for n in range(60, 62)]
    for reasons in ([reason] for reason in digest._NOTES):
        for text in listing.messages(digest.note(reasons), alerts, NOON, most=1):
            check(text, DATA | KNOWN)
    check(digest.note([Reason.SNOOZED, Reason.DIGEST]), set())
    check(post.burst(*alerts[:5]), DATA | KNOWN)
    for said in (lookups._NOT_FETCHED, lookups._NO_FEEDS, lookups._TOO_MANY, replies.OWN_FAULT):
        check(i18n._(said), {"most"})
    check(replies_delivery.loud(Watch(1, ANN, 1, "zzfire"), 21, ["zzharbour"]), DATA)


def test_what_is_said_of_feeds_speaks_only_through_the_catalogs():
    """Their troubles, and what came of a look."""
    feed = a_feed(failing_since=NOON - timedelta(days=4), failures=3, error="The server answered with status 503.")
    for text in (
        replies_health.dead(feed, NOON),
        replies_health.gone(feed),
        replies_health.back(feed),
        replies_health.moved(feed, "https://zz.example"),
        replies_health.daily({"ok": 1, "total": 3, "failing": 1, "stopped": 1}),
    ):
        check(text, DATA)
    silent = a_feed(2, last_success=NOON, added=NOON - timedelta(days=90), last_change=NOON - timedelta(days=60))
    silent = replace(silent, longest_pause=timedelta(days=1))
    assert health(silent, NOON).name == "SILENT"
    for per_day in (None, 9.0, 1.0, 0.1, 0.01):
        sample = FeedSample("https://zz.example/rss", "Zzfeed", ("Zzfire",), Rhythm(per_day, NOON if per_day else None))
        check(replies_feeds.added(Added(OwnFeed(1, feed), sample, existed=False)), DATA)
    check(replies_feeds.added(Added(OwnFeed(1, feed), sample, existed=True)), DATA)
    lines = [
        Candidate(n, "https://zz.example", "Zzfeed", n, how) for n, how in enumerate(("added", "known", "full", "none"))
    ]
    check(replies_feeds.file_results(lines), DATA)
    check(replies_feeds.choices("zz.example", lines), DATA)
    check(replies_feeds.nothing("zz.example", "The server cannot be reached."), DATA)


def test_what_is_not_translated_is_found():
    """A word outside of the marks, also where it fills the hole of a translated message."""
    with pytest.raises(AssertionError, match="Watching"):
        check(Reply("Watching <b>zzfire</b>."), DATA)
    with pytest.raises(AssertionError, match="all"):
        check(Reply(i18n._("Snoozed: {what}").format(what="all alerts")), DATA)
    with pytest.raises(AssertionError, match="Loosen"):
        check(Reply("", buttons=((("Loosen", "undo_watch:1"),),)), DATA)
