"""Every sentence that the bot says in answer to a person, in one place. HTML, escaped here."""

from collections.abc import Sequence
from html import escape

from handlers.args import MAX_ARGUMENTS
from handlers.context import Reply
from watchlists.addresses import starts
from watchlists.clean import shorten
from watchlists.errors import QueryError, WirewatchError
from watchlists.i18n import N_, _, ngettext, quoted
from watchlists.model import Watch
from watchlists.query import MAX_CHARACTERS

START = N_(
    "<b>Wirewatch</b> reads news feeds for you and tells you, once per story, when the news says what you asked for.\n"
    "\n"
    "Tell me what to watch, in your own words:\n"
    "<code>/watch Donbas withdrawal</code>\n"
    "\n"
    "I find other forms and spellings of your words too. /help shows the rest."
)
EXAMPLE = N_(
    "You send <code>/watch mar-a-lago meeting</code>. When a newspaper writes it in its own words, this comes:\n"
    "\n"
    "Trump hosts Zelensky at <b>Mar-a-Lago</b> for <b>talks</b>\n"
    "wire.example · 14:32\n"
    "also: Leaders meet in Florida · harbour.example\n"
    "🔔 mar-a-lago meeting\n"
    "\n"
    "The headline is a link. Later reports of the same event join that alert: you are not told twice."
)
SYNTAX = N_(
    "<b>What you can write behind /watch</b>\n"
    "<code>donbas withdrawal</code> – both ideas, in any form and order\n"
    "<code>&quot;peace plan&quot;</code> – these words in this order\n"
    "<code>+putin</code> must be there, <code>-golf</code> must not\n"
    "<code>mar-a-lago (meeting | summit)</code> – alternatives\n"
    "<code>title:ceasefire</code> <code>source:reuters</code> <code>lang:es</code>\n"
    "<code>sources:2</code> – only when two independent sources report it\n"
    "<code>strict:</code> or <code>loose:</code> in front – fewer or more alerts"
)
WATCH_USAGE = N_(
    "What should I watch? Send the words now, or write them behind the command:\n"
    "<code>/watch Mar-a-Lago meeting</code>\n"
    "<code>/watch &quot;peace plan&quot; -golf</code>"
)
# What /help shows before one asks for more.
EVERYDAY = frozenset(
    ("watch", "watches", "unwatch", "preview", "recent", "why", "snooze", "settings", "lists", "feeds")
)
# Queries that buttons try; their data carry the place in this row, so only the end may grow.
EXAMPLES = (
    N_("donbas withdrawal"),
    N_('"peace plan" -golf'),
    N_("gaza (ceasefire | truce)"),
    N_("strict: title:tariffs"),
)
OWN_FAULT = N_("Something went wrong on my side, and nothing was changed. It is in the log; please try again later.")
NO_COMMAND = N_("I understand commands: /help shows them. To watch something, begin with /watch.")
OLD_BUTTON = N_("This button is too old to work. /help shows what I can do.")
GONE = N_("That watch is not yours any more.")


Lines = Sequence[tuple[str, str]]  # commands, each with its line of help


def start() -> Reply:
    """The answer to `/start`: what the bot does, and the first steps as buttons."""
    first = ((_("Watch something"), "ask_watch"), (_("See an example"), "see_example"))
    return Reply(_(START), (first, ((_("Follow a list"), "lists"),)))


def example() -> Reply:
    """What a watch finds, and how its alert looks."""
    return Reply(_(EXAMPLE), (((_("Watch something"), "ask_watch"),),), notice=_("An example"))


def help_page(
    commands: Lines, asked: str = "", edits: int | None = None, editing: Lines = (), running: Lines = ()
) -> Reply:
    """`/help` has what most people need, on one screen; `/help all` every command, `/help watch` the language.

    `editing` and `running` are the commands that the person has as an editor of lists and as an admin.
    """
    if asked.lower() == "watch":
        return _syntax(edits)
    buttons = ((_("How to write a watch"), "help:watch"), (_("All commands"), "help:all"))
    if asked.lower() == "all":
        lines = [_("<b>All commands</b>"), *_listed(commands)]
        lines += ["", _("<b>For editors of lists</b>"), *_listed(editing)] if editing else []
        lines += ["", _("<b>For admins</b>"), *_listed(running)] if running else []
        return Reply("\n".join(lines), (buttons[:1],), edits, notice=_("Help"))
    lines = [_("Write what you want to watch, or use a command:")]
    lines += _listed([(name, line) for name, line in commands if name in EVERYDAY])
    lines += ["", _("The rest: <code>/help watch</code>, how to write a watch; <code>/help all</code>, every command.")]
    more = _("What you can do as an editor or an admin stands at the end of <code>/help all</code>.")
    lines += [more] if editing or running else []
    return Reply("\n".join(lines), (buttons,), edits, notice=_("Help"))


def _listed(commands: Lines) -> list[str]:
    return [f"/{name} – {escape(line)}" for name, line in commands]


def _syntax(edits: int | None) -> Reply:
    examples = [(_(example), f"try:{number}") for number, example in enumerate(EXAMPLES)]
    text = "\n".join([_(SYNTAX), "", _("Tap one to see what it finds:")])
    others = ((_("All commands"), "help:all"),)
    return Reply(text, (tuple(examples[:2]), tuple(examples[2:]), others), edits, notice=_("Help"))


def unwatched(watch: Watch, edits: int | None = None) -> Reply:
    """The answer to `/unwatch`, and what replaces the answer to `/watch` when that is undone."""
    return Reply(
        _("No longer watching {text}.").format(text=_quoted(watch.text)),
        buttons=(((_("Undo"), f"undo_unwatch:{watch.id}"),),),
        edits=edits,
        notice=_("Stopped"),
    )


def watching_again(watch: Watch, edits: int | None) -> Reply:
    """What replaces the answer to `/unwatch` when that is undone."""
    return Reply(
        _("Watching {text} again: number {number}.").format(text=_quoted(watch.text), number=watch.number),
        buttons=(((_("Undo"), f"undo_watch:{watch.id}"),),),
        edits=edits,
        notice=_("Watching again"),
    )


def free_text(text: str) -> Reply | None:
    """The answer to an address, and to what is no query; None for what may be one."""
    words = " ".join(text.split())
    if len(words) <= MAX_ARGUMENTS and starts(words):
        return Reply(_("To read news from there, send:\n<code>/addfeed {address}</code>").format(address=escape(words)))
    return None if 0 < len(words) <= MAX_CHARACTERS else Reply(_(NO_COMMAND))


def unknown_command(name: str, nearest: str | None, arguments: str = "") -> Reply:
    """The answer to a command that does not exist; the nearest stands there with its arguments, to be copied."""
    if not nearest:
        text = _("I do not know /{name}. /help shows the commands.")
        return Reply(text.format(name=escape(name[:32])), refusal=True)
    text = _("I do not know /{name}. Did you mean {command}? /help shows the commands.")
    command = _command(f"{nearest} {shorten(arguments, 200)}")
    return Reply(text.format(name=escape(name[:32]), command=command), refusal=True)


def slash_missing(text: str) -> Reply:
    """The answer to a command without its slash."""
    return Reply(_("Commands begin with a slash: {command}").format(command=_command(text)))


def _command(text: str) -> str:
    """A command that can be tapped; one with arguments can be copied, because a tap would leave them out."""
    words = f"/{escape(text.strip())}"
    return f"<code>{words}</code>" if " " in words else words


def mistake(error: WirewatchError, arguments: str) -> Reply:
    """A person's mistake: the sentence, and for a query the place in it."""
    text = escape(str(error))
    if isinstance(error, QueryError) and arguments.strip():
        start = max(0, error.position - 24)
        place = arguments[start : error.position + 16].replace("\n", " ")
        pointer = " " * (error.position - start) + "▲"
        text += f"\n<pre>{escape(place)}\n{pointer}</pre>"
    return Reply(text)


def _quoted(text: str) -> str:
    return quoted(f"<b>{escape(text)}</b>")


def and_more(number: int) -> str:
    """The last line of a list of which so many are not shown."""
    return ngettext("… and {n} more.", "… and {n} more.", number)


CUT = "…"  # a line where others are left out


def fitting(lines: Sequence[str], limit: int = 3500) -> str:
    """As many whole lines as fit in a message; Telegram takes 4096 characters."""
    kept: list[str] = []
    length = 0
    for line in lines:
        length += len(line.encode("utf-16-le", "surrogatepass")) // 2 + 1  # as Telegram counts
        if length > limit:
            kept.append(CUT)
            break
        kept.append(line)
    return "\n".join(kept)
