"""Which language somebody asks the bot to speak."""

from watchlists import text as texts
from watchlists.errors import UnknownLanguage
from watchlists.i18n import LANGUAGES, _

AS_CLIENT = ""  # the language of the person's own client
# In the order of buttons that people may still have: new ones are added at the end only.
CHOICES = (AS_CLIENT, "en", "es", "uk", "ru")
_OTHER_NAMES = {
    "en": ("inglés", "англійська", "английский"),
    "es": ("spanish", "іспанська", "испанский", "castellano"),
    "uk": ("ukrainian", "ucraniano", "украинский", "ua"),
    "ru": ("russian", "ruso", "російська"),
}
_AUTOMATIC = ("auto", "off", "telegram")


def read(asked: str) -> str:
    """`es`, `español`, `Spanish`, `auto`: one of `CHOICES`. Raises `UnknownLanguage`."""
    wanted = texts.fold(asked.strip())
    if wanted in _AUTOMATIC:
        return AS_CLIENT
    for language, name in LANGUAGES.items():
        if wanted in (language, *map(texts.fold, (name, *_OTHER_NAMES[language]))):
            return language
    message = _("I do not speak “{language}”. Choose one of: {languages}.")
    raise UnknownLanguage(message.format(language=asked.strip()[:40], languages=", ".join(LANGUAGES.values())))
