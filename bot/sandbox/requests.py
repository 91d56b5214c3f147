"""What stands in an HTTP request: query, form, multipart or JSON, read as the Bot API reads them."""

import json

from aiohttp import web
from aiohttp.web_request import FileField

from bot.sandbox.files import Upload
from bot.sandbox.refusals import bad_request

Given = dict[str, object]


async def read_request(request: web.Request) -> tuple[Given, dict[str, Upload]]:
    """All values by name, the body's over the query's, and the uploaded files. Raises ApiError."""
    given: Given = dict(request.query)
    uploads: dict[str, Upload] = {}
    if not request.can_read_body:
        return given, uploads
    if request.content_type == "application/json":
        given.update(await _json_body(request))
    elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        for name, value in (await request.post()).items():
            if isinstance(value, FileField):
                with value.file as file:
                    uploads[name] = Upload(value.filename, file.read(), value.content_type)
            else:
                given[name] = value if isinstance(value, str) else bytes(value).decode(errors="replace")
    return given, uploads


async def _json_body(request: web.Request) -> Given:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        raise bad_request("can't parse the request: it is no JSON") from None
    if not isinstance(body, dict):
        raise bad_request("can't parse the request: expected an Object")
    return body
