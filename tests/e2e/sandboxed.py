"""`wirewatch sandbox` as a process, and words to find things on its page."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def sandbox(speed: int) -> AsyncIterator[str]:
    """The running sandbox: the address of its page, which it prints first. It has to end well."""
    command = (sys.executable, "-m", "bot", "sandbox", "--speed", str(speed))
    process = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL)
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
        assert line.startswith("The chat in your browser: http://127.0.0.1:")
        yield line.split()[-1]
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 20)
        assert process.returncode == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


def message(*words: str) -> str:
    """The newest message with all these words, as an expression."""
    found = " && ".join(f"it.innerText.includes({json.dumps(word)})" for word in words)
    return f"[...document.querySelectorAll('.message')].findLast((it) => {found})"


def button(words: str) -> str:
    """The shown button with exactly these words, as an expression."""
    shown = f"it.checkVisibility() && it.textContent.trim() === {json.dumps(words)}"
    return f"[...document.querySelectorAll('button')].find((it) => {shown})"


def chat(place: int) -> str:
    """The chat in that place of the list, from 0 on."""
    return f"document.querySelectorAll('.chat')[{place}]"
