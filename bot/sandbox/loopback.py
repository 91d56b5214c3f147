"""Keeps other websites out of a server on loopback: what a browser brings from elsewhere is refused.

A page of any site may send requests to 127.0.0.1 (then `Origin` names the site), and a site may point its own
name to 127.0.0.1 so that the browser takes the server for its own (DNS rebinding; then `Host` names the site).
Programs send no `Origin` and the address they connected to: the bot and the tests pass.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

_NAMES = ("127.0.0.1", "localhost")
_REFUSAL = "The sandbox answers only to itself: http://127.0.0.1 or http://localhost, and its own port.\n"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def own_origin_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """403 for a foreign `Host`, or for an `Origin` that is not the server's own address."""
    transport = request.transport
    port = transport.get_extra_info("sockname")[1] if transport is not None else 0
    own = {f"{name}:{port}" for name in _NAMES} | (set(_NAMES) if port == 80 else set())
    host = request.headers.get("Host", "").lower()
    origins = request.headers.getall("Origin", [])
    if host not in own or any(origin.lower() != f"http://{host}" for origin in origins):
        return web.Response(status=403, text=_REFUSAL)
    return await handler(request)
