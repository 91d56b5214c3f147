"""What comes by itself comes in the language of the chat: alerts, their edits, lists, digests, notes."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot import loud
from bot.notices import tell_of_feeds
from tests.press import Press, fire, press
from watchlists.loud import FIRES

EN, ES, UK, RU = 1, 2, 3, 4
LANGUAGES = {EN: "en", ES: "es", UK: "uk", RU: "ru"}
MORE = {EN: "also: ", ES: "también: ", UK: "також: ", RU: "также: "}
DAY = 86_400


@pytest.fixture
def news(tmp_path: Path):
    """Four people who watch the same, each with a client in another language."""
    with press(tmp_path) as opened:
        for chat, language in LANGUAGES.items():
            opened.watch(chat, "fire")
            opened.storage.run_blocking(
                lambda store, chat=chat, language=language: store.chats.ensure(chat, "private", language)
            )
        yield opened


def told(news: Press, kind: str) -> dict[int, str]:
    """The last message of a kind in each chat."""
    return dict(news.rows(f"SELECT chat_id, text FROM outbox WHERE kind = '{kind}' ORDER BY id"))


def test_one_item_alerts_each_chat_in_its_language(news):
    """Text and buttons: chats that watch the same share a message only where they read the same."""
    news.poll(news.feed(), fire(1, published=news.clock.now - timedelta(hours=3)))
    texts = told(news, "alert")
    ago = {EN: "3 h ago", ES: "hace 3 h", UK: "3 год тому", RU: "3 ч назад"}
    assert {chat: ago[chat] in text for chat, text in texts.items()} == dict.fromkeys(LANGUAGES, True)
    buttons = {chat: json.loads(kept)[0][0][0] for chat, kept in news.rows("SELECT chat_id, buttons FROM outbox")}
    assert buttons == {EN: "💤 Snooze", ES: "💤 Pausar", UK: "💤 Пауза", RU: "💤 Пауза"}


def test_a_chosen_language_counts_from_the_next_message_on(news):
    """Also where the client speaks another."""
    news.storage.run_blocking(lambda store: store.chats.set_language(EN, "uk"))
    url = news.feed()
    news.poll(url, fire(1))
    news.send()
    news.poll(url, fire(1, "other.example"))
    news.storage.run_blocking(lambda store: store.chats.set_language(ES, "ru"))
    news.clock.advance(60)
    news.grow()
    edits = told(news, "edit")
    assert {chat: text for chat, text in edits.items() if MORE[{EN: UK, ES: RU}.get(chat, chat)] not in text} == {}


def test_a_burst_and_a_digest_are_in_the_language_of_the_chat(news):
    """The heading, the counts, and the note of a watch that is too loud."""
    url = news.feed()
    items = [fire(number, f"w{number}.example") for number in range(FIRES + 2)]
    news.poll(url, *items)
    heads = {EN: "More news at once", ES: "Más noticias de golpe", UK: "Одразу кілька новин", RU: "Сразу несколько"}
    assert all(heads[chat] in text for chat, text in told(news, "alert").items())
    news.storage.run_blocking(loud.ask)
    asked = {EN: "22 times", ES: "22 veces", UK: "22 сповіщення", RU: "22 уведомления"}
    assert all(asked[chat] in text for chat, text in told(news, "digest").items())
    news.send()
    for chat in LANGUAGES:
        news.prefer(lambda preferences, chat=chat: preferences.digest(chat, "hourly"))
    news.poll(url, *(fire(100 + number, f"v{number}.example") for number in range(3)))
    news.clock.advance(3600)
    news.release()
    digests = {EN: "Your digest: 3 stories", ES: "Tu resumen: 3 noticias", UK: "Ваш дайджест: 3 події"}
    digests[RU] = "Ваш дайджест: 3 события"
    assert all(digests[chat] in text for chat, text in told(news, "digest").items())


def test_a_feed_that_died_is_told_in_the_language_of_each_chat_with_the_reason(news):
    """The fault is kept in English."""
    own = "https://own.example/rss"

    def add(store):
        for chat in LANGUAGES:
            store.chat_feeds.add(chat, own, "Own")

    def fail(store):
        feed = next(feed for feed in store.feeds.all() if feed.url == own)
        store.feeds.failed(feed.id, "The server cannot be reached.", store.now)

    news.storage.run_blocking(add)
    news.storage.run_blocking(fail)
    news.clock.advance(5 * DAY)
    news.storage.run_blocking(lambda store: tell_of_feeds(store, ()))
    texts = told(news, "digest")
    assert "no responde desde hace 5 días: No se puede conectar con el servidor." in texts[ES]
    assert "не відповідає вже 5 днів: Сервер недоступний." in texts[UK]
    assert "не отвечает уже 5 дней: Сервер недоступен." in texts[RU]
    assert "has not answered for 5 days: The server cannot be reached." in texts[EN]
