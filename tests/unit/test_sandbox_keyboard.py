"""Inline keyboards as Telegram checks them."""

import pytest

from bot.sandbox.keyboard import Button, inline_keyboard, keyboard_json
from bot.sandbox.refusals import ApiError

MARKUP = "can't parse inline keyboard markup JSON object: "
INVALID = "inline keyboard button URL '{}' is invalid: {}"
UNREADABLE = "can't parse inline keyboard button: "


def one(**button):
    return {"inline_keyboard": [[{"text": "x", **button}]]}


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ({"inline_keyboard": "x"}, MARKUP + 'Field "inline_keyboard" must be of type Array'),
        ({"inline_keyboard": ["x"]}, MARKUP + "Inline keyboard button row must be an Array"),
        ({"inline_keyboard": [["x"]]}, UNREADABLE + "InlineKeyboardButton must be an Object"),
        ({"inline_keyboard": [[{"callback_data": "x"}]]}, UNREADABLE + 'Can\'t find field "text"'),
        (one(callback_data="1", typo=1), UNREADABLE + "unknown field 'typo'"),
        (one(), UNREADABLE + "Text buttons are unallowed in the inline keyboard"),
        (one(text=" ", callback_data="1"), "BUTTON_TEXT_INVALID"),
        (one(callback_data=""), "BUTTON_DATA_INVALID"),
        (one(callback_data="є" * 33), "BUTTON_DATA_INVALID"),
        (one(callback_data=5), "BUTTON_DATA_INVALID"),
        (one(callback_data="1", url="https://a.example"), "BUTTON_TYPE_INVALID"),
        (one(url=5), "BUTTON_URL_INVALID"),
        (one(url="ftp://a.example"), INVALID.format("ftp://a.example", "Unsupported URL protocol")),
        (one(url="http://nowhere"), INVALID.format("http://nowhere", "Wrong HTTP URL")),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "1"}] * 9]}, "reply markup is too long"),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "1"}]] * 101}, "reply markup is too long"),
    ],
)  # fmt: skip
def test_a_bad_keyboard_is_refused(markup, reason):
    """Each fault has its own words."""
    with pytest.raises(ApiError) as caught:
        inline_keyboard(markup)
    assert caught.value.description == f"Bad Request: {reason}"


def test_a_keyboard_goes_round():
    """What is read is what is shown again; empty rows vanish."""
    row = [
        {"text": "Undo", "callback_data": "є" * 32},
        {"text": "Open", "url": "https://a.example/"},
        {"text": "Copy", "copy_text": {"text": "x"}, "style": "danger"},
        {"text": "Share", "switch_inline_query": ""},
    ]
    keyboard = inline_keyboard({"inline_keyboard": [row, []]})
    assert [sorted(button.items()) for button in keyboard_json(keyboard)["inline_keyboard"][0]] == [
        sorted(button.items()) for button in row
    ]
    assert len(keyboard) == 1


@pytest.mark.parametrize("markup", [None, {"remove_keyboard": True}, {"force_reply": True}, {"inline_keyboard": []}])
def test_other_markup_has_no_buttons(markup):
    """Keyboards of other kinds are taken, and give no inline buttons."""
    assert inline_keyboard(markup) == ()


def test_the_largest_keyboard_passes():
    """100 buttons, 8 in a row."""
    row = [{"text": "x", "callback_data": "1"}] * 8
    assert sum(map(len, inline_keyboard({"inline_keyboard": [*[row] * 12, row[:4]]}))) == 100


def test_a_bare_host_is_a_link():
    """Telegram puts http:// in front."""
    assert inline_keyboard(one(url="a.example"))[0][0] == Button("x", url="http://a.example")
