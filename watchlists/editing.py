"""The use-cases of editing lists. Each acts at once, makes a version of its own, and says what it would have changed.

Who may edit which list is asked anew for each act. Whatever was done is undone by taking an earlier version anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from watchlists import hours
from watchlists.effect import Counting, Effect
from watchlists.errors import ListError, UnknownList, UnknownNumber
from watchlists.following import MayEdit
from watchlists.i18n import LANGUAGES, _
from watchlists.learning import BACK
from watchlists.list_files import parse_watchlist, write_watchlist
from watchlists.lists import MAX_SLUG, VISIBILITIES, Diff, ListedWatch, Watchlist, diff, texts
from watchlists.model import LEVELS, Level, Watch
from watchlists.ports import Store
from watchlists.ports_lists import StoredList, Version
from watchlists.ports_roles import EVERY_LIST, NEW_LIST, Grant
from watchlists.query import parse

LOGGED = 10  # versions that a log shows
MAX_WHY = 200
FIELDS = ("title", "description", "tags", "aliases", "visibility", "slug")
OF_WATCH = ("words", "note", "level", "digest", "number")


@dataclass(frozen=True, slots=True)
class Edited:
    """A list after an edit, what that changed, and what it means for `followers`. `before`: the version before."""

    stored: StoredList
    before: int
    diff: Diff
    effect: Effect
    followers: int


@dataclass(frozen=True, slots=True)
class Logged:
    """A version with what it changed."""

    version: Version
    diff: Diff


class Editing:
    """The use-cases on one open transaction. `user_id`: who edits; 0 for the operator at the command line."""

    def __init__(self, store: Store, user_id: int, may_edit: MayEdit) -> None:
        self._store = store
        self._user_id = user_id
        self._may_edit = may_edit

    def find(self, name: str) -> StoredList:
        """The list of this slug or alias, if this person may edit it. Raises `UnknownList`."""
        stored = self._store.lists.find(name.strip().lower())
        may_edit = stored is not None and self._may_edit(stored.id)
        if stored is None or (not may_edit and stored.content.visibility == "private"):
            raise UnknownList(_("There is no list “{name}”. /lists shows all.").format(name=name[:40]))
        if not may_edit:
            raise UnknownList(_("You are no editor of the list {slug}.").format(slug=stored.content.slug))
        return stored

    def new(self, slug: str, title: str = "", why: str = "") -> Edited:
        """A list without watches, which only editors see until it is made public. Raises `ListError`."""
        content = Watchlist(slug.strip().lower(), texts({"en": title or slug}), visibility="private")
        return self._put(None, content, "new", why)

    def add(self, name: str, query: str, why: str = "") -> Edited:
        """A watch more, as the last. Raises `QueryError`, `ListError` or `UnknownList`."""
        old, watch = self.find(name), ListedWatch(parse(query))
        for number, known in enumerate(old.content.watches, 1):
            if known.query.key == watch.query.key:
                message = _("The list {slug} has that watch: it is number {number}, {text}.")
                raise ListError(message.format(slug=old.content.slug, number=number, text=known.query.text))
        return self._put(old, replace(old.content, watches=(*old.content.watches, watch)), "add", why)

    def drop(self, name: str, number: int, why: str = "") -> Edited:
        """A watch less; those behind it move up. Raises `UnknownList` or `UnknownNumber`."""
        old = self.find(name)
        gone = self._watch(old, number)
        watches = tuple(watch for watch in old.content.watches if watch is not gone)
        return self._put(old, replace(old.content, watches=watches), "drop", why)

    def set(self, name: str, field: str, value: str, why: str = "") -> Edited:
        """Another value for one of `FIELDS`; `title` and `description` may begin with a language: `uk Пороми`.

        Who can see it may be said without its field: `public`.
        """
        old = self.find(name)
        if field in VISIBILITIES and not value:
            field, value = "visibility", field
        changes: dict[str, Any]
        if field in ("title", "description"):
            code, _space, text = value.partition(" ")
            language, said = (code, text) if code in LANGUAGES and text else ("en", value)
            changes = {field: getattr(old.content, field).put(language, " ".join(said.split()))}
        elif field in ("tags", "aliases"):
            changes = {field: tuple(word.strip().lstrip("#") for word in value.split(",") if word.strip(" #"))}
        elif field in ("visibility", "slug"):
            changes = {field: value.strip().lower()}
        else:
            raise ListError(_("{key} should be one of {known}").format(key=field[:40], known=", ".join(FIELDS)))
        return self._put(old, replace(old.content, **changes), "set", why)

    def set_watch(self, name: str, number: int, field: str, value: str, why: str = "") -> Edited:
        """Another value for one of `OF_WATCH` of a watch; `number` moves it there."""
        old = self.find(name)
        watch = self._watch(old, number)
        others = [one for one in old.content.watches if one is not watch]
        place = number - 1
        if field == "words":
            watch = replace(watch, query=parse(value))
        elif field == "note":
            watch = replace(watch, note=" ".join(value.split()))
        elif field == "level":
            watch = replace(watch, level=_level(value))
        elif field == "digest":
            same = value.lower() in ("", "same")
            watch = replace(watch, digest="" if same else str(hours.read_digest(value) or "off"))
        elif field == "number" and value.isdecimal():
            place = int(value[:4]) - 1
        else:
            raise ListError(_("{key} should be one of {known}").format(key=field[:40], known=", ".join(OF_WATCH)))
        others.insert(max(place, 0), watch)
        return self._put(old, replace(old.content, watches=tuple(others)), "set", why)

    def take(self, text: str, name: str, why: str = "") -> Edited:
        """A file in place of the list with its slug, or as a new one; `name` is how messages call the file.

        Raises `ListError` or `UnknownList`.
        """
        content = parse_watchlist(text, name)
        old = self._store.lists.find(content.slug)
        if old and not self._may_edit(old.id):
            raise self._taken(content.slug)
        if old and old.content.slug != content.slug:
            raise ListError(
                _("{name} is another name of the list {slug}.").format(name=content.slug, slug=old.content.slug)
            )
        return self._put(self.find(content.slug) if old else None, content, "import", why)

    def undo(self, name: str, version: int = 0, after: int = 0) -> Edited:
        """The list as it was in a version, the one before unless it is said; `after`: only if this one still holds.

        Raises `UnknownList` or `UnknownNumber`.
        """
        old = self.find(name)
        if after and old.version != after:
            message = _("The list {slug} has been changed since. /listlog {slug} shows its versions.")
            raise UnknownNumber(message.format(slug=old.content.slug))
        wanted = self._store.lists.version(old.id, version) if version else self._before(old)
        if wanted is None or wanted.version == old.version:
            message = _("The list {slug} has no such version to go back to. /listlog {slug} shows them.")
            raise UnknownNumber(message.format(slug=old.content.slug))
        return self._put(old, wanted.content, "undo", f"{wanted.version}")

    def removable(self, name: str, version: int = 0) -> tuple[StoredList, int]:
        """A list that this person may delete, and how many chats follow it; `version`: only if this one still holds.

        Raises `UnknownList` or `UnknownNumber`.
        """
        old = self.find(name)
        made = self._store.lists.version(old.id, 1)
        is_maker = made is not None and made.user_id == self._user_id
        if not is_maker and not self._may_edit(EVERY_LIST):
            raise UnknownList(_("Only admins of this bot and whoever has made a list delete it."))
        if version and old.version != version:
            message = _("The list {slug} has been changed since. /listlog {slug} shows its versions.")
            raise UnknownNumber(message.format(slug=old.content.slug))
        return old, self._store.follows.count(old.id)

    def remove(self, list_id: int, version: int) -> StoredList:
        """Delete a list, as it is in this version: nobody follows or edits it any more. Raises as `removable` does.

        By its id: its name may be that of another list by now.
        """
        meant = self._store.lists.get(list_id)
        old, followers = self.removable(meant.content.slug if meant else "", version)
        self._store.lists.remove(old)
        editors = [grant for grant in self._store.roles.all() if grant.list_id == old.id]
        for grant in editors:
            self._store.roles.remove(grant)
        detail = {
            "list": old.id,
            "version": old.version,
            "followers": followers,
            "editors": [g.user_id for g in editors],
        }
        self._store.audit.record(self._user_id, "list_remove", old.content.slug, detail)
        return old

    def log(self, name: str, before: int = 0) -> tuple[StoredList, Sequence[Logged], bool]:
        """The newest versions, or those before one, newest first, and whether there are older ones."""
        stored = self.find(name)
        found = self._store.lists.versions(stored.id, before or stored.version + 1, LOGGED + 1)
        empty = Watchlist("", texts({}))
        older = [*(each.content for each in found[1:]), empty]
        logged = [Logged(each, diff(was, each.content)) for each, was in zip(found, older, strict=True)]
        return stored, logged[:LOGGED], len(found) > LOGGED

    def votes(self, stored: StoredList) -> Sequence[tuple[Watch, int, int]]:
        """What followers have said of the alerts of 30 days: each watch that was voted on, 👍 and 👎."""
        votes = self._store.lists.votes(stored.id, self._store.now - BACK)
        return [(watch, *votes[watch.id]) for watch in self._store.lists.watches(stored.id) if watch.id in votes]

    def export(self, name: str) -> tuple[str, str]:
        """The name and the text of the list's file."""
        content = self.find(name).content
        return f"{content.slug}.toml", write_watchlist(content)

    def _before(self, stored: StoredList) -> Version | None:
        """The newest version in which the list was another: one that came back from a backup is as the one before."""
        found = self._store.lists.versions(stored.id, stored.version, LOGGED)
        return next((each for each in found if diff(each.content, stored.content)), None)

    def _watch(self, stored: StoredList, number: int) -> ListedWatch:
        if not 0 < number <= len(stored.content.watches):
            message = _("The list {slug} has no watch number {number}: it has {count}.")
            slug, count = stored.content.slug, len(stored.content.watches)
            raise UnknownNumber(message.format(slug=slug, number=number, count=count))
        return stored.content.watches[number - 1]

    def _put(self, old: StoredList | None, content: Watchlist, act: str, why: str) -> Edited:
        """Store a version that a file could hold, too: whatever is wrong with it is said as of a file."""
        if old is None and not self._may_edit(NEW_LIST):
            raise UnknownList(_("Only editors and admins of this bot make lists."))
        name = old.content.slug if old else content.slug
        content = parse_watchlist(write_watchlist(content), name)
        taken = self._store.lists.taken((content.slug, *content.aliases), but=old.id if old else 0)
        if taken:
            raise self._taken(taken)
        was = old.content if old else Watchlist(content.slug, texts({}))
        changed = diff(was, content)
        if old and not changed:
            return Edited(old, old.version, changed, Effect(0, 0, 0), 0)
        lists = self._store.lists
        stored = (
            lists.change(old, content, self._user_id, act, why[:MAX_WHY])
            if old
            else self._make(content, act, why[:MAX_WHY])
        )
        detail = {"version": stored.version, "before": old.version if old else 0}
        self._store.audit.record(self._user_id, f"list_{act}", stored.content.slug, detail, why[:MAX_WHY])
        effect = Counting(self._store).effect(was, content)
        return Edited(stored, old.version if old else 0, changed, effect, self._store.follows.count(stored.id))

    def _taken(self, name: str) -> ListError:
        """Names are unique, so one must be refused; others than editors of the list learn no more, whoever has it."""
        other = self._store.lists.find(name)
        if other and self._may_edit(other.id):
            return ListError(_("There is another list with the name {name}.").format(name=name))
        numbered = (f"{name[: MAX_SLUG - 4].rstrip('-')}-{number}" for number in range(2, 1000))
        free = next((each for each in numbered if not self._store.lists.taken([each])), "")
        return ListError(_("The name {name} cannot be taken here; {free} can.").format(name=name, free=free))

    def _make(self, content: Watchlist, act: str, why: str) -> StoredList:
        """A list that was not there. An editor who makes one is its editor."""
        stored = self._store.lists.add(content, self._user_id, act, why)
        if not self._may_edit(stored.id):
            self._store.roles.add(Grant(self._user_id, stored.id), self._user_id)
        return stored


def _level(value: str) -> Level:
    found = next((each for each in LEVELS if each == value.lower()), None)
    if found is None:
        raise ListError(_("{key} should be one of {known}").format(key="level", known=", ".join(LEVELS)))
    return found
