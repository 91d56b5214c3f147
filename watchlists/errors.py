"""The errors that people can cause and mend.

    WirewatchError            a sentence for a person: what is wrong and what to do
    ├── QueryError            a watch that cannot be read; knows the place
    ├── UnknownNumber         `/unwatch 7` where there is no 7
    ├── NotAnAddress          `/addfeed hello`
    ├── NothingToExplain      `/why` about what is no alert and no item
    ├── BadTime               a span, a time of day or a digest that cannot be read
    ├── UnknownZone           a time zone that does not exist
    ├── UnknownLanguage       a language that the bot does not speak
    ├── QuotaExceeded         a chat has as many as it may
    ├── Refused               an act that this person's role does not allow, or that would lock somebody out
    ├── UnknownPerson         an id that is none, or a name in its place
    ├── OutOfRange            a number that is too small or too large
    ├── UnknownList           a slug that no list has
    └── ListError             a TOML or OPML file that cannot be used

Anything else that is raised is our own mistake and is logged with its traceback.
"""


class WirewatchError(Exception):
    """Its text is a full sentence that may be shown to the person who caused it."""


class QueryError(WirewatchError):
    """A query that cannot be read. `position` is the 0-based offset of the place in the text as written."""

    def __init__(self, message: str, position: int = 0) -> None:
        super().__init__(message)
        self.position = position


class UnknownNumber(WirewatchError):
    """A number that is not in the list that the person was shown."""


class NothingToExplain(WirewatchError):
    """A message that is no alert, or a link that no feed has brought."""


class NotAnAddress(WirewatchError):
    """Words where the address of a feed or a site is wanted."""


class BadTime(WirewatchError):
    """A span, a time of day or the times of a digest that cannot be read."""


class UnknownZone(WirewatchError):
    """A time zone that does not exist."""


class UnknownLanguage(WirewatchError):
    """A language that the bot does not speak."""


class QuotaExceeded(WirewatchError):
    """A chat already has as many of something as it may have."""


class UnknownList(WirewatchError):
    """A list that does not exist, or that this person may not see."""


class Refused(WirewatchError):
    """What this person may not do to that one."""


class UnknownPerson(WirewatchError):
    """Words where the number of a person or a chat is wanted."""


class OutOfRange(WirewatchError):
    """A number that is too small or too large."""


class ListError(WirewatchError):
    """A file of watches or feeds that cannot be used; names the file's fault."""
