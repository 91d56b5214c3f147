"""`wirewatch stories`: items in, the number of each one's story out. Items are invented."""

import argparse
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.verbs import stories
from watchlists.errors import WirewatchError

DAM = {"id": "a", "title": "Dam bursts above Velmora, 14 missing", "published": "2026-03-01T11:00:00Z"}
AGAIN = {"id": "b", "title": "Velmora dam bursts: 14 missing", "source": "b.example", "published": None}
CHESS = {"id": "c", "title": "Chess champion loses to a schoolgirl", "published": "2026-03-01T12:00:00Z"}


def run(path: str, capture: pytest.CaptureFixture[bytes]) -> tuple[int, list[dict[str, Any]], str]:
    parser = argparse.ArgumentParser()
    stories.add_arguments(parser)
    code = stories.main(parser.parse_args(["--items", path]))
    out, err = capture.readouterr()
    return code, [json.loads(line) for line in out.splitlines()], err.decode()


def lines(*items: dict[str, Any] | str) -> bytes:
    return "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in items).encode()


def test_each_item_gets_the_number_of_its_story(tmp_path: Path, capsysbinary) -> None:
    """In the order given, numbered as they open."""
    file = tmp_path / "items.jsonl"
    file.write_bytes(lines(DAM, CHESS, AGAIN))
    code, told, said = run(str(file), capsysbinary)
    assert (code, said) == (0, "")
    assert told == [{"item": "a", "story": 1}, {"item": "c", "story": 2}, {"item": "b", "story": 1}]


def test_a_story_ends_after_three_days(tmp_path: Path, capsysbinary) -> None:
    """By the times of the items; one without a time comes with the one before it."""
    file = tmp_path / "items.jsonl"
    times = ["2026-03-01T12:00:00Z", None, "2026-03-04T13:00:00Z"]
    file.write_bytes(lines(*({**DAM, "published": time, "source": str(time)} for time in times)))
    assert [line["story"] for line in run(str(file), capsysbinary)[1]] == [1, 1, 2]


def test_items_come_from_standard_input(capsysbinary, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` reads a pipe; a line that cannot be read is named and left out."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines(DAM, "{", CHESS))))
    code, told, said = run("-", capsysbinary)
    assert code == 1
    assert [line["story"] for line in told] == [1, 2]
    assert said.startswith("wirewatch: -, line 2 is not JSON")


def test_a_file_that_is_not_there(tmp_path: Path, capsysbinary) -> None:
    """A plain sentence with its name."""
    with pytest.raises(WirewatchError, match=r"none\.jsonl cannot be read: No such file"):
        run(str(tmp_path / "none.jsonl"), capsysbinary)
