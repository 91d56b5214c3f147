"""Logging: text for people or JSON for machines, and no secret in either.

What a line is about stands beside its words, for whoever searches: `extra={"feed": 3, "chat": 7, "alert": 9}`. A chat
is shown by a name that cannot be traced back to a person without the bot's token; at level debug by its number.
"""

import contextlib
import hashlib
import hmac
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
ABOUT = ("feed", "chat", "alert", "delivery", "update")  # the numbers that lines may carry

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


def alias(chat_id: int, secret: str) -> str:
    """The name of a chat in this installation's log: the same for as long as the bot has the same token."""
    return hmac.new(secret.encode(), f"chat {chat_id}".encode(), hashlib.sha256).hexdigest()[:10]


class _About:
    """The numbers that a record carries, in the order of `ABOUT`; chats are hidden behind the `secret`, if any."""

    def __init__(self, secret: str | None) -> None:
        self._secret = secret

    def __call__(self, record: logging.LogRecord) -> dict[str, object]:
        found = {name: value for name in ABOUT if (value := getattr(record, name, None)) is not None}
        if "chat" in found and self._secret is not None:
            found["chat"] = alias(found["chat"], self._secret)
        return found


class _Text(logging.Formatter):
    """Time, level, logger, message, and in brackets what it is about."""

    def __init__(self, about: _About) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._about = about

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the standard library's name
        about = " ".join(f"{name}={value}" for name, value in self._about(record).items())
        return super().formatMessage(record) + (f" [{about}]" if about else "")


class _Json(logging.Formatter):
    """One JSON object a line: time, level, logger, message, what it is about, the traceback where there is one."""

    def __init__(self, about: _About) -> None:
        super().__init__()
        self._about = about

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **self._about(record),
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
    known = tuple(secret for secret in secrets if secret)
    about = _About(None if level == "debug" else "".join(known))
    inner = _Json(about) if form == "json" else _Text(about)
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(_Redacting(inner, known))
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
