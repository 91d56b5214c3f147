"""A headless Chromium, driven through its DevTools protocol: keys, clicks and looks, without a driver to install."""

import asyncio
import base64
import shutil
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

PATIENCE = 30.0
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--lang=en",
    "--disable-lcd-text",  # letters in shades of grey: pictures of half the size
    # A mouse that can hover, which a browser without a screen otherwise has not.
    "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-port=0",
)
_KEY_CODES = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowUp": 38, "ArrowDown": 40}
# Roles of the accessibility tree that something can be done with.
_USED = {"button", "link", "textbox", "searchbox", "combobox", "ComboBoxMenuList", "radio", "switch", "tab"}
_USED |= {"tabpanel", "log", "navigation", "region", "complementary", "DisclosureTriangle", "listbox"}


def installed() -> str | None:
    """The browser's program, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Tab:
    """One tab. `complaints` is what the page's console and the browser said about it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self.complaints: list[str] = []

    async def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """One command of the protocol."""
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": parameters})
        while True:
            message = await self._socket.receive_json(timeout=PATIENCE)
            if message.get("id") == self._number:
                assert "error" not in message, message
                return dict(message["result"])
            if message.get("method") in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"):
                self.complaints.append(str(message["params"]))

    async def open(self, url: str) -> None:
        """Goes to an address."""
        for domain in ("Page", "Runtime", "Log"):
            await self.call(f"{domain}.enable")
        await self.call("Page.navigate", url=url)

    async def look(self, code: str) -> Any:
        """The value of a JavaScript expression in the page."""
        answer = await self.call("Runtime.evaluate", expression=code, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def until(self, code: str) -> Any:
        """Waits until a JavaScript expression is true, and returns its value; an error in it is not yet true."""
        tried = f"(() => {{ try {{ const it = {code}; return it instanceof Node || it }} catch {{ return null }} }})()"
        try:
            async with asyncio.timeout(PATIENCE):
                while not (value := await self.look(tried)):
                    await self.look("new Promise(requestAnimationFrame)")
        except TimeoutError:
            raise AssertionError(f"not in the page: {code}\n{await self.look('document.body.innerText')}") from None
        return value

    async def type(self, text: str) -> None:
        """Types into what has the focus."""
        await self.call("Input.insertText", text=text)

    async def key(self, name: str) -> None:
        """Presses a key. Enter and letters also type, which submits forms and fills fields."""
        code = _KEY_CODES.get(name) or ord(name.upper())
        typed = {"text": "\r" if name == "Enter" else name} if name == "Enter" or len(name) == 1 else {}
        await self.call("Input.dispatchKeyEvent", type="keyDown", key=name, windowsVirtualKeyCode=code, **typed)
        await self.call("Input.dispatchKeyEvent", type="keyUp", key=name, windowsVirtualKeyCode=code)

    async def size(self, width: int, height: int, *, phone: bool = False) -> None:
        """Sets the size of the screen, in CSS pixels; a phone is touched."""
        if phone:
            await self.call("Emulation.setTouchEmulationEnabled", enabled=True)
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone
        )

    async def prefer(self, **features: str) -> None:
        """As a reader who prefers these media features, such as `color_scheme="dark"`."""
        named = [{"name": f"prefers-{name.replace('_', '-')}", "value": value} for name, value in features.items()]
        await self.call("Emulation.setEmulatedMedia", features=named)

    async def click(self, code: str) -> None:
        """Clicks the element of a JavaScript expression, as soon as it is there and shown."""
        await self.until(f"({code}).checkVisibility()")
        await self.look(f"({code}).click()")

    async def nameless(self) -> list[str]:
        """What one can use on the page and a screen reader has no name for."""
        tree = await self.call("Accessibility.getFullAXTree")
        return [
            str(node)
            for node in tree["nodes"]
            if not node["ignored"] and node["role"]["value"] in _USED and not node["name"].get("value", "").strip()
        ]

    async def picture(self) -> bytes:
        """The screen as PNG."""
        return base64.b64decode((await self.call("Page.captureScreenshot", format="png"))["data"])


@asynccontextmanager
async def browser(program: str, folder: Path) -> AsyncIterator[Tab]:
    """A browser with a fresh profile in this folder, and its first tab; closed at the end."""
    process = await asyncio.create_subprocess_exec(
        program, *FLAGS, f"--user-data-dir={folder}", "about:blank", stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        async with aiohttp.ClientSession() as session:
            address = await asyncio.wait_for(_first_tab(session, folder / "DevToolsActivePort"), PATIENCE)
            async with session.ws_connect(address, max_msg_size=0) as socket:
                tab = Tab(socket)
                yield tab
                await tab.call("Browser.close")
        await asyncio.wait_for(process.wait(), PATIENCE)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _first_tab(session: aiohttp.ClientSession, port_file: Path) -> str:
    """The address of the first tab, as soon as there is one."""
    while True:
        port = _port(port_file)
        if port:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                tabs = [target for target in await answer.json() if target["type"] == "page"]
            if tabs:
                return str(tabs[0]["webSocketDebuggerUrl"])
        await asyncio.sleep(0.05)


def _port(file: Path) -> str:
    """The browser tells its port by a file, which is whole once it has two lines."""
    lines = file.read_text().split() if file.exists() else []
    return lines[0] if len(lines) > 1 else ""
