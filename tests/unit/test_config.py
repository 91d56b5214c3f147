"""The settings: defaults, forms, rules, and every problem told at once without a secret."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import ConfigurationError, Settings, load_settings, unknown_settings

DEFAULTS = {
    "token": None,
    "token_file": None,
    "api_url": "https://api.telegram.org",
    "database": Path("data/wirewatch.db"),
    "admins": frozenset(),
    "access": "open",
    "feeds": None,
    "watchlists": None,
    "poll_interval": timedelta(seconds=600),
    "poll_interval_min": None,
    "public_url": None,
    "webhook": False,
    "contact": None,
    "public_port": 8081,
    "allow_private_feeds": frozenset(),
    "alert_expiry": timedelta(hours=6),
    "alert_grows": timedelta(hours=24),
    "retention_days": 30,
    "backups": None,
    "metrics_port": None,
    "log_level": "info",
    "log_format": "text",
}


@pytest.fixture
def setting(monkeypatch):
    """Sets variables as an operator would, and reads the settings."""

    def read(**values: str) -> Settings:
        for name, value in values.items():
            monkeypatch.setenv(f"WIREWATCH_{name}", value)
        return load_settings()

    return read


def problems(setting, **values: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        setting(**values)
    return str(caught.value).splitlines()


def test_every_setting_has_the_documented_default(setting):
    """With an empty environment nothing is missing and nothing is a surprise."""
    assert setting().model_dump() == DEFAULTS
    assert setting().secret == ""
    assert setting().poll_floor == timedelta(seconds=300)


def test_a_folder_is_no_database(setting, tmp_path):
    """Told with all other problems, before anything is made beside it."""
    (problem,) = problems(setting, DATABASE=str(tmp_path))
    assert problem.startswith("WIREWATCH_DATABASE is a folder: name a file in it")
    assert str(tmp_path) in problem


def test_an_empty_variable_is_no_variable(setting):
    """Compose files set variables to nothing; that means the default."""
    assert setting(TOKEN="", ADMINS="", DATABASE="", POLL_INTERVAL="").model_dump() == DEFAULTS


def test_every_form_is_read(setting, token, tmp_path):
    """Lists by comma or space, times with a unit, addresses without their last slash."""
    read = setting(
        TOKEN=token,
        API_URL="http://127.0.0.1:8081/",
        DATABASE=str(tmp_path / "w.db"),
        ADMINS="7, 8 9,",
        ACCESS="invite",
        ALLOW_PRIVATE_FEEDS="Feeds.LAN:8080 10.0.0.5:80,[::1]:8443",
        RETENTION_DAYS="7",
        LOG_LEVEL="debug",
        LOG_FORMAT="json",
    )
    assert read.secret == token
    assert read.api_url == "http://127.0.0.1:8081"
    assert read.admins == {7, 8, 9}
    assert read.allow_private_feeds == {"feeds.lan:8080", "10.0.0.5:80", "[::1]:8443"}
    assert (read.access, read.retention_days, read.log_level, read.log_format) == ("invite", 7, "debug", "json")


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("600", 600), ("1.5", 1.5), ("10m", 600), ("10 min", 600), ("6h", 21_600), ("1D", 86_400), (" 90 s ", 90)],
)
def test_a_time_is_seconds_or_has_a_unit(setting, written, seconds):
    """Seconds, or a number with s, m, min, h or d."""
    assert setting(ALERT_EXPIRY=written).alert_expiry.total_seconds() == seconds


@pytest.mark.parametrize("written", ["soon", "10 weeks", "-5", "1h30m", "0", "0m", "9" * 30 + "d", "1e5"])
def test_what_is_no_time_is_refused_in_words(setting, written):
    """A form nobody documented, a time of nothing, and a time beyond all calendars."""
    (problem,) = problems(setting, ALERT_EXPIRY=written)
    assert problem.startswith("WIREWATCH_ALERT_EXPIRY should be ")
    assert written in problem


def test_a_contact_fits_into_a_header(setting):
    """An address or a mail; nothing that ends the comment that it stands in, or the line."""
    for contact in ("https://news.example/about", "ops@news.example"):
        assert setting(CONTACT=contact).contact == contact
    for wrong in ("a", "me (at home)", "a\r\nX: y", "ä@news.example", "x" * 201):
        (problem,) = problems(setting, CONTACT=wrong)
        assert problem.startswith("WIREWATCH_CONTACT should be an address")


def test_the_token_may_stand_in_a_file(setting, token, tmp_path):
    """Containers mount secrets as files, most of them with a line end; some editors put a mark in front."""
    for written in (token, f"{token}\n", f"\ufeff{token}\r\n"):
        (tmp_path / "token").write_text(written, encoding="utf-8")
        assert setting(TOKEN_FILE=str(tmp_path / "token")).secret == token


def test_token_and_token_file_exclude_each_other(setting, token, tmp_path):
    """Two tokens: which one is meant? The question is asked beside all other problems."""
    (tmp_path / "token").write_text(token)
    both = {"TOKEN": token, "TOKEN_FILE": str(tmp_path / "token")}
    (problem,) = problems(setting, **both)
    assert problem == "WIREWATCH_TOKEN_FILE and WIREWATCH_TOKEN are both set: keep one of them"
    assert len(problems(setting, **both, ACCESS="all")) == 2


def test_a_token_file_that_cannot_be_used_says_why(setting, tmp_path):
    """Missing, a folder, no text, or something else than a token; the content is never shown."""
    (problem,) = problems(setting, TOKEN_FILE=str(tmp_path / "none"))
    assert problem == "WIREWATCH_TOKEN_FILE cannot be read: No such file or directory"
    (problem,) = problems(setting, TOKEN_FILE=str(tmp_path))
    assert "Is a directory" in problem
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00secret")
    (problem,) = problems(setting, TOKEN_FILE=str(tmp_path / "binary"))
    assert problem == "WIREWATCH_TOKEN_FILE is no text file"
    (tmp_path / "password").write_text("hunter2")
    (problem,) = problems(setting, TOKEN_FILE=str(tmp_path / "password"))
    assert "@BotFather" in problem
    assert "hunter2" not in problem


def test_all_problems_are_told_at_once(setting):
    """One line each, with the variable's name and, where it is no secret, what was given."""
    told = problems(
        setting,
        TOKEN="not-a-token-but-secret",
        API_URL="ftp://example.org",
        ADMINS="7,ann",
        ACCESS="closed",
        POLL_INTERVAL="often",
        POLL_INTERVAL_MIN="0",
        ALLOW_PRIVATE_FEEDS="10.0.0.5",
        ALERT_EXPIRY="never",
        RETENTION_DAYS="401",
        LOG_LEVEL="loud",
        LOG_FORMAT="xml",
    )
    assert len(told) == 11
    assert "not-a-token" not in "\n".join(told)
    assert "WIREWATCH_ADMINS should be a number (it is 'ann')" in told
    assert "WIREWATCH_ACCESS should be 'open' or 'invite' (it is 'closed')" in told
    assert "WIREWATCH_POLL_INTERVAL_MIN should be more than 0 (it is '0')" in told
    assert "WIREWATCH_RETENTION_DAYS should be less than or equal to 400 (it is '401')" in told
    assert any("'10.0.0.5' should be an exact host:port" in line for line in told)
    assert all(line.startswith("WIREWATCH_") for line in told)


def test_a_token_in_the_wrong_variable_is_not_printed_back(setting, token):
    """People paste into the wrong line; the complaint about it goes to a log that others read."""
    told = problems(setting, ADMINS=token, ACCESS=f"x{token}", API_URL=f"api.telegram.org/bot{token}")
    assert len(told) == 3
    assert token not in "\n".join(told)


def test_a_webhook_needs_an_address_that_telegram_takes(setting):
    """One with TLS, unless a Bot API server of one's own brings the updates."""
    (problem,) = problems(setting, WEBHOOK="1")
    assert "needs WIREWATCH_PUBLIC_URL" in problem
    (problem,) = problems(setting, WEBHOOK="1", PUBLIC_URL="http://bot.example")
    assert "https://" in problem
    assert setting(WEBHOOK="1", PUBLIC_URL="https://bot.example").webhook
    assert setting(WEBHOOK="1", PUBLIC_URL="http://bot.example", API_URL="http://127.0.0.1:8082").webhook


@pytest.mark.parametrize(
    ("written", "host", "port"),
    [
        ("9464", "127.0.0.1", 9464),
        ("0.0.0.0:9464", "0.0.0.0", 9464),
        ("[::1]:1", "::1", 1),
        ("bot.example:80", "bot.example", 80),
    ],
)
def test_metrics_are_for_this_machine_alone_unless_an_address_says_so(setting, written, host, port):
    """Nobody is asked for a password there."""
    assert setting(METRICS_PORT=written).metrics_port == (host, port)


@pytest.mark.parametrize("written", ["no", "0", "65536", "127.0.0.1", "1:x", "²"])
def test_what_is_no_port_is_refused_in_words(setting, written):
    """Before anything is started."""
    (problem,) = problems(setting, METRICS_PORT=written)
    assert problem.startswith("WIREWATCH_METRICS_PORT should be a port such as 9464")


@pytest.mark.parametrize("value", ["host", ":80", "host:", "host:0", "host:65536", "host:http", "host:²"])
def test_a_private_feed_is_an_exact_host_and_port(setting, value):
    """A pattern or a bare host would open more than its author meant."""
    (problem,) = problems(setting, ALLOW_PRIVATE_FEEDS=value)
    assert "host:port" in problem


def test_polling_below_the_floor_is_refused(setting):
    """The floor is 300 s, an explicit one rules, and an interval alone may be set below 300 s."""
    assert setting(POLL_INTERVAL="60").poll_floor == timedelta(seconds=60)
    assert setting(POLL_INTERVAL="900").poll_floor == timedelta(seconds=300)
    assert setting(POLL_INTERVAL_MIN="60").poll_floor == timedelta(seconds=60)
    (problem,) = problems(setting, POLL_INTERVAL="30", POLL_INTERVAL_MIN="60")
    assert "WIREWATCH_POLL_INTERVAL_MIN is above WIREWATCH_POLL_INTERVAL" in problem
    assert len(problems(setting, POLL_INTERVAL="30", POLL_INTERVAL_MIN="60", LOG_FORMAT="xml")) == 2


def test_settings_are_frozen_and_hide_the_token(setting, token):
    """Nobody changes them on the way, and no repr of them tells the secret."""
    read = setting(TOKEN=token)
    with pytest.raises(ValueError, match="frozen"):
        read.access = "invite"
    assert token not in repr(read) + str(read) + str(read.model_dump())


def test_an_unknown_setting_is_named_with_the_nearest():
    """A typing error in a variable must not pass in silence; other programs' variables are no concern."""
    environment = {"WIREWATCH_POLL_INTERVALL": "5", "WIREWATCH_ZZZ": "1", "PATH": "/bin", "WIREWATCH_ADMINS": "1"}
    assert unknown_settings(environment) == [
        "WIREWATCH_POLL_INTERVALL is not a setting of Wirewatch and is ignored; did you mean WIREWATCH_POLL_INTERVAL?",
        "WIREWATCH_ZZZ is not a setting of Wirewatch and is ignored",
    ]
