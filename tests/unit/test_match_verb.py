"""`wirewatch match`: files in, JSON lines out. Watches and items are invented."""

import argparse
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.verbs import match
from watchlists.errors import WirewatchError

WATCHES = "# what to find\nvolcano Iceland\n\n  Ashby flood \n"
ITEMS = [
    {"id": "a", "title": "Volcano erupts in Iceland", "unknown": 1},
    {"id": "b", "title": "Nothing happened", "summary": None, "lang": "EN"},
    {"id": 3, "title": "Floods reach Ashby", "summary": "", "published": "2026-01-31T18:30:00Z"},
]


class Run:
    """One run of the verb: its exit code, its lines and what it said."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[bytes]) -> None:
        self.folder, self.capture = folder, capture

    def file(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def __call__(self, watches: str, items: str) -> tuple[int, list[dict[str, Any]], str]:
        parser = argparse.ArgumentParser()
        match.add_arguments(parser)
        code = match.main(parser.parse_args(["--watches", watches, "--items", items]))
        out, err = self.capture.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], err.decode()


@pytest.fixture
def run(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    return Run(tmp_path, capsysbinary)


def lines(items: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(item) + "\n" for item in items)


def test_hits_are_json_lines(run: Run) -> None:
    """Each hit names the watch as written, the item, the score and the evidence; comments are no watches."""
    code, hits, said = run(run.file("watches.txt", WATCHES), run.file("items.jsonl", lines(ITEMS)))
    assert code == 0
    assert said == ""
    assert [(hit["watch"], hit["item"]) for hit in hits] == [("volcano Iceland", "a"), ("Ashby flood", "3")]
    assert hits[0]["score"] == 100
    assert hits[1]["evidence"] == [
        {"term": "Ashby", "found": "Ashby", "how": "exact"},
        {"term": "flood", "found": "Floods", "how": "stem"},
    ]


def test_items_come_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--items -` reads standard input, with or without a byte order mark and empty lines."""
    text = "\ufeff" + lines(ITEMS[:1]) + "\n\n" + lines(ITEMS[2:])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    code, hits, _ = run(run.file("watches.txt", "\ufeffvolcano Iceland\r\nAshby flood\r\n"), "-")
    assert code == 0
    assert [hit["item"] for hit in hits] == ["a", "3"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"{", "is not JSON"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"[1]", "is not a JSON object"),
        (b'{"title": "x"}', 'has no "id"'),
        (b'{"id": true, "title": "x"}', 'has no "id"'),
        (b'{"id": "1"}', 'has no "title"'),
        (b'{"id": "1", "title": 5}', 'has a "title" that is not a text'),
        (b"[" * 100_000, "is not JSON"),
    ],
)
def test_a_bad_item_line_is_named_and_left_out(run: Run, line: bytes, says: str) -> None:
    """A line that holds no item is said on stderr with file and number; the others go on; exit code 1."""
    items = run.file("items.jsonl", line + b"\n" + lines(ITEMS).encode())
    code, hits, said = run(run.file("watches.txt", WATCHES), items)
    assert code == 1
    assert len(hits) == 2
    assert said.startswith(f"wirewatch: {items}, line 1 {says}")
    assert said.count("\n") == 1


@pytest.mark.parametrize("published", ["soon", "Sat, 31 Jan 2026 18:30:00 GMT", 1769884200, True, [], ""])
def test_a_time_that_cannot_be_read_is_none(run: Run, published: object) -> None:
    """Matching needs none, and other programs write times in their own ways."""
    items = run.file("items.jsonl", lines([{**ITEMS[0], "published": published}]))
    code, hits, said = run(run.file("watches.txt", WATCHES), items)
    assert (code, said) == (0, "")
    assert [hit["item"] for hit in hits] == ["a"]


def test_a_comment_may_stand_behind_a_query(run: Run) -> None:
    """With a space on each side of its sign: a hashtag is a word, and quotes hold their text together."""
    watches = '"volcano erupts" # trailing\nflood\t#\n#all of it\n"ashby # flood" # two "quoted"\nIceland #volcano\n'
    code, hits, _ = run(run.file("watches.txt", watches), run.file("items.jsonl", lines(ITEMS[:1])))
    assert code == 0
    assert [hit["watch"] for hit in hits] == ['"volcano erupts"', "Iceland #volcano"]
    _, hits, _ = run(run.file("watches.txt", watches), run.file("items.jsonl", lines(ITEMS[2:])))
    assert [hit["watch"] for hit in hits] == ["flood"]


def test_a_lone_surrogate_is_no_error(run: Run) -> None:
    """What JSON can express and nothing can print is replaced."""
    items = run.file("items.jsonl", '{"id": "\\ud800", "title": "Volcano \\udfff in Iceland"}\n')
    code, hits, _ = run(run.file("watches.txt", WATCHES), items)
    assert code == 0
    assert hits[0]["item"] == "\ufffd"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.toml", 'slug = "nature"\ntitle = "Nature"\n[[watches]]\nquery = "volcano Iceland"\n'),
        ("list.txt", 'slug = "nature"\ntitle = "Nature"\n[[watches]]\nquery = "volcano Iceland"\n'),
        ("bare.toml", 'watches = ["volcano Iceland"]\n'),
        ("tables.toml", '[[watches]]\nquery = "volcano Iceland"\n'),
    ],
)
def test_a_watchlist_in_toml_will_do(run: Run, name: str, text: str) -> None:
    """A watchlist, or a TOML file of watches only, by its name or its content."""
    code, hits, _ = run(run.file(name, text), run.file("items.jsonl", lines(ITEMS)))
    assert code == 0
    assert [hit["watch"] for hit in hits] == ["volcano Iceland"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("w.txt", 'volcano\n"peace plan\n', 'w.txt, line 2, character 1 of "\\"peace plan": The quote'),
        ("w.txt", "# nothing\n\n", "has no watches"),
        ("w.txt", b"\xff", "is not UTF-8"),
        ("w.toml", "watches = [", "is not valid TOML"),
        ("w.toml", "watches = [1]", "should be a text"),
        ("w.toml", 'watches = ["a", "-b"]', "w.toml, watch 2, character 1"),
        ("w.toml", 'slug = "x"\n', "has no watches"),
    ],
)
def test_a_bad_watch_ends_it_before_any_output(run: Run, name: str, content: str | bytes, says: str) -> None:
    """A watch that cannot be read is an error with its place, and nothing is printed."""
    watches = run.file(name, content)
    with pytest.raises(WirewatchError) as raised:
        run(watches, run.file("items.jsonl", lines(ITEMS)))
    assert says in str(raised.value)
    assert run.capture.readouterr().out == b""


def test_files_that_are_not_there(run: Run) -> None:
    """A missing file is a plain sentence with its name."""
    with pytest.raises(WirewatchError, match=r"none\.txt cannot be read: No such file"):
        run(str(run.folder / "none.txt"), "-")
    with pytest.raises(WirewatchError, match=r"none\.jsonl cannot be read: No such file"):
        run(run.file("watches.txt", WATCHES), str(run.folder / "none.jsonl"))


class Terminal(io.StringIO):
    """A stderr that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_shows_on_a_terminal_only(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long work counts its items on a terminal, and says nothing into a pipe."""
    watches, items = run.file("watches.txt", WATCHES), run.file("items.jsonl", lines(ITEMS[1:2] * 1200))
    assert run(watches, items)[2] == ""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    run(watches, items)
    assert terminal.getvalue() == "\r500 items\r1000 items\r1200 items\n"
