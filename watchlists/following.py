"""The use-cases of following a list, or some of its watches: what there is, who follows what, and how."""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from watchlists import hours
from watchlists.errors import QueryError, QuotaExceeded, UnknownList, UnknownNumber
from watchlists.i18n import _
from watchlists.lists import Diff, diff
from watchlists.model import Item, Level, Watch
from watchlists.ports import Store
from watchlists.ports_lists import Follow, StoredList
from watchlists.query import parse
from watchlists.score import forbids
from watchlists.terms import Query

MAX_FOLLOWS = 50
_ANY = "any"  # a query has to want something: what exclusions are read with


MayEdit = Callable[[int], bool]


def nobody(_list_id: int) -> bool:
    """The answer for somebody who edits no list."""
    return False


@dataclass(frozen=True, slots=True)
class Shown:
    """A list as a chat sees it: its watches, and how the chat follows it, if it does."""

    chat_id: int
    stored: StoredList
    watches: Sequence[Watch]
    follow: Follow | None

    @property
    def can_be_shared(self) -> bool:
        """Whether others find the list by its name."""
        return self.stored.content.visibility != "private"

    def hears(self, watch: Watch) -> bool:
        """Whether the watch alerts the chat."""
        return self.follow is not None and self.follow.has(watch.id)


@dataclass(frozen=True, slots=True)
class ListNews:
    """What has changed in a list since a follower was told last. `is_gone`: it was deleted, and all it had with it."""

    stored: StoredList
    diff: Diff
    is_gone: bool = False


class Following:
    """The use-cases on one open transaction. A private list is seen by those who follow it or `may_edit` it."""

    def __init__(self, store: Store, may_edit: MayEdit = nobody) -> None:
        self._store = store
        self._may_edit = may_edit

    def all(self, chat_id: int) -> Sequence[Shown]:
        """The lists that the chat follows, and those that are public, by slug."""
        found = [self._shown(chat_id, stored) for stored in self._store.lists.all()]
        return [one for one in found if one.follow or self._is_listed(one)]

    def count(self, chat_id: int) -> int:
        """How many lists the chat follows."""
        return len(self._store.follows.of_chat(chat_id))

    def find(self, chat_id: int, name: str) -> Shown:
        """The list of this slug or alias. Raises `UnknownList`."""
        stored = self._store.lists.find(name.strip().lower())
        if stored:
            shown = self._shown(chat_id, stored)
            if self._sees(shown):
                return shown
        public = [one.stored.content.slug for one in self.all(chat_id)]
        near = difflib.get_close_matches(name.lower(), public, n=1)
        if near:
            message = _("There is no list “{name}”. Did you mean {near}? /lists shows all.")
            raise UnknownList(message.format(name=name[:40], near=near[0]))
        raise UnknownList(_("There is no list “{name}”. /lists shows all.").format(name=name[:40]))

    def follow(self, chat_id: int, name: str, number: int = 0) -> Shown:
        """Follow the whole list, or one watch of it, that with this number, beside what the chat has of it.

        Raises `UnknownList`, `UnknownNumber` or `QuotaExceeded`.
        """
        shown = self.find(chat_id, name)
        return self.hear(shown, self._watch(shown, number), hears=True) if number else self.follow_all(shown)

    def follow_all(self, shown: Shown) -> Shown:
        """Follow the whole list. Raises `QuotaExceeded`."""
        follow = shown.follow
        if follow and not follow.some:
            return shown
        fresh = replace(follow, some=False, named=frozenset()) if follow else self._new(shown)
        return self._put(shown, fresh)

    def unfollow(self, chat_id: int, name: str, number: int = 0) -> Shown:
        """Follow the list, or that watch of it, no more. Raises `UnknownList` or `UnknownNumber`."""
        shown = self.find(chat_id, name)
        return self.hear(shown, self._watch(shown, number), hears=False) if number else self.leave(shown)

    def leave(self, shown: Shown) -> Shown:
        """Follow nothing of the list."""
        self._store.follows.remove(shown.chat_id, shown.stored.id)
        return replace(shown, follow=None)

    def follow_again(self, shown: Shown) -> Shown:
        """Take `leave` back: follow as before. Raises `QuotaExceeded`."""
        before = self._store.follows.get(shown.chat_id, shown.stored.id, ended=True)
        if before is None:
            return self.follow_all(shown)
        self._refuse_too_many(shown.chat_id)
        return self._put(shown, before)

    def hear(self, shown: Shown, watch: Watch, *, hears: bool) -> Shown:
        """Hear a watch of the list, or mute it. Whoever has muted the last follows the list no more."""
        follow = shown.follow
        if follow is None:
            if not hears:
                return shown
            follow = replace(self._new(shown), some=True)
        if follow.has(watch.id) == hears:
            return shown
        named = follow.named ^ {watch.id}
        if follow.some and not named:
            self._store.follows.remove(follow.chat_id, follow.list_id)
            return replace(shown, follow=None)
        return self._put(shown, replace(follow, named=named))

    def level(self, shown: Shown, level: Level | Literal[""]) -> Shown:
        """How the alerts of all its watches come; empty for what the list has set for each."""
        return self._changed(shown, level=level)

    def digest(self, shown: Shown, text: str) -> Shown:
        """When they come: a digest, `off` for at once, empty for what the list has set. Raises `BadTime`."""
        return self._changed(shown, digest=str(hours.read_digest(text) or "off") if text else "")

    def without(self, shown: Shown, text: str) -> Shown:
        """What the chat does not want of the list; empty for nothing. Raises `QueryError`."""
        return self._changed(shown, without=plain_exclusions(text))

    def news(self, shown: Shown, *, wanted: bool) -> Shown:
        """Whether the chat's digests tell what is new in the list."""
        return self._changed(shown, news=wanted, told=shown.stored.version)

    def changes(self, chat_id: int) -> Sequence[ListNews]:
        """What the chat wants to be told of its lists, and has not been; now it counts as told."""
        found: list[ListNews] = []
        for follow in self._store.follows.of_chat(chat_id):
            if not follow.news:
                continue
            stored = self._store.lists.get(follow.list_id)
            before = self._store.lists.version(follow.list_id, follow.told)
            if stored is None or before is None or before.version == stored.version:
                continue
            changed = diff(before.content, stored.content)
            if changed.is_large:
                found.append(ListNews(stored, changed))
                self._store.follows.put(replace(follow, told=stored.version))
        for list_id, told in self._store.follows.lost(chat_id):
            last = self._store.lists.version(list_id, told)
            if last:
                gone = diff(last.content, replace(last.content, watches=()))
                found.append(ListNews(StoredList(list_id, told, last.content), gone, is_gone=True))
        return found

    def _is_listed(self, shown: Shown) -> bool:
        return shown.stored.content.visibility == "public" or self._may_edit(shown.stored.id)

    def _sees(self, shown: Shown) -> bool:
        return shown.can_be_shared or shown.follow is not None or self._may_edit(shown.stored.id)

    def _shown(self, chat_id: int, stored: StoredList) -> Shown:
        return Shown(chat_id, stored, self._store.lists.watches(stored.id), self._store.follows.get(chat_id, stored.id))

    def _new(self, shown: Shown) -> Follow:
        self._refuse_too_many(shown.chat_id)
        return Follow(shown.stored.id, shown.chat_id, told=shown.stored.version)

    def _refuse_too_many(self, chat_id: int) -> None:
        if len(self._store.follows.of_chat(chat_id)) >= MAX_FOLLOWS:
            message = _("You follow {most} lists, which is the most there may be. Leave one with /unfollow first.")
            raise QuotaExceeded(message.format(most=MAX_FOLLOWS))

    def _watch(self, shown: Shown, number: int) -> Watch:
        found = next((watch for watch in shown.watches if watch.number == number), None)
        if found is None:
            message = _("The list {slug} has no watch number {number}: it has {count}.")
            slug, count = shown.stored.content.slug, len(shown.watches)
            raise UnknownNumber(message.format(slug=slug, number=number, count=count))
        return found

    def _changed(self, shown: Shown, **changes: Any) -> Shown:
        """The same list, followed otherwise; what is kept for the chat may come sooner or later for it."""
        follow = shown.follow or self._new(shown)
        changed = self._put(shown, replace(follow, **changes))
        self._store.kept.look_again(shown.chat_id)
        return changed

    def _put(self, shown: Shown, follow: Follow) -> Shown:
        self._store.follows.put(follow)
        return replace(shown, follow=follow)


def exclusions(text: str) -> Query:
    """What a follower does not want, `-golf -"peace prize" -source:rt.com`, as a query. Raises `QueryError`."""
    query = parse(f"{_ANY} {text}")
    if len(query.ideas) > 1 or not all(scope.negated for scope in query.scopes) or query.sources > 1:
        raise QueryError(_("Write a minus before each thing that you do not want, like: -golf -source:rt.com"))
    return query


def plain_exclusions(text: str) -> str:
    """Them as they are kept. Raises `QueryError`."""
    return exclusions(text).text.removeprefix(_ANY).strip() if text else ""


def keeps_out(without: str, item: Item) -> bool:
    """Whether a follower's exclusions keep the item out."""
    return forbids(_exclusions(without), item)


@lru_cache(maxsize=1 << 10)
def _exclusions(text: str) -> Query:
    return exclusions(text)
