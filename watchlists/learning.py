"""What a watch may learn from 👍 and 👎: one change, proposed with what it would have done, and made only at a tap.

A change has to spare at least two alerts that were wrong, and none that was right. Of several the one counts that
spares the most wrong ones, then the one that costs the fewest others: being strict, or a word less.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from watchlists import text
from watchlists.errors import QueryError
from watchlists.loud import tells
from watchlists.model import Judged, Vote, Watch
from watchlists.ports import Store
from watchlists.query import parse
from watchlists.rewording import with_strictness, without
from watchlists.score import score

ASKS_AFTER = 3  # wrong alerts of a watch since the last proposal
BACK = timedelta(days=30)
_SPARES = 2
_TRIED = 12  # words


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of a watch's text, and what it would have done in the last 30 days.

    `word` is what it excludes; empty where the watch becomes strict. Of `alerts` alerts, `left` would have come; of
    `wrong` ones it spares `spared`; all `right` ones would have come.
    """

    watch: Watch
    text: str
    word: str
    alerts: int
    left: int
    wrong: int
    spared: int
    right: int


class Learning:
    """The use-cases on one open transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def vote(self, chat_id: int, alert_id: int, user_id: int, vote: Vote) -> list[Proposal] | None:
        """Keep what somebody says of an alert, in place of what they said before; None for no alert of the chat.

        What follows from it, if anything, is what to propose. Nothing does for the watch of a list, which this chat
        cannot change: its editors see what followers say, all together.
        """
        alert = self._store.alerts.mine(chat_id, alert_id)
        if alert is None:
            return None
        if not self._store.votes.cast(chat_id, alert_id, user_id, vote) or vote == "up":
            return []
        found = (self._propose(hit.watch) for hit in alert.hits if not hit.watch.list_id)
        return [proposal for proposal in found if proposal]

    def said(self, alert_id: int) -> Vote | None:
        """What was said last of an alert."""
        return self._store.votes.of_alert(alert_id)

    def proposed(self, watch: Watch) -> str:
        """The text that was proposed for the watch last; empty for none."""
        return self._store.votes.proposed(watch)

    def _propose(self, watch: Watch) -> Proposal | None:
        if self._store.votes.wrong_since_asked(watch) < ASKS_AFTER:
            return None
        proposal = propose(watch, self._store.votes.judged(watch, self._store.now - BACK))
        if proposal:
            self._store.votes.ask(watch, proposal.text)
        return proposal


def propose(watch: Watch, judged: Sequence[Judged]) -> Proposal | None:
    """The best change; None where none spares enough."""
    best: tuple[tuple[int, int], Proposal] | None = None
    for changed, word in _changes(watch, judged):
        left = [each for each in judged if score(parse(changed), each.item)]
        right, wrong = _count(judged, "up"), _count(judged, "down")
        spared = wrong - _count(left, "down")
        if spared < _SPARES or _count(left, "up") < right:
            continue
        rank = (spared, len(left))
        if best is None or rank > best[0]:
            best = rank, Proposal(watch, changed, word, len(judged), len(left), wrong, spared, right)
    return best[1] if best else None


def _count(judged: Sequence[Judged], vote: Vote) -> int:
    return sum(each.vote == vote for each in judged)


def _changes(watch: Watch, judged: Sequence[Judged]) -> Iterator[tuple[str, str]]:
    """(text, word) of each change that can be read and is one."""
    tried = [("", with_strictness(watch.text, "strict"))]
    tried += [(word, without(watch.text, word)) for word in _words(watch, judged)]
    for word, changed in tried:
        try:
            if parse(changed).key != parse(watch.text).key:
                yield changed, word
        except QueryError:  # too long
            continue


def _words(watch: Watch, judged: Sequence[Judged]) -> list[str]:
    """The telling words of the headlines that were wrong, as printed most often, the commonest first."""
    own = {token.text for token in text.tokens(watch.text)}
    seen: Counter[str] = Counter()
    for each in judged:
        if each.vote == "down":
            words = {token.text for token in text.tokens(each.item.title) if tells(token.text, each.item.lang)}
            seen.update(sorted(words - own))
    return [word for word, count in seen.most_common() if count >= _SPARES][:_TRIED]
