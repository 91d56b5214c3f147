"""What the page's browser sends and gets: JSON in, JSON out, and headers that keep the page to itself."""

import json
from typing import TypeVar

from aiohttp import web

from bot.sandbox.updates import Json

T = TypeVar("T", str, int, bool)
MOST_BODY = 64 * 1024  # bytes; a message has at most 4096 characters
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_JSON = {**HEADERS, "Content-Type": "application/json"}


def answer(body: Json) -> web.Response:
    """200 with this body."""
    return web.Response(text=json.dumps(body), headers=_JSON)


def wrong(reason: str) -> web.HTTPBadRequest:
    """400: the page shows the reason."""
    return web.HTTPBadRequest(text=json.dumps({"error": reason}), headers=_JSON)


def gone(reason: str) -> web.HTTPConflict:
    """409: what was meant is no longer there."""
    return web.HTTPConflict(text=json.dumps({"error": reason}), headers=_JSON)


async def body(request: web.Request, most: int = MOST_BODY) -> Json:
    """The JSON object of a request. A form of another site cannot send this content type."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text=json.dumps({"error": "send application/json"}), headers=_JSON)
    if request.content_length is None or request.content_length > most:
        raise wrong("the request is too long")
    try:
        found = await request.json()
    except ValueError:
        raise wrong("this is no JSON") from None
    if not isinstance(found, dict):
        raise wrong("send a JSON object")
    return found


def number(given: Json, name: str) -> float:
    """A field that is a number."""
    value = given.get(name)
    return value if isinstance(value, float) else float(field(given, name, int))


def field(given: Json, name: str, kind: type[T]) -> T:
    """A field of that type; a truth value is no number."""
    value = given.get(name)
    if not isinstance(value, kind) or type(value) is not kind:
        raise wrong(f"{name} is missing")
    return value


def words(given: Json, name: str) -> str:
    """Text without lone surrogates, which JSON can carry and no keyboard can type."""
    return field(given, name, str).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
