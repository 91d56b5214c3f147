"""Documents made to hurt a parser, and a table of what comes of them.

    python -m tests.torture [MUTATIONS] [FOLDER]

reads each document below, so many damaged copies of the sample feeds, and every file below FOLDER, each as a poll
would: decoded, parsed in a child process with the limits of the program. The table has a line a family: how many gave
items, none, or which error, and the slowest. Ends with 1 if anything but a feed or a named error came of one.
"""

import asyncio
import gzip
import random
import re
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.decode import CodingError, Decoder, TooLargeError
from bot.fetch import MAX_BYTES, Fetched
from bot.parse import ParseError, ParserPool

SEED = 20260301
SAMPLES = Path(__file__).parent / "data" / "feeds"
_SHARDS = [b"<", b">", b"&", b"'", b"<![CDATA[", b"]]>", b"<!--", b"&#x110000;", b"&#0;", b"\x00", b"\xff\xfe"]
_SHARDS += [b"<item>", b"</channel>", b" encoding='utf-7'", b" xml:base='http://[x'", b"<!DOCTYPE x [<!ENTITY a 'b'>]>"]
_RSS = "<rss version='2.0'><channel><title>{}</title>{}</channel></rss>"
_ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>{}</feed>"
_JSON = '{{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": {}}}'

Document = tuple[str, bytes, str]  # family, body as sent, its content coding


@dataclass
class Line:
    """What came of a family of documents."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0


def bombs() -> Iterator[Document]:
    """Small documents that stand for large ones."""
    zeros = b"\0" * 50_000_000
    body = gzip.compress(zeros)
    for layers in range(1, 5):
        yield "gzip bombs", body, ", ".join(["gzip"] * layers)
        yield "gzip bombs", body, "gzip"  # its layers not told
        body = gzip.compress(body)
    yield "gzip bombs", zlib.compress(zeros), "deflate"
    yield "gzip bombs", gzip.compress(_RSS.format("x" * 50_000_000, "").encode()), "gzip"
    yield "gzip bombs", gzip.compress(_RSS.format("T", "").encode()) * 1_000, "gzip"  # in many parts
    yield "gzip bombs", gzip.compress(b"<rss>")[:-9], "gzip"


def entities() -> Iterator[Document]:
    """Names that stand for more than they say, or for what is none of the feed's."""
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10 if n else 'lol'}'>" for n in range(10))
    declared = {
        laughs: "&l9;",
        f"<!ENTITY a '{'x' * 50_000}'>": "&a;" * 20_000,  # quadratic
        "<!ENTITY a '&b;'><!ENTITY b '&a;'>": "&a;",
        "<!ENTITY a SYSTEM 'file:///etc/passwd'>": "&a;",
        "<!ENTITY a SYSTEM 'http://127.0.0.1:1/'>": "&a;",
        "<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;": "x",
        "".join(f"<!ENTITY e{n} 'x'>" for n in range(50_000)): "&e1;",
    }
    for declarations, used in declared.items():
        yield "entities", f"<!DOCTYPE rss [{declarations}]>{_RSS.format(used, '')}".encode(), ""
    yield "entities", _RSS.format("&amp;" * 900_000, "").encode(), ""


def nests() -> Iterator[Document]:
    """Elements within elements within elements."""
    for name in ("item", "channel", "x", "media:group", "a:b"):
        yield "deep nesting", _RSS.format("T", f"<{name}>" * 100_000).encode(), ""
    for inner in ("<div>", "<table><tr><td>", "<!--", "<![CDATA[", "<b", "<a href='"):
        content = f"<entry><content type='xhtml'>{inner * 50_000}"
        yield "deep nesting", _ATOM.format(content).encode(), ""
        yield "deep nesting", _RSS.format("T", f"<item><title>{inner * 50_000}").encode(), ""
    yield "deep nesting", _JSON.format("[" * 1_000_000).encode(), ""
    yield "deep nesting", _JSON.format('[{"x":' * 300_000).encode(), ""
    yield "deep nesting", ("<rss>" * 500_000).encode(), ""


def giants() -> Iterator[Document]:
    """Much of one thing, up to what is fetched at most."""
    room = MAX_BYTES - 10_000
    attributes = " ".join(f"a{n}='x'" for n in range(100_000))
    spaces = " ".join(f"xmlns:n{n}='u{n}'" for n in range(50_000))
    yield "giants", _RSS.format("x" * room, "").encode(), ""
    yield "giants", _RSS.format("<" * room, "").encode(), ""
    yield "giants", _RSS.format("T", f"<item {attributes}><title>A</title></item>").encode(), ""
    yield "giants", _RSS.format("T", f"<item {spaces}><title>A</title></item>").encode(), ""
    yield "giants", _RSS.format("T", "<item/>" * (room // 7)).encode(), ""
    yield "giants", _RSS.format("T", "<item><title>A</title></item>" * (room // 29)).encode(), ""
    yield "giants", _RSS.format("T", f"<item><pubDate>{'1 ' * 500_000}</pubDate></item>").encode(), ""
    yield "giants", _RSS.format("T", f"<item><guid>{'http://x/' * 100_000}</guid></item>").encode(), ""
    yield "giants", _RSS.format("T", f"<{'n' * 1_000_000}/>").encode(), ""
    yield "giants", _JSON.format(f'[{{"id": {"9" * 1_000_000}}}]').encode(), ""
    yield "giants", _JSON.format(f"[{', '.join(['{}'] * 500_000)}]").encode(), ""
    yield "giants", ("\ufeff" + _RSS.format("\U0001f600" * 1_000_000, "")).encode("utf-16"), ""
    yield "giants", b"\xff" * room, ""


def mutations(count: int, seed: int = SEED) -> Iterator[Document]:
    """The sample feeds, damaged: the same at every run."""
    chance = random.Random(seed)
    samples = [path.read_bytes() for path in sorted(SAMPLES.iterdir()) if not path.match("*.expected.json")]
    for _ in range(count):
        yield "mutations", _damaged(chance.choice(samples), chance), ""


def _damaged(body: bytes, chance: random.Random) -> bytes:
    """`body` with a few pieces lost, repeated, overwritten or made into something else."""
    data = bytearray(body)
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(data) + 1)
        end = start + chance.randrange(60)
        piece = bytes(data[start:end])
        data[start:end] = chance.choice([b"", piece * 20, chance.randbytes(len(piece)), chance.choice(_SHARDS)])
    return bytes(data)


def files(folder: Path) -> Iterator[Document]:
    """Every file below `folder`."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield "files", path.read_bytes(), ""


FAMILIES: tuple[Callable[[], Iterator[Document]], ...] = (bombs, entities, nests, giants)


async def endure(documents: Iterable[Document], parser: ParserPool, side_by_side: int = 2) -> dict[str, Line]:
    """What comes of the documents, by family. Only what is no feed and no named error is raised."""
    lines: dict[str, Line] = {}
    waiting = iter(documents)

    async def work() -> None:
        for family, body, coding in waiting:
            line = lines.setdefault(family, Line())
            start = time.monotonic()
            line.outcomes[await _outcome(parser, body, coding)] += 1
            line.slowest = max(line.slowest, time.monotonic() - start)

    await asyncio.gather(*(work() for _ in range(side_by_side)))
    return lines


async def _outcome(parser: ParserPool, body: bytes, coding: str) -> str:
    """`items`, `no items`, or the kind of the error."""
    try:
        decoder = Decoder(coding, MAX_BYTES)
        decoded = b"".join(decoder.feed(body))
        decoder.finish()
        parsed = await parser.parse(Fetched(200, "https://news.example/feed", decoded))
    except TooLargeError:
        return "too_large"
    except CodingError:
        return "encoding"
    except ParseError as error:
        return error.kind
    return "items" if parsed.items else "no items"


def resident() -> float:
    """The memory that this process holds, in MB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1_000 if found else 0.0


async def main(count: int, folder: Path | None) -> None:
    """Print the table."""
    parser = ParserPool()
    documents: list[Callable[[], Iterator[Document]]] = [*FAMILIES, lambda: mutations(count)]
    if folder:
        documents.append(lambda: files(folder))
    await endure(mutations(20), parser)  # what is loaded once is not counted
    before = resident()
    for family in documents:
        for name, line in (await endure(family(), parser)).items():
            print(describe(name, line), flush=True)
    print(f"This process holds {resident() - before:+.0f} MB more than before.")
    await asyncio.to_thread(parser.close)


def describe(name: str, line: Line) -> str:
    """One line of the table."""
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in line.outcomes.most_common())
    return f"{name:>12} {line.outcomes.total():6}  slowest {line.slowest:4.1f} s  {outcomes}"


if __name__ == "__main__":
    asyncio.run(
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000, Path(sys.argv[2]) if len(sys.argv) > 2 else None)
    )
