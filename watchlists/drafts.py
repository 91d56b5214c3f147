"""The dialogue about a query: what it would have told, then saved, made stricter or looser, a word less, or dropped.

    free text ─→ offered ─┐                 ┌─ stricter, looser, without a word
    /preview ─→ previewed ┴─→ saved ←/watch─┴─→ stopped (undo)
                          └─→ dropped

Where the dialogue stands is stored, so that it outlives a restart. Every change makes a new `revision`, which buttons
carry: a button that was pressed twice, or that stands in an older message, changes nothing and shows what holds now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from watchlists import query as query_language
from watchlists.managing import Managing
from watchlists.model import Draft, Watch
from watchlists.ports import Store
from watchlists.preview import LOOSER, STRICTER, Preview, Told, last_day, preview
from watchlists.rewording import with_strictness, without
from watchlists.terms import Strictness

SHOWN = 10  # stories of the last day, by name


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What is to be shown: the draft, its watch where it has one, and what it would have told; None: it is over.

    `changed`: the button did something; else it was pressed before.
    """

    draft: Draft
    watch: Watch | None = None
    preview: Preview | None = None
    changed: bool = True


@dataclass(frozen=True, slots=True)
class LastDay:
    """The stories of the last day that `text` would have told, the newest first; `rest` others, or `more`."""

    text: str
    stories: Sequence[Told]
    rest: int
    more: bool
    now: datetime


class Drafts:
    """The use-cases on one open transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def start(self, chat_id: int, text: str, watch: Watch | None = None) -> Dialogue:
        """Begin a dialogue about a query, or about a watch that was made of it just now. Raises `QueryError`."""
        query = query_language.parse(text)
        return self._show(self._store.drafts.add(chat_id, query.text, watch.id if watch else None), watch)

    def get(self, chat_id: int, draft_id: int) -> Draft | None:
        """A dialogue of the chat; None for anybody else's, and for one that is forgotten."""
        return self._store.drafts.get(chat_id, draft_id)

    def show(self, draft: Draft, *, changed: bool = False) -> Dialogue:
        """Where the dialogue stands."""
        watch = self._watch(draft)
        if draft.state != "open" or (draft.watch_id and watch is None):
            return Dialogue(draft, changed=changed)
        return self._show(replace(draft, text=watch.text) if watch else draft, watch, changed=changed)

    def stricter(self, draft: Draft) -> Dialogue:
        """One step to fewer and surer hits."""
        return self._step(draft, STRICTER)

    def looser(self, draft: Draft) -> Dialogue:
        """One step to more hits."""
        return self._step(draft, LOOSER)

    def without(self, draft: Draft, number: int) -> Dialogue:
        """Without items that have the word that was offered under this number."""
        if number >= len(draft.words):
            return self.show(draft)
        return self._reword(draft, without(self._text(draft), draft.words[number]))

    def back(self, draft: Draft) -> Dialogue:
        """As it was before the last change."""
        if not draft.before:
            return self.show(draft)
        return self._become(replace(draft, before=draft.before[:-1]), draft.before[-1])

    def saved(self, draft: Draft, watch: Watch) -> Dialogue:
        """The query is watched from now on."""
        return self.show(self._keep(replace(draft, watch_id=watch.id, text=watch.text)), changed=True)

    def drop(self, draft: Draft) -> Dialogue:
        """Nothing comes of it."""
        return self.show(self._keep(replace(draft, state="dropped")), changed=True)

    def last_day(self, draft: Draft) -> LastDay | None:
        """Show the last day of a watch once: what is shown counts as told, each story at the time of its first hit.

        None where it was shown, or the watch is stopped.
        """
        watch = self._watch(draft)
        if draft.shown or watch is None:
            return None
        self._store.drafts.keep(replace(draft, shown=True))
        stories, more = last_day(self._store, draft.chat_id, query_language.parse(watch.text))
        for told in stories[:SHOWN]:
            self._store.alerts.show(watch, told.found)
        return LastDay(watch.text, stories[:SHOWN], len(stories) - len(stories[:SHOWN]), more, self._store.now)

    def _step(self, draft: Draft, steps: Mapping[Strictness, Strictness]) -> Dialogue:
        text = self._text(draft)
        strictness = query_language.parse(text).strictness
        return (
            self._reword(draft, with_strictness(text, steps[strictness])) if strictness in steps else self.show(draft)
        )

    def _reword(self, draft: Draft, text: str) -> Dialogue:
        old = self._text(draft)
        if text == old:
            return self.show(draft)
        return self._become(replace(draft, before=(*draft.before, old)), text)

    def _become(self, draft: Draft, text: str) -> Dialogue:
        """The draft, and its watch, say this now. Raises `QueryError`, or `UnknownNumber` where that is watched."""
        query = query_language.parse(text)
        watch = self._watch(draft)
        if draft.watch_id and not watch:  # stopped meanwhile
            return self.show(draft)
        if watch:
            Managing(self._store).reword(watch, text)
        return self.show(self._keep(replace(draft, text=query.text)), changed=True)

    def _show(self, draft: Draft, watch: Watch | None, *, changed: bool = True) -> Dialogue:
        found = preview(self._store, draft.chat_id, query_language.parse(draft.text))
        if found.words != draft.words:  # buttons name them by their places
            draft = self._keep(replace(draft, words=found.words))
        return Dialogue(draft, watch, found, changed)

    def _keep(self, draft: Draft) -> Draft:
        changed = replace(draft, revision=draft.revision + 1)
        self._store.drafts.keep(changed)
        return changed

    def _text(self, draft: Draft) -> str:
        watch = self._watch(draft)
        return watch.text if watch else draft.text

    def _watch(self, draft: Draft) -> Watch | None:
        """The draft's watch, as long as it is not stopped."""
        if draft.watch_id is None:
            return None
        return Managing(self._store).own(draft.chat_id, draft.watch_id)
