"""/language: who is spoken to in which language."""

import pytest

from handlers import replies_delivery
from handlers.context import Reply
from tests.talk import ANN, Chat
from watchlists.errors import UnknownLanguage
from watchlists.i18n import LANGUAGES
from watchlists.languages import AS_CLIENT, CHOICES, read


@pytest.fixture
def chat():
    return Chat()


def labels(reply: Reply) -> dict[str, str]:
    return {label: data for row in reply.buttons for label, data in row}


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        *((code, code) for code in LANGUAGES),
        *((name, code) for code, name in LANGUAGES.items()),
        ("Espanol", "es"),
        (" SPANISH ", "es"),
        ("украинский", "uk"),
        ("російська", "ru"),
        ("auto", AS_CLIENT),
        ("off", AS_CLIENT),
    ],
)
def test_a_language_has_many_names(asked, language):
    """Its code, its own name, and that of the other languages; in any case, with and without accents."""
    assert read(asked) == language


def test_a_language_that_is_not_spoken_is_refused_with_those_that_are():
    """Each by its own name."""
    with pytest.raises(UnknownLanguage, match=r"“Klingon”.*English, Español, Українська, Русский"):
        read("Klingon")


def test_every_language_can_be_chosen():
    """By a button, whose place never changes: old messages carry it."""
    assert set(CHOICES) == {*LANGUAGES, AS_CLIENT}
    assert CHOICES[:5] == ("", "en", "es", "uk", "ru")


async def test_a_choice_acts_at_once_and_has_a_way_back(chat):
    """What is chosen already has none."""
    reply = await chat.say("/language es")
    assert chat.store.chats.language(ANN) == "es"
    (undo,) = labels(reply).values()
    assert undo == "language:0"
    assert (await chat.press(undo)).edits == 55
    assert chat.store.chats.language(ANN) == AS_CLIENT
    await chat.say("/language es")
    assert labels(await chat.say("/language es")) == {}


async def test_the_choice_alone_shows_what_is_chosen(chat):
    """With a mark at it, and each language by its own name."""
    assert labels(await chat.say("/language")) == {
        "English": "language:1",
        "Español": "language:2",
        "Українська": "language:3",
        "Русский": "language:4",
        "✓ As in my Telegram": "language:0",
    }
    assert (await chat.press("language:4")).notice
    assert "✓ Русский" in labels(await chat.press("settings:6"))
    assert (await chat.press("language:5")).notice == replies_delivery.TOO_OLD
    assert "Klingon" in (await chat.say("/language Klingon")).text


async def test_settings_name_the_language(chat):
    """The one that is spoken, also where none was chosen."""
    assert "Language: English" in (await chat.say("/settings")).text
    await chat.say("/language uk")
    assert "Українська" in (await chat.say("/settings")).text
