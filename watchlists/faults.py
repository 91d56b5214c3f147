"""What keeps a feed from being read, in words: kept and logged in English, shown in the language that is spoken.

Faults without data stand where they are found, marked with `N_`; those with data are templates, and stand here.
"""

import re
from functools import cache

from watchlists.i18n import N_, _

TOO_LARGE = N_("What the server sends is larger than {limit}.")
UNREADABLE = N_("The answer cannot be read: {reason}.")
REDIRECTS = N_("The server redirects more than {most} times.")
STATUS = N_("The server answered with status {status}.")
PORT = N_("Port {port} is not fetched; feeds are served on 80, 443, 8080 or 8443.")
PRIVATE = N_("{host} is not on the public internet.")
WAY_OUT = N_("Whoever runs the bot and trusts it can add {place} to WIREWATCH_ALLOW_PRIVATE_FEEDS.")
SLOW_NAME = N_("The name {host} was not resolved in time.")
NO_ADDRESS = N_("The name {host} has no address.")
NO_NAME = N_("The name {host} could not be resolved.")
_TEMPLATES = (TOO_LARGE, UNREADABLE, REDIRECTS, STATUS, PORT, PRIVATE, WAY_OUT, SLOW_NAME, NO_ADDRESS, NO_NAME)


_SENTENCES = re.compile(r"(?<=\.) (?=[A-Z])")


def said(fault: str) -> str:
    """The fault in the language that is spoken; a sentence that is none of ours stays as it is."""
    return " ".join(map(_sentence, _SENTENCES.split(fault)))


def _sentence(fault: str) -> str:
    for template in _TEMPLATES:
        found = _pattern(template).fullmatch(fault)
        if found:
            return _(template).format(**{name: _(value) for name, value in found.groupdict().items()})
    return _(fault) if fault else ""


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(template)))
