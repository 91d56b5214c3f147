"""What the bot says to the editors of lists. HTML, escaped here."""

from collections.abc import Sequence
from html import escape

from handlers.context import Reply
from handlers.inert import inert
from handlers.replies import fitting
from handlers.replies_delivery import digest_shown
from handlers.replies_watch import LEVEL_NAMES
from watchlists import dates
from watchlists.clean import shorten
from watchlists.editing import Edited, Logged
from watchlists.effect import Effect
from watchlists.i18n import N_, _, ngettext
from watchlists.lists import Diff, ListedWatch
from watchlists.model import Watch
from watchlists.ports_lists import StoredList, Version

NEW_USAGE = N_("Write the short name and the title of the list: <code>/newlist ferry-strikes Ferry strikes</code>")
ADD_USAGE = N_(
    "Write the list and the words to watch: <code>/listadd ferry-strikes ferry strike</code>\n"
    "A reason for the log comes behind two strokes: <code>… // crews have voted</code>"
)
DROP_USAGE = N_(
    "Write the list and the number of the watch: <code>/listdel ferry-strikes 2</code>\n"
    "The whole list, after a question: <code>/listdel ferry-strikes</code>"
)
SET_USAGE = N_(
    "<b>What a list has</b>\n"
    "<code>/listset ferry-strikes title Ferry strikes</code>, in another language: <code>title uk Страйки</code>\n"
    "<code>description …</code> likewise; <code>tags sea, crews</code>; <code>aliases boats</code>; "
    "<code>slug ferries</code>\n"
    "<code>visibility public</code>, <code>unlisted</code> (found by its name alone), <code>private</code>\n"
    "<b>What its watch number 2 has</b>\n"
    "<code>/listset ferry-strikes 2 words ferry (strike | walkout)</code>, <code>2 note …</code>, "
    "<code>2 level urgent</code>, <code>2 digest hourly</code>, <code>2 number 1</code> (moves it)"
)
LIST_USAGE = N_("Which list? Write its name behind the command; /lists shows the names.")
IMPORT_USAGE = N_(
    "Send me the TOML file of a list, as /listexport gives it. It takes the place of the list with its name, or "
    "becomes a new one, whole or not at all; you see what that changes, and can undo it."
)
PRIVATE = N_("Only editors see it yet. When it is ready: <code>/listset {slug} visibility public</code>")
FIELD_NAMES = {
    "slug": N_("short name"),
    "title": N_("title"),
    "description": N_("description"),
    "tags": N_("tags"),
    "aliases": N_("other names"),
    "visibility": N_("visibility"),
    "order": N_("order"),
}
_ACTS = {
    "new": N_("made"),
    "add": N_("watch added"),
    "drop": N_("watch taken out"),
    "set": N_("changed"),
    "import": N_("a file taken over"),
    "shipped": N_("came with the program"),
    "restored": N_("back from a backup"),
}
STAYS = N_("Whoever follows it already goes on doing so.")


def edited(found: Edited, edits: int | None = None) -> Reply:
    """The answer to each edit: what has changed, what it means, and an undo."""
    content = found.stored.content
    name = f"<b>{escape(inert(content.title.shown))}</b> – <code>{content.slug}</code>"
    if found.before == found.stored.version:
        return Reply(_("{list}: nothing was changed.").format(list=name), edits=edits, notice=_("OK"))
    lines = ["✅ " + _("{list}, version {version}").format(list=name, version=found.stored.version)]
    lines += _changes(found.diff, found.effect.each) if found.before else []
    lines += _effect(found.effect) if found.diff.is_large else []
    if found.followers:
        lines.append(ngettext("{n} chat follows it.", "{n} chats follow it.", found.followers))
    if content.visibility == "private":
        lines.append(_(STAYS) if found.followers else _(PRIVATE).format(slug=content.slug))
    data = f"list_undo:{content.slug}:{found.before}:{found.stored.version}"
    return Reply(fitting(lines), (((_("Undo"), data),),), edits, notice=_("OK"))


def _changes(diff: Diff, each: dict[str, float]) -> list[str]:
    lines = [f"➕ {_watch(watch)}{_rate(watch, each)}" for watch in diff.added]
    lines += [f"✏️ {_watch(old)} → {_watch(new)}" for old, new in diff.changed]
    lines += [f"➖ {_watch(watch)}{_rate(watch, each)}" for watch in diff.removed]
    return [*lines, f"✏️ {', '.join(_(FIELD_NAMES[name]) for name in diff.fields)}"] if diff.fields else lines


def _watch(watch: ListedWatch) -> str:
    parts = [inert(shorten(watch.query.text, 120))]
    parts += [_(LEVEL_NAMES[watch.level])] if watch.level != "normal" else []
    parts += [digest_shown(watch.digest)] if watch.digest else []
    return escape(" · ".join(parts)) + (f" – <i>{escape(inert(shorten(watch.note, 80)))}</i>" if watch.note else "")


def _rate(watch: ListedWatch, each: dict[str, float]) -> str:
    rate = each.get(watch.query.key)
    return "" if rate is None else " · " + _("{number} a day").format(number=f"{rate:.1f}")


def _effect(effect: Effect) -> list[str]:
    if not effect.days:
        return [_("What it means for the alerts is not known: no news is stored yet.")]
    days = ngettext("{n} day", "{n} days", max(1, round(effect.days)))
    text = _("Alerts a day, by the news of {days}: {before} → {after}")
    if effect.partly:
        text = _("Alerts a day of these watches, by the news of {days}: {before} → {after}")
    return [text.format(days=days, before=f"{effect.before:.1f}", after=f"{effect.after:.1f}")]


def remove_question(stored: StoredList, followers: int) -> Reply:
    """What deleting a list means, and whether it shall be done."""
    content = stored.content
    name = f"<b>{escape(inert(content.title.shown))}</b> – <code>{content.slug}</code>"
    lines = [_("Delete the list {list}?").format(list=name)]
    lines.append(ngettext("It has {n} watch.", "It has {n} watches.", len(content.watches)))
    lines.append(ngettext("{n} chat follows it.", "{n} chats follow it.", followers))
    export = _("They hear nothing of it from then on. That cannot be undone; /listexport {slug} gives you its file.")
    lines.append(export.format(slug=content.slug))
    rows = (((_("Delete it"), f"list_remove:{stored.id}:{stored.version}"), (_("Keep it"), "list_keep")),)
    return Reply("\n".join(lines), rows, notice=_("OK"))


def removed(stored: StoredList, edits: int | None) -> Reply:
    """A list was deleted."""
    text = _("There is no list {slug} any more.").format(slug=f"<code>{stored.content.slug}</code>")
    return Reply(text, edits=edits, notice=_("OK"))


def log(
    stored: StoredList,
    found: Sequence[Logged],
    votes: Sequence[tuple[Watch, int, int]] = (),
    *,
    older: bool,
    edits: int | None = None,
) -> Reply:
    """The answer to `/listlog`: who changed what, when and why, the newest first, and what followers say."""
    slug = stored.content.slug
    lines = [_("<b>What followers said of its alerts in 30 days</b>")] if votes else []
    lines += [f"{w.number}. {escape(inert(shorten(w.text, 80)))}: 👍 {up} · 👎 {down}" for w, up, down in votes[:10]]
    lines += [_("<b>What was changed in {slug}</b>").format(slug=slug), *map(_logged, found)]
    if stored.version > 1:
        lines.append(_("Back to a version: <code>/undo {slug} {version}</code>").format(slug=slug, version=1))
    last = found[-1].version.version if found else 0
    rows = ((("›", f"list_log:{slug}:{last}"),),) if older else ()
    return Reply(fitting(lines), rows, edits, notice=_("OK"))


def _logged(one: Logged) -> str:
    version = one.version
    parts = [f"<b>{version.version}</b>", f"{dates.short(version.at)} {version.at:%H:%M} UTC"]
    if version.act != "shipped":
        parts.append(str(version.user_id) if version.user_id else _("at the command line"))
    lines = [" · ".join([*parts, _act(version)])]
    changes = _changes(one.diff, {})
    more = len(changes) - 4
    lines += [f"    {line}" for line in changes[:4]]
    lines += [f"    … +{more}"] if more > 0 else []
    return "\n".join(lines)


def _act(version: Version) -> str:
    if version.act == "undo":
        return _("back to version {version}").format(version=escape(version.why))
    return _(_ACTS[version.act]) + (f": <i>{escape(inert(version.why))}</i>" if version.why else "")


def exported(name: str, text: str) -> Reply:
    """The file of a list."""
    return Reply(_("Change this file and send it back, or keep it."), file=(name, text))
