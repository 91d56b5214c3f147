"""Why a chat got an alert, or did not get one about a link: the use-case behind `/why`.

    no feed of yours ─ no watch near enough ─ forbidden by the watch ─ too old for it ─ waits for sources
        ─ folded into another alert ─ kept for a summary ─ on its way ─ sent, shown, or lost

Each stage has its answer; the first that stopped the item is told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from watchlists import query as query_language
from watchlists.delivery import Habits, Wait
from watchlists.errors import NothingToExplain, QueryError
from watchlists.i18n import N_, _, ngettext
from watchlists.identity import canonical_link
from watchlists.model import Alert, Fate, Hit, Item, Located, Report, Watch
from watchlists.ports import Store
from watchlists.score import explain
from watchlists.terms import Query

REPORTS = 40  # of a story: more than a message holds
PAGE = 10  # reports, where a story is told page by page
NOT_AN_ALERT = N_(
    "That message is no alert. Reply with /why to one, tap its number in /recent, or write a link behind the command."
)
UNKNOWN_LINK = N_(
    "None of the feeds that you get has brought that link, so no watch could hit it. /feeds shows which you get."
)


TOLD = Fate("told")


@dataclass(frozen=True, slots=True)
class Why:
    """An alert with its full evidence, its story and its fate; or, with `alert` None, what stopped a link.

    `reports` are the first of `total`; `alert_id` is set with `alert`. `report` is the item asked about; `sent` is None
    while the alert waits; `wait` says why it did not come singly. `is_later`: it is not that of the alert, but a later
    one of its story, `listed` under the alert or not. `nearest` is the watch that came nearest; `forbidden` are the
    parts of it without which the item would hit; `reason` is a sentence.
    """

    report: Report
    reports: Sequence[Report]
    habits: Habits
    now: datetime
    alert: Alert | None = None
    sent: datetime | None = None
    wait: Wait | None = None
    fate: Fate = TOLD
    total: int = 0
    alert_id: int | None = None
    is_later: bool = False
    is_listed: bool = False
    nearest: Hit | None = None
    forbidden: tuple[str, ...] = ()
    reason: str = ""


def why_message(store: Store, chat_id: int, message_id: int | None) -> Why:
    """Explain the alert that a message shows. Raises `NothingToExplain` for any other message."""
    alert_id = None if message_id is None else store.alerts.by_message(chat_id, message_id)
    if alert_id is None:
        raise NothingToExplain(_(NOT_AN_ALERT))
    return _alerted(store, alert_id)


def why_alert(store: Store, chat_id: int, alert_id: int) -> Why | None:
    """Explain an alert of the chat; None for anybody else's."""
    return _alerted(store, alert_id) if store.alerts.mine(chat_id, alert_id) else None


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the `total` reports of an alert's story, those after the first `skip`."""

    alert_id: int
    reports: Sequence[Report]
    skip: int
    total: int
    habits: Habits
    now: datetime


def reports_page(store: Store, chat_id: int, alert_id: int, skip: int) -> Page | None:
    """A page of the reports of an alert of the chat; None for anybody else's."""
    alert = store.alerts.mine(chat_id, alert_id)
    if alert is None:
        return None
    reports = store.items.reports(chat_id, alert.story_id, PAGE, alert_id, skip)
    total = store.items.count_reports(chat_id, alert.story_id, alert_id)
    return Page(alert_id, reports, skip, total, _habits(store, chat_id), store.now)


def why_link(store: Store, chat_id: int, link: str) -> Why:
    """Explain why a link gave an alert or gave none. Raises `NothingToExplain` where no feed has brought it."""
    found = store.items.by_link(chat_id, canonical_link(link))
    if found is None:
        raise NothingToExplain(_(UNKNOWN_LINK))
    alert_id = store.alerts.by_story(chat_id, found.story_id)
    if alert_id is not None:
        why = _alerted(store, alert_id)
        if why.alert is None or why.alert.item.id == found.report.item.id:
            return why
        is_listed = store.fates.is_listed(alert_id, found.item_id)
        return replace(why, report=found.report, is_later=True, is_listed=is_listed)
    reports = store.items.reports(chat_id, found.story_id, REPORTS)
    nearest, forbidden = _nearest([*store.watches.active(chat_id), *store.follows.watches(chat_id)], found.report.item)
    total = store.items.count_reports(chat_id, found.story_id)
    habits = _habits(store, chat_id)
    why = Why(found.report, reports, habits, store.now, total=total, nearest=nearest, forbidden=forbidden)
    return replace(why, reason=_reason(store, chat_id, why, found))


def missing(hit: Hit) -> tuple[str, ...]:
    """The ideas of the watch that the item did not meet, as written."""
    met = {piece.term for piece in hit.match.evidence}
    asked = (str(clause).lstrip("+") for clause in query_language.parse(hit.watch.text).ideas)
    return tuple(term for term in asked if term not in met)


def _alerted(store: Store, alert_id: int) -> Why:
    alert, sent, wait = store.alerts.explained(alert_id)
    reports = store.items.reports(alert.chat_id, alert.story_id, REPORTS, alert_id)
    habits = _habits(store, alert.chat_id)
    report = Report(alert.item, alert.first_seen)
    total = store.items.count_reports(alert.chat_id, alert.story_id, alert_id)
    fate = store.fates.of(alert_id)
    return Why(report, reports, habits, store.now, alert, sent, wait, fate, total=total, alert_id=alert_id)


def _habits(store: Store, chat_id: int) -> Habits:
    return store.chats.habits([chat_id]).get(chat_id, Habits())


def _nearest(watches: Sequence[Watch], item: Item) -> tuple[Hit | None, tuple[str, ...]]:
    """The watch that came nearest to its threshold, or passed it, and what in it forbids the item.

    Its score is that without what forbids.
    """
    found: list[tuple[Hit, tuple[str, ...]]] = []
    for watch in watches:
        try:
            query = query_language.parse(watch.text)
        except QueryError:  # an older version could read it
            continue
        match = explain(query, item)
        forbidden: tuple[str, ...] = ()
        if not match.score:
            match = explain(_bare(query), item)
            forbidden = _forbidden(query, item) if match.score >= match.threshold else ()
        found.append((Hit(watch, match), forbidden))
    return max(found, key=lambda one: (one[0].match.score - one[0].match.threshold, not one[1]), default=(None, ()))


def _bare(query: Query) -> Query:
    """The query without what may forbid an item: it excludes nothing, and nothing has to be there."""
    return replace(query, clauses=tuple(replace(clause, sign="") for clause in query.ideas), scopes=())


def _forbidden(query: Query, item: Item) -> tuple[str, ...]:
    """Each part of the query that by itself forbids the item."""
    return tuple(part for part, alone in _alone(query) if not explain(alone, item).score)


def _alone(query: Query) -> Iterator[tuple[str, Query]]:
    bare = _bare(query)
    for clause in query.exclusions:
        yield str(clause), replace(bare, clauses=(*bare.clauses, clause))
    for number, clause in enumerate(query.ideas):
        if clause.sign:
            clauses = (*bare.clauses[:number], clause, *bare.clauses[number + 1 :])
            yield str(clause), replace(bare, clauses=clauses)
    for scope in query.scopes:
        yield str(scope), replace(bare, scopes=(scope,))


def _reason(store: Store, chat_id: int, why: Why, found: Located) -> str:
    """What stopped an item that no alert of the chat has."""
    if why.nearest is None:
        return _("You watch nothing yet, so nothing can alert you. Start with /watch.")
    watch, match = why.nearest.watch, why.nearest.match
    if match.score < match.threshold:
        return _("No watch of yours came near enough. The nearest:")
    if why.forbidden:
        return _("A watch of yours would hit it, were it not for {parts}:").format(parts=", ".join(why.forbidden))
    if store.fates.is_held(found.story_id, watch):
        return ngettext(
            "A watch of yours hits it, and waits until {n} independent source tells the story:",
            "A watch of yours hits it, and waits until {n} independent sources tell the story:",
            watch.sources,
        )
    if store.fates.watched_since(chat_id, watch) > found.report.seen:
        return _("It came before you began to watch this:")
    if store.fates.is_of_first_poll(found.item_id):
        return _("It stood in its feed when I read that for the first time. What is there then is no news, for:")
    return _("A watch of yours hits it now, but did not when it came. Its words or the item's have changed since:")
