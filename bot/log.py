"""Logging: text for people or JSON for machines, and no secret in either."""

import contextlib
import json
import logging
import re
import sys
from collections.abc import Iterable
from types import TracebackType
from typing import TextIO

# A bot token wherever it stands: in a URL of the Bot API, in a repr, in a traceback.
_TOKEN_FORM = re.compile(r"(?<!\d)\d{6,}(?::|%3A)[A-Za-z0-9_-]{20,}", re.IGNORECASE)
REDACTED = "<token>"

# These print the Bot API's URL, and with it the token, at INFO or DEBUG (httpx at INFO, the others at DEBUG).
_TALKATIVE = dict.fromkeys(("httpx", "httpcore", "telegram", "aiohttp.access", "asyncio", "urllib3"), logging.WARNING)
# These say at each try what is known: that a tick waits for the one before; a proxy's page, with a traceback.
_TALKATIVE |= {"apscheduler": logging.ERROR, "telegram.request.BaseRequest": logging.CRITICAL}


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without the secrets named and without anything that has the form of a bot token."""
    for secret in secrets:
        text = text.replace(secret, REDACTED)
    return _TOKEN_FORM.sub(REDACTED, text)


class _Redacting(logging.Formatter):
    """Formats through another formatter, then removes secrets: so tracebacks are covered too."""

    def __init__(self, inner: logging.Formatter, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return redact(self._inner.format(record), self._secrets)


class _Json(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


class _Handler(logging.StreamHandler[TextIO]):
    """Writes lines; of one that cannot be written it says only whose it is.

    The standard library would print the arguments to stderr, past the formatter that removes secrets.
    """

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(f"a line of the log could not be written: {record.name}, {record.lineno}\n")


def _log_uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    logging.getLogger(__name__).critical("ended by an error of ours", exc_info=(kind, error, traceback))


def configure(level: str, form: str, secrets: Iterable[str], stream: TextIO | None = None) -> None:
    """Send all logging, and what nobody catches, to `stream` (stderr), with `secrets` taken out of every line."""
    inner = _Json() if form == "json" else logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(_Redacting(inner, tuple(secret for secret in secrets if secret)))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    sys.excepthook = _log_uncaught
    quieten()


def quieten() -> None:
    """Let libraries say only what matters; also for a verb without a log of its own, where they go to stderr."""
    for name, least in _TALKATIVE.items():
        logging.getLogger(name).setLevel(least)
