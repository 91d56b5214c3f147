"""What was delivered, on disk before the bot hears of it: the truth for tests that kill the bot."""

import json
import os
from pathlib import Path
from typing import TextIO

from bot.sandbox.messages import Message


class Journal:
    """JSON lines, each flushed and synced before `write` returns:

    {"method", "chat_id", "message_id", "date", "text", "html"}
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._file: TextIO | None = None

    def write(self, method: str, message: Message) -> None:
        """Appends one delivered message or edit."""
        if self._file is None:
            self._file = self.path.open("a", encoding="utf-8")
        line = {
            "method": method,
            "chat_id": message.chat_id,
            "message_id": message.message_id,
            "date": message.edited or message.date,
            "text": message.text,
            "html": message.html,
        }
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Closes the file; writing again reopens it."""
        if self._file is not None:
            self._file.close()
            self._file = None


def read_journal(path: str | os.PathLike[str]) -> list[dict[str, object]]:
    """All lines of a journal, a torn last one left out; nothing where there is no file."""
    file = Path(path)
    if not file.exists():
        return []
    text = file.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    return [json.loads(line) for line in whole.splitlines()]
