"""Time zones by the names that people write, and a few guesses for a keyboard.

The names and rules come from the time zone database (the system's, or the package `tzdata`).
"""

from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from rapidfuzz import fuzz

from watchlists.errors import UnknownZone
from watchlists.i18n import _

UTC_NAME = "UTC"
# In the order of buttons that people may still have: new ones are added at the end only.
OFFERED = (
    "UTC", "Europe/London", "Europe/Berlin", "Europe/Kyiv", "Europe/Moscow", "Europe/Madrid", "Europe/Paris",
    "Europe/Rome", "Europe/Lisbon", "Europe/Amsterdam", "Europe/Warsaw", "Europe/Istanbul", "America/New_York",
    "America/Chicago", "America/Los_Angeles", "America/Sao_Paulo", "America/Mexico_City", "Asia/Dubai",
    "Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney",
)  # fmt: skip
_COMMON = ("UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Kolkata")
# ISO 639 code → where most of those live whose phone speaks it.
_OF_LANGUAGE = {
    "uk": ("Europe/Kyiv",),
    "ru": ("Europe/Moscow", "Europe/Kyiv"),
    "de": ("Europe/Berlin",),
    "fr": ("Europe/Paris",),
    "it": ("Europe/Rome",),
    "es": ("Europe/Madrid", "America/Mexico_City"),
    "pt": ("America/Sao_Paulo", "Europe/Lisbon"),
    "nl": ("Europe/Amsterdam",),
    "pl": ("Europe/Warsaw",),
    "tr": ("Europe/Istanbul",),
    "ar": ("Asia/Dubai",),
    "hi": ("Asia/Kolkata",),
    "zh": ("Asia/Shanghai",),
    "ja": ("Asia/Tokyo",),
}
_GUESSES = 6
_NEAR = 75.0
# Names that the database keeps for old programs, and a folder whose signs are the other way round.
_NO_PLACES = ("SystemV", "Etc", "localtime", "Factory")


def guesses(language: str = "") -> tuple[str, ...]:
    """A few zones, the likeliest first, for somebody whose client speaks `language` (`uk`, `pt-br`)."""
    likely = _OF_LANGUAGE.get(language.split("-")[0].lower(), ())
    return tuple(dict.fromkeys([*likely, *_COMMON]))[:_GUESSES]


@lru_cache(maxsize=1 << 8)
def zone(name: str) -> ZoneInfo:
    """The zone that is kept under a name; UTC where the time zone database has lost it."""
    return ZoneInfo(name if name in _names().values() else UTC_NAME)


def find(text: str) -> str:
    """The name of the zone that somebody means: `Europe/Kyiv`, `kyiv`, `new york`. Raises `UnknownZone`."""
    asked = _key(text)
    names = _names()
    if asked in names:
        return names[asked]
    places = [name for key, name in names.items() if key.rpartition("/")[2] == asked]
    if len(places) == 1:
        return places[0]
    close = sorted((key for key in names if _likeness(asked, key) >= _NEAR), key=lambda key: -_likeness(asked, key))
    near = places or [names[key] for key in close]
    message = (
        _("I know no time zone “{name}”. Did you mean {near}?")
        if near
        else _("I know no time zone “{name}”. Write a name like Europe/Kyiv or UTC.")
    )
    raise UnknownZone(message.format(name=text.strip()[:40], near=", ".join(near[:3])))


def _likeness(asked: str, key: str) -> float:
    return max(fuzz.ratio(asked, key), fuzz.ratio(asked, key.rpartition("/")[2]))


def _key(text: str) -> str:
    return "_".join(text.lower().replace("_", " ").split())


@cache
def _names() -> dict[str, str]:
    """Lower-case name → the name as the database writes it."""
    found = {name for name in available_timezones() if not name.startswith(_NO_PLACES)}
    return {name.lower(): name for name in sorted(found | {UTC_NAME})}
