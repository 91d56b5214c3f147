"""Makes the pictures of the README: the sandbox's page on a desk, in the dark, and on a phone.

    make screenshots        needs a Chromium, and a font with emoji

They are taken of a real run, so the times in them, and a few pixels, differ from one to the next.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from chromium import Tab, browser, installed
from pngs import indexed
from sandboxed import button, chat, message, sandbox

FOLDER = Path(__file__).parents[1] / "data" / "screenshots"
MOST_BYTES = 150_000
GROWN = message("🔔", "also:", "edited")


async def _take(tab: Tab, name: str) -> None:
    await tab.look("new Promise((then) => setTimeout(then, 400))")  # for what still moves
    picture = indexed(await tab.picture())
    assert len(picture) < MOST_BYTES, f"{name} has {len(picture)} bytes"
    (FOLDER / name).write_bytes(picture)
    print(f"{FOLDER / name}: {len(picture)} bytes")


async def _desk(tab: Tab) -> None:
    await tab.size(1280, 800)
    await tab.until(GROWN)
    await tab.click("document.querySelector('#speeds input').closest('label')")
    await _take(tab, "desk.png")


async def _dark(tab: Tab) -> None:
    await tab.prefer(color_scheme="dark")
    await tab.click(chat(1))
    await tab.click(button("Add Wirewatch as a member"))
    await tab.click("document.querySelectorAll('#topics [role=tab]')[1]")
    await tab.click("document.getElementById('tab-calls')")
    await _take(tab, "dark.png")


async def _phone(tab: Tab) -> None:
    await tab.prefer(color_scheme="light")
    await tab.size(390, 780, phone=True)
    await tab.click("document.getElementById('back')")
    await tab.click(chat(0))
    await _take(tab, "phone.png")


async def main() -> int:
    """All three, one after the other."""
    program = installed()
    if program is None:
        print("No Chromium is installed.", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        async with sandbox(20) as address, browser(program, Path(folder) / "profile") as tab:
            await tab.open(address)
            await _desk(tab)
            await _dark(tab)
            await _phone(tab)
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
