"""The translations: whole, up to date, and saying what the source says."""

import gettext
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.sandbox.entities import utf16
from bot.sandbox.formatting import MESSAGE_LIMIT, message_text
from handlers import COMMANDS, replies, replies_feeds, replies_health
from tests.fakes import NOON
from watchlists.feed_service import FeedHealth, Overview
from watchlists.health import Health
from watchlists.i18n import DOMAIN, LANGUAGES, LOCALE, _, ngettext, speaking
from watchlists.model import Feed, Item, OwnFeed
from watchlists.query import parse
from watchlists.score import explain

ROOT = Path(__file__).parents[2]
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
COUNTS = ("total", "ok", "failing", "stopped", "waiting")
TRANSLATED = [language for language in LANGUAGES if language != "en"]
MEND = "run `make catalogs`, translate what is empty in watchlists/locale/*/LC_MESSAGES/*.po, run it again"

Sentence = str | tuple[str, ...]


def folder(language: str) -> Path:
    return Path(LOCALE, language, "LC_MESSAGES")


@cache
def catalog(language: str) -> Catalog:
    with folder(language).joinpath(f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


@cache
def said_in_code() -> frozenset[Sentence]:
    """Every sentence that stands in the code to be translated."""
    found = (extract_from_dir(ROOT / room, keywords=KEYWORDS) for room in ("bot", "handlers", "watchlists"))
    return frozenset(sentence for room in found for _file, _line, sentence, *_more in room)


def messages(language: str) -> list[Message]:
    return [message for message in catalog(language) if message.id]


def forms(sentence: Sentence) -> tuple[str, ...]:
    return (sentence,) if isinstance(sentence, str) else tuple(sentence)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalog_has_what_the_code_says_and_nothing_else(language):
    """A sentence that is missing would be English, one too many is nobody's."""
    assert {message.id for message in messages(language)} == said_in_code(), MEND


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_for_good(language):
    """None is empty, none is a guess of a tool."""
    empty = [message.id for message in messages(language) if not all(forms(message.string))]
    assert not empty, MEND
    assert [message.id for message in messages(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_read_is_what_was_translated(language):
    """The compiled catalogs are committed, so that no installation has to compile them."""
    fresh = BytesIO()
    write_mo(fresh, catalog(language))
    fresh.seek(0)
    with folder(language).joinpath(f"{DOMAIN}.mo").open("rb") as shipped:
        assert gettext.GNUTranslations(shipped)._catalog == gettext.GNUTranslations(fresh)._catalog, MEND


def holes(text: str) -> set[str]:
    return set(re.findall(r"\{\w*\}", text))


def tags(text: str) -> Counter[str]:
    return Counter(re.findall(r"</?[a-z]+>", text))


def commands(text: str) -> Counter[str]:
    """What is typed to the bot: /watch, strict:, lang:."""
    return Counter(re.findall(r"(?<![\w<])/[a-z]+|\b(?:strict|loose|title|source|sources|lang):", text))


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_holes_the_markup_and_the_commands_of_its_source(language):
    """Also in each form of a plural."""
    for message in messages(language):
        source = forms(message.id)[-1]
        for form in forms(message.string):
            assert holes(form) == holes(source), form
            assert tags(form) == tags(source), form
            assert commands(form) == commands(source), form
            assert (form[:1].isspace(), form[-1:].isspace()) == (source[:1].isspace(), source[-1:].isspace()), form


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["1 day", "2 days", "5 days", "21 days"]),
        ("es", ["1 día", "2 días", "5 días", "21 días"]),
        ("uk", ["1 день", "2 дні", "5 днів", "21 день"]),
        ("ru", ["1 день", "2 дня", "5 дней", "21 день"]),
    ],
)
def test_numbers_decline_their_nouns(language, said):
    """Ukrainian and Russian have three forms, and 21 goes as 1."""
    with speaking(language):
        assert [ngettext("{n} day", "{n} days", n) for n in (1, 2, 5, 21)] == said


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_language_names_itself(language):
    """The answer to the choice of a language is the first thing said in it."""
    names = {"es": "español", "uk": "українською", "ru": "по-русски"}
    with speaking(language):
        assert names[language] in _("I speak English from now on.")


def examples(language: str) -> Iterator[str]:
    """The watches that the bot proposes in its texts."""
    sentences = said_in_code() if language == "en" else [message.string for message in messages(language)]
    for sentence in sentences:
        for form in forms(sentence):
            yield from (unescape(typed) for typed in re.findall(r"<code>/watch ([^<{]+)</code>", form))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_watch_that_is_proposed_can_be_sent(language):
    """Also after its words were translated."""
    proposed = set(examples(language))
    assert len(proposed) >= 4
    for text in proposed:
        assert parse(text).ideas


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_that_is_shown_is_true(language):
    """Its headline would be found by the watch above it, and what is bold is what meets."""
    with speaking(language):
        lines = _(replies.EXAMPLE).splitlines()
    (watch,) = re.findall(r"<code>/watch (.*?)</code>", lines[0])
    assert lines[5] == f"🔔 {watch}"
    title = re.sub(r"<.*?>", "", lines[2])
    found = explain(parse(watch), Item("1", title, lang=language))
    assert found.score >= found.threshold
    assert {piece.found for piece in found.evidence} == set(re.findall(r"<b>(.*?)</b>", lines[2]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_messages_fit_in_every_language(language):
    """Telegram takes 4096 characters, and a translation may be longer than its source."""
    feeds = [Feed(n, "https://a.example", "W" * 80, NOON, failures=9, error="W " * 80) for n in range(60)]
    own = [OwnFeed(number, feed) for number, feed in enumerate(feeds)]
    troubled = FeedHealth(dict.fromkeys(COUNTS, 60), [(feed, Health.FAILING) for feed in feeds], NOON)
    with speaking(language):
        texts = (
            replies.help_page([(command.name, _(command.help)) for command in COMMANDS], "all").text,
            replies_feeds.overview(Overview(own, feeds, own_only=False), detailed=True).text,
            replies_health.feedhealth(troubled).text,
        )
    for text in texts:
        assert utf16(message_text(text, "HTML").text) <= MESSAGE_LIMIT
