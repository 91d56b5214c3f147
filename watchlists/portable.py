"""A chat's watches and settings as a TOML file, written and read; and plain files with a query a line.

    version = 1
    [settings]                      # each is optional
    language = "uk"
    timezone = "Europe/Kyiv"
    quiet = "22:00-07:00"
    digest = "daily 08:00"
    header = "Our news"             # above each alert; footer: below it
    own_feeds_only = false
    [[watches]]
    query = "Donbas withdrawal"
    level = "urgent"                # normal, urgent or silent
    digest = "hourly"               # off: at once
    [[follows]]
    list = "ukraine-peace-talks"
    only = ["Donbas withdrawal"]    # some of its watches; or muted = […]: all but some
    without = "-golf"
    level = "silent"                # these two as of a watch; else as the list has them
    digest = "hourly"
    news = true                     # digests tell what is new in the list

Reading gives a line for each watch and setting with what is wrong with it, so that a whole file can be mended at once.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from watchlists import hours, zones
from watchlists.errors import ListError, WirewatchError
from watchlists.fields import quoted_text
from watchlists.i18n import LANGUAGES, N_, _
from watchlists.model import LEVELS, Level
from watchlists.portable_follows import PortableFollow, follow_lines, read_follow
from watchlists.preferences import FRAMES, checked_frame
from watchlists.query import parse

T = TypeVar("T")
R = TypeVar("R")
VERSION = 1
MAX_LINES = 1000
_TOP, _WATCH = ("version", "settings", "watches", "follows"), ("query", "level", "digest")
_TABLES = re.compile(r"^\s*(?:\[\[?\s*\w+\s*\]\]?|\w+\s*=)", re.MULTILINE)
_UNKNOWN = N_("“{key}” is nothing that I know here. I know: {known}")


@dataclass(frozen=True, slots=True)
class PortableWatch:
    """A watch with how it alerts; `digest` as `Watch` has it."""

    text: str
    level: Level = "normal"
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A watch or a setting of a file, as written; `wrong` is the sentence that says why it cannot be taken."""

    written: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Portable:
    """What a file has. `settings` are by their names in the file; `lines` are all that was read, in order."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    watches: Sequence[PortableWatch] = ()
    follows: Sequence[PortableFollow] = ()
    lines: Sequence[Line] = ()

    @property
    def wrong(self) -> Sequence[Line]:
        """The lines that cannot be taken."""
        return [line for line in self.lines if line.wrong]


def write(
    settings: Mapping[str, str | bool], watches: Sequence[PortableWatch], follows: Sequence[PortableFollow] = ()
) -> str:
    """The file; settings that are empty are left out."""
    lines = [
        "# " + _("Watches and settings of a chat with Wirewatch. Send this file to the bot to have them again."),
        "",
    ]
    lines += [f"version = {VERSION}", "", "[settings]"]
    lines += [f"{name} = {quoted_text(value)}" for name, value in settings.items() if value != ""]
    for watch in watches:
        lines += ["", "[[watches]]", f"query = {quoted_text(watch.text)}"]
        lines += [f"level = {quoted_text(watch.level)}"] if watch.level != "normal" else []
        lines += [f"digest = {quoted_text(watch.digest)}"] if watch.digest else []
    for follow in follows:
        lines += ["", "[[follows]]", *follow_lines(follow)]
    return "\n".join(lines) + "\n"


def read(text: str) -> Portable:
    """What a file has. Raises `ListError` for what is no such file at all."""
    text = text.removeprefix("\ufeff")
    if not _TABLES.search(text):
        return _plain(text)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ListError(_("That file is no TOML: {reason}").format(reason=error)) from None
    lines = [*_strange(document)]
    settings: dict[str, Any] = {}
    watches: list[PortableWatch] = []
    for name, value in _table(document, "settings").items():
        written = f"{name} = {quoted_text(value) if isinstance(value, str | bool) else value}"
        line, settings[name] = _tried(written, lambda pair: _setting(*pair), (name, value))
        lines.append(line)
    for value in _tables(document, "watches"):
        line, watch = _tried(str(value.get("query", value)) if isinstance(value, dict) else str(value), _watch, value)
        lines.append(line)
        watches += [watch] if watch else []
    follows: list[PortableFollow] = []
    for value in _tables(document, "follows"):
        slug = value.get("list", value) if isinstance(value, dict) else value
        line, follow = _tried(str(slug), read_follow, value)
        lines.append(line)
        follows += [follow] if follow else []
    return _checked(Portable(settings, watches, follows, lines))


def _plain(text: str) -> Portable:
    """A query a line; `#` begins a comment."""
    queries = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    tried = [_tried(query, _watch, query) for query in queries[: MAX_LINES + 1]]
    return _checked(Portable({}, [watch for _line, watch in tried if watch], lines=[each[0] for each in tried]))


def _checked(found: Portable) -> Portable:
    if not found.lines:
        raise ListError(_("That file has no watches and no settings."))
    if len(found.lines) > MAX_LINES:
        raise ListError(_("That file has more than {most} lines, the most that I read.").format(most=MAX_LINES))
    return found


def _tried(written: str, read_value: Callable[[T], R], value: T) -> tuple[Line, R | None]:
    """The line, and what it says unless it is wrong."""
    try:
        return Line(written), read_value(value)
    except WirewatchError as error:
        return Line(written, str(error)), None


def _strange(document: Mapping[str, Any]) -> Iterator[Line]:
    for key in document.keys() - {*_TOP}:
        yield Line(key, _(_UNKNOWN).format(key=key[:40], known=", ".join(_TOP)))
    version = document.get("version", VERSION)
    if version != VERSION:
        yield Line(f"version = {version}", _("I read version {version} of such files.").format(version=VERSION))


def _tables(document: Mapping[str, Any], name: str) -> Sequence[object]:
    found = document.get(name, [])
    if not isinstance(found, list):
        raise ListError(_("Write each watch as a [[watches]] table with a query."))
    return found[: MAX_LINES + 1]


def _table(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = document.get(name, {})
    if not isinstance(found, dict):
        raise ListError(_("Write the settings as a [settings] table."))
    return found


def _setting(name: str, value: object) -> str | bool:
    """The setting as it is kept. Raises `WirewatchError`."""
    if name == "own_feeds_only":
        if isinstance(value, bool):
            return value
        raise ListError(_("own_feeds_only is true or false."))
    if name not in _READ:
        raise ListError(_(_UNKNOWN).format(key=name[:40], known=", ".join([*_READ, "own_feeds_only"])))
    if not isinstance(value, str):
        raise ListError(_("Write the value in quotes."))
    return _READ[name](value)


def _language(code: str) -> str:
    if code in LANGUAGES:
        return code
    raise ListError(_("I do not speak “{code}”. I speak: {known}").format(code=code[:40], known=", ".join(LANGUAGES)))


_READ: dict[str, Callable[[str], str]] = {
    "language": _language,
    "timezone": zones.find,
    "quiet": lambda text: str(hours.read_quiet(text) or "off"),
    "digest": lambda text: str(hours.read_digest(text) or "off"),
    **dict.fromkeys(FRAMES, checked_frame),
}


def _watch(value: object) -> PortableWatch:
    """The watch, its query checked. Raises `WirewatchError`."""
    table = value if isinstance(value, dict) else {"query": value}
    strange = [key for key in table if key not in _WATCH]
    if strange:
        raise ListError(_(_UNKNOWN).format(key=strange[0][:40], known=", ".join(_WATCH)))
    query, level, digest = (table.get(key, "") for key in _WATCH)
    if not (isinstance(query, str) and isinstance(level, str) and isinstance(digest, str)):
        raise ListError(_("Write the value in quotes."))
    if level and level not in LEVELS:
        raise ListError(_(_UNKNOWN).format(key=level[:40], known=", ".join(LEVELS)))
    written = " ".join(query.split())
    parse(written)
    kept = str(hours.read_digest(digest) or "off") if digest else ""
    return PortableWatch(written, next((each for each in LEVELS if each == level), "normal"), kept)
