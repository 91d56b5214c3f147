"""Calls to the Bot API beside sending: what comes of them is a value, a `TelegramError`, or a line of the log."""

import logging
from collections.abc import Awaitable
from typing import TypeVar

from telegram import Bot
from telegram.error import InvalidToken, NetworkError, TelegramError

T = TypeVar("T")
log = logging.getLogger(__name__)


def name_of(bot: Bot) -> str:
    """The name under which people find the bot; empty until Telegram has told it."""
    try:
        return bot.username
    except RuntimeError:
        return ""


async def answered(call: Awaitable[T]) -> T:
    """The result of a call. Raises `TelegramError`, also for an answer that has no result in it.

    python-telegram-bot looks for one in `200 {"ok": false}` and in JSON that is no object, and so raises what
    dictionaries and constructors raise. The page of a proxy says nothing about the token, whatever its status.
    """
    try:
        return await call
    except InvalidToken as error:
        if is_page(error):
            raise NetworkError(f"the answer is a page, and not Telegram's: {str(error)[:200]}") from error
        raise
    except (KeyError, TypeError, AttributeError) as error:
        raise NetworkError("the answer could not be read") from error


async def attempt(otherwise: str, call: Awaitable[object], level: int = logging.WARNING) -> bool:
    """Await a call that the program can do without; return whether it went well. If not, the log says `otherwise`.

    Also where Telegram says 404: some servers do not know every method, and only `getMe` judges the token.
    """
    try:
        await answered(call)
    except TelegramError as error:
        log.log(level, "%s: %s", otherwise, error)
        return False
    return True


def is_page(error: TelegramError) -> bool:
    """Whether the body was no JSON: a proxy's page, whatever its status; Telegram may have had the request."""
    return type(error.__cause__) is TelegramError or "invalid server response" in str(error).lower()
