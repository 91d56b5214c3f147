"""`wirewatch opml`: feeds in and out, each through the gate, with a result by line."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.clock import utc_now
from bot.db import Database
from bot.store import Storage
from tests.newsstand import Newsstand, Story
from watchlists.feed_files import parse_feeds

NEWS = [Story("Old news", "https://wire.example/old")]


@pytest.fixture
async def stand(tmp_path: Path, monkeypatch) -> AsyncIterator[Newsstand]:
    made = Newsstand({"alpha": NEWS, "beta": NEWS})
    await made.start()
    monkeypatch.setenv("WIREWATCH_ALLOW_PRIVATE_FEEDS", made.address)
    monkeypatch.setenv("WIREWATCH_DATABASE", str(tmp_path / "wirewatch.db"))
    yield made
    await made.stop()


@pytest.fixture
def storage(tmp_path: Path, stand):
    """The database, open as by a bot that runs."""
    database = Database.open(tmp_path / "wirewatch.db")
    yield Storage(database, utc_now)
    database.close()


async def call(*arguments: str) -> int:
    """The verb, beside the loop that serves the feeds."""
    return await asyncio.to_thread(main, ["opml", *arguments])


def listed(path: Path, *urls: str) -> str:
    rows = "".join(f'<outline text="F" xmlUrl="{url}"/>\n' for url in urls)
    path.write_text(f"<opml version='1.0'><body>\n{rows}</body></opml>")
    return str(path)


async def test_feeds_that_answer_are_added_for_all(stand, storage, tmp_path, capsys):
    """While the bot runs; one that does not answer, one that is refused and one twice are told by line."""
    stand.answers["page"] = (200, b"<!doctype html><html>")
    names = ["alpha", "page", "beta", "alpha"]
    file = listed(tmp_path / "a.opml", *map(stand.url, names), "http://10.0.0.1/rss", "http://[broken")
    assert await call("import", file) == 1
    said = capsys.readouterr()
    alpha, page, beta, private, broken = said.out.splitlines()
    assert alpha == f"line 2: {stand.url('alpha')}: added: alpha"
    assert page == f"line 3: {stand.url('page')}: not added: This is not a feed."
    assert beta == f"line 4: {stand.url('beta')}: added: beta"
    assert "line 6: http://10.0.0.1/rss: not added: " in private
    assert "line 7: http://[broken: not added: " in broken
    assert said.err == "wirewatch: 3 of 5 feeds were not added\n"
    feeds = await storage.run(lambda store: [feed.url for feed in store.feeds.common()])
    assert feeds == [stand.url("alpha"), stand.url("beta")]
    assert await call("import", listed(tmp_path / "b.opml", stand.url("alpha"))) == 0
    assert capsys.readouterr().out.endswith("known already\n")
    acts = await storage.run(lambda store: [(act["user"], act["act"], act["subject"]) for act in store.audit.since(0)])
    assert acts == [(0, "share_feed", stand.url("alpha")), (0, "share_feed", stand.url("beta"))]


async def test_what_is_exported_can_be_imported(stand, storage, capsys):
    """The feeds of the bot, without those that chats have added for themselves."""

    def fill(store) -> None:
        store.feeds.add("https://a.example/rss?a=1&b=2", 'A & "B" <C>\x07')
        store.feeds.add("https://n.example/rss")
        store.chats.ensure(7, "private")
        store.chat_feeds.add(7, "https://private.example/token", "Private")

    await storage.run(fill)
    assert await call("export") == 0
    entries = parse_feeds(capsys.readouterr().out, "export")
    assert sorted((entry.url, entry.title) for entry in entries) == [
        ("https://a.example/rss?a=1&b=2", 'A & "B" <C>'),
        ("https://n.example/rss", "https://n.example/rss"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read: No such file or directory."),
        (b"<opml/>", "There are no feeds in"),
        (b"hello", "is not well-formed OPML"),
        (b"<opml>\xff\xfe</opml>", "There are no feeds in"),
        (b" " * 10_000_001, "is larger than 10 MB."),
    ],
    ids=["missing", "empty", "text", "bytes", "large"],
)
async def test_a_file_that_is_no_list_is_one_line(stand, storage, tmp_path, capsys, content, said):
    """On stderr, with exit code 2, and nothing is added."""
    file = tmp_path / "x.opml"
    if content is not None:
        file.write_bytes(content)
    assert await call("import", str(file)) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


async def test_without_a_database_there_is_a_sentence(stand, tmp_path, capsys):
    """The first start makes it, with the feeds of the settings."""
    assert await call("import", listed(tmp_path / "a.opml", stand.url("alpha"))) == 1
    assert "There is no database" in capsys.readouterr().err
    assert stand.requests == []


async def test_wrong_use_is_told(capsys):
    """Neither way, or a third."""
    for arguments in ([], ["turn"]):
        with pytest.raises(SystemExit) as end:
            await call(*arguments)
        assert end.value.code == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
