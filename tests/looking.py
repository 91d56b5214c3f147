"""People who send addresses and files, and the job that looks at them, between real servers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.discover import Finder
from bot.fetch import Fetcher
from bot.guard import Guard
from bot.lookups import Lookups
from tests.desk import Desk, open_desk
from tests.fakes import until
from tests.newsstand import Newsstand, Story
from tests.polling import HereParser

STORIES = [Story(f"News {number}", f"https://wire.example/{number}") for number in range(5)]


class World:
    """A desk, a newsstand, and the job between them."""

    def __init__(self, desk: Desk, stand: Newsstand, fetcher: Fetcher) -> None:
        self.desk, self.stand = desk, stand
        finder = Finder(fetcher, HereParser(desk.box.clock), desk.box.clock)
        self.lookups = Lookups(desk.storage, finder, desk.box.bot, desk._count, owners=desk.settings.admins)

    @property
    def running(self) -> int:
        return sum(map(len, self.lookups._running.values()))

    async def work(self) -> None:
        """The job works off what waits."""
        while await self.desk.rows("SELECT 1 FROM lookups WHERE state = 'waiting'"):
            await self.lookups.tick()
            await until(lambda: not self.running)

    async def ask(self, text: str) -> str:
        """Say something and work it off: the text that stands in the outbox last."""
        await self.desk.say(text)
        await self.work()
        return (await self.desk.outbox())[-1]["text"]

    async def send_list(self, body: bytes, name: str = "list.opml") -> str:
        """The same for a file."""
        self.desk.box.telegram.send_file(self.desk.box.ann, self.desk.box.chat, name, body)
        await self.desk.handle()
        await self.work()
        return (await self.desk.outbox())[-1]["text"]

    async def own(self) -> list[str]:
        found = await self.desk.storage.run(lambda store: store.chat_feeds.of(self.desk.box.chat.id))
        return [own.feed.url.removeprefix(self.stand.url("")) for own in found]

    async def states(self) -> list[tuple[str, int]]:
        return [(row["state"], row["attempts"]) for row in await self.desk.rows("SELECT * FROM lookups ORDER BY id")]

    def list_of(self, *names: str) -> bytes:
        rows = "".join(f'<outline type="rss" text="F {name}" xmlUrl="{self.stand.url(name)}"/>\n' for name in names)
        return f'<?xml version="1.0"?>\n<opml version="2.0"><body>\n{rows}</body></opml>'.encode()


@asynccontextmanager
async def opened(folder: Path, *owners: int) -> AsyncIterator[World]:
    stand = Newsstand({"rss": STORIES, "world": STORIES[:2]})
    await stand.start()
    fetcher = Fetcher(Guard(frozenset({stand.address})))
    async with open_desk(folder) as desk:
        desk.settings = desk.settings.model_copy(update={"admins": frozenset(owners)})
        yield World(desk, stand, fetcher)
    await fetcher.aclose()
    await stand.stop()
