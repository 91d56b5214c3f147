"""Reading what stands behind a command."""

import re
from dataclasses import dataclass

from watchlists.errors import UnknownNumber, WirewatchError
from watchlists.i18n import _

MAX_ARGUMENTS = 512


class TooLong(WirewatchError):
    """More text behind a command than any command can need."""


@dataclass(frozen=True, slots=True)
class Call:
    """A command as typed: its lower-case name, the rest, and whether it names the bot that it is addressed to."""

    name: str
    arguments: str
    addressed: bool = False


def read_call(text: str) -> Call | None:
    """The command in a message, or None when it is no command."""
    if not text.startswith("/"):
        return None
    head, *rest = text[1:].split(maxsplit=1)[:2] or [""]
    name, addressed, _bot = head.partition("@")
    return Call(name.lower(), rest[0].strip() if rest else "", bool(addressed))


def check_length(arguments: str) -> str:
    """The arguments, unless they are longer than 512 characters."""
    if len(arguments) > MAX_ARGUMENTS:
        message = _("That is {length} characters; I read at most {most}. Please shorten it.")
        raise TooLong(message.format(length=len(arguments), most=MAX_ARGUMENTS))
    return arguments


def one_line(arguments: str) -> str:
    """The arguments with a space for each line break or tab: what is kept and shown in a list is one line."""
    return re.sub(r"\s", " ", arguments)


def number(arguments: str, shown_by: str = "/watches") -> int:
    """The number behind a command: `2`, `#2` or `2.`; `shown_by` is the command that shows which there are."""
    if not is_number(arguments):
        message = _("“{text}” is no number. Write it in digits, such as 2; {command} shows the numbers.")
        raise UnknownNumber(message.format(text=arguments[:40], command=shown_by[:60]))
    return int(arguments.strip().removeprefix("#").removesuffix("."))


def is_number(arguments: str) -> bool:
    """Whether `number` can read it."""
    digits = arguments.strip().removeprefix("#").removesuffix(".")
    return digits.isdecimal() and len(digits) <= 9


def ids(arguments: str, count: int) -> tuple[int, ...] | None:
    """The `count` numbers in a button's data, `12:3`; None for what no button of ours carries.

    Data come from a client, so they are checked like any other input.
    """
    parts = arguments.split(":")
    if len(parts) != count or not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in parts):
        return None
    return tuple(map(int, parts))


def identifier(data: str) -> int:
    """The one id in the data of a button; 0, which is nobody's, for what no button of ours carries."""
    found = ids(data, 1)
    return found[0] if found else 0
