"""The sample feeds, served on loopback as publishers serve theirs: RSS 2.0, Atom 1.0 and JSON Feed 1.1.

    GET /feeds/<id>.<rss|atom|json>     with ETag, Last-Modified and 304
    GET /article/<host>/<slug>          a page for every link that a feed has shown

Story time runs `speed` times as fast as the clock, from the first `start` on; a server that is stopped and
started again has missed nothing, as a publisher's would not. A feed that is `down` answers 503.
"""

import email.utils
import hashlib
import html
import json
import re
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.news import ENTRIES_SHOWN, Entry, Newsroom, SampleFeed, link_to
from bot.sandbox.storytime import StoryTime

LOOPBACK = "127.0.0.1"
NOTICE = "Invented sample news of the Wirewatch sandbox."

_ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>body {{ font: 1.1rem/1.5 Georgia, serif; max-width: 38rem; margin: 3rem auto }}</style>
</head>
<body>
<small>{outlet} · {time}</small>
<h1>{title}</h1>
<p>{summary}</p>
<hr>
<small>{notice}</small>
</body>
</html>
"""


class FeedServer:
    """Serves a newsroom, and what is published while it runs. Single event loop; not for threads."""

    def __init__(self, newsroom: Newsroom, clock: Clock, speed: float = 1.0) -> None:
        self._newsroom = newsroom
        self.time = StoryTime(clock, speed)
        self.down: set[str] = set()
        self._published: dict[tuple[str, str], Entry] = {}  # by feed and guid
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def start(self, port: int = 0) -> None:
        """Listens on loopback, on a free port if `port` is 0. The first start begins the story's time."""
        self.time.start()
        app = web.Application()
        app.router.add_get("/feeds/{name}", self._serve_feed)
        app.router.add_get("/article/{host}/{slug}", self._serve_article)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, port).start()
        self._port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Closes the port and all connections; a second call does nothing."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def address(self) -> str:
        """`host:port`, as the list of allowed private feeds wants it."""
        return f"{LOOPBACK}:{self._port}"

    @property
    def outlets(self) -> tuple[SampleFeed, ...]:
        """Who publishes, in the newsroom's order."""
        return self._newsroom.feeds

    @property
    def urls(self) -> tuple[str, ...]:
        """The address of every feed, in the newsroom's order."""
        return tuple(self.url_of(feed.id) for feed in self._newsroom.feeds)

    def url_of(self, feed: str) -> str:
        """The address of one feed by its id; LookupError if there is none."""
        known = self._newsroom.feed(feed)
        return f"http://{self.address}/feeds/{known.id}.{known.format}"

    def article_url(self, link: str) -> str | None:
        """The local page of an outlet's link, so that a chat in a browser has something to open."""
        if self._find(link) is None:
            return None
        parts = urlsplit(link)
        return f"http://{self.address}/article/{parts.hostname}{parts.path}"

    def publish(
        self, feed: str, title: str, summary: str = "", *, link: str | None = None, guid: str | None = None
    ) -> Entry:
        """Adds an item to a feed now. The guid of an item published before makes it an edit of that item."""
        outlet, now = self._newsroom.feed(feed), self.time.moment()
        slug = f"published-{len(self._published) + 1}"
        guid = guid or f"{feed}:{slug}"
        before = self._published.get((feed, guid))
        entry = Entry(
            feed=outlet.id,
            guid=guid,
            at=before.at if before else now,
            updated=now,
            title=_NOT_XML.sub("", title),
            summary=_NOT_XML.sub("", summary),
            link=link or (before.link if before else link_to(outlet, slug)),
            lang=outlet.lang,
        )
        self._published[feed, guid] = entry
        return entry

    def entries(self, feed: str) -> tuple[Entry, ...]:
        """What the feed shows now, newest first."""
        told = self._newsroom.entries_at(feed, self.time.moment())
        published = [entry for entry in self._published.values() if entry.feed == feed]
        return tuple(sorted([*reversed(published), *told], key=lambda entry: -entry.at)[:ENTRIES_SHOWN])

    def latest(self, count: int) -> list[tuple[Entry, datetime]]:
        """The newest entries of all feeds, newest first, and when each appeared."""
        shown = [entry for feed in self._newsroom.feeds for entry in self.entries(feed.id)]
        newest = sorted(shown, key=lambda entry: -entry.at)[:count]
        return [(entry, self.time.time_of(entry.at)) for entry in newest]

    def _find(self, link: str) -> Entry | None:
        bare = link.partition("?")[0]
        published = (entry for entry in self._published.values() if entry.link.partition("?")[0] == bare)
        return next(published, None) or self._newsroom.find(link, self.time.moment())

    async def _serve_feed(self, request: web.Request) -> web.Response:
        name, _, form = request.match_info["name"].rpartition(".")
        feed = next((feed for feed in self._newsroom.feeds if (feed.id, feed.format) == (name, form)), None)
        if feed is None:
            raise web.HTTPNotFound(text="There is no such sample feed.\n")
        if feed.id in self.down:
            raise web.HTTPServiceUnavailable(text="The publisher is out of order.\n")
        entries = [
            (entry, self.time.time_of(entry.at), self.time.time_of(entry.updated)) for entry in self.entries(feed.id)
        ]
        body, content_type = _WRITERS[feed.format](feed, self.url_of(feed.id), entries)
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        changed = max((updated for _, _, updated in entries), default=self.time.time_of(0)).replace(microsecond=0)
        headers = {
            "ETag": etag,
            "Last-Modified": email.utils.format_datetime(changed.astimezone(UTC), usegmt=True),
            "Cache-Control": "max-age=1",
        }
        if _unchanged(request, etag, changed):
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, headers=headers | {"Content-Type": f"{content_type}; charset=utf-8"})

    async def _serve_article(self, request: web.Request) -> web.Response:
        entry = self._find("https://{host}/{slug}".format(**request.match_info))
        if entry is None:
            raise web.HTTPNotFound(text="No sample feed has shown such an article.\n")
        page = _PAGE.format(
            lang=html.escape(entry.lang),
            outlet=html.escape(self._newsroom.feed(entry.feed).title),
            time=f"{self.time.time_of(entry.at):%d %B %Y, %H:%M %Z}",
            title=html.escape(entry.title),
            summary=html.escape(entry.summary),
            notice=NOTICE,
        )
        return web.Response(text=page, content_type="text/html")


def _unchanged(request: web.Request, etag: str, changed: datetime) -> bool:
    """RFC 9110, 13.2.2: If-None-Match decides where it is given, If-Modified-Since only without it."""
    if "If-None-Match" in request.headers:
        given = [tag.strip().removeprefix("W/") for tag in request.headers["If-None-Match"].split(",")]
        return etag in given or "*" in given
    return request.if_modified_since is not None and changed <= request.if_modified_since


# The three forms. Each takes the entries with the times of publication and of the last change.

_Timed = list[tuple[Entry, datetime, datetime]]


def _rss(feed: SampleFeed, url: str, entries: _Timed) -> tuple[bytes, str]:
    """Descriptions are HTML, as most publishers write them."""
    root = ElementTree.Element("rss", {"version": "2.0", "xmlns:atom": _ATOM})
    channel = ElementTree.SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", f"https://{feed.host}/")
    _add(channel, "description", NOTICE)
    _add(channel, "language", feed.lang)
    _add(channel, "atom:link", href=url, rel="self", type="application/rss+xml")
    for entry, published, _ in entries:
        item = ElementTree.SubElement(channel, "item")
        _add(item, "title", entry.title)
        _add(item, "link", entry.link)
        _add(item, "guid", entry.guid, isPermaLink="false")
        _add(item, "pubDate", email.utils.format_datetime(published))
        _add(item, "description", f"<p>{html.escape(entry.summary)}</p>" if entry.summary else "")
    return _xml(root), "application/rss+xml"


def _atom(feed: SampleFeed, url: str, entries: _Timed) -> tuple[bytes, str]:
    root = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": feed.lang})
    _add(root, "id", f"tag:{feed.host},2025:feed")
    _add(root, "title", feed.title)
    _add(root, "subtitle", NOTICE)
    _add(root, "updated", max((updated for _, _, updated in entries), default=_EPOCH).isoformat())
    _add(ElementTree.SubElement(root, "author"), "name", feed.title)
    _add(root, "link", href=url, rel="self")
    _add(root, "link", href=f"https://{feed.host}/", rel="alternate")
    for entry, published, updated in entries:
        item = ElementTree.SubElement(root, "entry")
        _add(item, "id", f"tag:{feed.host},2025:{entry.guid}")
        _add(item, "title", entry.title)
        _add(item, "link", href=entry.link, rel="alternate")
        _add(item, "published", published.isoformat())
        _add(item, "updated", updated.isoformat())
        _add(item, "summary", entry.summary)
    return _xml(root), "application/atom+xml"


def _json(feed: SampleFeed, url: str, entries: _Timed) -> tuple[bytes, str]:
    items = [
        {
            "id": entry.guid,
            "url": entry.link,
            "title": entry.title,
            "content_text": entry.summary,
            "date_published": published.isoformat(),
            "date_modified": updated.isoformat(),
        }
        for entry, published, updated in entries
    ]
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": f"https://{feed.host}/",
        "feed_url": url,
        "description": NOTICE,
        "language": feed.lang,
        "items": items,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode(), "application/feed+json"


_EPOCH = datetime.fromtimestamp(0, UTC)
_WRITERS = {"rss": _rss, "atom": _atom, "json": _json}


def _add(parent: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> None:
    ElementTree.SubElement(parent, tag, attributes).text = text or None


def _xml(root: ElementTree.Element) -> bytes:
    body: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return body
