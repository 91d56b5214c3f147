"""Curated watchlists as TOML files: look at them, take them over, write them out. Works while the bot runs.

`validate` reads files, or folders of them, and says what is in each. `import` does the same and puts each in the place
of the list with its slug, or makes it a new one: all of them or, where one cannot be used, none. It prints what changes
and what that would have meant for the alerts of the last 7 days; with --dry-run it does no more than that. `export`
prints a list, or writes several into a folder.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.clock import utc_now
from bot.config import load_settings
from bot.db import Database
from bot.files import list_files, watchlists
from bot.store import Storage, Store
from watchlists.errors import ListError

if TYPE_CHECKING:
    from watchlists.editing import Edited

HELP = "curated watchlists as TOML: validate, import, export"

T = TypeVar("T")
OPERATOR = 0  # in the log of a list


class _DryRun(Exception):
    """Takes back the transaction of a dry run."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which files or lists."""
    ways = parser.add_subparsers(dest="way", metavar="validate|import|export", required=True)
    looking = ways.add_parser("validate", help="read files and say what is in them")
    looking.add_argument(
        "files", metavar="FILE", nargs="*", type=Path, help="files or folders; else those of the settings"
    )
    taking = ways.add_parser("import", help="take files over, all or none")
    taking.add_argument("files", metavar="FILE", nargs="+", type=Path, help="files or folders")
    taking.add_argument("--why", default="", help="the reason, for the log of each list")
    taking.add_argument("--dry-run", action="store_true", help="only say what would change")
    writing = ways.add_parser("export", help="print a list, or write several into a folder")
    writing.add_argument("slugs", metavar="SLUG", nargs="*", help="the lists; else all")
    writing.add_argument(
        "--to", metavar="FOLDER", type=Path, help="write a file for each list, over none that is there"
    )


def main(arguments: argparse.Namespace) -> int:
    """Do it; whatever is wrong is a `WirewatchError`, and then nothing was changed."""
    if arguments.way == "validate":
        return _validate(arguments.files)
    if arguments.way == "import":
        return _import(arguments.files, arguments.why, dry_run=arguments.dry_run)
    return _export(arguments.slugs, arguments.to)


def _validate(paths: Sequence[Path]) -> int:
    found = [one for path in paths for one in watchlists(path)] if paths else watchlists(load_settings().watchlists)
    for one in found:
        print(f"{one.slug}: {len(one.watches)} watches, {one.visibility}")
    return 0


def _import(paths: Sequence[Path], why: str, *, dry_run: bool) -> int:
    if not [one for path in paths for one in watchlists(path)]:  # what is wrong with any of them is said at once
        raise ListError(f"there is no *.toml in {', '.join(map(str, paths))}.")
    said: list[str] = []

    def work(store: Store) -> None:
        from watchlists.editing import Editing

        editing = Editing(store, OPERATOR, lambda _list_id: True)
        said.extend(_said(editing.take(text, str(file), why)) for path in paths for file, text in list_files(path))
        if dry_run:
            raise _DryRun

    try:
        _with_store(Database.join, work)
    except _DryRun:
        said.append("nothing was changed: this was a dry run")
    print(*said, sep="\n")
    return 0


def _said(found: "Edited") -> str:
    """What changed, a line for each thing, and what it means."""
    slug, diff, effect = found.stored.content.slug, found.diff, found.effect
    if found.before == found.stored.version:
        return f"{slug}: unchanged"
    lines = [f"{slug}: version {found.stored.version}, {found.followers} followers"]
    lines += [f"  + {watch.query.text}" for watch in diff.added]
    lines += [f"  ~ {old.query.text} -> {new.query.text}" for old, new in diff.changed]
    lines += [f"  - {watch.query.text}" for watch in diff.removed]
    lines += [f"  ~ {', '.join(diff.fields)}"] if diff.fields and found.before else []
    what = "of these watches" if effect.partly else "of the list"
    span = f"by the news of the last {effect.days:.1f} days" if effect.days else "but no news is stored"
    return "\n".join([*lines, f"  alerts a day {what}: {effect.before:.1f} -> {effect.after:.1f}, {span}"])


def _export(slugs: Sequence[str], folder: Path | None) -> int:
    def work(store: Store) -> list[tuple[str, str]]:
        from watchlists.editing import Editing

        names = slugs or [one.content.slug for one in store.lists.all()]
        return [Editing(store, OPERATOR, lambda _list_id: True).export(name) for name in names]

    files = _with_store(Database.visit, work)
    if folder is None:
        if len(files) != 1:
            raise ListError(f"there are {len(files)} lists: name one, or a folder for all with --to.")
        sys.stdout.flush()
        sys.stdout.buffer.write(files[0][1].encode())
        sys.stdout.buffer.flush()
        return 0
    _write(folder, files)
    return 0


def _write(folder: Path, files: Sequence[tuple[str, str]]) -> None:
    there = [name for name, _text in files if (folder / name).exists()]
    if there:
        raise ListError(f"{folder / there[0]} exists already, and nothing was written: name another folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files:
            (folder / name).write_text(text, encoding="utf-8")
            print(folder / name)
    except OSError as error:
        raise ListError(f"{folder} cannot be written: {error.strerror}.") from None


def _with_store(how: Callable[[Path], Database], work: Callable[[Store], T]) -> T:
    database = how(load_settings().database)
    try:
        return Storage(database, utc_now).run_blocking(work)
    finally:
        database.close()
