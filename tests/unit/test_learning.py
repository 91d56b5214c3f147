"""👍 and 👎, from the button to the one change that is proposed."""

import pytest

from tests.fakes import NOON, item, match
from tests.talk import ANN, BOB, Chat
from watchlists.learning import ASKS_AFTER, propose
from watchlists.model import Alert, Hit, Judged, Watch
from watchlists.query import parse
from watchlists.rewording import without

WATCH = Watch(1, ANN, 1, "fire")


def judged(*titles: tuple[str, str | None]) -> list[Judged]:
    return [Judged(item(title, id=str(number)), vote) for number, (title, vote) in enumerate(titles)]


MIXED = judged(
    ("Fire drill at the harbour", "down"),
    ("Fire drill in a school", "down"),
    ("Another fire drill announced", "down"),
    ("Fire in the harbour", "up"),
    ("Great fire in a warehouse", None),
)


def test_the_word_that_was_wrong_is_proposed_with_its_effect():
    """It spares the wrong ones and keeps the right one; the figures are counted, not guessed."""
    found = propose(WATCH, MIXED)
    assert (found.text, found.word) == ("fire -drill", "drill")
    assert (found.alerts, found.left, found.wrong, found.spared, found.right) == (5, 2, 3, 3, 1)


def test_a_change_never_costs_what_was_right():
    """A word that stands in a right one is not proposed, however many wrong ones have it."""
    titles = [("Fire drill one", "down"), ("Fire drill two", "down"), ("Fire drill three", "up")]
    assert propose(WATCH, judged(*titles)) is None


def test_one_wrong_alert_is_spared_by_no_change():
    """Chance, not a pattern."""
    assert propose(WATCH, judged(("Fire drill", "down"), ("Fire in a tower", "down"), ("Fire", "down"))) is None


def test_being_strict_is_proposed_where_it_spares_more():
    """Hits that were unsure were wrong, and the sure one was right."""
    watch = Watch(1, ANN, 1, "loose: harbour fire")
    unsure = [("Harbour talks as a great crane rises over the town", "down"), ("Harbour opera opens its doors", "down")]
    found = propose(watch, judged(*unsure, ("Fire in the harbour", "up")))
    assert (found.text, found.word) == ("strict: harbour fire", "")


def test_what_cannot_be_read_is_not_proposed():
    """A watch that has no room for a word more."""
    long = "fire " + " ".join(f"-{'x' * 17}{number:02}" for number in range(11)) + " -yyyyyyyyyyyyyyy"
    watch = Watch(1, ANN, 1, long)
    assert parse(watch.text)
    assert len(without(watch.text, "drill")) > 256
    assert propose(watch, MIXED) is None


@pytest.fixture
def chat():
    chat = Chat()
    watch = chat.store.watches.add(ANN, parse("fire"))
    for number in range(1, 9):
        chat.store.alerts.rows[number] = Alert(ANN, number, item("Fire"), (Hit(watch, match()),), NOON)
    return chat


def buttons(reply) -> dict[str, str]:
    return {label: data for row in reply.buttons for label, data in row}


async def test_a_vote_has_a_tick_and_a_second_press_changes_nothing(chat):
    """The other way round replaces it."""
    first = await chat.press("vote_up:1")
    assert "✓ 👍" in buttons(first)
    assert first.edits == 55
    assert await chat.press("vote_up:1") == first
    assert {"👍", "✓ 👎"} <= {*buttons(await chat.press("vote_down:1"))}
    assert chat.store.votes.rows == {(1, ANN): "down"}


async def test_after_several_wrong_ones_one_change_is_proposed_once(chat):
    """With buttons; nothing changes without a tap, and one tap takes it back."""
    chat.store.votes.items = MIXED
    for number in range(1, ASKS_AFTER):
        assert (await chat.press(f"vote_down:{number}")).more == ()
    (asked,) = (await chat.press(f"vote_down:{ASKS_AFTER}")).more
    assert "“drill”" in asked.text
    assert "it would have sent 2: 3 of the 3 👎 spared, every 👍 kept (1)" in asked.text
    assert chat.watches() == ["fire"]
    assert (await chat.press(f"vote_down:{ASKS_AFTER + 1}")).more == ()
    changed = await chat.press(buttons(asked)["Change it"])
    assert chat.watches() == ["fire -drill"]
    await chat.press(buttons(changed)["Undo"])
    assert chat.watches() == ["fire"]
    assert "stays" in (await chat.press(buttons(asked)["Leave it"])).text


async def test_nobody_votes_on_the_alert_of_another(chat):
    """Nor takes a change that was proposed to another."""
    chat.store.votes.texts[1] = "fire -drill"
    for data in ("vote_up:1", "vote_down:1", "learn_do:1"):
        assert "too old" in (await chat.press(data, chat_id=BOB)).notice
    assert chat.store.votes.rows == {}
    assert chat.watches() == ["fire"]
