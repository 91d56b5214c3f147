"""What the bot says of feeds that die, return or move: once to the chats that have added them, daily to admins."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from html import escape

from handlers.context import Reply
from handlers.inert import inert
from handlers.replies import and_more, fitting
from handlers.replies_feeds import common_number
from watchlists import faults
from watchlists.clean import shorten
from watchlists.feed_service import FeedHealth
from watchlists.health import Health
from watchlists.i18n import _, ngettext
from watchlists.model import Feed

MAX_NAME, MAX_ERROR, MAX_ADDRESS, MAX_SHOWN = 80, 160, 200, 40


def dead(feed: Feed, now: datetime) -> str:
    """A feed has not answered for days. The reason may be told by now: days are too slow to scan a network with."""
    return ngettext(
        "⚠️ Your feed <b>{name}</b> has not answered for {n} day: {error}\n"
        "I go on trying, and tell you when it is back. /feeds shows its number for /delfeed.",
        "⚠️ Your feed <b>{name}</b> has not answered for {n} days: {error}\n"
        "I go on trying, and tell you when it is back. /feeds shows its number for /delfeed.",
        max(1, (now - (feed.failing_since or now)).days),
    ).format(name=_name(feed), error=_error(feed))


def gone(feed: Feed) -> str:
    """A feed was stopped for good."""
    text = _("⛔ Your feed <b>{name}</b> is read no more: {error}\nIf it has a new address, add that with /addfeed.")
    return text.format(name=_name(feed), error=_error(feed))


def back(feed: Feed) -> str:
    """A feed of which the chats were told that it does not answer."""
    return _("✅ Your feed <b>{name}</b> answers again.").format(name=_name(feed))


def moved(feed: Feed, before: str) -> str:
    """The server has named another address for good, three times in a row."""
    text = _("➡️ Your feed <b>{name}</b> has moved, and I have followed it.\nBefore: {before}\nNow: {now}")
    return text.format(name=_name(feed), before=_address(before), now=_address(feed.url))


def daily(counts: Mapping[str, int]) -> str:
    """The one line a day for admins; empty where all is well."""
    if not counts["failing"] and not counts["stopped"]:
        return ""
    text = _("Feeds: {ok} of {total} work, {failing} failing, {stopped} stopped. /feedhealth says which.")
    return text.format_map(counts)


def feedhealth(found: FeedHealth) -> Reply:
    """The answer to `/feedhealth`: the sums, then each feed in trouble with since when and why."""
    counts = found.counts
    head = ngettext(
        "<b>{n} feed</b>: {ok} working, {failing} failing, {stopped} stopped, {waiting} not read yet",
        "<b>{n} feeds</b>: {ok} working, {failing} failing, {stopped} stopped, {waiting} not read yet",
        counts["total"],
    ).format_map(counts)
    lines = [_line(feed, state, found.now) for feed, state in found.troubled[:MAX_SHOWN]]
    if len(found.troubled) > MAX_SHOWN:
        lines.append(and_more(len(found.troubled) - MAX_SHOWN))
    return Reply("\n".join([head, fitting(lines)]) if lines else head)


def _line(feed: Feed, state: Health, now: datetime) -> str:
    name = f"{common_number(feed)} {_name(feed)}" if feed.common else _name(feed)
    if state is Health.SLOW:
        slow = ngettext(
            "🐢 {name}: slow, its last answer took {n} second",
            "🐢 {name}: slow, its last answer took {n} seconds",
            round(feed.took),
        )
        return slow.format(name=name)
    since = feed.last_change if state is Health.SILENT else feed.failing_since
    reason = _("nothing new") if state is Health.SILENT else _error(feed)
    sign = "⛔" if feed.stopped else "🔇" if state is Health.SILENT else "⚠️"
    line = _("{sign} {name}, for {span}: {reason}")
    return line.format(sign=sign, name=name, span=_span(now - (since or now)), reason=reason)


def _span(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    if hours >= 48:
        return ngettext("{n} day", "{n} days", hours // 24)
    return ngettext("{n} hour", "{n} hours", hours) if hours else _("less than an hour")


def _name(feed: Feed) -> str:
    return escape(inert(shorten(feed.title or feed.url, MAX_NAME)))


def _error(feed: Feed) -> str:
    return escape(inert(shorten(faults.said(feed.error), MAX_ERROR)))


def _address(url: str) -> str:
    return f"<code>{escape(shorten(url, MAX_ADDRESS))}</code>"
