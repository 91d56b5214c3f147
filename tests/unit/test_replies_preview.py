"""What is said about queries is accepted by Telegram, whatever is put into it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import utf16
from bot.sandbox.formatting import MESSAGE_LIMIT, message_text
from handlers import replies_preview
from handlers.context import Reply
from tests.fakes import NOON, item, match
from watchlists.drafts import SHOWN, Dialogue, LastDay
from watchlists.model import Alert, Draft, Hit, Watch
from watchlists.past import Found
from watchlists.preview import Count, Preview, Told
from watchlists.query import parse
from watchlists.service import RECENT, Recent

ANN = 7
NASTY = st.text("<>&\"'/@#$ aÄ🔔\n", max_size=600) | st.text("🔔", max_size=600)
ADDRESS = f"https://x/{'y' * 1900}"
WORDS = st.text("<>&🔔 ab", min_size=1, max_size=256)


def shown(reply: Reply) -> None:
    """Fails where Telegram would refuse the message or a button."""
    for row in reply.buttons:
        assert len(row) <= 8
        assert all(0 < len(label) <= 64 and 0 < len(data.encode()) <= 64 for label, data in row)
    assert utf16(message_text(reply.text, "HTML").text) <= MESSAGE_LIMIT


@given(WORDS, st.lists(NASTY, min_size=1, max_size=4), st.integers(0, 10**9))
def test_whatever_feeds_bring_can_be_shown(text, strange, many):
    """Any query and any headlines; as long as they may be."""
    found = [
        Found(
            n,
            n,
            NOON,
            item(strange[n % len(strange)], id=str(n), source=strange[0], url=f"https://x/{'y' * 1900}"),
            match(),
        )
        for n in range(SHOWN)
    ]
    count = Count(many, many, more=True)
    counts = {"": count, "strict": count, "loose": count}
    draft = Draft(2**62, ANN, text, revision=2**31, words=("🔔" * 200, "b", "c"), before=("x",))
    preview = Preview(parse("x"), count, count, counts, found[:3], draft.words, NOON, NOON)
    watch = Watch(1, ANN, 1, text)
    for dialogue in (Dialogue(draft, None, preview), Dialogue(draft, watch, preview), Dialogue(draft)):
        shown(replies_preview.dialogue(dialogue, 55, ("a hint <x>",)))
        shown(replies_preview.offered(dialogue))
    shown(replies_preview.last_day(LastDay(text, [Told(one, many) for one in found], many, True, NOON)))
    alerts = [(one.item_id, Alert(ANN, 1, one.item, (Hit(watch, match()),), NOON)) for one in found[:RECENT]]
    shown(replies_preview.recent(Recent(alerts, True, NOON)))
    assert replies_preview.words(draft, 55).buttons[0][0][0].startswith("Not: 🔔")
