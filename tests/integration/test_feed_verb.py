"""`wirewatch feed`: items as JSON lines on stdout, one line of stderr for each source that fails."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bot.verbs import feed

FEEDS = Path(__file__).parent.parent / "data" / "feeds"
RSS = str(FEEDS / "full.rss")
ATOM = str(FEEDS / "full.atom")
PAGE = str(FEEDS / "page.html")
FIELDS = ["feed", "id", "title", "summary", "url", "source", "published", "lang"]


class Quiet(SimpleHTTPRequestHandler):
    """The sample feeds over HTTP, without a log."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def host() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(FEEDS))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def run(*sources: str) -> int:
    parser = argparse.ArgumentParser()
    feed.add_arguments(parser)
    return feed.main(parser.parse_args(sources))


def test_items_come_in_the_order_of_the_sources(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Every line is one item with exactly the documented fields, and names its source as given."""
    assert run(ATOM, RSS, str(FEEDS / "cyrillic.rss")) == 0
    out, err = capfdbinary.readouterr()
    rows = [json.loads(line) for line in out.decode("utf-8").splitlines()]
    assert [row["feed"] for row in rows] == [ATOM] * 2 + [RSS] * 5 + [str(FEEDS / "cyrillic.rss")]
    assert all(list(row) == FIELDS for row in rows)
    assert "Порт снова открыт".encode() in out  # letters, not escapes
    assert err == b""


def test_a_source_that_fails_does_not_stop_the_others(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    """Each failure is one plain line that names the source; the exit code is 1."""
    empty, huge = tmp_path / "empty", tmp_path / "huge"
    empty.write_bytes(b"")
    huge.write_bytes(bytes(5_000_001))
    bad = [
        PAGE,
        str(tmp_path / "absent"),
        str(tmp_path),
        str(empty),
        str(huge),
        "http://127.0.0.1/",
        "ftp://x.example/",
    ]
    assert run(*bad, RSS) == 1
    out, err = capfdbinary.readouterr()
    lines = err.decode().splitlines()
    assert [line.removeprefix("wirewatch: ").split(": ")[0] for line in lines] == bad
    assert all(line.endswith(".") for line in lines)
    assert out.count(b"\n") == 5


def test_a_feed_without_entries_is_told_from_one_that_is_cut_off(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> None:
    """Nothing published yet is no failure; a document that ends too early is one, whatever came before the end."""
    start, end = b"<rss version='2.0'><channel><title>T</title>", b"<item><title>A</title></item>"
    bodies = {"none": start + b"</channel></rss>", "early": start, "late": start + end + b"<item><ti"}
    for name, body in bodies.items():
        (tmp_path / name).write_bytes(body)
    codes = [run(str(tmp_path / name)) for name in bodies]
    out, err = capfdbinary.readouterr()
    sentences = [line.rpartition(": ")[2] for line in err.decode().splitlines()]
    assert codes == [0, 1, 1]
    assert sentences == [
        "This feed has no entries.",
        "This feed is cut off before its first entry.",
        "This feed is cut off; its items before the cut are printed.",
    ]
    assert out.count(b"\n") == 1


def test_an_address_is_fetched_where_the_operator_allows_it(
    capfdbinary: pytest.CaptureFixture[bytes], host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loopback address needs the operator's word; relative links are resolved against the address."""
    url = f"http://{host}/full.rss"
    assert run(url) == 1
    monkeypatch.setenv("WIREWATCH_ALLOW_PRIVATE_FEEDS", host)
    assert run(url) == 0
    out, err = capfdbinary.readouterr()
    links = [json.loads(line)["url"] for line in out.splitlines()]
    assert f"http://{host}/local/ferry.html" in links
    assert err.count(b"\n") == 1


def test_odd_names_of_files_are_printed_safely(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    """A name that is no UTF-8, or holds controls, breaks neither the JSON nor the terminal."""
    odd = tmp_path / "odd\udcff\x1b[2J.rss"
    odd.write_bytes(Path(RSS).read_bytes())
    assert run(str(odd), str(odd) + "\n") == 1
    out, err = capfdbinary.readouterr()
    assert {json.loads(line)["feed"] for line in out.decode("utf-8").splitlines()} == {str(odd)}
    assert b"\x1b" not in err
    assert err.count(b"\n") == 1


def test_a_closed_pipe_is_silent() -> None:
    """`wirewatch feed … | head -1` prints one line and no complaint."""
    command = [sys.executable, "-m", "bot", "feed", *[RSS] * 2_000]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b'{"feed"')
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.fixture
def heeded() -> Iterator[None]:
    """A shell without job control has what it starts in the background ignore SIGINT, and so would our processes."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded")
@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 143), (signal.SIGINT, 130)])
def test_being_told_to_stop_leaves_nothing_behind(how: signal.Signals, code: int) -> None:
    """No folder of the parser's processes among the temporary files, no semaphore for the system to collect."""
    command = [sys.executable, "-m", "bot", "feed", *[RSS] * 2_000]
    with tempfile.TemporaryDirectory(prefix="wirewatch-") as folder:
        environment = {**os.environ, "TMPDIR": folder}
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline().startswith(b'{"feed"')
            assert os.listdir(folder)
            process.send_signal(how)
            _, complaints = process.communicate(timeout=10)
        assert process.returncode == code
        assert b"leaked" not in complaints
        assert os.listdir(folder) == []


@pytest.mark.parametrize(("err", "out", "shown"), [(True, False, True), (True, True, False), (False, False, False)])
def test_progress_is_for_terminals(err: bool, out: bool, shown: bool) -> None:
    """Progress shows on a terminal that does not show the items, and never in a pipe."""
    assert feed.shows_progress(err=err, out=out) is shown
