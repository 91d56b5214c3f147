"""What the bot says of feeds that die, return or move: once to the chats that have added them, daily to admins."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from html import escape

from handlers.context import Reply
from handlers.inert import inert
from handlers.replies import count, fitting
from watchlists.clean import shorten
from watchlists.feed_service import FeedHealth
from watchlists.health import Health
from watchlists.model import Feed

MAX_NAME, MAX_ERROR, MAX_ADDRESS, MAX_SHOWN = 80, 160, 200, 40


def dead(feed: Feed, now: datetime) -> str:
    """A feed has not answered for days. The reason may be told by now: days are too slow to scan a network with."""
    days = count(max(1, (now - (feed.failing_since or now)).days), "day")
    return (
        f"⚠️ Your feed <b>{_name(feed)}</b> has not answered for {days}: {_error(feed)}\n"
        "I go on trying, and tell you when it is back. /feeds shows its number for /delfeed."
    )


def gone(feed: Feed) -> str:
    """A feed was stopped for good."""
    return (
        f"⛔ Your feed <b>{_name(feed)}</b> is read no more: {_error(feed)}\n"
        "If it has a new address, add that with /addfeed."
    )


def back(feed: Feed) -> str:
    """A feed of which the chats were told that it does not answer."""
    return f"✅ Your feed <b>{_name(feed)}</b> answers again."


def moved(feed: Feed, before: str) -> str:
    """The server has named another address for good, three times in a row."""
    return (
        f"➡️ Your feed <b>{_name(feed)}</b> has moved, and I have followed it.\n"
        f"Before: {_address(before)}\nNow: {_address(feed.url)}"
    )


def daily(counts: Mapping[str, int]) -> str:
    """The one line a day for admins; empty where all is well."""
    if not counts["failing"] and not counts["stopped"]:
        return ""
    return (
        f"Feeds: {counts['ok']} of {counts['total']} work, {counts['failing']} failing, {counts['stopped']} stopped. "
        "/feedhealth says which."
    )


def feedhealth(found: FeedHealth) -> Reply:
    """The answer to `/feedhealth`: the sums, then each feed in trouble with since when and why."""
    counts = found.counts
    head = (
        f"<b>{count(counts['total'], 'feed')}</b>: {counts['ok']} working, {counts['failing']} failing, "
        f"{counts['stopped']} stopped, {counts['waiting']} not read yet"
    )
    lines = [_line(feed, state, found.now) for feed, state in found.troubled[:MAX_SHOWN]]
    if len(found.troubled) > MAX_SHOWN:
        lines.append(f"… and {len(found.troubled) - MAX_SHOWN} more.")
    return Reply("\n".join([head, fitting(lines)]) if lines else head)


def _line(feed: Feed, state: Health, now: datetime) -> str:
    since = feed.last_change if state is Health.SILENT else feed.failing_since
    reason = "nothing new" if state is Health.SILENT else _error(feed)
    sign = "⛔" if feed.stopped else "🔇" if state is Health.SILENT else "⚠️"
    return f"{sign} {_name(feed)}, for {_span(now - (since or now))}: {reason}"


def _span(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    return count(hours // 24, "day") if hours >= 48 else count(hours, "hour") if hours else "less than an hour"


def _name(feed: Feed) -> str:
    return escape(inert(shorten(feed.title or feed.url, MAX_NAME)))


def _error(feed: Feed) -> str:
    return escape(inert(shorten(feed.error, MAX_ERROR)))


def _address(url: str) -> str:
    return f"<code>{escape(shorten(url, MAX_ADDRESS))}</code>"
