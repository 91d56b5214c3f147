"""What the bot says about the language that it speaks."""

from handlers.context import Button, Reply
from watchlists.i18n import LANGUAGES, _
from watchlists.languages import AS_CLIENT, CHOICES


def choice(chosen: str) -> Reply:
    """The languages, each by its own name, and the one of the person's client."""
    buttons: list[Button] = []
    for number, language in enumerate(CHOICES):
        name = _("As in my Telegram") if language == AS_CLIENT else LANGUAGES[language]
        buttons.append((("✓ " if language == chosen else "") + name, f"language:{number}"))
    rows = (tuple(buttons[1:3]), tuple(buttons[3:]), (buttons[0],))
    return Reply(_("Which language shall I speak in this chat?"), rows, notice=_("Language"))


def chosen(before: str, now: str, edits: int | None = None) -> Reply:
    """What came of the choice, with the way back."""
    if now == AS_CLIENT:
        text = _("I speak the language of your Telegram from now on, where I know it.")
    else:
        # Translators: name your own language here, not English.
        text = _("I speak English from now on.")
    undo: Button = (_("Undo"), f"language:{CHOICES.index(before)}")
    return Reply(text, () if before == now else ((undo,),), edits, notice=_("Set"))
