"""What the bot says about feeds: which a chat gets, what was found at an address, what came of a file."""

from collections import Counter
from collections.abc import Sequence
from html import escape
from urllib.parse import urlsplit

from handlers.context import Button, Reply
from handlers.inert import inert
from handlers.replies import count, fitting
from watchlists.clean import shorten
from watchlists.errors import WirewatchError
from watchlists.feed_service import Added, Overview
from watchlists.model import Candidate, Feed, OwnFeed
from watchlists.sample import Rhythm

MAX_COMMON_SHOWN, MAX_OWN_SHOWN = 40, 60
MAX_NAME, MAX_ERROR, MAX_LABEL, MAX_ADDRESS = 80, 160, 40, 200
_OWN_ROOM, _COMMON_ROOM = 2_200, 1_200  # characters of a message, which has 4,096

ADD_USAGE = (
    "Which feed should I read? Send its address, or that of a site, a channel or a profile:\n"
    "<code>/addfeed https://example.org/news</code>\n"
    "<code>/addfeed r/europe</code>\n"
    "<code>/addfeed @user@host</code>\n"
    "Or send me an OPML file."
)
DROP_USAGE = "Which one should I drop? Write its number from /feeds behind the command: <code>/delfeed 2</code>"
NO_FEEDS = "No feeds are set up. Add one: <code>/addfeed https://example.org/news</code>"
READING_FILE = "Reading your file and looking at each feed in it. This may take a few minutes …"
NOT_OPML = "I read OPML files only: lists of feeds, whose names end in .opml or .xml."
FILE_TOO_LARGE = "That file is too large for a list of feeds: I read at most 1 MB."
NO_OWN = "You have added no feeds, so there is no file of them. Add one with /addfeed."
NOT_YOURS = "That feed is not yours any more."
_NOTHING = (
    "I found no feed at {asked}.\nSend the address of a feed, or of a page that names its feed; "
    "most sites have a link called RSS."
)
_RESULTS = {"added": "✅", "known": "☑️", "full": "⛔", "none": "⚠️"}


def looking(asked: str, lookup_id: int, edits: int | None = None) -> Reply:
    """Said at once; the result takes its place."""
    return Reply(f"Looking at {_asked(asked)} …", awaits=lookup_id, edits=edits, notice="Looking …")


def reading(lookup_id: int) -> Reply:
    """Said at once about a file; the result takes its place."""
    return Reply(READING_FILE, awaits=lookup_id)


def added(result: Added) -> Reply:
    """The feed that was added, with what it is like."""
    own, sample = result.own, result.sample
    name = _name(own.feed.title or sample.title or own.feed.url)
    if result.existed:
        return Reply(f"You have this feed already: <b>{name}</b>, number {own.number} in /feeds.")
    lines = [f"Added <b>{name}</b>: number {own.number} in /feeds.", _address(own.feed.url), _rhythm(sample.rhythm)]
    if sample.latest:
        lines.append("\nLatest:")
        lines += [f"• {escape(inert(shorten(title, 2 * MAX_NAME)))}" for title in sample.latest]
    return Reply("\n".join(lines), buttons=((("Undo", f"undo_addfeed:{own.feed.id}"),),))


def choices(asked: str, found: Sequence[Candidate]) -> Reply:
    """Several feeds of one page, with a button for each."""
    lines = [f"There are several feeds at {_asked(asked)}. Which one do you want?\n"]
    buttons: list[tuple[Button, ...]] = []
    for number, candidate in enumerate(found, start=1):
        lines.append(f"{number}. <b>{_name(candidate.title or candidate.url)}</b>\n{_address(candidate.url)}")
        label = f"{number}. {shorten(candidate.title or candidate.url, MAX_LABEL)}"
        buttons.append(((label, f"pick_feed:{candidate.id}"),))
    return Reply("\n".join(lines), buttons=tuple(buttons))


def nothing(asked: str, reason: str) -> Reply:
    """No feed there. `reason` is for admins: to others it would make the bot a scanner of networks."""
    text = _NOTHING.format(asked=_asked(asked))
    return Reply(f"{text}\n\n{escape(inert(reason))}" if reason else text)


def file_results(lines: Sequence[Candidate]) -> Reply:
    """What came of each line of a file, the failures first."""
    counts = Counter(line.result for line in lines)
    said = {
        "added": f"{counts['added']} added",
        "known": f"{counts['known']} that you had already",
        "none": f"{counts['none']} where I found no feed",
        "full": f"{counts['full']} above the number of feeds that you may have",
    }
    summary = ", ".join(said[result] for result in said if counts[result])
    order = list(reversed(said))
    rows = [
        f"{_RESULTS[line.result]} line {line.line}: {_name(line.title or line.url)}"
        for line in sorted(lines, key=lambda line: (order.index(line.result), line.line))
    ]
    return Reply(f"<b>{count(len(lines), 'feed')} in your file</b>: {summary}.\n{fitting(rows)}\n\nSee /feeds.")


def file_trouble(error: WirewatchError) -> Reply:
    """A file that gives no feeds, and why."""
    return Reply(escape(inert(str(error))))


def overview(found: Overview, *, detailed: bool, edits: int | None = None) -> Reply:
    """The answer to `/feeds`; `detailed` for admins."""
    parts = []
    if found.own:
        lines = [f"{own.number}. {_feed_line(own.feed, detailed=detailed)}" for own in found.own[:MAX_OWN_SHOWN]]
        parts.append(f"<b>Your own feeds</b>\n{fitting(lines, _OWN_ROOM)}\nDrop one with /delfeed and its number.")
    if found.common and not found.own_only:
        parts.append(_common(found.common, detailed=detailed))
    elif found.common:
        alone = "" if found.own else " That leaves none, so no alerts will come: /addfeed adds one."
        parts.append(f"You get none of the {count(len(found.common), 'feed')} of this bot, only your own.{alone}")
    if not parts:
        parts.append(NO_FEEDS)
    return Reply("\n\n".join(parts), buttons=_overview_buttons(found), edits=edits, notice="Done")


def _common(feeds: Sequence[Feed], *, detailed: bool) -> str:
    troubled = [feed for feed in feeds if feed.failures or feed.stopped]
    others = [feed for feed in feeds if not (feed.failures or feed.stopped)]
    ok = sum(feed.last_success is not None for feed in others)
    shown = (troubled + others)[:MAX_COMMON_SHOWN]
    lines = [_feed_line(feed, detailed=detailed) for feed in shown]
    if len(feeds) > len(shown):
        lines.append(f"… and {len(feeds) - len(shown)} more.")
    return f"<b>{count(len(feeds), 'feed')} of this bot</b>, {ok} working\n{fitting(lines, _COMMON_ROOM)}"


def _overview_buttons(found: Overview) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    if found.own_only:
        rows.append((("All feeds of this bot", "all_feeds:"),))
    elif found.own and found.common:
        rows.append((("Only my own feeds", "own_feeds:"),))
    if found.own:
        rows.append((("My feeds as a file", "export_feeds:"),))
    return tuple(rows)


def exported(document: str) -> Reply:
    """The chat's own feeds as a file for any reader of feeds."""
    if not document:
        return Reply(NO_OWN, notice=NO_OWN)
    return Reply("Your own feeds, for any feed reader.", notice="Here they are", file=("feeds.opml", document))


def dropped(own: OwnFeed, edits: int | None = None) -> Reply:
    """The answer to `/delfeed`, and what replaces the answer to `/addfeed` when that is undone."""
    return Reply(
        f"Dropped <b>{_name(own.feed.title or own.feed.url)}</b>." + _still_common(own.feed),
        buttons=((("Undo", f"undo_delfeed:{own.feed.id}"),),),
        edits=edits,
        notice="Dropped",
    )


def restored(own: OwnFeed, edits: int | None) -> Reply:
    """What replaces the answer to `/delfeed` when that is undone."""
    return Reply(
        f"<b>{_name(own.feed.title or own.feed.url)}</b> is back: number {own.number} in /feeds.",
        buttons=((("Undo", f"undo_addfeed:{own.feed.id}"),),),
        edits=edits,
        notice="Back again",
    )


def _still_common(feed: Feed) -> str:
    return " It is also one of the feeds of this bot: /feeds has the choice." if feed.common else ""


def _feed_line(feed: Feed, *, detailed: bool) -> str:
    """One feed and how it fares.

    To others than admins without its address, which may carry a key, and without the reason of a failure, which may
    tell what stands inside the operator's network.
    """
    title = _name(feed.title or _host(feed.url))
    error = f". {escape(inert(shorten(feed.error, MAX_ERROR)))}" if detailed else ""
    if feed.stopped:
        return f"⛔ {title}: {'is gone, no longer read' if feed.gone else 'cannot be read, and was stopped'}{error}"
    if feed.failures:
        return f"⚠️ {title}: cannot be read at the moment ({count(feed.failures, 'try', 'tries')}){error}"
    if feed.last_success is None:
        return f"⏳ {title}: not read yet"
    return f"✅ {title}"


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "a feed"
    except ValueError:
        return "a feed"


def _rhythm(rhythm: Rhythm) -> str:
    if rhythm.per_day is None:
        return "How often it publishes cannot be told yet."
    for days, word in ((1, "day"), (7, "week"), (30, "month")):
        if rhythm.per_day * days >= 2:
            return f"Publishes about {rhythm.per_day * days:.0f} items a {word}."
    newest = f"; the latest item is of {rhythm.newest:%-d %B %Y}" if rhythm.newest else ""
    return f"Publishes less than twice a month{newest}."


def _name(title: str) -> str:
    return escape(inert(shorten(title, MAX_NAME)))


def _address(url: str) -> str:
    return f"<code>{escape(shorten(url, MAX_ADDRESS))}</code>"


def _asked(asked: str) -> str:
    """The address as typed, as text that is nothing to tap."""
    return f"<code>{escape(shorten(asked, MAX_NAME))}</code>"
