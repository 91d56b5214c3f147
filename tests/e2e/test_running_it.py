"""What the bot's admins do, through the real process: let in, put out, give roles, tell all, and send again."""

import asyncio
import re
from pathlib import Path

from tests.e2e.people import Person
from tests.e2e.running import World, world
from tests.newsstand import Story


async def test_people_come_by_invitation_and_edit_or_stay_out(tmp_path: Path, token: str) -> None:
    """An invitation for two lets in two; an editor edits one list; whoever is banned is served no more, at once."""
    async with world(tmp_path, token) as made:
        ben, cem, dora = (Person(made, name) for name in ("Ben", "Cem", "Dora"))
        iris, otto = Person(made, "Iris"), Person(made, "Otto")
        made.settings.update(ADMINS=f"{iris.user.id},{otto.user.id}", ACCESS="invite")
        await made.start()
        invitation, _ = await asyncio.gather(
            iris.says("/invite 2 1", "for 2 more people"), ben.says("/lists", "by invitation only")
        )
        (code,) = re.findall(r"\?start=(\S+)", invitation.text)
        await asyncio.gather(*[each.says(f"/start {code}", "Wirewatch reads news") for each in (ben, cem)])
        await asyncio.gather(
            dora.says(f"/start {code}", "used up"),
            otto.says(f"/grant {ben.user.id} editor disasters", "editor of disasters"),
            iris.says(f"/ban {cem.user.id} advertising", "is banned"),
        )
        made.telegram.say(cem.user, cem.chat, "/lists")
        await ben.says("/listadd disasters meteorite impact", "version 2")
        assert len(cem.texts()) == 1
        await asyncio.gather(
            ben.says("/listadd tech-policy meteorite impact", "You are no editor of the list tech-policy"),
            iris.says(f"/unban {cem.user.id}", "not banned any more"),
            otto.says("/status", "0 failing"),
        )
        await cem.says("/lists", "Disasters")
        await made.end()
        made.check.assert_clean()


async def test_admins_tell_all_and_send_again_what_failed(tmp_path: Path, token: str) -> None:
    """A number typed sends it, a button stops it; what Telegram refused is shown with its reason and sent again."""
    async with world(tmp_path, token) as made:
        ben, cem = Person(made, "Ben"), Person(made, "Cem")
        iris, otto = Person(made, "Iris"), Person(made, "Otto")
        made.settings["ADMINS"] = f"{iris.user.id},{otto.user.id}"
        made.news.answers["beta"] = (500, b"")
        await made.start()
        await asyncio.gather(made.polls(1), ben.says("/watch harbour fire"), cem.says("/start"), iris.says("/start"))
        made.api.faults.too_many(60, chat_id=cem.chat.id)  # so that there is something left to be stopped
        await iris.says("/broadcast The bot moves on Friday.", "type the number: 3")
        await iris.says("3", "It goes out now, to 3 chats.")
        progress, _ = await asyncio.gather(iris.hears("1 chat to go"), _fails_and_comes_again(made, ben, otto))
        await iris.presses(progress, "Stop", becomes="Broadcast: stopped\n2 sent")
        assert not any("Friday" in text for text in cem.texts())
        await made.end()
        made.check.assert_clean()


async def _fails_and_comes_again(made: World, ben: Person, otto: Person) -> None:
    await ben.hears("The bot moves on Friday.")
    refusal = made.api.faults.bad_request("STRANGE_TROUBLE", method="sendMessage", chat_id=ben.chat.id)
    made.news.feeds["alpha"].append(Story("Harbour fire spreads to a second pier", "https://wire.example/1", "1"))
    await made.until(lambda: not refusal.times)
    await otto.says("/retry", "1 × Strange_trouble")
    await asyncio.gather(otto.says("/retry all", "1 message"), ben.hears("🔔 harbour fire"))
    await otto.says("/feedhealth", f"{made.news.address}/beta")
