"""`wirewatch check`: a line for each thing checked, and for each that is wrong what to do."""

import pytest

from tests.shell import api, make_database


def test_check_says_that_all_is_well(call, place, token, monkeypatch):
    """A line per thing, exit 0, the bot's name, and never the token."""
    with api(token) as server:
        monkeypatch.setenv("WIREWATCH_TOKEN", token)
        monkeypatch.setenv("WIREWATCH_API_URL", server.url)
        monkeypatch.setenv("WIREWATCH_POLL_INTERVALL", "5")
        code, out, err = call("check")
        assert (code, err) == (0, [])
        assert "does not exist yet" in out
        assert "@wirewatch_sandbox_bot" in out
        assert "did you mean WIREWATCH_POLL_INTERVAL?" in out
        assert not place.exists()
        make_database(place)
        code, out, _ = call("check")
        assert "is sound; 0 watches" in out
        assert [line.split(":")[0] for line in out.splitlines()] == [
            *("settings", "settings", "database", "feeds", "watchlists", "backups", "token"),
        ]
        assert token not in out


def test_check_finds_everything_that_is_wrong(call, place, token, monkeypatch, tmp_path):
    """Exit 2 and a line for each: database, feeds, every watchlist, token."""
    place.write_bytes(b"garbage" * 1000)
    (tmp_path / "feeds.toml").write_text("[[feeds]]\nurl = 'nonsense'\n")
    (tmp_path / "lists").mkdir()
    for name in ("a", "b"):
        (tmp_path / "lists" / f"{name}.toml").write_text("slug = 'x'\n")
    monkeypatch.setenv("WIREWATCH_FEEDS", str(tmp_path / "feeds.toml"))
    monkeypatch.setenv("WIREWATCH_WATCHLISTS", str(tmp_path / "lists"))
    with api("1:other") as server:
        monkeypatch.setenv("WIREWATCH_TOKEN", token)
        monkeypatch.setenv("WIREWATCH_API_URL", server.url)
        code, out, err = call("check")
    assert code == 2
    assert [line.split(":")[0] for line in err if ": " in line][:2] == ["database", "feeds"]
    assert len([line for line in err if line.startswith("watchlists: ")]) == 2
    assert any(line.startswith("token: Telegram does not know this token") for line in err)
    assert token not in out + "\n".join(err)


def test_check_without_a_token_or_without_telegram(call, place, token, monkeypatch):
    """No token is something to mend; a Telegram that cannot be asked is not."""
    code, _, err = call("check")
    assert code == 2
    assert err[-1].startswith("token: none is set")
    monkeypatch.setenv("WIREWATCH_TOKEN", token)
    monkeypatch.setenv("WIREWATCH_API_URL", "http://127.0.0.1:9")
    code, out, err = call("check")
    assert (code, err) == (0, [])
    assert "token: is set, but not tried: http://127.0.0.1:9 could not be reached" in out


def test_check_and_run_say_when_the_database_has_no_place(call, token, monkeypatch, tmp_path):
    """A folder that cannot be made or written is told before the first start and at it, in a sentence."""
    monkeypatch.setenv("WIREWATCH_TOKEN", token)
    (tmp_path / "file").touch()
    monkeypatch.setenv("WIREWATCH_DATABASE", str(tmp_path / "file" / "wirewatch.db"))
    for verb in ("check", "run"):
        code, _, err = call(verb)
        assert code == 2
        assert len([line for line in err if "wirewatch.db cannot be" in line]) == 1


def test_an_invitation_that_nobody_can_give_is_remarked(call, token, monkeypatch):
    """Allowed, and most likely not meant."""
    monkeypatch.setenv("WIREWATCH_TOKEN", token)
    monkeypatch.setenv("WIREWATCH_ACCESS", "INVITE")
    _, out, _ = call("check")
    assert "settings: WIREWATCH_ACCESS is invite and WIREWATCH_ADMINS is empty" in out


@pytest.mark.parametrize("body", [b'{"ok": false}', b"[]", b'{"ok": true, "result": {}}', b'{"result": 1}', b"<html>"])
def test_check_bears_an_answer_that_makes_no_sense(call, place, token, monkeypatch, body, caplog):
    """Something else than Telegram answers: the token is not tried, and that is no fault of it, nor a traceback."""
    monkeypatch.setenv("WIREWATCH_TOKEN", token)
    with api(token, {"getMe": body}) as server:
        monkeypatch.setenv("WIREWATCH_API_URL", server.url)
        code, out, err = call("check")
    assert (code, err) == (0, [])
    assert "token: is set, but not tried" in out
    assert caplog.text == ""
