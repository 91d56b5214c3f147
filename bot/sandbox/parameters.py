"""The parameters of the methods: which exist, of which type, and how text in a request becomes that type.

A request may carry each value as text (query, form) or as JSON; the real server reads both. Unlike it, this
one refuses what it does not know: a misspelt parameter would be ignored there and never be found.
"""

import json
import re
from collections.abc import Callable, Mapping

from bot.sandbox.files import Upload
from bot.sandbox.refusals import ApiError, bad_request

Value = object
Kind = Callable[[Value], Value]


def _integer(value: Value) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,19}", value):
        return int(value)
    raise ValueError("an Integer")


def _boolean(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false", "1", "0"):
        return value.lower() in ("true", "1")
    raise ValueError("a Boolean")


def _string(value: Value) -> str:
    if not isinstance(value, str):
        raise ValueError("a String")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return value.replace("\r", "")


def _chat(value: Value) -> int | str:
    if isinstance(value, str) and value.startswith("@"):
        return value
    return _integer(value)


def _json(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise ValueError("valid JSON") from None


def _object(value: Value) -> dict[str, object]:
    read = _json(value)
    if not isinstance(read, dict):
        raise ValueError("an Object")
    return read


def _list(value: Value) -> list[object]:
    read = _json(value)
    if not isinstance(read, list):
        raise ValueError("an Array")
    return read


def _file(value: Value) -> Upload | str:
    if isinstance(value, Upload | str):
        return value
    raise ValueError("a file, a file_id or an URL")


_TARGET: dict[str, Kind] = {"chat_id": _chat, "message_thread_id": _integer}
_HOW: dict[str, Kind] = {
    "parse_mode": _string,
    "disable_notification": _boolean,
    "protect_content": _boolean,
    "reply_parameters": _object,
    "reply_markup": _object,
}
_ONE_MESSAGE: dict[str, Kind] = {"chat_id": _chat, "message_id": _integer}
_COMMANDS: dict[str, Kind] = {"scope": _object, "language_code": _string}

METHODS: dict[str, dict[str, Kind]] = {
    "getMe": {},
    "getUpdates": {"offset": _integer, "limit": _integer, "timeout": _integer, "allowed_updates": _list},
    "sendMessage": {**_TARGET, **_HOW, "text": _string, "link_preview_options": _object},
    "sendPhoto": {
        **_TARGET,
        **_HOW,
        "photo": _file,
        "caption": _string,
        "show_caption_above_media": _boolean,
        "has_spoiler": _boolean,
    },
    "sendDocument": {
        **_TARGET,
        **_HOW,
        "document": _file,
        "caption": _string,
        "disable_content_type_detection": _boolean,
    },
    "editMessageText": {
        **_ONE_MESSAGE,
        "text": _string,
        "parse_mode": _string,
        "link_preview_options": _object,
        "reply_markup": _object,
    },
    "editMessageReplyMarkup": {**_ONE_MESSAGE, "reply_markup": _object},
    "deleteMessage": _ONE_MESSAGE,
    "answerCallbackQuery": {
        "callback_query_id": _string,
        "text": _string,
        "show_alert": _boolean,
        "url": _string,
        "cache_time": _integer,
    },
    "sendChatAction": {**_TARGET, "action": _string},
    "getChat": {"chat_id": _chat},
    "getChatMember": {"chat_id": _chat, "user_id": _integer},
    "getChatAdministrators": {"chat_id": _chat},
    "setMyCommands": {"commands": _list, **_COMMANDS},
    "getMyCommands": _COMMANDS,
    "deleteMyCommands": _COMMANDS,
    "setWebhook": {
        "url": _string,
        "ip_address": _string,
        "max_connections": _integer,
        "allowed_updates": _list,
        "drop_pending_updates": _boolean,
        "secret_token": _string,
    },
    "deleteWebhook": {"drop_pending_updates": _boolean},
    "getWebhookInfo": {},
    "getFile": {"file_id": _string},
}
_NAMES = {name.lower(): name for name in METHODS}


def method_named(name: str) -> str | None:
    """The method as the documentation spells it; names are not case-sensitive. None for an unknown one."""
    return _NAMES.get(name.lower())


def read(method: str, given: Mapping[str, Value], uploads: Mapping[str, Upload]) -> dict[str, Value]:
    """The typed parameters. Raises ApiError for unknown ones and wrong types. A null counts as not given."""
    kinds = METHODS[method]
    values = {name: value for name, value in given.items() if value is not None}
    attached = {
        value.removeprefix("attach://")
        for value in values.values()
        if isinstance(value, str) and value.startswith("attach://")
    }
    for name, upload in uploads.items():
        if name not in attached:
            values[name] = upload
    if unknown := sorted(set(values) - set(kinds)):
        raise bad_request(f'method {method} has no parameter "{unknown[0]}"')
    return {name: _converted(name, kinds[name], value, uploads) for name, value in values.items()}


def _converted(name: str, kind: Kind, value: Value, uploads: Mapping[str, Upload]) -> Value:
    if kind is _file and isinstance(value, str) and value.startswith("attach://"):
        upload = uploads.get(value.removeprefix("attach://"))
        if upload is None:
            raise bad_request(f"file {value!r} is not attached")
        return upload
    try:
        return kind(value)
    except ValueError as error:
        raise _wrong_type(name, str(error)) from None


def _wrong_type(name: str, expected: str) -> ApiError:
    return bad_request(f'parameter "{name}" must be {expected}')
