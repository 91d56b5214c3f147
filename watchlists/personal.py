"""The use-cases of what a chat has with us as a whole: take it along, bring it, have all of it deleted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from watchlists import portable
from watchlists import query as query_language
from watchlists.errors import QuotaExceeded, UnknownList
from watchlists.following import MAX_FOLLOWS, Following, MayEdit, nobody
from watchlists.i18n import _
from watchlists.model import Holdings
from watchlists.portable import Line, Portable, PortableWatch
from watchlists.portable_follows import PortableFollow
from watchlists.ports import Store
from watchlists.ports_lists import Follow
from watchlists.preferences import FRAMES, Preferences


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file. Where a line of it was wrong, nothing was changed; else `added` and `known` watches.

    `left_out` are the slugs of lists that there are not, or not for this chat: not in `file` any more. A list may have
    become private, or have gone, since the file was written, and that must not keep the rest of it out.
    """

    file: Portable
    added: int = 0
    known: Sequence[str] = ()
    left_out: Sequence[str] = ()


class Personal:
    """The use-cases on one open transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def export(self, chat_id: int) -> str:
        """The chat's watches and settings as a file."""
        found = Preferences(self._store).overview(chat_id)
        habits = found.habits
        settings: dict[str, str | bool] = {
            "language": self._store.chats.language(chat_id),
            "timezone": habits.zone_name,
            "quiet": str(habits.quiet or ""),
            "digest": str(habits.digest or ""),
            "header": habits.look.header,
            "footer": habits.look.footer,
        }
        if self._store.chat_feeds.own_only(chat_id):
            settings["own_feeds_only"] = True
        watches = [PortableWatch(watch.text, watch.level, watch.digest) for watch in found.watches]
        follows = [self._follow(each) for each in self._store.follows.of_chat(chat_id)]
        return portable.write(settings, watches, [each for each in follows if each.slug])

    def import_file(self, chat_id: int, text: str, most: int, may_edit: MayEdit = nobody) -> Imported:
        """Take over all of a file, or nothing where a line of it is wrong; `most` watches may the chat have.

        Raises `ListError` for what is no such file, and `QuotaExceeded`.
        """
        file = portable.read(text)
        if file.wrong:
            return Imported(file)
        following = Following(self._store, may_edit)
        file, left_out = _known_lists(chat_id, file, following)
        active = {query_language.parse(watch.text).key for watch in self._store.watches.active(chat_id)}
        new: dict[str, PortableWatch] = {}
        known: list[str] = []
        for watch in file.watches:
            key = query_language.parse(watch.text).key
            if key in active or key in new:
                known.append(watch.text)
            else:
                new[key] = watch
        if len(active) + len(new) > most:
            message = _("With that file you would have {count} watches, and {most} is the most there may be.")
            raise QuotaExceeded(message.format(count=len(active) + len(new), most=most))
        followed = {follow.list_id for follow in self._store.follows.of_chat(chat_id)}
        followed |= {following.find(chat_id, follow.slug).stored.id for follow in file.follows}
        if len(followed) > MAX_FOLLOWS:
            message = _("With that file you would follow {count} lists, and {most} is the most there may be.")
            raise QuotaExceeded(message.format(count=len(followed), most=MAX_FOLLOWS))
        for watch in new.values():
            self._add(chat_id, watch)
        self._set(chat_id, file)
        for follow in file.follows:
            self._take(chat_id, follow, following)
        return Imported(file, len(new), known, left_out)

    def holdings(self, chat_id: int) -> Holdings:
        """How much there is of the chat."""
        return self._store.forgetting.holdings(chat_id)

    def forget(self, chat_id: int) -> Holdings:
        """Delete every row of the chat; what says so to it goes when it has been said."""
        found = self.holdings(chat_id)
        self._store.forgetting.forget(chat_id)
        return found

    def _add(self, chat_id: int, watch: PortableWatch) -> None:
        added = self._store.watches.add(chat_id, query_language.parse(watch.text))
        if watch.level != "normal" or watch.digest:
            self._store.watches.set_delivery(added, watch.level, watch.digest)

    def _take(self, chat_id: int, follow: PortableFollow, following: Following) -> None:
        """Follow a list as the file says; watches that it names and the list has no more are left out."""
        shown = following.follow(chat_id, follow.slug)
        keys = {query_language.parse(text).key for text in follow.named}
        named = {watch.id for watch in shown.watches if query_language.parse(watch.text).key in keys}
        new = Follow(
            shown.stored.id,
            chat_id,
            follow.level,
            follow.digest,
            follow.without,
            follow.some,
            frozenset(named),
            follow.news,
            shown.stored.version,
        )
        self._store.follows.put(new)

    def _follow(self, follow: Follow) -> PortableFollow:
        stored = self._store.lists.get(follow.list_id)
        watches = self._store.lists.watches(follow.list_id)
        return PortableFollow(
            stored.content.slug if stored else "",
            tuple(watch.text for watch in watches if watch.id in follow.named),
            follow.some,
            follow.without,
            follow.level,
            follow.digest,
            follow.news,
        )

    def _set(self, chat_id: int, file: Portable) -> None:
        preferences = Preferences(self._store)
        changes = {"timezone": preferences.timezone, "quiet": preferences.quiet, "digest": preferences.digest}
        for name, value in file.settings.items():
            if name == "own_feeds_only":
                self._store.chat_feeds.choose(chat_id, own_only=bool(value))
            elif name == "language":
                preferences.speak(chat_id, str(value))
            elif name in FRAMES:
                preferences.frame(chat_id, name, str(value))
            else:
                changes[name](chat_id, str(value))


def _known_lists(chat_id: int, file: Portable, following: Following) -> tuple[Portable, Sequence[str]]:
    """The file without the lists that there are not, or not for this chat, and their slugs."""
    known: list[PortableFollow] = []
    for follow in file.follows:
        try:
            following.find(chat_id, follow.slug)
        except UnknownList:
            continue
        known.append(follow)
    lines = [*file.lines[: len(file.lines) - len(file.follows)], *(Line(each.slug) for each in known)]
    return replace(file, follows=known, lines=lines), [each.slug for each in file.follows if each not in known]
