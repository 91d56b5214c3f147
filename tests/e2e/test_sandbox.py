"""`wirewatch sandbox`: the whole program for somebody who has no token."""

import asyncio
import os
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PATIENCE = 40.0


@asynccontextmanager
async def _sandbox(*arguments: str, stdin: int = asyncio.subprocess.DEVNULL) -> AsyncIterator[Process]:
    """A sandbox; when it has ended by itself, no temporary file of it is left."""
    with tempfile.TemporaryDirectory(prefix="wirewatch-e2e-") as folder:
        command = [sys.executable, "-m", "bot", "sandbox", *arguments]
        environment = {**os.environ, "TMPDIR": folder}
        process = await asyncio.create_subprocess_exec(*command, stdin=stdin, stdout=PIPE, stderr=PIPE, env=environment)
        try:
            yield process
            assert process.returncode is not None
            assert os.listdir(folder) == []
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()


async def _until(process: Process, *wanted: str) -> str:
    """Read what the sandbox prints until every wanted text has come."""
    assert process.stdout is not None
    printed = ""
    async with asyncio.timeout(PATIENCE):
        while not all(text in printed for text in wanted):
            line = await process.stdout.readline()
            assert line, f"the sandbox ended: {printed}"
            printed += line.decode()
    return printed


async def test_alerts_appear_without_typing() -> None:
    """The first subscriber's two watches alert by themselves, and Ctrl-C ends it well, with nothing on stderr."""
    async with _sandbox("--speed", "8", "--no-page") as process:
        printed = await _until(process, "🔔 Mar-a-Lago meeting", "🔔 Donbas withdrawal")
        assert "/watch Mar-a-Lago meeting" in printed
        process.send_signal(signal.SIGINT)
        _, complaints = await asyncio.wait_for(process.communicate(), 10)
        assert process.returncode == 0
        assert complaints == b""


async def test_commands_can_be_piped_in() -> None:
    """Lines on standard input are said to the bot; at their end the chat goes on until interrupted."""
    async with _sandbox("--no-page", stdin=PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(b"/watches\n/nonsense\n")
        process.stdin.close()
        await _until(process, "I do not know /nonsense")
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_a_wrong_speed_is_refused_in_a_line() -> None:
    """Wrong use: one line and exit code 2."""
    async with _sandbox("--speed", "fast") as process:
        _, complaints = await process.communicate()
        assert process.returncode == 2
        assert complaints.count(b"\n") == 1
