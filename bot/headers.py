"""What we say of ourselves in a request, and what an answer's headers say; nonsense is as if it were not there."""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from importlib.metadata import version

from bot.clock import Clock

_LONGEST = 1_000  # characters of an ETag or a date that are worth keeping
_LINK = re.compile(r"<([^<>]{1,2048})>([^<]*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)


def user_agent(contact: str = "") -> str:
    """Who asks, and where a publisher finds whoever runs it."""
    return f"Wirewatch/{version('wirewatch')} ({f'+{contact}' if contact else 'news alerts'})"


def validator(value: str) -> str:
    """An ETag or a date as it may be sent back; one that cannot be sent back is none."""
    return value if len(value) <= _LONGEST and value.isascii() and value.isprintable() else ""


def retry_after(value: str, clock: Clock) -> float | None:
    """Seconds from a Retry-After header, which holds seconds or a date (RFC 9110 §10.2.3)."""
    if re.fullmatch(r"[0-9]{1,9}", value.strip()):
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - clock()).total_seconds())
    except (TypeError, ValueError, OverflowError):  # TypeError: a date without a zone
        return None


def max_age(headers: Mapping[str, str]) -> float | None:
    """Seconds for which the answer stays fresh: max-age less the time it spent in caches (RFC 9111 §4.2)."""
    found = re.search(r"(?:^|[\s,])max-age=\"?([0-9]{1,9})", headers.get("cache-control", "").lower())
    if not found:
        return None
    age = headers.get("age", "").strip()
    return max(0.0, float(found[1]) - (float(age) if re.fullmatch(r"[0-9]{1,9}", age) else 0.0))


def link(value: str, relation: str) -> str:
    """The first target of a Link header (RFC 8288) with this relation, as it stands there; empty where none has."""
    for target, parameters in _LINK.findall(value):
        found = _REL.search(parameters)
        if found and relation in (found[1] or found[2] or "").lower().split():
            return str(target)
    return ""
