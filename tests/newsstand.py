"""A feed server for tests: feeds are set as Python values and served as RSS with ETags, on loopback."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from xml.etree.ElementTree import Element, SubElement, tostring

from aiohttp import web


@dataclass
class Story:
    """One entry of a feed."""

    title: str
    link: str = ""
    guid: str = ""
    summary: str = ""


@dataclass
class Newsstand:
    """Serves `feeds[name]` at `/name`; `answers[name]` = (status, body) replaces a feed by something else.

    The feeds in `silent` never answer; `channel[name]` are elements that the feed has besides its entries, and
    `links[name]` is its Link header. A body that begins with `Location: ` is where a status of 300 and more leads.
    """

    feeds: dict[str, list[Story]] = field(default_factory=dict)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    channel: dict[str, dict[str, str]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, int]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    address: str = ""
    served: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)  # cleared, it lets all requests wait
    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on a free port; `address` is then host:port."""
        self.go.set()
        app = web.Application()
        app.router.add_get("/{name:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close."""
        if self._runner:
            await self._runner.cleanup()

    def url(self, name: str) -> str:
        """The address of a feed."""
        return f"http://{self.address}/{name}"

    async def _serve(self, request: web.Request) -> web.Response:
        await self.go.wait()
        name = request.match_info["name"]
        if name in self.silent:
            await asyncio.Event().wait()
        status, body = self.answers.get(name, (404, b""))
        if name in self.feeds and name not in self.answers:
            status, body = 200, rss(name, self.feeds[name], self.channel.get(name, {}))
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if status == 200 and request.headers.get("If-None-Match") == etag:
            status, body = 304, b""
        self.requests.append((name, status))
        self.agents.append(request.headers.get("User-Agent", ""))
        self.served.set()
        headers = {"ETag": etag, "Content-Type": "application/rss+xml; charset=utf-8"}
        if body.startswith(b"Location: "):
            headers["Location"] = body.decode().removeprefix("Location: ")
        if name in self.links:
            headers["Link"] = self.links[name]
        return web.Response(status=status, body=body, headers=headers)


def rss(title: str, stories: list[Story], elements: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """The stories as an RSS 2.0 document, newest last as given, and further elements of the channel."""
    root = Element("rss", version="2.0")
    channel = SubElement(root, "channel")
    SubElement(channel, "title").text = title
    for name, text in {"language": "en", **elements}.items():
        SubElement(channel, name).text = text
    for story in stories:
        item = SubElement(channel, "item")
        SubElement(item, "title").text = story.title
        if story.link:
            SubElement(item, "link").text = story.link
        if story.guid:
            SubElement(item, "guid", isPermaLink="false").text = story.guid
        if story.summary:
            SubElement(item, "description").text = story.summary
    return tostring(root, encoding="utf-8", xml_declaration=True)
