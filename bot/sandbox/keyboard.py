"""Inline keyboards: buttons, and the checks that Telegram makes before it shows them."""

import re
from dataclasses import dataclass

from bot.sandbox.markup import checked_link
from bot.sandbox.refusals import ApiError, bad_request

BUTTON_LIMIT = 100
ROW_LIMIT = 8
DATA_LIMIT = 64
_ACTIONS = ("callback_data", "url", "copy_text", "switch_inline_query", "switch_inline_query_current_chat")
_STYLE = ("style", "icon_custom_emoji_id")


@dataclass(frozen=True, slots=True)
class Button:
    """One button. `data` is what a press sends back, `url` what it opens; other kinds stay in `action`."""

    text: str
    data: str = ""
    url: str = ""
    action: tuple[tuple[str, object], ...] = ()

    def to_json(self) -> dict[str, object]:
        """As `InlineKeyboardButton`."""
        body: dict[str, object] = {"text": self.text, **dict(self.action)}
        if self.data:
            body["callback_data"] = self.data
        if self.url:
            body["url"] = self.url
        return body


Keyboard = tuple[tuple[Button, ...], ...]


def keyboard_json(keyboard: Keyboard) -> dict[str, object]:
    """As `InlineKeyboardMarkup`."""
    return {"inline_keyboard": [[button.to_json() for button in row] for row in keyboard]}


def inline_keyboard(markup: dict[str, object] | None) -> Keyboard:
    """The buttons of a `reply_markup`. Empty for none and for the other kinds of markup. Raises ApiError."""
    if markup is None or "inline_keyboard" not in markup:
        return ()
    if set(markup) != {"inline_keyboard"} or not isinstance(markup["inline_keyboard"], list):
        raise _unreadable('Field "inline_keyboard" must be of type Array')
    rows: list[tuple[Button, ...]] = []
    for row in markup["inline_keyboard"]:
        if not isinstance(row, list):
            raise _unreadable("Inline keyboard button row must be an Array")
        if len(row) > ROW_LIMIT:
            raise bad_request("reply markup is too long")
        if row:
            rows.append(tuple(_button(button) for button in row))
    if sum(map(len, rows)) > BUTTON_LIMIT:
        raise bad_request("reply markup is too long")
    return tuple(rows)


def _unreadable(reason: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard markup JSON object: {reason}")


def _button(value: object) -> Button:
    if not isinstance(value, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = value.get("text")
    if not isinstance(text, str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not text.strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    if unknown := set(value) - {"text", *_ACTIONS, *_STYLE}:
        raise bad_request(f"can't parse inline keyboard button: unknown field {min(unknown)!r}")
    actions = [name for name in _ACTIONS if value.get(name) not in (None, "") or (name in value and "switch" in name)]
    if not actions:
        if "callback_data" in value:
            raise bad_request("BUTTON_DATA_INVALID")
        reason = "Text buttons are unallowed in the inline keyboard"
        raise bad_request(f"can't parse inline keyboard button: {reason}")
    if len(actions) > 1:
        raise bad_request("BUTTON_TYPE_INVALID")
    rest = tuple((name, value[name]) for name in (*_STYLE, *_ACTIONS[2:]) if name in value)
    return Button(text, _data(value.get("callback_data")), _url(value.get("url")), rest)


def _data(data: object) -> str:
    if data is None:
        return ""
    if not isinstance(data, str) or len(data.encode()) > DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")
    return data


def _url(url: object) -> str:
    if not url:
        return ""
    if not isinstance(url, str):
        raise bad_request("BUTTON_URL_INVALID")
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", url)
    if scheme and scheme[1].lower() not in ("http", "https", "tg") and "://" in url:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    link = checked_link(url)
    if not link:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return link
