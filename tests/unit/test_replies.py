"""What the bot answers: exact where it matters, and accepted by Telegram whatever is put into it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import utf16
from bot.sandbox.formatting import MESSAGE_LIMIT, message_text
from handlers import COMMANDS, replies, replies_access, replies_watch
from handlers.context import Reply
from tests.fakes import NOON
from watchlists.delivery import Habits
from watchlists.errors import QueryError, WirewatchError
from watchlists.managing import Card
from watchlists.model import Watch
from watchlists.query import MAX_CHARACTERS

anything = st.text(max_size=40) | st.text("<>&\"'/@#$ aÄ🔔\n", max_size=600) | st.text("🔔", max_size=600)
query_text = anything.map(lambda text: text[:MAX_CHARACTERS])


def shown(reply: Reply) -> str:
    """The text as a person sees it; fails where Telegram would refuse the message or a button."""
    for row in reply.buttons:
        assert all(0 < len(label) <= 64 and 0 < len(data.encode()) <= 64 for label, data in row)
    seen = message_text(reply.text, "HTML")
    assert utf16(seen.text) <= MESSAGE_LIMIT
    return seen.text


def cards(*watches: Watch) -> list[Card]:
    return [Card(watch, "", 0, None, Habits(), NOON) for watch in watches]


def test_the_list_of_watches_shows_numbers():
    """Numbers as given, not counted anew."""
    two = cards(Watch(1, 7, 1, "one"), Watch(2, 7, 4, "<four>"))
    text = shown(replies_watch.watches(two))
    assert text.startswith("You watch 2 things\n1. one\n4. <four>\n\n")
    assert text.endswith("/unwatch 2")
    assert shown(replies_watch.watches(two[:1])).startswith("You watch 1 thing\n")
    assert "You watch nothing yet" in shown(replies_watch.watches([]))


def test_undoing_replaces_the_message_and_offers_the_way_back():
    """Either way the same message, with the other button and a short notice."""
    watch = Watch(3, 7, 2, "x")
    stopped, again = replies.unwatched(watch, 55), replies.watching_again(watch, 55)
    assert (stopped.text, stopped.edits, stopped.notice) == ("No longer watching “<b>x</b>”.", 55, "Stopped")
    assert (again.text, again.edits, again.notice) == ("Watching “<b>x</b>” again: number 2.", 55, "Watching again")
    assert stopped.buttons == ((("Undo", "undo_unwatch:3"),),)
    assert again.buttons == ((("Undo", "undo_watch:3"),),)


def test_a_mistake_in_a_query_shows_the_place():
    """The sentence, then the words around the place with a pointer under it."""
    reply = replies.mistake(QueryError("The quote is never closed.", 6), 'trump "peace')
    assert shown(reply) == 'The quote is never closed.\ntrump "peace\n      ▲'
    late = shown(replies.mistake(QueryError("Here.", 100), "x" * 200)).splitlines()
    assert len(late[1]) == 40
    assert late[2].index("▲") == 24
    assert shown(replies.mistake(QueryError("Write words.", 0), "  ")) == "Write words."
    assert shown(replies.mistake(WirewatchError("1 < 2"), "x")) == "1 < 2"


def test_free_text_that_cannot_be_watched_gets_the_way_to_help():
    """Nothing, or too much; all else may be a watch, or is an address."""
    assert replies.free_text(" fire &\nsmoke ") is None
    assert "/help" in shown(replies.free_text("x" * 257))
    assert "/help" in shown(replies.free_text("  "))
    assert "/addfeed https://a.example" in shown(replies.free_text("https://a.example"))


def test_an_unknown_command_is_answered_with_the_nearest():
    """If there is a near one."""
    assert shown(replies.unknown_command("wach", "watch")) == (
        "I do not know /wach. Did you mean /watch? /help shows the commands."
    )
    assert "Did you mean" not in shown(replies.unknown_command("x" * 500, None))


def test_help_names_every_command():
    """And shows how to write a watch."""
    listed = [(command.name, command.help) for command in COMMANDS]
    text = shown(replies.help_page(listed, "all"))
    assert all(f"/{command.name} – {command.help}" in text for command in COMMANDS)
    assert '"peace plan"' in shown(replies.help_page(listed, "watch"))


def test_fixed_texts_are_accepted():
    """Every sentence that stands in the module by itself."""
    fixed = (replies.START, replies.WATCH_USAGE, replies.OWN_FAULT, replies_access.INVITE_ONLY)
    for text in (*fixed, replies.GONE, replies_watch.NO_WATCHES):
        assert shown(Reply(text))


@given(st.lists(query_text, max_size=70), st.integers(0, 300))
def test_any_watch_can_be_shown(texts, position):
    """Any 256 characters: emoji count twice with Telegram."""
    watches = [Watch(n, 7, n, text) for n, text in enumerate(texts, 1)]
    shown(replies_watch.watches(cards(*watches)))
    for card in cards(*watches[:2]):
        shown(replies_watch.page(card))
        shown(replies_watch.reword(card))
        for menu in replies_watch.MENUS:
            shown(replies_watch.menu(card, menu, None))
    for watch in watches[:2]:
        shown(replies.unwatched(watch))
        shown(replies.watching_again(watch, 5))
        shown(replies.free_text(watch.text) or Reply("-"))
        shown(replies.unknown_command(watch.text, None))
        shown(replies.mistake(QueryError(f"Wrong: {watch.text}", position), watch.text))
