"""The sandbox Bot API server: HTTP in front of `Telegram`, as strict as the real one.

    request ─token, method─→ parameters ─→ faults ─→ limits, perform ─→ journal ─→ inspect ─→ answer
               401, 404         400      (late, lost)    4xx          fsync      (tests)

It can run in the loop of the bot itself (`wirewatch sandbox`), in a test, or in another process.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.sandbox.api import DELIVERIES, perform
from bot.sandbox.events import Called
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.files import Upload
from bot.sandbox.journal import Journal
from bot.sandbox.limits import RateLimits
from bot.sandbox.loopback import own_origin_only
from bot.sandbox.parameters import method_named, read
from bot.sandbox.polling import Polling
from bot.sandbox.refusals import ApiError
from bot.sandbox.requests import read_request
from bot.sandbox.telegram_state import Telegram
from bot.sandbox.webhook import Webhook

Inspector = Callable[[str, Mapping[str, object], Mapping[str, object]], None]
_log = logging.getLogger(__name__)
_LARGEST = 50 * 1024 * 1024 + 65536  # what the Bot API lets a bot upload, and the form around it
_KEPT_CALLS = 20_000
_PAGE = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>502 Bad Gateway</body>\r\n</html>\r\n"


class BotApiServer:
    """Serves one bot. `inspect(method, parameters, response)` sees every call before it is answered.

    `limits` and `faults` can be replaced or changed while it runs; `calls` is the log, newest last, without
    the getUpdates that brought nothing. With `journal`, every delivery is on disk before its answer leaves.
    `extend` adds routes of its own to the app at each start.
    """

    def __init__(
        self,
        telegram: Telegram,
        *,
        limits: RateLimits | None = None,
        faults: Faults | None = None,
        journal: Journal | None = None,
        inspect: Inspector | None = None,
        extend: Callable[[web.Application], None] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.telegram = telegram
        self.limits = limits if limits is not None else RateLimits(telegram.now)
        self.faults = faults if faults is not None else Faults()
        self.journal = journal
        self.inspect = inspect
        self.calls: deque[Called] = deque(maxlen=_KEPT_CALLS)
        self.url = ""
        self._extend = extend
        self._sleep = sleep
        self._polling = Polling(telegram, sleep)
        self._webhook = Webhook(telegram, sleep)
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listens; port 0 takes a free one. Afterwards `url` says where, without a slash at its end."""
        app = web.Application(client_max_size=_LARGEST, middlewares=[own_origin_only])
        if self._extend is not None:
            self._extend(app)
        app.router.add_route("*", "/bot{token:[^/]+}/{method}", self._handle)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._download)
        app.router.add_route("*", "/{rest:.*}", self._nowhere)
        self._stopping.clear()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound = self._runner.addresses[0]
        self.url = f"http://{host}:{bound[1]}"
        self._webhook.start()

    async def stop(self) -> None:
        """Ends waiting polls and stalled answers, then closes. It can be started again."""
        self._stopping.set()
        self._polling.wake()
        await self._webhook.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self.journal is not None:
            self.journal.close()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        try:
            method = self._method(request)
            given, uploads = await read_request(request)
            parameters = read(method, given, uploads)
        except ApiError as refused:
            return _answer(refused.code, refused.payload())
        fault = self.faults.take(method, parameters.get("chat_id"))
        if fault is not None and fault.kind in ("drop", "page"):
            self._log(method, parameters, 502 if fault.kind == "page" else 0, {})
            return _page() if fault.kind == "page" else _abort(request)
        if fault is not None and fault.kind == "delay":
            await self._pause(fault.seconds)
        status, response = await self._perform(method, parameters, fault)
        self._log(
            method,
            parameters,
            0 if fault is not None and fault.kind in ("lose", "stall") else status,
            response,
        )
        if fault is not None and fault.kind == "lose":
            return _abort(request)
        if fault is not None and fault.kind == "stall":
            await self._pause(fault.seconds)
        return _answer(status, response)

    def _method(self, request: web.Request) -> str:
        if request.match_info["token"] != self.telegram.token:
            raise ApiError(401, "Unauthorized")
        method = method_named(request.match_info["method"])
        if method is None:
            raise ApiError(404, "Not Found: method not found")
        if request.method not in ("GET", "POST"):
            raise ApiError(405, "Method Not Allowed")
        return method

    async def _perform(
        self, method: str, parameters: Mapping[str, object], fault: Fault | None
    ) -> tuple[int, dict[str, object]]:
        try:
            if fault is not None and fault.refusal is not None:
                raise fault.refusal
            if method == "getUpdates":
                result: object = await self._polling.poll(parameters)
            else:
                result = perform(self.telegram, method, parameters, self.limits)
                self._webhook.wake()
        except ApiError as refused:
            return refused.code, refused.payload()
        self._write_journal(method, result)
        return 200, {"ok": True, "result": result}

    def _write_journal(self, method: str, result: object) -> None:
        if self.journal is None or method not in DELIVERIES or not isinstance(result, dict):
            return
        message = self.telegram.message(result["chat"]["id"], result["message_id"])
        if message is not None:
            self.journal.write(method, message)

    def _log(self, method: str, parameters: Mapping[str, object], status: int, response: dict[str, object]) -> None:
        shown = {name: _shown(value) for name, value in parameters.items()}
        if self.inspect is not None and response:
            self.inspect(method, shown, response)
        if method == "getUpdates" and response.get("result") == []:
            return
        called = Called(self.telegram.now(), method, shown, status, response)
        self.calls.append(called)
        self.telegram.emit(called)

    async def _pause(self, seconds: float) -> None:
        """Sleeps, or less when the server stops."""
        sleep = asyncio.ensure_future(self._sleep(seconds))
        stop = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({sleep, stop}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleep.cancel()
            stop.cancel()

    async def _download(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.telegram.token:
            return _answer(401, ApiError(401, "Unauthorized").payload())
        file = self.telegram.file_at(request.match_info["path"])
        if file is None:
            return _answer(404, ApiError(404, "Not Found").payload())
        return web.Response(body=file.data, content_type="application/octet-stream")

    async def _nowhere(self, request: web.Request) -> web.Response:
        return _answer(404, ApiError(404, "Not Found").payload())


def _answer(status: int, body: Mapping[str, object]) -> web.Response:
    text = json.dumps(body)  # ASCII, as the real server writes it; it also carries lone surrogates
    return web.Response(status=status, body=text.encode(), content_type="application/json")


def _shown(value: object) -> object:
    return f"attach://{value.name}" if isinstance(value, Upload) else value


def _page() -> web.Response:
    return web.Response(status=502, text=_PAGE, content_type="text/html")


def _abort(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)  # goes nowhere: the socket is closed
