"""What the bot answers: exact where it matters, and accepted by Telegram whatever is put into it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import utf16
from bot.sandbox.formatting import MESSAGE_LIMIT, message_text
from handlers import replies, replies_watch
from handlers.context import Reply
from tests.fakes import NOON
from watchlists.delivery import Habits
from watchlists.errors import QueryError
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


def test_fixed_texts_are_accepted():
    """Every sentence that stands in the module by itself."""
    fixed = (replies.START, replies.WATCH_USAGE, replies.UNWATCH_USAGE, replies.OWN_FAULT, replies.INVITE_ONLY)
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
