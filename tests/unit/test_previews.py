"""The dialogue about a query: /preview, /watch and free text, button by button, on a store in memory."""

from datetime import timedelta

import pytest

from handlers import replies_delivery, replies_preview
from tests.fakes import NOON, item, match
from tests.talk import ANN, BOB, Chat
from watchlists.drafts import SHOWN
from watchlists.model import Alert, Hit, Watch

HOUR = timedelta(hours=1)


@pytest.fixture
def chat():
    made = Chat()
    archive = made.store.archive
    archive.take(1, NOON - 5 * HOUR * 24, item("Gaza ceasefire talks fail", url="https://a.example/1"))
    archive.take(2, NOON - 2 * HOUR, item("Gaza ceasefire holds", url="https://a.example/2", source="a.example"))
    archive.take(3, NOON - HOUR, item("Aid for Gaza"))
    archive.take(4, NOON - HOUR, item("Gaza ceasefire: golf day 4"))
    link = {"url": "https://a.example/5", "source": "a.example"}
    archive.take(5, NOON - HOUR, item("Gaza ceasefire: golf day 5", **link))
    for number in (6, 7):
        archive.take(number, NOON - HOUR, item(f"Gaza ceasefire: golf day {number}"))
    return made


def labels(reply):
    return [label for row in reply.buttons for label, _ in row]


def button(reply, label):
    return next(data for row in reply.buttons for name, data in row if name.startswith(label))


async def test_a_preview_says_what_the_query_would_have_told(chat):
    """Stories of a day and a week, the best three as links with their ages; nothing is watched."""
    reply = await chat.say("/preview Gaza ceasefire")
    assert reply.text.startswith(
        "Preview of “<b>Gaza ceasefire</b>”\n\n"
        "It would have told you 5 stories in the last 24 hours and 6 stories in all 5 days that I know, "
        "from 6 reports.\n"
    )
    assert reply.text.endswith(
        "\n• Gaza ceasefire: golf day 7 · 1 h ago\n• Gaza ceasefire: golf day 6 · 1 h ago\n"
        '• <a href="https://a.example/5">Gaza ceasefire: golf day 5</a> · a.example · 1 h ago'
    )
    assert labels(reply) == ["Watch it", "Cancel", "Stricter: 6", "Looser: 6", "Without a word …"]
    assert chat.watches() == []


async def test_a_preview_is_saved_once(chat):
    """A second press of the same button finds it done; the dialogue goes on about the watch."""
    save = button(await chat.say("/preview Gaza ceasefire"), "Watch it")
    first = await chat.press(save)
    assert first.text.startswith("Watching “<b>Gaza ceasefire</b>”.")
    assert (first.edits, first.notice, labels(first)[:2]) == (55, "OK", ["Undo", "Show the last 24 h"])
    second = await chat.press(save)
    assert (second.text, second.buttons) == (first.text, first.buttons)
    assert second.notice == "That is done already."
    assert chat.watches() == ["Gaza ceasefire"]


async def test_a_preview_that_is_cancelled_saves_nothing(chat):
    """And says so, at every press; the message keeps no button."""
    reply = await chat.say("/preview Gaza ceasefire")
    gone = await chat.press(button(reply, "Cancel"))
    assert (gone.text, gone.buttons) == ("All right: “<b>Gaza ceasefire</b>” is not watched.", ())
    assert (await chat.press(button(reply, "Watch it"))).text == gone.text
    assert chat.watches() == []


@pytest.mark.parametrize("command", ["/preview", "/watch"])
async def test_stricter_and_looser_go_step_by_step(chat, command):
    """From one to the other, of the draft as of the watch; at each end only the way back."""
    text, said = "Gaza ceasefire", []
    reply = await chat.say(f"{command} {text}")
    for label in ("Stricter", "Looser", "Looser"):
        reply = await chat.press(button(reply, label))
        said.append(next(line for line in reply.text.splitlines()[0].split("“<b>")[1].split("</b>")))
    assert said == ["strict: Gaza ceasefire", "Gaza ceasefire", "loose: Gaza ceasefire"]
    assert not [label for label in labels(reply) if label.startswith("Looser")]
    back = await chat.press(button(reply, "Take the change back"))
    assert "“<b>Gaza ceasefire</b>”" in back.text
    assert chat.watches() == ([] if command == "/preview" else ["Gaza ceasefire"])


async def test_an_old_button_changes_nothing(chat):
    """One that another press has overtaken shows what holds now."""
    reply = await chat.say("/watch Gaza ceasefire")
    await chat.press(button(reply, "Stricter"))
    late = await chat.press(button(reply, "Looser"))
    assert late.notice == "That is done already."
    assert chat.watches() == ["strict: Gaza ceasefire"]


async def test_a_word_can_be_excluded_and_taken_back(chat):
    """The buttons make room for the words; the text above them stays."""
    reply = await chat.say("/watch Gaza ceasefire")
    choice = await chat.press(button(reply, "Without a word"))
    assert (choice.text, choice.edits) == ("", 55)
    assert labels(choice) == ["Not: golf", "« Back"]
    assert (await chat.press(button(choice, "« Back"))).text == reply.text
    changed = await chat.press(button(choice, "Not: golf"))
    assert chat.watches() == ["Gaza ceasefire -golf"]
    assert "1 story in the last 24 hours" in changed.text
    await chat.press(button(changed, "Take the change back"))
    assert chat.watches() == ["Gaza ceasefire"]


async def test_a_watch_that_is_stopped_meanwhile_is_not_changed(chat):
    """By a command, or by its own undo."""
    reply = await chat.say("/watch Gaza ceasefire")
    await chat.say("/unwatch 1")
    answer = await chat.press(button(reply, "Stricter"))
    assert answer.text.startswith("“<b>Gaza ceasefire</b>” is not watched any more.")
    assert chat.watches() == []


async def test_a_watch_that_was_reworded_elsewhere_goes_on_from_there(chat):
    """The dialogue is about the watch, not about what it once said."""
    reply = await chat.say("/watch Gaza ceasefire")
    await chat.say("/settings 1 words Gaza truce")
    await chat.press(button(reply, "Stricter"))
    assert chat.watches() == ["strict: Gaza truce"]


async def test_a_change_that_would_be_another_watch_is_refused(chat):
    """In words; both stay as they are."""
    await chat.say("/watch strict: Gaza ceasefire")
    reply = await chat.say("/watch Gaza ceasefire")
    assert "You watch that already: it is number 1" in (await chat.press(button(reply, "Stricter"))).text
    assert chat.watches() == ["strict: Gaza ceasefire", "Gaza ceasefire"]


async def test_the_last_day_is_shown_once_and_counts_as_told(chat):
    """One message, the newest first; pressed again it only redraws the buttons, without that one."""
    reply = await chat.say("/watch Gaza ceasefire")
    shown = await chat.press(button(reply, "Show the last 24 h"))
    assert shown.edits is None
    assert shown.text.startswith(
        "<b>The last 24 hours: 5 stories</b> for “<b>Gaza ceasefire</b>”\n• Gaza ceasefire: golf"
    )
    assert "told" in shown.text.splitlines()[-1]
    assert chat.store.alerts.shown == [(1, 7), (1, 6), (1, 5), (1, 4), (1, 2)]
    again = await chat.press(button(reply, "Show the last 24 h"))
    assert (again.edits, again.notice) == (55, "That is done already.")
    assert "Show the last 24 h" not in labels(again)
    assert len(chat.store.alerts.shown) == 5
    assert "strict:" in (await chat.press(button(reply, "Stricter"))).text  # its buttons are not old by that


async def test_a_long_last_day_is_cut_and_only_what_is_shown_is_told(chat):
    """Ten by name, the others as a number; further reports of a story are counted."""
    for number in range(20, 35):
        chat.store.archive.take(number, NOON - HOUR / 2, *[item(f"Gaza ceasefire, day {number}")] * 2)
    shown = await chat.press(button(await chat.say("/watch Gaza ceasefire"), "Show"))
    assert "+1 report" in shown.text
    assert "… and 10 more" in shown.text
    assert len(chat.store.alerts.shown) == SHOWN


async def test_the_last_day_of_a_watch_that_is_stopped_is_not_shown(chat):
    """Nobody is told anything by a list of what was."""
    reply = await chat.say("/watch Gaza ceasefire")
    await chat.say("/unwatch 1")
    assert "is not watched any more" in (await chat.press(button(reply, "Show"))).text
    assert chat.store.alerts.shown == []


async def test_a_quiet_last_day_says_so(chat):
    """Nothing to tell."""
    reply = await chat.say("/watch Gaza ceasefire")
    chat.store.archive.rows.clear()
    await chat.say("/settings 1 words earthquake")
    shown = await chat.press(button(reply, "Show"))
    assert shown.text == "Nothing in the last 24 hours would have hit “<b>earthquake</b>”."


async def test_free_text_is_offered_as_a_watch(chat):
    """With what it would have told; each button does what it says."""
    offer = await chat.say("Gaza ceasefire")
    assert offer.text.startswith("Shall I watch “<b>Gaza ceasefire</b>”?\nIt would have told you 5 stories")
    assert labels(offer) == ["Watch", "Preview", "No"]
    assert (await chat.press(button(offer, "Preview"))).text.startswith("Preview of")
    assert (await chat.press(button(offer, "No"))).text.startswith("All right")
    offer = await chat.say("Gaza ceasefire")
    assert (await chat.press(button(offer, "Watch"))).text.startswith("Watching")
    assert (await chat.say("ceasefire gaza")).text.startswith("You already watch")
    assert (await chat.say("/preview ceasefire gaza")).text.startswith("You already watch")


async def test_a_preview_without_words_asks_for_them(chat):
    """The next message is previewed."""
    assert (await chat.say("/preview")).text.startswith("What shall I try?")


async def test_a_loud_watch_is_saved_with_a_warning(chat):
    """And a query that would tell nothing says that."""
    for number in range(20, 50):
        chat.store.archive.take(number, NOON - HOUR, item(f"Gaza ceasefire, day {number}"))
    assert "⚠️ This will be loud. More words, or the button" in (await chat.say("/watch Gaza ceasefire")).text
    assert "⚠️ This will be loud. More words make" in (await chat.say("/watch strict: Gaza ceasefire")).text
    assert chat.watches() == ["Gaza ceasefire", "strict: Gaza ceasefire"]
    reply = await chat.say("/watch earthquake")
    assert "I have read news for 5 days: nothing in it would have hit." in reply.text
    assert "⚠️" not in reply.text
    assert labels(reply) == ["Undo"]


async def test_figures_say_how_long_news_have_been_read(chat):
    """No news, news of today, news of a week: never more days than there are."""
    rows, chat.store.archive.rows = chat.store.archive.rows, []
    assert "I have read no news yet, so I cannot say what it would have told you." in (await chat.say("Gaza")).text
    first = await chat.say("/watch Gaza")
    assert first.text == "Watching “<b>Gaza</b>”.\nYou get an alert when the news says so, once per story."
    assert labels(first) == ["Undo"]
    chat.store.archive.rows = rows[1:]
    assert "I have read news for 2 h: it would have told you 5 stories" in (await chat.say("/preview Gaza truce")).text
    chat.store.archive.take(1, NOON - timedelta(days=7), item("Volcano"))
    assert "24 hours and 5 stories in the last 7 days" in (await chat.say("/preview Gaza truce")).text
    assert "Nothing in the last 7 days would have hit it." in (await chat.say("/preview earthquake")).text


async def test_what_was_not_counted_is_more_than_that(chat):
    """Of the figures and of the labels."""
    chat.store.archive.complete = NOON - HOUR
    reply = await chat.say("/preview Gaza ceasefire")
    assert "more than 5 stories in the last 24 hours" in reply.text
    assert "Stricter: 6+" in labels(reply)


async def test_another_chats_dialogue_is_not_ones_own(chat):
    """Nor one that is forgotten, nor an action that there is not."""
    reply = await chat.say("/preview Gaza ceasefire", BOB)
    for data in (button(reply, "Watch it"), "draft:1:0:99:0", "draft:9:0:1:0", "draft:1"):
        answer = await chat.press(data, ANN)
        assert (answer.text, answer.notice) == ("", replies_delivery.TOO_OLD)
    assert chat.watches(BOB) == []


async def test_what_was_not_offered_does_nothing(chat):
    """A word that is not in the row, a change to take back where there was none, a step beyond the last."""
    reply = await chat.say("/watch strict: Gaza ceasefire")
    place = button(reply, "Undo").rpartition(":")[0].rpartition(":")[0]
    for action in ("5:9", "6:0", "2:0"):
        assert (await chat.press(f"{place}:{action}")).notice == "That is done already."
    assert chat.watches() == ["strict: Gaza ceasefire"]


async def test_words_are_excluded_by_the_row_that_is_shown(chat):
    """News came meanwhile and another word would stand there: the old row does nothing."""
    reply = await chat.say("/watch Gaza ceasefire")
    choice = await chat.press(button(reply, "Without a word"))
    for number in range(40, 48):
        chat.store.archive.take(number, NOON, item("Gaza ceasefire: hostages freed"))
    await chat.press(button(choice, "« Back"))
    assert (await chat.press(button(choice, "Not: golf"))).notice == "That is done already."
    assert chat.watches() == ["Gaza ceasefire"]


async def test_recent_shows_what_was_told_page_by_page(chat):
    """The newest first, with the watch; /recent of nothing says how to begin."""
    assert (await chat.say("/recent")).text == replies_preview.NOTHING_RECENT
    for number in range(1, 12):
        watch = Watch(1, ANN, 1, "Gaza")
        hits = (Hit(watch, match()),) if number > 1 else ()
        chat.store.kept.told[number] = Alert(ANN, number, item(f"News {number}"), hits, NOON - HOUR)
    first = await chat.say("/recent")
    assert "1. News 11 · 1 h ago · 🔔 Gaza\n2. News 10" in first.text
    assert "News 3 " not in first.text
    second = await chat.press(button(first, "Older"))
    assert second.edits == 55
    assert "1. News 3 · 1 h ago · 🔔 Gaza\n2. News 2 · 1 h ago · 🔔 Gaza\n3. News 1 · 1 h ago\n" in second.text
    assert second.buttons == ((("1", "why:3"), ("2", "why:2"), ("3", "why:1")),)


async def test_ages_and_strange_items_are_shown(chat):
    """Minutes, hours, days; without a headline or with an address that is no link."""
    chat.store.archive.take(30, NOON, item("Earthquake felt", published=NOON + HOUR, url="ftp://x"))
    chat.store.archive.take(31, NOON - 24 * 4 * HOUR, item("", summary="Earthquake in <Chile>"))
    text = (await chat.say("/preview earthquake")).text
    assert "• Earthquake felt · 1 min ago" in text
    assert "• (no headline) · 4 days ago" in text


async def test_hints_stand_behind_the_figures(chat):
    """What may be meant otherwise than it is read."""
    assert "💡 NOT is a word like any other here." in (await chat.say("/watch Gaza NOT golf")).text
