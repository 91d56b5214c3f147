"""Why a chat got an alert, or did not get one about a link: the use-case behind `/why`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watchlists import query as query_language
from watchlists.delivery import Wait
from watchlists.errors import NothingToExplain, QueryError
from watchlists.i18n import N_, _
from watchlists.identity import canonical_link
from watchlists.model import Alert, Hit, Item, Report, Watch
from watchlists.ports import Store
from watchlists.score import explain

REPORTS = 40  # of a story: more than a message holds
NOT_AN_ALERT = N_("That message is no alert. Reply with /why to one, or write a link behind the command.")
UNKNOWN_LINK = N_(
    "None of the feeds that you get has brought that link, so no watch could hit it. /feeds shows which you get."
)


@dataclass(frozen=True, slots=True)
class Why:
    """An alert with its full evidence and its story, or, with `alert` None, the watch that came nearest to a link.

    `report` is the item asked about; `sent` is None while the alert waits; `wait` says why it did not come singly.
    """

    report: Report
    reports: Sequence[Report]
    alert: Alert | None = None
    sent: datetime | None = None
    wait: Wait | None = None
    nearest: Hit | None = None
    reason: str = ""


def why_message(store: Store, chat_id: int, message_id: int | None) -> Why:
    """Explain the alert that a message shows. Raises `NothingToExplain` for any other message."""
    alert_id = None if message_id is None else store.alerts.by_message(chat_id, message_id)
    if alert_id is None:
        raise NothingToExplain(_(NOT_AN_ALERT))
    return _alerted(store, alert_id)


def why_link(store: Store, chat_id: int, link: str) -> Why:
    """Explain why a link gave an alert or gave none. Raises `NothingToExplain` where no feed has brought it."""
    found = store.items.by_link(chat_id, canonical_link(link))
    if found is None:
        raise NothingToExplain(_(UNKNOWN_LINK))
    story_id, report = found
    alert_id = store.alerts.by_story(chat_id, story_id)
    if alert_id is not None:
        return _alerted(store, alert_id)
    reports = store.items.reports(chat_id, story_id, REPORTS)
    nearest = _nearest(store.watches.active(chat_id), report.item)
    return Why(report, reports, nearest=nearest, reason=_reason(nearest))


def missing(hit: Hit) -> tuple[str, ...]:
    """The ideas of the watch that the item did not meet, as written."""
    met = {piece.term for piece in hit.match.evidence}
    asked = (str(clause).lstrip("+") for clause in query_language.parse(hit.watch.text).ideas)
    return tuple(term for term in asked if term not in met)


def _alerted(store: Store, alert_id: int) -> Why:
    alert, sent, wait = store.alerts.explained(alert_id)
    reports = store.items.reports(alert.chat_id, alert.story_id, REPORTS, alert_id)
    return Why(Report(alert.item, alert.first_seen), reports, alert, sent, wait)


def _nearest(watches: Sequence[Watch], item: Item) -> Hit | None:
    """The watch whose score came nearest to its threshold, or passed it."""
    hits = []
    for watch in watches:
        try:
            hits.append(Hit(watch, explain(query_language.parse(watch.text), item)))
        except QueryError:  # an older version could read it
            continue
    return max(hits, key=lambda hit: hit.match.score - hit.match.threshold, default=None)


def _reason(nearest: Hit | None) -> str:
    if nearest is None:
        return _("You watch nothing yet, so nothing can alert you. Start with /watch.")
    if nearest.match.score < nearest.match.threshold:
        return _("No watch of yours came near enough.")
    return _(
        "A watch of yours hits it now, but gave no alert when it came in: the watch is younger, the feed was read "
        "for the first time then, or the watch waits for more sources."
    )
