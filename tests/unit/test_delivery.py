"""What holds an alert back, and until when."""

from datetime import timedelta

import pytest

from tests.fakes import NOON, match
from watchlists.decide import Reason, timed
from watchlists.delivery import Habits, Hold, Snooze, hold, is_silent, is_urgent
from watchlists.hours import read_digest, read_quiet
from watchlists.model import Hit, Watch

HOUR, UNSET = timedelta(hours=1), Habits()
QUIET = Habits(quiet=read_quiet("11:00-15:00"))
DAILY = Habits(digest=read_digest("daily 18:00"))
BOTH = Habits(quiet=read_quiet("11:00-19:00"), digest=read_digest("daily 18:00"))


def hit(number: int = 1, level: str = "normal", digest: str = "") -> Hit:
    return Hit(Watch(number, 7, number, f"watch {number}", level=level, digest=digest), match())


def held(*hits: Hit, habits: Habits = UNSET, snoozes: tuple[Snooze, ...] = (), since=NOON, now=NOON) -> Hold | None:
    return hold(habits, snoozes, story_id=3, source="a.example", hits=hits or (hit(),), since=since, now=now)


def until(hours: float, reason: Reason) -> Hold:
    return Hold(reason, NOON + hours * HOUR)


def snooze(kind: str, what: str = "", hours: float = 1) -> Snooze:
    return Snooze(kind, what, NOON + hours * HOUR)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({}, None),
        ({"habits": QUIET}, until(3, Reason.QUIET_HOURS)),
        ({"habits": DAILY}, until(6, Reason.DIGEST)),
        ({"habits": BOTH}, until(7, Reason.QUIET_HOURS)),
        ({"habits": QUIET, "snoozes": (snooze("chat"),)}, until(3, Reason.QUIET_HOURS)),
        ({"habits": QUIET, "snoozes": (snooze("chat", hours=9),)}, until(9, Reason.SNOOZED)),
        ({"snoozes": (snooze("story", "3"),)}, until(1, Reason.SNOOZED)),
        ({"snoozes": (snooze("story", "4"),)}, None),
        ({"snoozes": (snooze("source", "a.example"),)}, until(1, Reason.SNOOZED)),
        ({"snoozes": (snooze("watch", "1"),)}, until(1, Reason.SNOOZED)),
        ({"snoozes": (snooze("watch", "2"),)}, None),
        ({"snoozes": (snooze("chat", hours=0),)}, None),
        ({"habits": DAILY, "since": NOON - 24 * HOUR}, None),
    ],
)
def test_the_longest_hold_counts(case, expected):
    """Snoozes by name, the chat's snooze, quiet hours, and the digest after the alert was made."""
    assert held(**case) == expected


@pytest.mark.parametrize(
    ("hits", "habits", "snoozes", "expected"),
    [
        ((hit(level="urgent"),), BOTH, (snooze("chat"),), None),
        ((hit(level="urgent"),), BOTH, (snooze("watch", "1", 30),), until(30, Reason.SNOOZED)),
        ((hit(level="urgent"),), BOTH, (snooze("story", "3"),), until(1, Reason.SNOOZED)),
        ((hit(1), hit(2, "urgent")), BOTH, (), None),
        ((hit(1), hit(2, "urgent")), QUIET, (snooze("watch", "2"),), until(3, Reason.QUIET_HOURS)),
        ((hit(digest="hourly"),), Habits(), (), until(1, Reason.DIGEST)),
        ((hit(digest="off"),), DAILY, (), None),
        ((hit(1, digest="hourly"), hit(2, digest="daily 20:00")), Habits(), (), until(1, Reason.DIGEST)),
        ((hit(1, digest="hourly"), hit(2)), Habits(), (), None),
        ((hit(1, digest="hourly"), hit(2)), Habits(), (snooze("watch", "2", 9),), until(1, Reason.DIGEST)),
        ((hit(level="silent"),), QUIET, (), until(3, Reason.QUIET_HOURS)),
    ],
)
def test_of_several_watches_the_first_that_may_speak_brings_the_alert(hits, habits, snoozes, expected):
    """Urgent passes what holds the chat, not what was snoozed by name."""
    assert held(*hits, habits=habits, snoozes=snoozes) == expected


def test_silent_and_urgent_are_of_the_alert():
    """Silent when all its watches are, urgent when one is."""
    assert is_silent([hit(level="silent"), hit(level="silent")])
    assert not is_silent([hit(level="silent"), hit()])
    assert is_urgent([hit(), hit(level="urgent")])
    assert not is_urgent([hit()])


@pytest.mark.parametrize(
    ("reason", "case", "expected"),
    [
        (Reason.ALERT, {}, Reason.ALERT),
        (Reason.ALERT, {"hold": Reason.DIGEST}, Reason.DIGEST),
        (Reason.FOLLOW_UP, {"hold": Reason.DIGEST, "kept": True}, Reason.DIGEST),
        (Reason.ALERT, {"is_burst": True}, Reason.BURST),
        (Reason.ALERT, {"is_burst": True, "hold": Reason.SNOOZED}, Reason.SNOOZED),
        (Reason.FOLDED, {"hold": Reason.DIGEST, "kept": True}, Reason.FOLDED),
        (Reason.FOLDED, {"kept": True}, Reason.RAISED),
        (Reason.FOLLOW_UP, {"kept": True}, Reason.RAISED),
        (Reason.FOLDED, {"is_burst": True}, Reason.FOLDED),
        (Reason.CHAT_INACTIVE, {"hold": Reason.DIGEST, "kept": True}, Reason.CHAT_INACTIVE),
        (Reason.HELD, {"kept": True}, Reason.HELD),
    ],
)
def test_what_is_new_may_be_kept_and_what_was_kept_may_be_raised(reason, case, expected):
    """Nobody waits for a story that another of their watches may tell."""
    assert timed(reason, **{"hold": None, "kept": False, "is_burst": False, **case}) is expected
