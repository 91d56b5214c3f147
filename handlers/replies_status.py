"""What `/status` says: one line for each part of the program, the trouble last."""

from datetime import UTC, timedelta
from html import escape

from handlers.context import Reply
from watchlists.clean import shorten
from watchlists.i18n import _, ngettext
from watchlists.status import Backlog, Status

_MINUTE = timedelta(minutes=1)
_LATE = 2 * _MINUTE
_REASONS = 3


def status(found: Status) -> Reply:
    """The answer to `/status`."""
    feeds, chats, outbox, inbox = found.feeds, found.chats, found.outbox, found.inbox
    lines = [
        _("<b>Feeds</b>: {ok} of {total} work, {failing} failing, {stopped} stopped, {waiting} not read yet").format(
            **feeds
        ),
        _("<b>News</b>: {items} items in {stories} stories").format(items=found.items, stories=found.stories),
        _("<b>Chats</b>: {active} of {total} can be reached; {watches} watches, {alerts} alerts").format(
            **chats, watches=found.watches, alerts=found.alerts
        ),
        _(
            "<b>Messages</b>: {enqueued} = {queued} waiting + {sending} being sent + {sent} sent + {failed} failed "
            "+ {dropped} dropped + {expired} too late"
        ).format(**outbox),
        *_backlog(found),
        *_failed(found),
        _("<b>Updates</b>: {new} waiting, {failed} failed").format(new=inbox["new"], failed=inbox["failed"]),
    ]
    if found.banned or found.invites:
        access = _("<b>Access</b>: {banned} banned, {invites} open invitations")
        lines.append(access.format(banned=found.banned, invites=found.invites))
    if not found.adds_up:
        lines.append(_("⚠️ The messages do not add up: some have vanished. Please report this."))
    if found.stalled:
        lines.append(
            _("⚠️ No progress for two minutes in: {loops}. The log says why.").format(loops=", ".join(found.stalled))
        )
    return Reply("\n".join(lines))


def _failed(found: Status) -> list[str]:
    if not found.failed:
        return []
    reasons = [f"• {count} × {escape(shorten(reason, 80))}" for reason, count in [*found.failed.items()][:_REASONS]]
    return [_("Failed within a day, see /retry:"), *reasons]


def _backlog(found: Status) -> list[str]:
    backlog: Backlog = found.backlog
    lines = [
        ngettext("{n} message sent within the last minute", "{n} messages sent within the last minute", backlog.sent)
    ]
    if backlog.waiting:
        end = (found.now + backlog.lasts).astimezone(UTC)
        lines.append(
            ngettext(
                "{n} message waits, until about {when}", "{n} messages wait, until about {when}", backlog.waiting
            ).format(when=_when(backlog.lasts, f"{end:%H:%M} UTC"))
        )
    if backlog.oldest >= _LATE:
        lines.append(_("the first of them waits since {minutes} min").format(minutes=backlog.oldest // _MINUTE))
    if backlog.later:
        lines.append(
            ngettext(
                "{n} message waits for a time of its own", "{n} messages wait for a time of their own", backlog.later
            )
        )
    if backlog.paused:
        lines.append(
            ngettext(
                "{n} message waits for a chat that has to be left alone for now",
                "{n} messages wait for chats that have to be left alone for now",
                backlog.paused,
            )
        )
    return [f"• {line}" for line in lines]


def _when(lasts: timedelta, end: str) -> str:
    seconds = max(1, int(lasts.total_seconds()))
    if seconds < 120:
        return _("{end} (in {count} s)").format(end=end, count=seconds)
    return _("{end} (in {count} min)").format(end=end, count=seconds // 60)
