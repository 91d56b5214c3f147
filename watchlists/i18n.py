"""The languages the bot speaks: gettext catalogs, and which of them the present person reads.

Sentences are written in English in the code, as `_("…")` or `ngettext("{n} story", "{n} stories", n)`, and filled with
`.format(name=value)` after the translation. A constant is marked with `N_("…")` where it stands and translated by
`_(CONSTANT)` where it is used. The language is a context variable, set with `speaking(…)` at the few places where it
is known whom we talk to (an update, a message for a chat): to hand it through every function that says a word would
hide what those functions are about. Outside of them, on the command line and in logs, it is English.
"""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib.resources import files

LANGUAGES = {"en": "English", "es": "Español", "uk": "Українська", "ru": "Русский"}  # ISO 639-1, each by its own name
DOMAIN = "wirewatch"
LOCALE = str(files("watchlists") / "locale")

_spoken: ContextVar[str] = ContextVar("language", default="en")


def spoken() -> str:
    """The language in which we speak now, a key of `LANGUAGES`."""
    return _spoken.get()


def nearest(code: str) -> str:
    """The language of ours for a language tag ("es-MX", "uk"); English where we have none."""
    language = code.replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else "en"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak this language until the end of the block; a tag that we do not speak means English."""
    token = _spoken.set(nearest(language))
    try:
        yield
    finally:
        _spoken.reset(token)


def _(message: str) -> str:
    """The message in the language that is spoken now."""
    return _catalog(_spoken.get()).gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """The form of the message for `n` things, which also fills its `{n}`."""
    return _catalog(_spoken.get()).ngettext(one, many, n).replace("{n}", str(n))


def quoted(text: str) -> str:
    """The text in the quotation marks of the language that is spoken."""
    return _("“{text}”").format(text=text)


def N_(message: str) -> str:
    """The message as it is: a mark for what is translated where it is used."""
    return message


@lru_cache(maxsize=len(LANGUAGES))
def _catalog(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE, [language], fallback=True)
