"""The keyboard below the field as Telegram checks it, and the chats that it lets a person choose."""

import pytest

from bot.sandbox.api import perform
from bot.sandbox.refusals import ApiError
from bot.sandbox.reply_keyboard import ReplyButton, ReplyKeyboard, Request, reply_keyboard
from bot.sandbox.telegram_state import Telegram

UNREADABLE = "can't parse keyboard button: "
ASKED = {"request_id": 1, "chat_is_channel": True, "bot_is_member": True}


@pytest.fixture
def telegram():
    return Telegram()


@pytest.fixture
def ann(telegram):
    return telegram.add_user("Ann")


def one(**button):
    return {"keyboard": [[{"text": "x", **button}]]}


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ({}, "object expected as reply markup"),
        ({"remove_keyboard": True, "typo": 1}, "reply markup has an unknown field 'typo'"),
        ({"force_reply": True, "typo": 1}, "reply markup has an unknown field 'typo'"),
        ({"keyboard": [], "typo": 1}, "reply markup has an unknown field 'typo'"),
        ({"keyboard": "x"}, "can't parse reply keyboard markup JSON object: rows must be Arrays"),
        ({"keyboard": ["x"]}, "can't parse reply keyboard markup JSON object: rows must be Arrays"),
        ({"keyboard": [[{}]]}, UNREADABLE + 'Can\'t find field "text"'),
        ({"keyboard": [[5]]}, UNREADABLE + 'Can\'t find field "text"'),
        (one(text=" "), "BUTTON_TEXT_INVALID"),
        (one(callback_data="1"), "keyboard button has an unknown field 'callback_data'"),
        (one(request_chat={"chat_is_channel": True}), UNREADABLE + 'Can\'t find field "request_id"'),
        (one(request_chat=ASKED | {"typo": 1}), "request_chat has an unknown field 'typo'"),
    ],
)
def test_a_bad_keyboard_is_refused(telegram, ann, markup, reason):
    """Each fault has its own words."""
    with pytest.raises(ApiError) as caught:
        reply_keyboard(markup, telegram.private_chat(ann))
    assert caught.value.description == f"Bad Request: {reason}"


def test_what_a_keyboard_holds_is_read(telegram, ann):
    """Words to say, a chat to choose; whether it is for one use. Other markup leaves the one before, or takes it."""
    chat = telegram.private_chat(ann)
    markup = {"keyboard": [["Yes", {"text": "A channel", "request_chat": ASKED}], []], "one_time_keyboard": True}
    request = Request(1, is_channel=True, bot_is_member=True)
    keyboard = ReplyKeyboard(((ReplyButton("Yes"), ReplyButton("A channel", request)),), is_one_time=True)
    assert reply_keyboard(markup, chat) == keyboard
    assert (keyboard.request(1), keyboard.request(2)) == (request, None)
    assert reply_keyboard({"remove_keyboard": True}, chat) == ReplyKeyboard()
    assert [reply_keyboard(it, chat) for it in (None, {"inline_keyboard": []}, {"force_reply": True})] == [None] * 3


def test_chats_are_asked_for_in_private_alone(telegram, ann):
    """As Telegram has it."""
    group = telegram.add_group("Desk", ann)
    with pytest.raises(ApiError, match="private chats only"):
        reply_keyboard(one(request_chat=ASKED), group)


def test_only_what_fits_may_be_chosen(telegram, ann):
    """A channel or a group, one's own, one with the bot in it; never one that the person is not in, or that moved."""
    ben = telegram.add_user("Ben")
    own, bens = telegram.add_channel("Own", ann), telegram.add_channel("Bens", ben, ann)
    without = telegram.add_channel("Without", ann, bot_status="left")
    telegram.add_channel("Foreign", ben)
    group = telegram.add_group("Desk", ann, supergroup=False)
    moved = telegram.migrate(group, ann)

    def fitting(*wishes, user=ann):
        request = Request(1, *wishes)
        return [chat for chat in telegram.chats.values() if request.fits(chat, user, telegram.bot.user)]

    assert fitting(True) == [own, bens, without]
    assert fitting(True, False, True) == [own, bens]
    assert fitting(True, True, True) == [own]
    assert fitting(False) == [moved]


def test_an_edit_takes_buttons_in_the_message_alone(telegram, ann):
    """A keyboard below the field comes with a message of its own."""
    chat = telegram.private_chat(ann)
    sent = perform(telegram, "sendMessage", {"chat_id": chat.id, "text": "a", "reply_markup": one()})
    where = {"chat_id": chat.id, "message_id": sent["message_id"]}
    with pytest.raises(ApiError, match="inline keyboard expected"):
        perform(telegram, "editMessageText", {**where, "text": "b", "reply_markup": one()})
