"""/snooze, /quiet, /digest, /urgent, /silent, /settings and their buttons, from the text to the reply."""

from datetime import timedelta

import pytest

from handlers import replies_delivery, replies_settings, settings
from tests.fakes import NOON, item, match
from tests.unit.test_handlers import ANN, Chat
from watchlists import zones
from watchlists.delivery import Habits, Snooze
from watchlists.hours import read_digest, read_quiet
from watchlists.model import Alert, Hit, Look
from watchlists.preferences import Overview
from watchlists.query import parse


@pytest.fixture
def chat():
    return Chat()


def habits(chat: Chat) -> Habits:
    return chat.store.chats.rows.get(ANN, Habits())


def buttons(reply) -> dict[str, str]:
    return {label: data for row in reply.buttons for label, data in row}


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("2h", timedelta(hours=2)),
        ("30 min", timedelta(minutes=30)),
        ("for 1d", timedelta(days=1)),
        ("1 week", timedelta(days=7)),
        ("until tomorrow", timedelta(hours=20)),
        ("TOMORROW", timedelta(hours=20)),
    ],
)
async def test_snooze_acts_at_once_and_offers_the_opposite(chat, text, length):
    """Until then; the button ends it."""
    reply = await chat.say(f"/snooze {text}")
    assert chat.store.snoozes.active(ANN) == [Snooze("chat", "", NOON + length)]
    assert "Snoozed until" in reply.text
    ended = await chat.press(buttons(reply)["Stop snoozing"])
    assert ended.text.startswith("Alerts come again")
    assert (ended.edits, chat.store.snoozes.rows) == (55, {})
    assert chat.store.kept.looked_at == [ANN, ANN]


@pytest.mark.parametrize("text", ["soon", "0h", "31d", "2", "h", "-1h", "99999h", "until yesterday"])
async def test_a_bad_snooze_is_a_sentence_and_changes_nothing(chat, text):
    """With what to write instead."""
    assert "30m, 2h, 1d" in (await chat.say(f"/snooze {text}")).text
    assert chat.store.snoozes.rows == {}


async def test_snooze_off_says_what_comes_now(chat):
    """What was kept is not lost."""
    chat.store.kept.alerts[ANN] = 4
    await chat.say("/snooze 2h")
    assert "4 alerts wait" in (await chat.say("/snooze")).text
    assert "(4) comes in a summary" in (await chat.say("/snooze off")).text


async def test_quiet_hours_are_set_and_turned_off(chat):
    """The old hours are named, so that they can be set again."""
    reply = await chat.say("/quiet 22:00-07:00")
    assert habits(chat).quiet == read_quiet("22:00-07:00")
    assert "the zone UTC (it is 12:00)" in reply.text
    off = await chat.say("/quiet off")
    assert "/quiet 22:00-07:00" in off.text
    assert habits(chat).quiet is None
    await chat.say("/quiet 22-7")
    await chat.press(buttons(reply)["Turn off"])
    assert habits(chat).quiet is None


async def test_quiet_hours_in_utc_ask_for_the_zone_once(chat):
    """A short keyboard of guesses; with a zone set there is none."""
    reply = await chat.say("/quiet 22-7")
    await chat.press(buttons(reply)["Berlin"])
    assert habits(chat).zone_name == "Europe/Berlin"
    assert "Berlin" not in buttons(await chat.say("/quiet 23-7"))


async def test_quiet_equal_ends_are_off(chat):
    """And the answer says so."""
    assert "No quiet hours" in (await chat.say("/quiet 7:00-7:00")).text


@pytest.mark.parametrize("text", ["hourly", "daily 08:00 18:00", "weekly mon 08:00"])
async def test_a_digest_of_the_chat(chat, text):
    """Set by the command, off by the button."""
    reply = await chat.say(f"/digest {text}")
    assert habits(chat).digest == read_digest(text)
    await chat.press(buttons(reply)["Turn off"])
    assert habits(chat).digest is None
    assert "at once" in (await chat.say("/digest off")).text


async def test_the_time_zone_is_set_by_name(chat):
    """Or by city; a wrong one is a sentence that names near ones."""
    assert "Europe/Kyiv (it is 14:00)" in (await chat.say("/settings timezone Europe/Kyiv")).text
    await chat.say("/settings timezone new york")
    assert habits(chat).zone_name == "America/New_York"
    assert "Europe/Berlin" in (await chat.say("/settings timezone berln")).text
    assert habits(chat).zone_name == "America/New_York"
    assert "Berlin" in buttons(await chat.say("/settings timezone"))


async def test_settings_show_everything(chat):
    """What is set, what is snoozed, what waits, and the watches that are not as others."""
    for text in ("/watch fire", "/watch <b>harbour", "/urgent 2", "/digest 2 hourly", "/quiet 22-7", "/digest daily 8"):
        await chat.say(text)
    await chat.say("/settings timezone kyiv")
    await chat.say("/snooze 2h")
    chat.store.kept.alerts[ANN] = 1
    text = (await chat.say("/settings")).text
    for part in (
        "Europe/Kyiv",
        "22:00-07:00",
        "daily at 08:00",
        "all alerts until 16:00",
        "1 alert waits",
        "Urgent, every hour",
    ):
        assert part in text
    assert "1. fire" not in text


async def test_every_page_of_the_settings_can_be_reached_and_every_button_on_it_works(chat):
    """No dead end, nothing too old, and each press edits the message that was pressed."""
    await chat.say("/watch fire")
    waiting, seen = list(buttons(await chat.say("/settings")).values()), set()
    while waiting:
        data = waiting.pop()
        if data in seen:
            continue
        seen.add(data)
        reply = await chat.press(data)
        assert reply.notice != replies_delivery.TOO_OLD, data
        asks = data.startswith(("ask_watch", "watch_reword"))
        assert reply.edits == (None if asks else 55)
        if data.startswith("watch_delete"):
            await chat.press(buttons(reply)["Undo"])
            continue  # what stands below the undone message belongs to /watch
        assert all(len(data.encode()) <= 64 for data in buttons(reply).values())
        assert all(len(row) <= 8 for row in reply.buttons)
        waiting += buttons(reply).values()
    assert len(seen) > 30
    assert {data.partition(":")[0] for data in seen} >= {
        "quiet_set",
        "digest_set",
        "zone_set",
        "watch_set",
        "watch_delete",
    }


def test_the_rows_that_buttons_point_into_are_read_as_they_stand():
    """Each preset is what the command would take."""
    assert [str(read_quiet(text) or "off") for text in settings.QUIET] == list(settings.QUIET)
    assert [str(read_digest(text) or "off") for text in settings.DIGESTS] == list(settings.DIGESTS)
    assert set(zones.guesses()) <= set(zones.OFFERED)


def alert(chat: Chat, *watches: str, source: str = "wire.example") -> int:
    """Ann's alert with the id 9."""
    hits = tuple(Hit(chat.store.watches.add(ANN, parse(text)), match()) for text in watches)
    chat.store.alerts.rows[9] = Alert(ANN, 3, item("Fire", source=source), hits, NOON)
    return 9


@pytest.mark.parametrize(
    ("label", "kind", "what", "length"),
    [
        ("1 h", "chat", "", timedelta(hours=1)),
        ("Until tomorrow", "chat", "", timedelta(hours=20)),
        ("This story", "story", "3", timedelta(days=1)),
        ("This watch", "watch", "1", timedelta(days=1)),
        ("This source", "source", "wire.example", timedelta(days=1)),
    ],
)
async def test_an_alerts_own_buttons_snooze_and_undo(chat, label, kind, what, length):
    """One row, which opens into the choices; a choice acts at once, and once however often it is pressed."""
    alert(chat, "fire")
    opened = await chat.press("snooze:9")
    assert (opened.text, opened.edits) == ("", 55)
    done = await chat.press(buttons(opened)[label])
    assert await chat.press(buttons(opened)[label]) == done
    assert chat.store.snoozes.active(ANN) == [Snooze(kind, what, NOON + length)]
    assert done.notice.startswith("Snoozed until")
    ((_, undo),) = buttons(done).items()
    assert buttons(await chat.press(undo))["💤 Snooze"] == "snooze:9"
    assert chat.store.snoozes.rows == {}
    assert buttons(await chat.press(buttons(opened)["✕"]))["💤 Snooze"] == "snooze:9"


async def test_an_alert_of_several_watches_snoozes_them_together(chat):
    """One press, as one alert named them all."""
    alert(chat, "fire", "harbour")
    await chat.press(buttons(await chat.press("snooze:9"))["These watches"])
    assert [(snooze.kind, snooze.what) for snooze in chat.store.snoozes.active(ANN)] == [("watch", "1"), ("watch", "2")]


async def test_a_list_and_an_alert_without_a_source_offer_what_they_can(chat):
    """A list has many stories; what has no source cannot be snoozed by it."""
    alert(chat, "fire", source="")
    assert "This source" not in buttons(await chat.press("snooze:9"))
    chat.store.kept.lists[9] = [chat.store.alerts.rows[9]]
    assert set(buttons(await chat.press("snooze:9"))) == {"1 h", "Until tomorrow", "✕"}


@pytest.mark.parametrize(
    ("kind", "has_hint", "has_broadcasts"),
    [("private", False, True), ("supergroup", True, True), ("channel", True, False)],
)
def test_settings_show_what_the_kind_of_chat_has(kind, has_hint, has_broadcasts):
    """One's own number in private; words around alerts where many read; messages of the operator where those go."""
    shown = replies_settings.overview(Overview(123456, Habits(look=Look(kind)), (), (), 0, NOON))
    assert ("/settings header Our news" in shown.text) is has_hint
    assert ("123456" in shown.text) is (kind == "private")
    assert any("Operator" in label for row in shown.buttons for label, _data in row) is has_broadcasts
