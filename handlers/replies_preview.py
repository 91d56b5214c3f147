"""What the bot says about a query before and after it is watched: what it would have told. HTML, escaped here."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape

from handlers.context import Button, Reply
from handlers.inert import inert
from watchlists.clean import shorten
from watchlists.drafts import Dialogue, LastDay
from watchlists.i18n import N_, _, ngettext, quoted
from watchlists.model import Draft, Item
from watchlists.past import Found
from watchlists.preview import DAY, LOOSER, STRICTER, WEEK, Count, Preview
from watchlists.service import Recent, Watching

# What a button of a dialogue does: its data carry the place in this row, so only the end may grow.
ACTIONS = ("show", "save", "stricter", "looser", "words", "without", "back", "drop", "stop", "last_day")
_SOON = timedelta(hours=1)
MAX_QUERY, MAX_TITLE, MAX_SOURCE, MAX_WORD, MAX_URL = 256, 100, 40, 24, 2000

USAGE = N_(
    "What shall I try? Send the words now, or write them behind the command:\n<code>/preview Mar-a-Lago meeting</code>"
)
NOTHING_RECENT = N_("I have not told you any news yet. /watch starts to, /watches shows what you watch.")


def watching(result: Watching) -> Reply:
    """The answer to `/watch`."""
    if result.dialogue is None:
        known = _("You already watch {text}: it is number {number} in /watches.")
        return Reply(known.format(text=_quoted(result.watch.text), number=result.watch.number))
    return dialogue(result.dialogue, hints=result.hints)


def previewed(result: Watching | Dialogue) -> Reply:
    """The answer to `/preview`."""
    return dialogue(result) if isinstance(result, Dialogue) else watching(result)


def offered(result: Watching | Dialogue) -> Reply:
    """The answer to words that are no command: shall they be watched?"""
    if not isinstance(result, Dialogue) or result.preview is None:
        return previewed(result)
    draft = result.draft
    question = _("Shall I watch {text}?").format(text=_quoted(draft.text))
    lines = [question, _figures(result.preview), "", _("For anything else: /help")]
    row = ((_("Watch"), "save"), (_("Preview"), "show"), (_("No"), "drop"))
    return Reply("\n".join(lines), (tuple([_button(draft, label, action) for label, action in row]),))


def dialogue(found: Dialogue, edits: int | None = None, hints: Sequence[str] = ()) -> Reply:
    """Where the dialogue stands: what the query would have told, and what may be changed."""
    notice = _("OK") if found.changed else _("That is done already.")
    if found.preview is None:
        return Reply(_over(found.draft), edits=edits, notice=notice)
    if found.watch:
        lines = [
            _("Watching {text}.").format(text=_quoted(found.watch.text)),
            _("You get an alert when the news says so, once per story."),
        ]
    else:
        lines = [_("Preview of {text}").format(text=_quoted(found.draft.text))]
    if not found.watch or _says_something(found.preview):
        lines += ["", _figures(found.preview)]
    lines += [_story(one, found.preview.now) for one in found.preview.best]
    if found.preview.is_loud:
        is_strict = found.preview.query.strictness == "strict"
        quieter = _("⚠️ This will be loud. More words, or the button {stricter}, make it quieter.")
        quieter = quieter.format(stricter=quoted(_("Stricter")))
        lines += ["", _("⚠️ This will be loud. More words make it quieter.") if is_strict else quieter]
    lines += [f"\n💡 {escape(hint)}" for hint in hints]
    return Reply("\n".join(lines), _rows(found), edits, notice)


def words(draft: Draft, edits: int | None) -> Reply:
    """The words that may be excluded, in place of the buttons."""
    offered = [
        _button(draft, _("Not: {word}").format(word=shorten(word, MAX_WORD)), "without", number)
        for number, word in enumerate(draft.words)
    ]
    back = _button(draft, _("« Back"), "show")
    return Reply("", (*[(button,) for button in offered], (back,)), edits, _("News with that word will not count."))


def last_day(found: LastDay) -> Reply:
    """The stories of the last 24 hours, as one message."""
    if not found.stories:
        return Reply(
            _("Nothing in the last 24 hours would have hit {text}.").format(text=_quoted(found.text)),
            notice=_("OK"),
        )
    count = Count(stories=len(found.stories) + found.rest, more=found.more)
    heading = _("<b>The last 24 hours: {stories}</b> for {text}")
    lines = [heading.format(stories=_stories(count), text=_quoted(found.text))]
    for told in found.stories:
        more = ngettext("+{n} report", "+{n} reports", told.more) if told.more else ""
        lines.append(_story(told.found, found.now, more))
    if found.rest:
        lines.append(ngettext("… and {n} more", "… and {n} more", found.rest))
    lines += ["", _("These count as told: I come back to one of them only with something new.")]
    return Reply("\n".join(lines), notice=_("OK"))


def recent(found: Recent, edits: int | None = None) -> Reply:
    """The answer to `/recent`: a page of what was told, each with a button that says why."""
    if not found.alerts:
        return Reply(_(NOTHING_RECENT), edits=edits, notice=_("OK"))
    lines = [_("<b>What I told you, the newest first</b>")]
    for number, (_id, alert) in enumerate(found.alerts, 1):
        lines.append(_line(alert.item, alert.first_seen, found.now, f"{number}."))
        if alert.hits:
            lines[-1] += (
                f" · 🔔 {alert.hits[0].watch.credited(escape(inert(shorten(alert.hits[0].watch.text, MAX_SOURCE))))}"
            )
    lines += ["", _("Tap a number to see why it came.")]
    numbers = [(str(number), f"why:{alert_id}") for number, (alert_id, _alert) in enumerate(found.alerts, 1)]
    older = [((_("Older"), f"recent:{found.alerts[-1][0]}"),)] if found.older else []
    rows = (*[row for row in (tuple(numbers[:4]), tuple(numbers[4:])) if row], *older)
    return Reply("\n".join(lines), rows, edits, _("OK"))


def _says_something(found: Preview) -> bool:
    """Whether the figures are worth a line: an hour in which nothing hit tells nobody anything."""
    return bool(found.week.stories) or (found.read_since is not None and found.now - found.read_since >= _SOON)


def _figures(found: Preview) -> str:
    """How many stories in a day and in a week, or in the shorter time that news have been read."""
    if found.read_since is None:
        return _("I have read no news yet, so I cannot say what it would have told you.")
    is_short = found.read_since > found.now - WEEK
    span = _span(found.now, found.read_since)
    reports = ngettext("{n} report", "{n} reports", found.week.items)
    if not found.week.stories:
        short = _("I have read news for {span}: nothing in it would have hit.")
        return short.format(span=span) if is_short else _("Nothing in the last 7 days would have hit it.")
    told = _("It would have told you {day} in the last 24 hours and {week} in the last 7 days, from {reports}.")
    if found.read_since > found.now - DAY:
        told = _("I have read news for {span}: it would have told you {week}, from {reports}.")
    elif is_short:
        told = _(
            "It would have told you {day} in the last 24 hours and {week} in all {span} that I know, from {reports}."
        )
    return told.format(day=_stories(found.day), week=_stories(found.week), reports=reports, span=span)


def _stories(count: Count) -> str:
    stories = ngettext("{n} story", "{n} stories", count.stories)
    return _("more than {stories}").format(stories=stories) if count.more else stories


def _story(one: Found, now: datetime, more: str = "") -> str:
    return _line(one.item, one.seen, now) + (f" · {more}" if more else "")


def _line(item: Item, seen: datetime, now: datetime, mark: str = "•") -> str:
    """A headline as a link behind its mark, its source and its age."""
    title = escape(inert(shorten(item.title or _("(no headline)"), MAX_TITLE)))
    is_web_link = item.url.startswith(("http://", "https://")) and len(item.url) <= MAX_URL
    parts = [f'{mark} <a href="{escape(item.url)}">{title}</a>' if is_web_link else f"{mark} {title}"]
    parts += [escape(inert(shorten(item.source, MAX_SOURCE)))] if item.source else []
    parts.append(_("{span} ago").format(span=_span(now, min(item.published or seen, now))))
    return " · ".join(parts)


def _span(now: datetime, since: datetime) -> str:
    minutes = int((now - since).total_seconds() // 60)
    if minutes < 60:
        return _("{count} min").format(count=max(1, minutes))
    if minutes < 48 * 60:
        return _("{count} h").format(count=minutes // 60)
    return ngettext("{n} day", "{n} days", minutes // 1440)


def _over(draft: Draft) -> str:
    if draft.state == "dropped":
        return _("All right: {text} is not watched.").format(text=_quoted(draft.text))
    return _("{text} is not watched any more. /watches shows what you watch.").format(text=_quoted(draft.text))


def _rows(found: Dialogue) -> tuple[tuple[Button, ...], ...]:
    draft, preview = found.draft, found.preview
    rows: list[list[tuple[str, str]]] = [
        [(_("Undo"), "stop")] if found.watch else [(_("Watch it"), "save"), (_("Cancel"), "drop")]
    ]
    if found.watch and preview and preview.day.stories and not draft.shown:
        rows[0].append((_("Show the last 24 h"), "last_day"))
    if preview:
        steps = ((_("Stricter: {count}"), "stricter", STRICTER), (_("Looser: {count}"), "looser", LOOSER))
        asked = preview.query.strictness
        rows.append(
            [
                (label.format(count=_short(preview.strictnesses[step[asked]])), action)
                for label, action, step in steps
                if asked in step and (preview.week if action == "stricter" else preview.strictnesses["loose"]).stories
            ]
        )
    rows.append([(_("Without a word …"), "words")] if draft.words else [])
    rows[-1] += [(_("Take the change back"), "back")] if draft.before else []
    return tuple(tuple(_button(draft, label, action) for label, action in row) for row in rows if row)


def _short(count: Count) -> str:
    return f"{count.stories}+" if count.more else str(count.stories)


def _button(draft: Draft, label: str, action: str, number: int = 0) -> Button:
    return label, f"draft:{draft.id}:{draft.revision}:{ACTIONS.index(action)}:{number}"


def _quoted(text: str) -> str:
    return quoted(f"<b>{escape(shorten(text, MAX_QUERY))}</b>")
