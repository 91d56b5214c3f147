"""Logging: no secret in any form of it."""

import ast
import io
import json
import logging
import re
import sys
from pathlib import Path

import httpx
import pytest

from bot import log

LOUD = {"attempt", *(f"log.{level}" for level in ("info", "warning", "error", "exception", "critical"))}


@pytest.fixture
def lines(token):
    """Configures logging and gives back what it has written; afterwards all is as it was."""
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    levels = {name: logging.getLogger(name).level for name in log._TALKATIVE}
    stream = io.StringIO()

    def configure(form: str, level: str = "debug") -> io.StringIO:
        log.configure(level, form, [token, ""], stream)
        return stream

    yield configure
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook = hook
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_token_is_removed_wherever_it_stands(lines, token, form):
    """From the message, its arguments, a repr, a traceback and the cause of a traceback."""
    stream = lines(form)
    logger = logging.getLogger("somebody")
    logger.warning("direct %s", token)
    logger.warning("in %r", {"url": f"https://api.telegram.org/bot{token}/getMe"})
    logger.warning(f"formatted {token}")
    try:
        try:
            raise ValueError(f"refused {token}")
        except ValueError as error:
            raise RuntimeError(f"https://api.telegram.org/bot{token}/x") from error
    except RuntimeError:
        logger.exception("failed")
    written = stream.getvalue()
    assert token not in written
    assert written.count(log.REDACTED) == 5
    assert "ValueError" in written


def test_what_nobody_catches_is_logged_without_the_token(lines, token):
    """The traceback that ends the program goes the same way as all others."""
    stream = lines("text")
    try:
        raise LookupError(f"https://api.telegram.org/bot{token}/getMe")
    except LookupError:
        sys.excepthook(*sys.exc_info())
    assert "LookupError" in stream.getvalue()
    assert token not in stream.getvalue()


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_token_that_nobody_named_is_removed_too(lines, form):
    """The form of a bot token is known: alone, in a URL, percent-encoded."""
    stream = lines(form)
    stranger = "987654321:AAEhBP0av28frDS0oPlQ7e3y-hM_6MyIu4"
    for text in (stranger, f"/bot{stranger}/sendMessage", f"/bot{stranger.replace(':', '%3A')}/getMe", f"({stranger})"):
        logging.getLogger("x").error(text)
    assert "AAEhBP0av28" not in stream.getvalue()
    assert stream.getvalue().count(log.REDACTED) == 4


@pytest.mark.parametrize("innocent", ["12:30 in Kyiv", "id 12345678: done", "2026-03-02T12:00:00", "a" * 60])
def test_what_is_no_token_stays(innocent):
    """Times, ids and long words are not mistaken for secrets."""
    assert log.redact(innocent, ["secret"]) == innocent


def test_a_log_line_that_cannot_be_formatted_leaks_nothing(lines, token, capsys):
    """A mistake in a call of the logger must not print its arguments past the filter."""
    stream = lines("text")
    logging.getLogger("x").error("%d items", token)
    assert token not in stream.getvalue() + capsys.readouterr().err
    assert "x" in stream.getvalue()


def test_json_is_one_object_a_line(lines, token):
    """Time with its zone, level, logger, message, and the traceback where there is one."""
    stream = lines("json")
    logging.getLogger("bot.x").info("two\nlines “%s”", "ü")
    try:
        raise LookupError(token)
    except LookupError:
        logging.getLogger("bot.x").exception("oops")
    plain, failed = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (plain["level"], plain["logger"], plain["message"]) == ("info", "bot.x", "two\nlines “ü”")
    assert plain["time"][10] == "T"
    assert "traceback" not in plain
    assert "LookupError" in failed["traceback"]


async def test_the_libraries_that_print_urls_are_quiet(lines, token):
    """httpx prints the whole URL at INFO, and with it the token; even at debug it is not asked."""
    stream = lines("text")
    transport = httpx.MockTransport(lambda _request: httpx.Response(200))
    async with httpx.AsyncClient(transport=transport, verify=False) as client:
        await client.get(f"https://api.telegram.org/bot{token}/getMe")
    logging.getLogger("telegram.Bot").debug("calling")
    logging.getLogger("apscheduler.scheduler").info("added a job")
    assert stream.getvalue() == ""


def test_the_libraries_that_repeat_themselves_are_quiet(lines):
    """A tick that waits for the one before is said each second, a proxy's page with a traceback at each try."""
    stream = lines("text")
    logging.getLogger("apscheduler.scheduler").warning("skipped: maximum number of running instances reached")
    logging.getLogger("telegram.request.BaseRequest").error("Can not load invalid JSON data")
    assert stream.getvalue() == ""
    logging.getLogger("apscheduler.executors.default").error("a job raised an exception")
    assert "raised" in stream.getvalue()


def test_the_level_rules(lines):
    """What is below the operator's level is not written."""
    stream = lines("text", "warning")
    logging.getLogger("bot").info("quiet")
    logging.getLogger("bot").warning("loud")
    assert "loud" in stream.getvalue()
    assert "quiet" not in stream.getvalue()


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_line_says_what_it_is_about_without_naming_a_chat(lines, form, token):
    """Feed and alert by number; the chat by a name that is the same each time and needs the token to be traced back."""
    stream = lines(form, "info")
    for chat in (-1007, -1007, 8):
        logging.getLogger("bot").info("sent", extra={"feed": 3, "chat": chat, "alert": 9})
    first, again, other = stream.getvalue().splitlines()
    assert "1007" not in stream.getvalue()
    assert log.alias(-1007, token) in first
    assert log.alias(-1007, token) in again
    assert log.alias(8, token) in other
    assert log.alias(8, token + "x") not in other
    if form == "json":
        assert {"feed": 3, "chat": log.alias(-1007, token), "alert": 9}.items() <= json.loads(first).items()
    else:
        assert first.endswith(f": sent [feed=3 chat={log.alias(-1007, token)} alert=9]")


def _logged(call: ast.Call) -> list[ast.expr]:
    """What a call writes: of `attempt` the sentence that comes first, which may have holes."""
    return call.args[:1] if ast.unparse(call.func) == "attempt" else call.args[1:]


def test_no_line_names_a_chat_or_a_person_in_its_words():
    """Their numbers stand in `extra`, where they are hidden; only lines for debugging may write them out."""
    named = re.compile(r"(chat|user|telegram|member|admin|sender|person)(_id|\.id)\b")
    calls = [
        call
        for path in (Path(log.__file__).parent).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in LOUD
    ]
    assert len(calls) > 40
    given = [ast.unparse(each) for call in calls for each in _logged(call)]
    assert [line for line in given if named.search(line)] == []


def test_at_debug_chats_have_their_numbers(lines):
    """Who looks for a mistake has to know which chat it is."""
    stream = lines("text", "debug")
    logging.getLogger("bot").info("sent", extra={"chat": -1007})
    assert stream.getvalue().endswith("sent [chat=-1007]\n")
