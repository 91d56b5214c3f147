"""The command line: exit codes, one line for each mistake, and no secret in any of it."""

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from bot.__main__ import VERBS, main
from bot.store.status import LOOPS
from bot.verbs import run as run_verb
from bot.verbs import sandbox as sandbox_verb
from tests.shell import api, make_database


@pytest.mark.parametrize("verb", [None, *VERBS])
def test_every_verb_has_help(call, verb):
    """Exit 0, on stdout, and the overview names every verb."""
    code, out, err = call(*([verb] if verb else []), "--help")
    assert (code, err) == (0, [])
    assert "usage: wirewatch" in out
    if verb is None:
        assert all(name in out for name in VERBS)


def test_the_version_is_that_of_the_distribution(call):
    """`wirewatch --version`."""
    code, out, _ = call("--version")
    assert code == 0
    assert out.startswith("wirewatch 0.")


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        ("fly",),
        ("run", "now"),
        ("status", "--sick"),
        ("sandbox", "--speed", "0"),
        ("sandbox", "--speed", "fast"),
        ("sandbox", "--port", "x"),
        ("feed",),
        ("match",),
    ],
)
def test_wrong_use_is_one_line_and_exit_2(call, wrong):
    """What is wrong and where help is, not a page of usage."""
    code, out, err = call(*wrong)
    assert (code, out) == (2, "")
    (line,) = err
    assert line.startswith("wirewatch")
    assert "--help" in line


def test_run_without_a_token_names_the_sandbox(call, place):
    """Exit 2, and the way to try it without one; nothing is made."""
    code, _, err = call("run")
    assert code == 2
    (line,) = err
    assert line.startswith("wirewatch: No bot token")
    assert line.endswith("wirewatch sandbox")
    assert not place.exists()


@pytest.mark.parametrize("verb", ["run", "status", "check", "feed"])
def test_wrong_settings_are_a_line_each_and_exit_2(call, verb, monkeypatch, token):
    """All of them at once, for every verb that reads settings, and the token of a bad line is not shown."""
    monkeypatch.setenv("WIREWATCH_POLL_INTERVAL", "often")
    monkeypatch.setenv("WIREWATCH_ADMINS", token)
    monkeypatch.setenv("WIREWATCH_TOKEN", "hunter2")
    code, out, err = call(verb, *(["x"] if verb == "feed" else []))
    assert code == 2
    assert len(err) == 3
    assert all(line.startswith("wirewatch: WIREWATCH_") for line in err)
    assert token not in out + "\n".join(err)
    assert "hunter2" not in "\n".join(err)


@pytest.mark.parametrize("verb", ["run", "status", "check"])
def test_a_folder_in_the_place_of_the_database_is_a_line(call, verb, tmp_path, monkeypatch, token):
    """Exit 2, and nothing is left beside it."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("WIREWATCH_TOKEN", token)
    monkeypatch.setenv("WIREWATCH_DATABASE", str(folder))
    code, out, err = call(verb)
    assert (code, out, len(err)) == (2, "", 1)
    assert "is a folder" in err[0]
    assert list(tmp_path.iterdir()) == [folder]


def test_status_is_json(call, place):
    """Figures that add up; a database that is not there is a failed job, and is not made."""
    code, out, err = call("status")
    assert (code, out, len(err)) == (1, "", 1)
    assert not place.exists()
    make_database(place, "polling")
    code, out, err = call("status")
    assert (code, err) == (0, [])
    figures = json.loads(out)
    assert set(figures) == {
        *("version", "feeds", "pushed_feeds", "troubled_feeds", "items", "stories", "chats", "watches", "alerts"),
        *("outbox", "outbox_adds_up", "backlog", "inbox", "progress", "stalled"),
        *("failed_within_a_day", "banned", "open_invitations"),
    }
    assert figures["outbox_adds_up"] is True
    assert figures["stalled"] == ["updates", "delivery"]


def test_status_healthy_is_an_exit_code(call, place):
    """0 and silence when every loop has got round lately; else 1, and the name of those that have not."""
    make_database(place, *LOOPS[:2])
    assert call("status", "--healthy") == (1, "", ["wirewatch: no progress in delivery"])
    make_database(place, *LOOPS)
    assert call("status", "--healthy") == (0, "", [])


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000])
@pytest.mark.parametrize("verb", [["status"], ["status", "--healthy"], ["run"]])
def test_a_database_that_cannot_be_trusted_is_a_failed_job(call, place, verb, content, monkeypatch, token):
    """Exit 1 with a line that says what to do; the file stays as it is."""
    monkeypatch.setenv("WIREWATCH_TOKEN", token)
    place.write_bytes(content)
    code, out, err = call(*verb)
    assert (code, out) == (1, "")
    assert any(str(place) in line for line in err)
    assert place.read_bytes() == content


def test_run_runs_until_it_is_told_to_stop(place, token, monkeypatch, tmp_path):
    """SIGTERM ends it with exit code 0, and the log on stderr has no token."""
    (tmp_path / "feeds.toml").write_text('[[feeds]]\nurl = "http://127.0.0.1:9/rss"\n')
    with api(token) as server:
        server.telegram.subscribe(
            lambda event: (
                os.kill(os.getpid(), signal.SIGTERM) if getattr(event, "method", "") == "setMyCommands" else None
            )
        )
        for name, value in {"TOKEN": token, "API_URL": server.url, "FEEDS": str(tmp_path / "feeds.toml")}.items():
            monkeypatch.setenv(f"WIREWATCH_{name}", value)
        monkeypatch.setenv("WIREWATCH_TYPO", "1")
        monkeypatch.setattr(run_verb.log, "configure", lambda *_: None)  # the test's own logging stays
        assert main(["run"]) == 0
    with closing(sqlite3.connect(place)) as reader:
        assert reader.execute("SELECT count(*) FROM feeds").fetchone() == (1,)


def test_the_sandbox_takes_its_arguments():
    """A port and a speed, with their limits."""
    parser = argparse.ArgumentParser()
    sandbox_verb.add_arguments(parser)
    given = vars(parser.parse_args(["--port", "8081", "--speed", "2.5"]))
    assert (given["port"], given["speed"]) == (8081, 2.5)


@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt, 130), (BrokenPipeError, 0)], ids=["ctrl-c", "closed pipe"]
)
def test_being_interrupted_is_no_traceback(monkeypatch, place, error, code, capfd):
    """Ctrl-C and `| head` are ordinary ends."""

    def interrupted(_arguments: argparse.Namespace) -> int:
        raise error

    monkeypatch.setattr("bot.verbs.status.main", interrupted)
    reader, writer = os.pipe()
    os.close(reader)
    monkeypatch.setattr(sys, "stdout", os.fdopen(writer, "w"))
    with closing(sys.stdout):
        assert main(["status"]) == code
    assert capfd.readouterr().err == ""


def test_a_pipe_that_broke_elsewhere_is_an_error(monkeypatch, place):
    """A process of ours that died, not the reader of what is printed: no service may end so as if all were well."""

    def broken(_arguments: argparse.Namespace) -> int:
        raise BrokenPipeError

    monkeypatch.setattr("bot.verbs.status.main", broken)
    monkeypatch.setattr(sys, "stdout", os.fdopen(os.dup(1), "w"))
    with closing(sys.stdout), pytest.raises(BrokenPipeError):
        main(["status"])


def test_python_m_bot_is_the_same_program():
    """`python -m bot` for those who have not installed the script."""
    child = subprocess.run([sys.executable, "-m", "bot"], capture_output=True, text=True, check=False)
    assert child.returncode == 2
    assert child.stderr.startswith("wirewatch: ")
    assert child.stderr.count("\n") == 1
