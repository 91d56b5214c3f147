"""In which language a chat is spoken to: answers, and what comes by itself."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.store import Store
from tests.desk import open_desk
from tests.fakes import FakeClock, Tables
from tests.looking import opened
from watchlists.i18n import speaking, spoken

ANN, GROUP = 7, -5


@pytest.fixture
def tables() -> Tables:
    return Tables(FakeClock())


@pytest.fixture
def store(tables: Tables) -> Store:
    return tables()


def said(store: Store, chat_id: int = ANN, client: str = "") -> str:
    return store.chats.answered_in(chat_id, client)


def test_who_has_chosen_nothing_is_answered_in_the_language_of_the_client(store):
    """The one it speaks now; what comes by itself, in the last that was seen."""
    assert said(store, client="es-MX") == "es-MX"
    store.chats.ensure(ANN, "private", "es-MX")
    assert said(store, client="uk") == "uk"
    assert said(store) == "es-MX"
    assert store.chats.languages([ANN, 99]) == {ANN: "es"}
    store.chats.ensure(ANN, "private", "uk")
    store.chats.ensure(ANN, "private")
    assert store.chats.habits([ANN])[ANN].language == "uk"


def test_what_was_chosen_counts_more_than_the_client(store):
    """Until it is taken back."""
    store.chats.ensure(ANN, "private", "es")
    store.chats.set_language(ANN, "ru")
    assert said(store, client="uk") == "ru"
    assert store.chats.languages([ANN]) == {ANN: "ru"}
    store.chats.set_language(ANN, "")
    assert said(store, client="uk") == "uk"
    assert store.chats.languages([ANN]) == {ANN: "es"}


def test_a_group_keeps_the_language_of_its_first_person(store):
    """Whoever writes later, and when it becomes a supergroup."""
    store.chats.ensure(GROUP, "group", "uk")
    store.chats.ensure(GROUP, "group", "es")
    assert said(store, GROUP, "es") == "uk"
    store.chats.move(GROUP, -1005)
    assert store.chats.languages([-1005]) == {-1005: "uk"}


def test_setting_other_habits_leaves_the_language(store):
    """They are written by themselves."""
    store.chats.ensure(ANN, "private", "es")
    store.chats.set_language(ANN, "ru")
    store.chats.set_habits(ANN, store.chats.habits([ANN])[ANN])
    assert store.chats.language(ANN) == "ru"


async def test_the_database_thread_speaks_as_the_caller(tmp_path: Path):
    """Threads do not share context variables by themselves: what is rendered there would be English."""
    async with open_desk(tmp_path) as desk:
        with speaking("uk"):
            assert await desk.storage.run(lambda _store: spoken()) == "uk"
        assert await desk.storage.run(lambda _store: spoken()) == "en"


async def test_the_language_of_a_person_is_kept_when_they_write(tmp_path: Path):
    """So that the first alert comes in it."""
    async with open_desk(tmp_path) as desk:
        box = desk.box
        box.telegram.say(replace(box.ann, language_code="es-MX"), box.chat, "/start")
        await desk.handle()
        assert await desk.storage.run(lambda store: store.chats.languages([box.chat.id])) == {box.chat.id: "es"}


async def test_answers_come_in_the_language_of_the_person(tmp_path: Path):
    """Command, mistake, button and the answer to an error of ours; and in what was chosen from then on."""
    async with open_desk(tmp_path) as desk:
        box = desk.box
        box.ann = replace(box.ann, language_code="es")
        assert (await desk.say("/watch puerto")).startswith("Vigilo «<b>puerto</b>».")
        assert (await desk.say("/unwatch 7")).startswith("No tienes ninguna búsqueda número 7.")
        assert (await desk.say("/unwatch zz")).startswith("«zz» no es un número. Escríbelo con cifras, por ejemplo 2;")
        assert await desk.say("/language ru") == "Теперь я говорю по-русски."
        assert (await desk.say("/watches")).startswith("<b>У вас 1 запрос</b>")
        assert await desk.say("/language auto") == "Desde ahora hablo el idioma de tu Telegram, si lo conozco."
        assert (await desk.say("/watches")).startswith("<b>Vigilas 1 cosa</b>")


async def test_a_look_is_answered_in_the_language_of_the_chat(tmp_path: Path):
    """Minutes later, by a job; also where the file that was sent is at fault."""
    async with opened(tmp_path) as world:
        box = world.desk.box
        box.ann = replace(box.ann, language_code="uk")
        assert (await world.ask("/addfeed 127.0.0.1")).startswith("За адресою <code>127.0.0.1</code> стрічки не")
        assert await world.send_list(b"<opml><body/></opml>") == "У цьому файлі немає стрічок."
        assert (await world.send_list(b"<html/>")).startswith("Цей файл: це не TOML і не OPML")
