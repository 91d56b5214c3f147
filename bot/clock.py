"""Time as an argument: the one place that reads the clock of the machine."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time now, aware of its zone."""
    return datetime.now(UTC)


def to_epoch(moment: datetime) -> float:
    """Seconds since 1970, as the database keeps times."""
    return moment.timestamp()


def from_epoch(seconds: float) -> datetime:
    """The aware time of seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)
