"""`wirewatch watchlists`: lists in and out as files, whole or not at all."""

from pathlib import Path

import pytest

from bot.clock import utc_now
from bot.db import Database
from bot.store import Storage
from tests.fakes import item
from tests.fakes_lists import add_list, watchlist
from watchlists.list_files import parse_watchlist, write_watchlist

FERRIES = watchlist("ferries", "ferry strike", "ferry sank")


@pytest.fixture
def storage(place):
    """The database, open as by a bot that runs."""
    database = Database.open(place)
    yield Storage(database, utc_now)
    database.close()


def slugs(storage) -> list[str]:
    return [one.content.slug for one in storage.run_blocking(lambda store: store.lists.all())]


def files(folder: Path, *contents) -> Path:
    folder.mkdir()
    for content in contents:
        (folder / f"{content.slug}.toml").write_text(write_watchlist(content), encoding="utf-8")
    return folder


def test_import_says_what_changes_and_what_it_means(call, storage, tmp_path):
    """A line for each watch, then alerts a day before and after; a dry run says the same and changes nothing."""
    storage.run_blocking(lambda store: add_list(store, FERRIES))

    def fill(store):
        store.feeds.add("https://a.example/rss")
        for number, title in enumerate(("Ferry crews on strike", "Harbour fire", "Fire in harbour")):
            store.items.add(1, item(title, id=str(number)), store.items.open_story())

    storage.run_blocking(fill)
    folder = files(tmp_path / "new", watchlist("ferries", "ferry strike", "harbour fire", "gangway"))
    code, out, err = call("watchlists", "import", str(folder), "--dry-run")
    assert (code, err) == (0, [])
    assert out.splitlines() == [
        "ferries: version 2, 0 followers",
        "  + harbour fire",
        "  + gangway",
        "  - ferry sank",
        "  alerts a day of the list: 1.0 -> 3.0, by the news of the last 0.0 days",
        "nothing was changed: this was a dry run",
    ]
    assert [watch.text for watch in storage.run_blocking(lambda s: s.lists.watches(1))] == [
        "ferry strike",
        "ferry sank",
    ]
    assert call("watchlists", "import", str(folder), "--why", "more fires")[1].startswith("ferries: version 2")
    assert len(storage.run_blocking(lambda store: store.lists.watches(1))) == 3
    (version, _first) = storage.run_blocking(lambda store: store.lists.versions(1, 99, 9))
    assert (version.user_id, version.act, version.why) == (0, "import", "more fires")
    assert call("watchlists", "import", str(folder))[1] == "ferries: unchanged\n"


def test_import_takes_all_files_or_none(call, storage, tmp_path):
    """One that cannot be used stops all; each fault is a line."""
    folder = files(tmp_path / "new", FERRIES, watchlist("locks", "lock gate"))
    (folder / "broken.toml").write_text('slug = "x"\n')
    (folder / "worse.toml").write_text("slug = \n")
    code, out, err = call("watchlists", "import", str(folder))
    assert (code, out, len(err)) == (2, "", 2)
    assert "broken.toml cannot be used" in err[0]
    assert slugs(storage) == []
    for name in ("broken", "worse"):
        (folder / f"{name}.toml").unlink()
    (folder / "boats.toml").write_text(write_watchlist(watchlist("boats", "boat", aliases=("locks",))))
    code, out, err = call("watchlists", "import", str(folder))
    assert (code, out) == (2, "")
    assert "locks" in err[0]
    assert slugs(storage) == []


def test_what_was_exported_is_imported_unchanged(call, storage, tmp_path):
    """One to stdout, all into a folder; a file that is there is never overwritten."""
    folder = files(tmp_path / "new", FERRIES, watchlist("locks", "lock gate", visibility="private"))
    assert call("watchlists", "import", str(folder))[0] == 0
    code, out, err = call("watchlists", "export", "ferries")
    assert (code, err) == (0, [])
    assert parse_watchlist(out, "") == FERRIES
    assert "name one" in call("watchlists", "export")[2][0]
    assert "no list" in call("watchlists", "export", "canals")[2][0]
    written = tmp_path / "out"
    assert call("watchlists", "export", "--to", str(written))[0] == 0
    for name in ("ferries.toml", "locks.toml"):
        assert (written / name).read_bytes() == (folder / name).read_bytes()
    assert "exists already" in call("watchlists", "export", "--to", str(written))[2][0]
    assert call("watchlists", "import", str(written))[1] == "ferries: unchanged\nlocks: unchanged\n"


def test_validate_reads_files_folders_and_what_ships(call, tmp_path):
    """Without a database; a fault is a line and exit code 2."""
    folder = files(tmp_path / "new", FERRIES)
    assert call("watchlists", "validate", str(folder), str(folder / "ferries.toml"))[:2] == (
        0,
        "ferries: 2 watches, public\n" * 2,
    )
    code, out, _err = call("watchlists", "validate")
    assert code == 0
    assert "ukraine-peace-talks: " in out
    (folder / "ferries.toml").write_text("slug = 'a'")
    code, out, err = call("watchlists", "validate", str(folder))
    assert (code, out, len(err)) == (2, "", 1)
    assert "cannot be read" in call("watchlists", "validate", str(tmp_path / "none.toml"))[2][0]
