"""Reading the fields of a TOML file that people write: each fault is noted in words, so one look mends them all."""

import difflib
import json
import tomllib
from typing import Any

from watchlists.errors import ListError
from watchlists.i18n import _


def toml_of(text: str, name: str) -> dict[str, Any]:
    """The document; `name` is how messages call the file. Raises `ListError`."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = _("{file} is not valid TOML: {reason}.")
        raise ListError(message.format(file=name, reason=str(error).rstrip("."))) from None


def refuse(name: str, faults: list[str]) -> None:
    """Raise `ListError` with all that is wrong with the file, if anything is."""
    if faults:
        raise ListError(_("{file} cannot be used: {faults}.").format(file=name, faults="; ".join(faults)))


def unknown(key: str, known: tuple[str, ...]) -> str:
    """The sentence about a key that the file should not have."""
    near = difflib.get_close_matches(key, known, n=1)
    if near:
        return _("{key} is not known (did you mean {near}?)").format(key=repr(key), near=repr(near[0]))
    return _("{key} is not known; known are {known}").format(key=repr(key), known=", ".join(known))


def text_of(
    table: dict[str, Any], keys: tuple[str, ...], place: str, faults: list[str], *, required: bool = False
) -> str:
    """The first of `keys` in the table, as one stripped line; empty where there is none or it is no text."""
    key = next((key for key in keys if key in table), keys[0])
    value = table.get(key, "")
    if not isinstance(value, str):
        faults.append(_("{place}: {key} should be text in quotation marks").format(place=place, key=key))
        return ""
    if required and not value.strip():
        faults.append(_("{place} has no {key}").format(place=place, key=key))
    return " ".join(value.split())


def tags_of(value: object, place: str, faults: list[str]) -> tuple[str, ...]:
    """The words of a list, or of a text with commas, each once."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        faults.append(_('{place}: tags should be a list of words, such as ["world", "europe"]').format(place=place))
        return ()
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def quoted_text(value: str | bool) -> str:
    """A value as TOML writes it: JSON's strings are TOML's, but for the one control character that JSON leaves."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
