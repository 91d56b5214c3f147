"""Curated lists, through the real process: shipped, followed, edited in the chat, and out and in as a file."""

import asyncio
from pathlib import Path

from tests.e2e.people import Person
from tests.e2e.running import World, world
from tests.newsstand import Story

SHIPPED = ("disasters", "markets-central-banks", "middle-east", "tech-policy", "ukraine-peace-talks")


async def test_a_list_is_followed_by_many_and_edited_by_one(tmp_path: Path, token: str) -> None:
    """By link and by command, less a watch and less a word; an edit reaches all at the next poll, and goes back."""
    async with world(tmp_path, token) as made:
        ben, cem = Person(made, "Ben"), Person(made, "Cem")
        iris, otto = Person(made, "Iris"), Person(made, "Otto")
        made.settings["ADMINS"] = f"{iris.user.id},{otto.user.id}"
        await made.start()
        exported, *_ = await asyncio.gather(
            otto.says("/listexport disasters"), _opens_a_link(ben), _mutes_a_watch(cem), made.polls(1)
        )
        edited = await iris.says("/listadd disasters meteorite impact // seen over the hills")
        assert edited.text.startswith(
            "✅ Disasters – disasters, version 2\n➕ meteorite impact · 0.0 a day\nAlerts a day"
        )
        assert "2 chats follow it." in edited.text
        await asyncio.gather(_news_comes(made, ben, cem), otto.says("/listlog disasters", "seen over the hills"))
        await iris.says("/undo disasters", "version 3\n➖ meteorite impact")
        file = exported.file
        assert file is not None
        await otto.sends(file.name, file.data, "nothing was changed")
        assert not any("Quarrytown" in text for text in ben.texts())
        assert not any("Tsunami" in text for text in cem.texts())
        await made.end()
        made.check.assert_clean()


async def _opens_a_link(ben: Person) -> None:
    """He sees what is in the list before he follows it, and leaves out a word."""
    page = await ben.says("/start list_disasters", "3. tsunami warning")
    await ben.presses(page, "Follow", becomes="You follow this list")
    await ben.says("/follow disasters without -drill", "Left out: -drill")


async def _mutes_a_watch(cem: Person) -> None:
    """He finds the list among those that ship with the program."""
    lists = await cem.says("/lists")
    assert [slug for slug in SHIPPED if f"– {slug} ·" in lists.text] == [*SHIPPED]
    page = await cem.says("/follow disasters", "🔔 3. tsunami warning")
    await cem.presses(page, "3", becomes="🔇 3. tsunami warning")


async def _news_comes(made: World, ben: Person, cem: Person) -> None:
    for number, title in enumerate(("Meteorite impact shakes village", "Tsunami warning for Valdoria coast")):
        made.news.feeds["alpha"].append(Story(title, f"https://wire.example/{number}", str(number)))
    made.news.feeds["beta"].append(Story("Wildfire evacuation drill in Quarrytown", "https://wire.example/9", "9"))
    await asyncio.gather(
        ben.hears("Tsunami"),
        ben.hears("🔔 meteorite impact (disasters)"),
        cem.hears("Meteorite"),
        cem.hears("Quarrytown"),
    )
