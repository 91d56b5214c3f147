"""The files that the settings name: feeds and watchlists, or those that ship with the program."""

from pathlib import Path

from watchlists.errors import ListError
from watchlists.feed_files import FeedEntry, parse_feeds
from watchlists.list_files import parse_watchlist
from watchlists.lists import Watchlist
from watchlists.shipped import shipped, shipped_names

SHIPPED_FEEDS = "feeds.toml"


def first_feeds(path: Path | None) -> tuple[FeedEntry, ...]:
    """The feeds of the file at `path` (TOML or OPML), or the shipped ones. Raises `ListError`."""
    if path is None:
        return parse_feeds(shipped(SHIPPED_FEEDS), SHIPPED_FEEDS)
    return parse_feeds(_read(path), str(path))


def watchlists(path: Path | None) -> tuple[Watchlist, ...]:
    """The watchlist at `path`, or all `*.toml` in it where it is a folder, or the shipped ones.

    Raises `ListError`, with a line for each file that cannot be used.
    """
    if path is None:
        files = [(Path(name), shipped(name)) for name in shipped_names() if name != SHIPPED_FEEDS]
    else:
        files = list_files(path)
    found, faults = [], []
    for file, text in files:
        try:
            found.append(parse_watchlist(text, str(file)))
        except ListError as error:
            faults.append(str(error))
    if faults:
        raise ListError("\n".join(faults))
    return tuple(found)


def list_files(path: Path) -> list[tuple[Path, str]]:
    """The file at `path`, or all `*.toml` in it but that of feeds where it is a folder, each with its text."""
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    return [(file, _read(file)) for file in files if file == path or file.name != SHIPPED_FEEDS]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ListError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ListError(f"{path} is not a UTF-8 text file.") from None
