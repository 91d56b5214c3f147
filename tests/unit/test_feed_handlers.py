"""/feeds, /addfeed, /delfeed, their buttons and files, from the text to the reply, on a store in memory."""

import pytest

import handlers
from handlers import replies, replies_feeds
from handlers.feeds import MAX_FILE
from tests.fakes import NOON
from tests.talk import ANN, BOB, Chat
from watchlists.feed_service import MAX_HOURLY, MAX_OWN, MAX_WAITING
from watchlists.model import Feed

FEED_BUTTONS = [name for name in handlers.BUTTONS if "feed" in name]


@pytest.fixture
def chat():
    return Chat()


def own(chat: Chat, *names: str, whose: int = ANN) -> None:
    for name in names:
        chat.store.chat_feeds.add(whose, f"https://{name}.example/rss", name.title())


async def test_an_address_is_noted_and_answered_at_once(chat):
    """No network here: a lookup, and a message that awaits its result; admins will be told reasons."""
    reply = await chat.say("/addfeed paper.example")
    assert reply.text == "Looking at <code>paper.example</code> …"
    assert reply.awaits == 1
    chat.is_admin = True
    assert (await chat.say("/addfeed r/europe")).awaits == 2
    assert chat.store.lookups.asked == [(ANN, "address", "paper.example", False), (ANN, "address", "r/europe", True)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/addfeed", "Which feed should I read?"),
        ("/addfeed hello there", "“hello there” is no web address."),
        ("/addfeed javascript:alert(1)", "is no web address"),
        ("/addfeed https://x.example/" + "x" * 600, "I read at most 512"),
        ("/delfeed", "You have added no feeds, so there is none to drop. Add one with /addfeed."),
        ("/delfeed 1", "You have added no feeds"),
    ],
)
async def test_what_cannot_be_looked_at_is_a_sentence(chat, text, said):
    """And nothing is noted."""
    assert said in (await chat.say(text)).text
    assert chat.store.lookups.asked == []


async def test_lookups_have_a_quota(chat):
    """So many at a time, so many within an hour; another chat's do not count."""
    for number in range(MAX_WAITING):
        await chat.say(f"/addfeed {number}.example")
    assert "still looking" in (await chat.say("/addfeed more.example")).text
    chat.store.lookups.done = MAX_HOURLY
    for number in range(MAX_HOURLY - MAX_WAITING):
        assert (await chat.say(f"/addfeed {number}.example")).awaits
    assert f"{MAX_HOURLY} addresses within an hour" in (await chat.say("/addfeed more.example")).text
    assert (await chat.say("/addfeed more.example", BOB)).awaits


async def test_feeds_have_a_quota(chat):
    """Told before anything is looked at, and again where an undo would exceed it."""
    own(chat, *(f"n{number}" for number in range(MAX_OWN)))
    assert f"You have {MAX_OWN} feeds of your own" in (await chat.say("/addfeed more.example")).text
    assert f"You have {MAX_OWN} feeds of your own" in (await chat.send("list.opml")).text
    dropped = await chat.say("/delfeed 3")
    own(chat, "more")
    assert f"You have {MAX_OWN} feeds of your own" in (await chat.press(dropped.buttons[0][0][1])).text
    assert chat.store.lookups.asked == []
    assert (await chat.send("watches.toml")).awaits, "a file of watches is no feed"


async def test_a_feed_is_dropped_by_number_or_address_and_comes_back(chat):
    """With an undo of the undo; a number that is not there is answered with those that are."""
    own(chat, "alpha", "beta")
    reply = await chat.say("/delfeed #1.")
    assert reply.text == "Dropped <b>Alpha</b>."
    assert "1. " not in (await chat.say("/feeds")).text
    back = await chat.press(reply.buttons[0][0][1])
    assert "<b>Alpha</b> is back: number 1" in back.text
    assert (back.edits, back.notice) == (55, "Back again")
    assert "Dropped <b>Alpha</b>." in (await chat.press(back.buttons[0][0][1])).text
    assert "Dropped <b>Beta</b>." in (await chat.say("/delfeed http://www.beta.example/rss/")).text
    own(chat, "gamma")
    assert "“7” is none of your feeds. Their numbers: 1." in (await chat.say("/delfeed 7")).text


@pytest.mark.parametrize("button", FEED_BUTTONS[:3])
async def test_a_button_of_another_chat_is_refused(chat, button):
    """Data are authorised on every press: the same words as for what never was."""
    own(chat, "alpha", whose=BOB)
    await chat.say("/addfeed paper.example", BOB)
    chat.store.lookups.note(1, [(0, "https://beta.example/rss", "Beta")])
    for argument in ("1", "0", "999", "-1", "x", "", "9" * 40, "1:2"):
        reply = await chat.press(f"{button}:{argument}", ANN)
        assert (reply.text, reply.notice, reply.buttons) == (replies_feeds.NOT_YOURS, replies_feeds.NOT_YOURS, ())
    assert len(chat.store.chat_feeds.of(BOB)) == 1
    assert len(chat.store.lookups.asked) == 1


async def test_a_chosen_feed_is_looked_at_once_more(chat):
    """The message with the choice says so, and awaits the result."""
    await chat.say("/addfeed paper.example")
    chat.store.lookups.note(1, [(0, "https://beta.example/rss", "Beta")])
    chat.store.lookups.done = 1
    reply = await chat.press("pick_feed:1")
    assert (reply.text, reply.edits, reply.awaits) == ("Looking at <code>https://beta.example/rss</code> …", 55, 2)


async def test_a_chat_chooses_between_all_feeds_and_its_own(chat):
    """A button each way, in the message that shows what it changes."""
    own(chat, "alpha")
    chat.store.feeds.rows = [Feed(9, "https://c.example/rss", "Common", NOON, last_success=NOON)]
    assert "✅ Common" in (await chat.say("/feeds")).text
    alone = await chat.press("own_feeds:")
    assert "Common" not in alone.text
    assert alone.edits == 55
    assert chat.store.chat_feeds.own_only(ANN)
    assert "✅ Common" in (await chat.press(alone.buttons[0][0][1])).text


async def test_an_admin_takes_a_feed_from_all_chats_and_gives_it_back(chat):
    """By the number that only admins are shown, or by its address; a chat's own are not touched."""
    own(chat, "alpha")
    chat.store.feeds.rows = [Feed(9, "https://c.example/rss", "Common", NOON, last_success=NOON)]
    assert "c9" not in (await chat.say("/feeds")).text
    assert "“c9” is none of your feeds" in (await chat.say("/delfeed c9")).text
    assert "“https://c.example/rss” is none of your feeds" in (await chat.say("/delfeed https://c.example/rss")).text
    chat.is_admin = True
    assert "c9 ✅ Common" in (await chat.say("/feeds")).text
    for typed in ("/delfeed c9", "/delfeed http://c.example/rss/"):
        dropped = await chat.say(typed)
        assert "Dropped <b>Common</b> from the feeds of this bot." in dropped.text
        assert "c9" not in (await chat.say("/feeds")).text
        back = await chat.press(dropped.buttons[0][0][1])
        assert "number c9. All chats get it." in back.text
        assert back.edits == 55
    assert "none of the feeds of this bot" in (await chat.say("/delfeed c7")).text
    assert "Dropped <b>Alpha</b>." in (await chat.say("/delfeed 1")).text


async def test_an_admin_who_has_added_a_common_feed_drops_the_own_first(chat):
    """By address, which stands for both; the number with the letter says which."""
    own(chat, "alpha")
    chat.is_admin = True
    chat.store.feeds.rows = [Feed(1, "https://alpha.example/rss", "Alpha", NOON)]
    assert "from the feeds of this bot" not in (await chat.say("/delfeed https://alpha.example/rss")).text
    assert "from the feeds of this bot" in (await chat.say("/delfeed https://alpha.example/rss")).text


@pytest.mark.parametrize("button", ["share_feed:9", "unshare_feed:9"])
async def test_only_admins_give_feeds_to_all_or_take_them(chat, button):
    """Who was no admin when the button was made, or is none any more, gets what nobody's buttons get."""
    chat.store.feeds.rows = [Feed(9, "https://c.example/rss", "Common", NOON)]
    reply = await chat.press(button)
    assert (reply.text, reply.buttons) == ((await chat.press("unheard_of:9")).text, ())
    assert [feed.id for feed in chat.store.feeds.common()] == [9]
    chat.is_admin = True
    assert (await chat.press(button)).buttons
    assert (await chat.press(button.replace("9", "77"))).text == replies_feeds.NOT_YOURS


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("feeds.OPML", 1000, replies_feeds.READING_FILE),
        ("feeds.xml", None, replies_feeds.READING_FILE),
        ("feeds.opml", MAX_FILE + 1, replies_feeds.FILE_TOO_LARGE),
        ("photo.jpg", 1000, replies_feeds.NOT_READ),
        ("", 1000, replies_feeds.NOT_READ),
    ],
)
async def test_a_file_is_noted_or_refused(chat, name, size, said):
    """By its name and by the size that Telegram tells."""
    reply = await chat.send(name, size)
    assert reply.text == said
    noted = [(ANN, "opml", f"id of {name}", False)] if said == replies_feeds.READING_FILE else []
    assert chat.store.lookups.asked == noted
    assert replies.GONE not in reply.text


async def test_own_feeds_are_given_as_a_file(chat):
    """For any feed reader; without own feeds, a sentence."""
    assert (await chat.press("export_feeds:")).text == replies_feeds.NO_OWN
    own(chat, "alpha")
    name, content = (await chat.press("export_feeds:")).file
    assert name == "feeds.opml"
    assert 'xmlUrl="https://alpha.example/rss"' in content
