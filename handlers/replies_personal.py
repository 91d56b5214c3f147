"""What the bot says about a chat's data as a whole. HTML, escaped here."""

from collections.abc import Iterable
from html import escape

from handlers.context import Reply
from handlers.inert import inert
from handlers.replies import fitting
from watchlists.clean import shorten
from watchlists.i18n import N_, _, ngettext
from watchlists.model import Holdings
from watchlists.personal import Imported

FILE = "wirewatch.toml"
FEEDS_FILE = "feeds.opml"
IMPORT_USAGE = N_(
    "Send me a file: the one that /export gave you, a plain text with a query a line, or an OPML list of feeds. "
    "Watches and settings are taken over whole or not at all, and you see what came of each line."
)
READING = N_("Reading your file …")
KEPT = N_("Nothing was deleted.")
SHOWN = 30  # lines of a file


def exported(watches: str, feeds: str) -> Reply:
    """The files of `/export`."""
    text = _("Your watches and settings. Send me this file to have them again.")
    more = (Reply(_("Your own feeds, for any feed reader."), file=(FEEDS_FILE, feeds)),) if feeds else ()
    return Reply(text, file=(FILE, watches), more=more)


def reading(lookup_id: int) -> Reply:
    """Said at once about a file; the result takes its place."""
    return Reply(_(READING), awaits=lookup_id)


def imported(found: Imported) -> Reply:
    """What came of each line of a file."""
    if found.file.wrong:
        wrong, count = len(found.file.wrong), len(found.file.lines)
        head = ngettext(
            "<b>Nothing was changed: {n} of {all} lines cannot be taken.</b>",
            "<b>Nothing was changed: {n} of {all} lines cannot be taken.</b>",
            wrong,
        ).replace("{all}", str(count))
        foot = _("Mend these and send the file again.")
        lines = [f"⚠️ {_shown(line.written)}\n{escape(inert(line.wrong))}" for line in found.file.wrong]
        return Reply("\n".join([head, *_some(lines), foot]))
    parts = [ngettext("{n} watch added", "{n} watches added", found.added)]
    if found.known:
        parts.append(ngettext("{n} that you had already", "{n} that you had already", len(found.known)))
    if found.file.follows:
        parts.append(ngettext("{n} list followed", "{n} lists followed", len(found.file.follows)))
    if found.file.settings:
        parts.append(ngettext("{n} setting taken over", "{n} settings taken over", len(found.file.settings)))
    known = set(found.known)
    lines = [f"{'☑️' if line.written in known else '✅'} {_shown(line.written)}" for line in found.file.lines]
    last = [_("/watches shows them all.")]
    if found.left_out:
        names = ", ".join(f"<code>{_shown(name)}</code>" for name in found.left_out[:SHOWN])
        last.insert(0, "➖ " + _("Left out, since there are no such lists for you now: {names}").format(names=names))
    return Reply("\n".join([f"<b>{', '.join(parts)}</b>", *_some(lines), *last]))


def _shown(text: str) -> str:
    return escape(inert(shorten(text, 100)))


def _some(lines: Iterable[str]) -> list[str]:
    """The first lines, and how many more there are."""
    every = [*lines]
    rest = len(every) - SHOWN
    shown = every[:SHOWN] + ([ngettext("… and {n} more", "… and {n} more", rest)] if rest > 0 else [])
    return [fitting(shown)]


def forget_question(found: Holdings) -> Reply:
    """What `/forget` would delete, and whether it shall."""
    text = "\n".join([_("<b>Delete everything that I know about this chat?</b>"), *_list(found), _(
        "That cannot be undone. /export gives you a copy first. By command: <code>/forget yes</code>"
    )])  # fmt: skip
    return Reply(text, (((_("Delete everything"), "forget_do"), (_("Keep it"), "forget_not")),))


def forgotten(found: Holdings, edits: int | None) -> Reply:
    """The last message to a chat that is forgotten."""
    text = "\n".join([_("<b>Deleted:</b>"), *_list(found), _(
        "This message is the last trace: when it has reached you, I forget it too. /start begins anew."
    )])  # fmt: skip
    return Reply(text, edits=edits, notice=_("Deleted"))


def _list(found: Holdings) -> list[str]:
    return [
        "• " + ngettext("{n} watch", "{n} watches", found.watches),
        "• " + ngettext("{n} feed of your own", "{n} feeds of your own", found.feeds),
        "• " + ngettext("{n} list that you follow", "{n} lists that you follow", found.lists),
        "• " + ngettext("{n} alert with what it lists", "{n} alerts with what they list", found.alerts),
        "• " + ngettext("{n} message that I have sent", "{n} messages that I have sent", found.messages),
        "• " + _("all settings, snoozes and what you have written to me"),
    ]
