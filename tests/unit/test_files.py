"""The files that the settings name, or those that ship with the program."""

import pytest

from bot.files import first_feeds, watchlists
from watchlists.errors import ListError

LIST = 'slug = "{0}"\ntitle = "T"\n[[watches]]\nquery = "fire"\n'


def test_without_a_setting_the_shipped_files_are_read():
    """A fresh installation has feeds, and every shipped list is sound."""
    assert first_feeds(None)
    assert len({found.slug for found in watchlists(None)}) == len(watchlists(None))


def test_feeds_come_from_a_toml_or_an_opml_file(tmp_path):
    """Told apart by content; a mark of the encoding in front does no harm."""
    (tmp_path / "a").write_text('\ufeff[[feeds]]\nurl = "https://a.example/rss"\ntitle = "A"\n', encoding="utf-8")
    (tmp_path / "b").write_text('<opml version="2.0"><body><outline xmlUrl="https://b.example/"/></body></opml>')
    assert [feed.url for feed in first_feeds(tmp_path / "a")] == ["https://a.example/rss"]
    assert [feed.url for feed in first_feeds(tmp_path / "b")] == ["https://b.example/"]


def test_watchlists_come_from_a_file_or_from_all_files_of_a_folder(tmp_path):
    """In the order of their names, without the list of feeds that may stand beside them."""
    for name in ("b", "a"):
        (tmp_path / f"{name}.toml").write_text(LIST.format(name))
    (tmp_path / "feeds.toml").write_text('[[feeds]]\nurl = "https://a.example"\n')
    (tmp_path / "notes.txt").write_text("not mine")
    assert [found.slug for found in watchlists(tmp_path)] == ["a", "b"]
    assert [found.slug for found in watchlists(tmp_path / "b.toml")] == ["b"]


def test_every_broken_file_of_a_folder_is_told(tmp_path):
    """One look mends them all; nothing of the folder is used meanwhile."""
    (tmp_path / "a.toml").write_text("slug = [")
    (tmp_path / "b.toml").write_text(LIST.format("b"))
    (tmp_path / "c.toml").write_text("slug = 'c'\n")
    with pytest.raises(ListError) as caught:
        watchlists(tmp_path)
    first, second = str(caught.value).splitlines()
    assert "a.toml is not valid TOML" in first
    assert "c.toml cannot be used" in second


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    """Missing, a folder, no text."""
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for name, reason in (("none", "No such file"), ("", "Is a directory"), ("binary", "not a UTF-8 text file")):
        with pytest.raises(ListError, match=reason) as caught:
            first_feeds(tmp_path / name)
        assert str(tmp_path) in str(caught.value)
