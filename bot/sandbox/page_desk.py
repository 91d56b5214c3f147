"""The side panel of the sandbox's page: what the sample feeds say, how fast time goes, what goes wrong.

GET  /desk          all of it, as each of the others answers too
POST /desk/publish  {"feed", "title", "summary", "guid"}    the guid of an item published here corrects it
POST /desk/feed     {"feed", "down"}
POST /desk/speed    {"speed"}     story seconds a second; 0 lets the news stand still
POST /desk/skip     {"seconds"}   later for everybody; the news go on from where they are
POST /desk/trouble  {"name", "on"}
"""

from aiohttp import web

from bot.sandbox.faults import Faults
from bot.sandbox.feeds import FeedServer
from bot.sandbox.page_requests import answer, body, field, gone, number, words, wrong
from bot.sandbox.storytime import PAUSED, SkippingClock
from bot.sandbox.troubles import Troubles
from bot.sandbox.updates import Json

MOST_SPEED = 100.0
_MOST_SKIP = 24 * 3600.0  # seconds; the Bot API keeps updates no longer
_SHOWN = 40  # items
_TITLE, _SUMMARY = 300, 2000  # characters


class Desk:
    """The newsroom, the clock and the troubles, as a browser works them."""

    def __init__(self, feeds: FeedServer, clock: SkippingClock, faults: Faults) -> None:
        self._feeds, self._clock = feeds, clock
        self._troubles = Troubles(faults)
        self._written: set[str] = set()  # guids of the items that were published here

    def add_to(self, app: web.Application) -> None:
        """Adds the routes."""
        app.router.add_get("/desk", self._show)
        app.router.add_post("/desk/publish", self._publish)
        app.router.add_post("/desk/feed", self._feed)
        app.router.add_post("/desk/speed", self._speed)
        app.router.add_post("/desk/skip", self._skip)
        app.router.add_post("/desk/trouble", self._trouble)

    def _answer(self) -> web.Response:
        return answer(self.to_json())

    def to_json(self) -> Json:
        """Everything that the panel shows."""
        time = self._feeds.time
        return {
            "speed": 0 if time.speed == PAUSED else time.speed,
            "now": self._clock().timestamp(),
            "skipped": self._clock.skipped.total_seconds(),
            "feeds": [
                {"id": feed.id, "title": feed.title, "lang": feed.lang, "down": feed.id in self._feeds.down}
                for feed in self._feeds.outlets
            ],
            "items": [
                {
                    "feed": entry.feed,
                    "guid": entry.guid,
                    "title": entry.title,
                    "summary": entry.summary,
                    "time": shown.timestamp(),
                    "href": self._feeds.article_url(entry.link) or "",
                    "own": entry.guid in self._written,
                }
                for entry, shown in self._feeds.latest(_SHOWN)
            ],
            "troubles": self._troubles.to_json(),
        }

    async def _show(self, request: web.Request) -> web.Response:
        return self._answer()

    async def _publish(self, request: web.Request) -> web.Response:
        given = await body(request)
        feed, title, summary = self._known(given), words(given, "title").strip(), words(given, "summary").strip()
        if not title:
            raise wrong("an item needs a headline")
        if len(title) > _TITLE or len(summary) > _SUMMARY:
            raise wrong(f"a headline has at most {_TITLE} characters, a text {_SUMMARY}")
        guid = field(given, "guid", str)
        if guid and guid not in self._written:
            raise gone("Only what was published here can be corrected.")
        self._written.add(self._feeds.publish(feed, title, summary, guid=guid or None).guid)
        return self._answer()

    async def _feed(self, request: web.Request) -> web.Response:
        given = await body(request)
        feed = self._known(given)
        if field(given, "down", bool):
            self._feeds.down.add(feed)
        else:
            self._feeds.down.discard(feed)
        return self._answer()

    async def _speed(self, request: web.Request) -> web.Response:
        speed = number(await body(request), "speed")
        if not 0 <= speed <= MOST_SPEED:
            raise wrong(f"the speed is from 0 to {MOST_SPEED:.0f}")
        time = self._feeds.time
        time.go_on(time.moment(), speed or PAUSED)
        return self._answer()

    async def _skip(self, request: web.Request) -> web.Response:
        seconds = number(await body(request), "seconds")
        if not 0 < seconds <= _MOST_SKIP:
            raise wrong("skip more than nothing and at most a day")
        time = self._feeds.time
        moment = time.moment()
        self._clock.skip(seconds)
        time.go_on(moment, time.speed)
        return self._answer()

    async def _trouble(self, request: web.Request) -> web.Response:
        given = await body(request)
        try:
            self._troubles.switch(field(given, "name", str), field(given, "on", bool))
        except LookupError:
            raise wrong("there is no such trouble") from None
        return self._answer()

    def _known(self, given: Json) -> str:
        feed = field(given, "feed", str)
        if all(feed != known.id for known in self._feeds.outlets):
            raise wrong("there is no such feed")
        return feed
