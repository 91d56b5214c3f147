"""Check settings, database, token and files, and say what is wrong in words. Prints no secret."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

from bot import log
from bot.config import Settings, load_settings, remarks, unknown_settings
from bot.files import first_feeds, watchlists
from watchlists.errors import WirewatchError

HELP = "check settings, database, token and watchlist files"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is set by the environment, so there are none."""
    parser.epilog = "Exit code 0: all is well. 2: something has to be mended. The token is tried when Telegram answers."


def main(_arguments: argparse.Namespace) -> int:
    """Print a line per thing checked; 2 when one is wrong."""
    settings = load_settings()
    log.quieten()
    print("settings: fine")
    for sentence in (*unknown_settings(os.environ), *remarks(settings)):
        print(f"settings: {sentence}")
    checks: dict[str, Callable[[Settings], str]] = {
        "database": _database,
        "feeds": _feeds,
        "watchlists": _watchlists,
        "backups": _backups,
        "token": _token,
    }
    wrong = 0
    for name, check in checks.items():
        try:
            print(f"{name}: {check(settings)}")
        except WirewatchError as error:
            wrong += 1
            print(*(f"{name}: {line}" for line in str(error).splitlines()), sep="\n", file=sys.stderr)
    return 2 if wrong else 0


def _database(settings: Settings) -> str:
    from bot.clock import utc_now
    from bot.db import Database
    from bot.store import Storage

    path: Path = settings.database
    if not path.exists():
        _refuse_unwritable(path)
        return f"{path} does not exist yet; the first start makes it"
    database = Database.visit(path)
    try:
        database.refuse_damaged()
        watches = Storage(database, utc_now).run_blocking(lambda store: store.watches.count())
    finally:
        database.close()
    return f"{path} is sound; {watches} watches"


def _refuse_unwritable(path: Path) -> None:
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise WirewatchError(f"{path} cannot be made: {folder} is no folder that may be written to")


def _feeds(settings: Settings) -> str:
    return f"{len(first_feeds(settings.feeds))} feeds in {settings.feeds or 'the list that ships with the program'}"


def _watchlists(settings: Settings) -> str:
    found = watchlists(settings.watchlists)
    return f"{', '.join(found.slug for found in found) or 'none'} ({sum(len(one.watches) for one in found)} watches)"


def _backups(settings: Settings) -> str:
    if settings.backups is None:
        return "none are made; WIREWATCH_BACKUPS names a folder for one a day"
    _refuse_unwritable(settings.backups / "wirewatch.db")
    return f"one a day into {settings.backups}"


def _token(settings: Settings) -> str:
    if not settings.secret:
        raise WirewatchError("none is set (WIREWATCH_TOKEN or WIREWATCH_TOKEN_FILE); `wirewatch sandbox` needs none")
    return asyncio.run(_try_token(settings))


async def _try_token(settings: Settings) -> str:
    from telegram.error import InvalidToken, TelegramError

    from bot.app import BAD_TOKEN, telegram_bot
    from bot.botapi import answered

    async with telegram_bot(settings) as bot:
        try:
            return f"fine; the bot is {(await answered(bot.get_me())).name}"
        except InvalidToken:
            raise WirewatchError(BAD_TOKEN) from None
        except TelegramError as error:
            return f"is set, but not tried: {settings.api_url} could not be reached ({error})"
