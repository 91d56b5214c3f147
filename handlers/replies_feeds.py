"""What the bot says about feeds: which a chat gets, what was found at an address, what came of a file."""

from collections import Counter
from collections.abc import Sequence
from html import escape
from urllib.parse import urlsplit

from handlers.context import Button, Reply
from handlers.inert import inert
from handlers.replies import and_more, fitting
from watchlists import dates, faults
from watchlists.clean import shorten
from watchlists.errors import WirewatchError
from watchlists.feed_service import Added, Overview
from watchlists.i18n import N_, _, ngettext
from watchlists.model import Candidate, Feed, OwnFeed
from watchlists.sample import Rhythm

MAX_COMMON_SHOWN, MAX_OWN_SHOWN = 40, 60
MAX_NAME, MAX_ERROR, MAX_LABEL, MAX_ADDRESS = 80, 160, 40, 200
_OWN_ROOM, _COMMON_ROOM = 2_200, 1_200  # characters of a message, which has 4,096

ADD_USAGE = N_(
    "Which feed should I read? Send its address, or that of a site, a channel or a profile:\n"
    "<code>/addfeed https://example.org/news</code>\n"
    "<code>/addfeed r/europe</code>\n"
    "<code>/addfeed @user@host</code>\n"
    "Or send me an OPML file."
)
DROP_USAGE = N_(
    "Which one should I drop? Send its number from /feeds, or write it behind the command: <code>/delfeed 2</code>"
)
NO_FEEDS = N_("No feeds are set up. Add one: <code>/addfeed https://example.org/news</code>")
READING_FILE = N_("Reading your file and looking at each feed in it. This may take a few minutes …")
NOT_READ = N_(
    "I read lists of feeds (.opml, .xml), and watches with settings (.toml) or one a line (.txt). /import says more."
)
FILE_TOO_LARGE = N_("That file is too large: I read at most 1 MB.")
NO_OWN = N_("You have added no feeds, so there is no file of them. Add one with /addfeed.")
NOT_YOURS = N_("That feed is not yours any more.")
_NOTHING = N_(
    "I found no feed at {asked}.\nSend the address of a feed, or of a page that names its feed; "
    "most sites have a link called RSS."
)
_RESULTS = {"added": "✅", "known": "☑️", "full": "⛔", "none": "⚠️"}


def looking(asked: str, lookup_id: int, edits: int | None = None) -> Reply:
    """Said at once; the result takes its place."""
    text = _("Looking at {address} …").format(address=_asked(asked))
    return Reply(text, awaits=lookup_id, edits=edits, notice=_("Looking …"))


def reading(lookup_id: int) -> Reply:
    """Said at once about a file; the result takes its place."""
    return Reply(_(READING_FILE), awaits=lookup_id)


def added(result: Added, *, shareable: bool = False) -> Reply:
    """The feed that was added, with what it is like. `shareable` for admins, who may give it to all chats."""
    own, sample = result.own, result.sample
    name = _name(own.feed.title or sample.title or own.feed.url)
    if result.existed:
        known = _("You have this feed already: <b>{name}</b>, number {number} in /feeds.")
        return Reply(known.format(name=name, number=own.number))
    text = _("Added <b>{name}</b>: number {number} in /feeds.").format(name=name, number=own.number)
    lines = [text, _address(own.feed.url), _rhythm(sample.rhythm)]
    if sample.latest:
        lines += ["", _("Latest:")]
        lines += [f"• {escape(inert(shorten(title, 2 * MAX_NAME)))}" for title in sample.latest]
    buttons: list[tuple[Button, ...]] = [((_("Undo"), f"undo_addfeed:{own.feed.id}"),)]
    if shareable and not own.feed.common:
        buttons.append(((_("Give it to all chats"), f"share_feed:{own.feed.id}"),))
    return Reply("\n".join(lines), buttons=tuple(buttons))


def choices(asked: str, found: Sequence[Candidate]) -> Reply:
    """Several feeds of one page, with a button for each."""
    head = _("There are several feeds at {address}. Which one do you want?")
    lines = [head.format(address=_asked(asked)), ""]
    buttons: list[tuple[Button, ...]] = []
    for number, candidate in enumerate(found, start=1):
        lines.append(f"{number}. <b>{_name(candidate.title or candidate.url)}</b>\n{_address(candidate.url)}")
        label = f"{number}. {shorten(candidate.title or candidate.url, MAX_LABEL)}"
        buttons.append(((label, f"pick_feed:{candidate.id}"),))
    return Reply("\n".join(lines), buttons=tuple(buttons))


def nothing(asked: str, reason: str) -> Reply:
    """No feed there. `reason` is for admins: to others it would make the bot a scanner of networks."""
    text = _(_NOTHING).format(asked=_asked(asked))
    return Reply(f"{text}\n\n{escape(inert(faults.said(reason)))}" if reason else text)


def file_results(lines: Sequence[Candidate]) -> Reply:
    """What came of each line of a file, the failures first."""
    counts = Counter(line.result for line in lines)
    added, known, none, full = (counts[result] for result in ("added", "known", "none", "full"))
    said = {
        "added": ngettext("{n} added", "{n} added", added),
        "known": ngettext("{n} that you had already", "{n} that you had already", known),
        "none": ngettext("{n} where I found no feed", "{n} where I found no feed", none),
        "full": ngettext(
            "{n} above the number of feeds that you may have", "{n} above the number of feeds that you may have", full
        ),
    }
    summary = ", ".join(said[result] for result in said if counts[result])
    order = list(reversed(said))
    row = _("line {number}: {name}")
    rows = [
        f"{_RESULTS[line.result]} " + row.format(number=line.line, name=_name(line.title or line.url))
        for line in sorted(lines, key=lambda line: (order.index(line.result), line.line))
    ]
    head = ngettext("<b>{n} feed in your file</b>: {summary}.", "<b>{n} feeds in your file</b>: {summary}.", len(lines))
    return Reply("\n".join([head.format(summary=summary), fitting(rows), "", _("See /feeds.")]))


def file_trouble(error: WirewatchError) -> Reply:
    """A file that gives no feeds, and why."""
    return Reply(escape(inert(str(error))))


def overview(found: Overview, *, detailed: bool, edits: int | None = None) -> Reply:
    """The answer to `/feeds`; `detailed` for admins."""
    parts = []
    if found.own:
        lines = [f"{own.number}. {_feed_line(own.feed, detailed=detailed)}" for own in found.own[:MAX_OWN_SHOWN]]
        head, foot = _("<b>Your own feeds</b>"), _("Drop one with /delfeed and its number.")
        parts.append(f"{head}\n{fitting(lines, _OWN_ROOM)}\n{foot}")
    if found.common and not found.own_only:
        parts.append(_common(found.common, detailed=detailed))
    elif found.common:
        none = ngettext(
            "You get none of the {n} feed of this bot, only your own.",
            "You get none of the {n} feeds of this bot, only your own.",
            len(found.common),
        )
        alone = _("That leaves none, so no alerts will come: /addfeed adds one.")
        parts.append(none if found.own else f"{none} {alone}")
    parts.append(_("Read another one: /addfeed and its address.") if parts else _(NO_FEEDS))
    return Reply("\n\n".join(parts), buttons=_overview_buttons(found), edits=edits, notice=_("Done"))


def _common(feeds: Sequence[Feed], *, detailed: bool) -> str:
    troubled = [feed for feed in feeds if feed.failures or feed.stopped]
    others = [feed for feed in feeds if not (feed.failures or feed.stopped)]
    ok = sum(feed.last_success is not None for feed in others)
    shown = (troubled + others)[:MAX_COMMON_SHOWN]
    lines = [
        f"{common_number(feed)} {_feed_line(feed, detailed=True)}" if detailed else _feed_line(feed, detailed=False)
        for feed in shown
    ]
    if len(feeds) > len(shown):
        lines.append(and_more(len(feeds) - len(shown)))
    head = ngettext(
        "<b>{n} feed of this bot</b>, {ok} working", "<b>{n} feeds of this bot</b>, {ok} working", len(feeds)
    )
    foot = "\n" + _("Drop one for all chats with /delfeed and its number, such as {number}.") if detailed else ""
    foot = foot.format(number=common_number(feeds[0]))
    return f"{head.format(ok=ok)}\n{fitting(lines, _COMMON_ROOM)}{foot}"


def common_number(feed: Feed) -> str:
    """What names one of the operator's feeds to admins; a chat's own have numbers without a letter."""
    return f"c{feed.id}"


def _overview_buttons(found: Overview) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    if found.own_only:
        rows.append(((_("All feeds of this bot"), "all_feeds:"),))
    elif found.own and found.common:
        rows.append(((_("Only my own feeds"), "own_feeds:"),))
    if found.own:
        rows.append(((_("My feeds as a file"), "export_feeds:"),))
    return tuple(rows)


def exported(document: str) -> Reply:
    """The chat's own feeds as a file for any reader of feeds."""
    if not document:
        return Reply(_(NO_OWN), notice=_(NO_OWN))
    return Reply(_("Your own feeds, for any feed reader."), notice=_("Here they are"), file=("feeds.opml", document))


def dropped(own: OwnFeed, edits: int | None = None) -> Reply:
    """The answer to `/delfeed`, and what replaces the answer to `/addfeed` when that is undone."""
    text = _("Dropped <b>{name}</b>.").format(name=_name(own.feed.title or own.feed.url))
    if own.feed.common:
        text += " " + _("It is also one of the feeds of this bot: /feeds has the choice.")
    return Reply(text, buttons=(((_("Undo"), f"undo_delfeed:{own.feed.id}"),),), edits=edits, notice=_("Dropped"))


def restored(own: OwnFeed, edits: int | None) -> Reply:
    """What replaces the answer to `/delfeed` when that is undone."""
    text = _("<b>{name}</b> is back: number {number} in /feeds.")
    return Reply(
        text.format(name=_name(own.feed.title or own.feed.url), number=own.number),
        buttons=(((_("Undo"), f"undo_addfeed:{own.feed.id}"),),),
        edits=edits,
        notice=_("Back again"),
    )


def shared(feed: Feed, edits: int | None) -> Reply:
    """All chats get the feed now; it can be undone."""
    text = _("<b>{name}</b> is now one of the feeds of this bot: number {number}. All chats get it.")
    return Reply(
        text.format(name=_name(feed.title or feed.url), number=common_number(feed)),
        buttons=(((_("Undo"), f"unshare_feed:{feed.id}"),),),
        edits=edits,
        notice=_("Done"),
    )


def unshared(feed: Feed, edits: int | None = None) -> Reply:
    """The feed is none of the operator's any more; it can be undone."""
    text = _("Dropped <b>{name}</b> from the feeds of this bot. Chats that have added it themselves still get it.")
    return Reply(
        text.format(name=_name(feed.title or feed.url)),
        buttons=(((_("Undo"), f"share_feed:{feed.id}"),),),
        edits=edits,
        notice=_("Dropped"),
    )


def _feed_line(feed: Feed, *, detailed: bool) -> str:
    """One feed and how it fares.

    To others than admins without its address, which may carry a key, and without the reason of a failure, which may
    tell what stands inside the operator's network.
    """
    title = _name(feed.title or _host(feed.url))
    if feed.stopped and feed.gone:
        line = _("⛔ {name}: is gone, no longer read")
    elif feed.stopped:
        line = _("⛔ {name}: cannot be read, and was stopped")
    elif feed.failures:
        line = ngettext(
            "⚠️ {name}: cannot be read at the moment ({n} try)",
            "⚠️ {name}: cannot be read at the moment ({n} tries)",
            feed.failures,
        )
    elif feed.last_success is None:
        return _("⏳ {name}: not read yet").format(name=title)
    else:
        return f"✅ {title}"
    error = f". {escape(inert(shorten(faults.said(feed.error), MAX_ERROR)))}" if detailed else ""
    return line.format(name=title) + error


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or _("a feed")
    except ValueError:
        return _("a feed")


def _rhythm(rhythm: Rhythm) -> str:
    if rhythm.per_day is None:
        return _("How often it publishes cannot be told yet.")
    a_day, a_week, a_month = (round(rhythm.per_day * days) for days in (1, 7, 30))
    if rhythm.per_day >= 2:
        return ngettext("Publishes about {n} item a day.", "Publishes about {n} items a day.", a_day)
    if rhythm.per_day * 7 >= 2:
        return ngettext("Publishes about {n} item a week.", "Publishes about {n} items a week.", a_week)
    if rhythm.per_day * 30 >= 2:
        return ngettext("Publishes about {n} item a month.", "Publishes about {n} items a month.", a_month)
    if rhythm.newest is None:
        return _("Publishes less than twice a month.")
    text = _("Publishes less than twice a month; the latest item is of {day}.")
    return text.format(day=dates.full(rhythm.newest))


def _name(title: str) -> str:
    return escape(inert(shorten(title, MAX_NAME)))


def _address(url: str) -> str:
    return f"<code>{escape(shorten(url, MAX_ADDRESS))}</code>"


def _asked(asked: str) -> str:
    """The address as typed, as text that is nothing to tap."""
    return f"<code>{escape(shorten(asked, MAX_NAME))}</code>"
