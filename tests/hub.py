"""A WebSub hub on loopback that does what it is told: verifies, pushes, signs, or does none of it well."""

import hashlib
import hmac
from dataclasses import dataclass, field

import httpx
from aiohttp import web


@dataclass
class Hub:
    """Keeps what it was asked in `asked`; `lease` in seconds is what it grants."""

    lease: int = 864_000
    asked: list[dict[str, str]] = field(default_factory=list)
    status: int = 202
    address: str = ""
    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/hub", self._subscribe)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://{self.address}/hub"

    async def _subscribe(self, request: web.Request) -> web.Response:
        self.asked.append({key: str(value) for key, value in (await request.post()).items()})
        return web.Response(status=self.status)

    async def verify(self, mode: str = "subscribe", **changed: str) -> httpx.Response:
        """Ask the subscriber back about the last request; `changed` are other values than it gave."""
        last = self.asked[-1]
        query = {"hub.mode": mode, "hub.topic": last["hub.topic"], "hub.challenge": "xyz"}
        query |= {"hub.lease_seconds": str(self.lease)} | {f"hub.{name}": value for name, value in changed.items()}
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.get(last["hub.callback"], params=query)

    async def push(
        self, body: bytes, *, secret: str = "", method: str = "sha256", headers: dict[str, str] | None = None
    ) -> int:
        """Push to the subscriber of the last request, signed with its secret or another; the status of its answer."""
        last = self.asked[-1]
        signature = hmac.new((secret or last["hub.secret"]).encode(), body, getattr(hashlib, method)).hexdigest()
        sent = {"X-Hub-Signature": f"{method}={signature}", "Content-Type": "application/rss+xml"} | (headers or {})
        async with httpx.AsyncClient(trust_env=False) as client:
            return (await client.post(last["hub.callback"], content=body, headers=sent)).status_code
