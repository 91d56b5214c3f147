"""What the sandbox takes from the environment."""

from datetime import UTC, datetime

import pytest

from bot.config import ConfigurationError
from bot.sandbox.feeds import FeedServer
from bot.sandbox.news import load
from bot.sandbox.server import BotApiServer
from bot.sandbox.session import ALLOW, allowed_feeds, settings
from bot.sandbox.telegram_state import Telegram


def test_private_places_are_added_to_those_of_the_sandbox(tmp_path, monkeypatch):
    """Exact `host:port`s, as in production; the rest of the environment is not looked at."""
    monkeypatch.setenv("WIREWATCH_POLL_INTERVAL", "never")
    allowed = allowed_feeds({ALLOW: "10.0.0.5:8080, Wiki.lan:80"})
    telegram = Telegram()
    feeds = FeedServer(load(), lambda: datetime(2026, 3, 1, tzinfo=UTC))
    made = settings(tmp_path, BotApiServer(telegram), feeds, 1.0, telegram.add_user("Olga"), allowed)
    assert made.allow_private_feeds == {"10.0.0.5:8080", "wiki.lan:80", feeds.address}
    assert allowed_feeds({}) == frozenset()


def test_a_wrong_place_is_told_by_its_name():
    """One line, as `wirewatch run` would say it."""
    with pytest.raises(ConfigurationError, match=f"{ALLOW} 'nowhere' should be an exact host:port"):
        allowed_feeds({ALLOW: "nowhere"})
