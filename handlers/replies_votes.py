"""What the bot says about votes, and what it proposes after several. HTML, escaped here."""

from html import escape

from handlers.context import Context, Reply
from watchlists.clean import shorten
from watchlists.i18n import _, ngettext
from watchlists.learning import Proposal
from watchlists.model import Vote


def noted(vote: Vote) -> str:
    """Shown where the button was pressed."""
    return _("👍 Noted.") if vote == "up" else _("👎 Noted. After a few of these I propose a change.")


def proposal(found: Proposal) -> Reply:
    """One change of a watch, with what it would have done."""
    if found.word:
        ask = _("Shall it leave out what has the word “{word}”?").format(word=escape(found.word))
    else:
        ask = _("Shall it be strict, so that it takes surer hits only?")
    effect = ngettext(
        "Of its {n} alert in the last 30 days it would have sent {left}: {spared} of the {wrong} 👎 spared, "
        "every 👍 kept ({right}).",
        "Of its {n} alerts in the last 30 days it would have sent {left}: {spared} of the {wrong} 👎 spared, "
        "every 👍 kept ({right}).",
        found.alerts,
    ).format(left=found.left, spared=found.spared, wrong=found.wrong, right=found.right)
    heading = _("You did not like some alerts of “<b>{watch}</b>”.").format(
        watch=escape(shorten(found.watch.text, 200))
    )
    foot = _("Otherwise nothing changes.")
    rows = (((_("Change it"), f"learn_do:{found.watch.id}"), (_("Leave it"), "learn_not")),)
    return Reply("\n".join([heading, ask, effect, foot]), rows)


def left(context: Context) -> Reply:
    """Nothing was changed."""
    return Reply(_("The watch stays as it is."), edits=context.message_id, notice=_("Nothing was changed"))
