"""/lists, /follow, /unfollow and the pages of lists, from a person's words to the rows and back into words."""

import re

import pytest

from handlers import replies_personal
from tests.desk import open_desk
from tests.fakes_lists import add_list, watchlist
from watchlists.following import MAX_FOLLOWS, nobody
from watchlists.lists import texts
from watchlists.service import Service

PORTS = watchlist("ports", "harbour fire", "ferry strike", tags=("sea",), aliases=("docks",))


@pytest.fixture
async def desk(tmp_path):
    async with open_desk(tmp_path) as desk:
        await desk.storage.run(lambda store: add_list(store, PORTS))
        await desk.storage.run(lambda store: add_list(store, watchlist("drafts", "gangway", visibility="private")))
        await desk.storage.run(lambda store: add_list(store, watchlist("hidden", "lock", visibility="unlisted")))
        yield desk


async def press(desk, label: str) -> str:
    """Press the button with this label under the newest message; what stands there then."""
    rows = (await desk.outbox())[-1]["buttons"]
    (data,) = re.findall(rf'\["{re.escape(label)}", "([^"]*)"\]', rows)
    while await desk.storage.run(lambda store: store.outbox.heads([], 1)):
        desk.box.clock.advance(2)
        message = await desk.shown()
    desk.box.telegram.press(desk.box.ann, desk.box.chat, message, data)
    await desk.handle()
    return (await desk.outbox())[-1]["text"]


async def heard(desk) -> list[str]:
    """The watches of lists that alert the chat."""
    found = await desk.storage.run(lambda store: store.follows.watches(desk.box.chat.id))
    return [f"{watch.slug}: {watch.text}" for watch in found]


async def test_lists_shows_public_lists_alone(desk):
    """One that is unlisted is found by its name, a private one by nobody who is no editor."""
    said = await desk.say("/lists")
    assert "<code>ports</code> · 2 watches" in said
    assert "hidden" not in said
    assert "drafts" not in said
    assert "1. lock" in await desk.say("/lists hidden")
    for refused in ("/lists drafts", "/follow drafts", "/unfollow drafts"):
        assert "There is no list “drafts”" in await desk.say(refused)
    assert "Did you mean ports?" in await desk.say("/follow port")


async def test_a_list_is_followed_and_left_by_command(desk):
    """Whole, then one watch less; an undo brings it back as it was."""
    assert "You follow this list" in await desk.say("/follow ports")
    assert await heard(desk) == ["ports: harbour fire", "ports: ferry strike"]
    assert "🔇 2. ferry strike" in await desk.say("/unfollow ports 2")
    assert await heard(desk) == ["ports: harbour fire"]
    assert "You no longer follow <b>Ports</b>" in await desk.say("/unfollow docks")
    assert await heard(desk) == []
    assert "🔇 2. ferry strike" in await press(desk, "Undo")
    assert await heard(desk) == ["ports: harbour fire"]


async def test_watches_names_the_lists_beside_the_chats_own(desk):
    """Whoever follows one and watches nothing is not told that nothing comes."""
    assert "/lists" not in await desk.say("/watches")
    await desk.say("/follow ports")
    assert (await desk.say("/watches")).endswith("You follow 1 list: /lists")


async def test_one_watch_is_followed_alone(desk):
    """By number; a second joins it, and then the whole list."""
    assert "You hear of 1 watch of this list" in await desk.say("/follow ports 2")
    assert await heard(desk) == ["ports: ferry strike"]
    assert "has no watch number 3: it has 2" in await desk.say("/follow ports 3")
    await desk.say("/follow ports")
    assert len(await heard(desk)) == 2


async def test_buttons_follow_mute_and_leave(desk):
    """From the list of lists to one watch."""
    await desk.say("/lists")
    assert "Tap a number to hear of that watch alone." in await press(desk, "Ports")
    assert "🔇 1. harbour fire\n🔔 2. ferry strike" in await press(desk, "2")
    assert "You follow this list" in await press(desk, "Hear all")
    assert "🔇 1. harbour fire\n🔔 2. ferry strike" in await press(desk, "1")
    assert "How shall the alerts of Ports come?" in await press(desk, "Delivery")
    assert "Delivery: Silent" in await press(desk, "Silent")
    assert "no longer follow" in await press(desk, "Stop following")
    assert await heard(desk) == []


async def test_a_link_to_a_list_shows_it_and_does_nothing(desk):
    """Whoever opens it decides by the button; any other payload is the usual welcome."""
    said = await desk.say("/start list_ports")
    assert "1. harbour fire" in said
    assert await heard(desk) == []
    assert "You follow this list" in await press(desk, "Follow")
    assert "There is no list" in await desk.say("/start list_drafts")
    assert "<b>Wirewatch</b>" in await desk.say("/start elsewhere")


async def test_how_a_list_is_followed_is_set_by_command(desk):
    """Each setting stands on the page; what cannot be read changes nothing."""
    said = await desk.say("/follow ports without -golf -source:rt.example")
    assert "Left out: -golf -source:rt.example · all in again: <code>/follow ports without</code>" in said
    assert "Delivery: Urgent" in await desk.say("/follow ports urgent")
    assert "Delivery: Urgent, every hour" in await desk.say("/follow ports digest hourly")
    assert "Delivery: as the list has it" in await desk.say("/follow ports as the list")
    assert "/follow ports news off" in await desk.say("/follow ports news on")
    assert "Write a minus" in await desk.say("/follow ports without golf")
    assert "nothing that can be set" in await desk.say("/follow ports loudly")
    said = await desk.say("/follow ports without")
    assert "Left out" not in said
    assert "Your digests tell" in said


async def test_titles_come_in_the_language_of_the_reader(desk):
    """What the list has of it."""
    title = texts({"en": "Locks", "es": "Esclusas"})
    await desk.storage.run(lambda store: add_list(store, watchlist("locks", "lock gate", title=title)))
    assert "<b>Locks</b>" in await desk.say("/lists")
    await desk.say("/language es")
    assert "<b>Esclusas</b>" in await desk.say("/lists")


async def test_there_may_not_be_too_many(desk):
    """A chat that follows as many lists as it may is told so."""
    chat = desk.box.chat.id
    await desk.say("/start")

    def fill(store):
        for number in range(MAX_FOLLOWS):
            add_list(store, watchlist(f"list-{number}", "fire"), chat)

    await desk.storage.run(fill)
    assert f"You follow {MAX_FOLLOWS} lists" in await desk.say("/follow ports")


async def test_follows_are_exported_and_come_back(desk):
    """With what is muted, left out and chosen; forgetting ends them."""
    for text in ("/follow ports 2", "/follow ports silent", "/follow ports without -golf", "/follow hidden",
                 "/follow hidden digest hourly", "/follow hidden news on"):  # fmt: skip
        await desk.say(text)
    await desk.say("/export")
    (file,) = await desk.rows("SELECT file FROM outbox WHERE file_name = 'wirewatch.toml'")
    assert "• 2 lists that you follow" in await desk.say("/forget yes")
    assert await heard(desk) == []

    def bring(store):
        store.chats.ensure(desk.box.chat.id, "private")
        return Service(store).import_file(desk.box.chat.id, file["file"])

    assert not (await desk.storage.run(bring)).file.wrong
    await desk.say("/export")
    files = await desk.rows("SELECT file FROM outbox WHERE file_name = 'wirewatch.toml' AND chat_id != 0")
    assert files[-1]["file"] == file["file"]
    assert await heard(desk) == ["hidden: lock", "ports: ferry strike"]


async def test_a_list_that_is_not_for_the_chat_is_left_out_of_a_file_and_named(desk):
    """It may have become private since, or have gone: the rest is taken, and the same is said of both."""
    await desk.say("/start")
    text = '[[watches]]\nquery = "fire"\n' + "".join(
        f'[[follows]]\nlist = "{slug}"\n' for slug in ("canals", "ports", "drafts")
    )

    def bring(store, may_edit=nobody):
        return Service(store).import_file(desk.box.chat.id, text, may_edit)

    found = await desk.storage.run(bring)
    assert (found.file.wrong, found.added, found.left_out) == ([], 1, ["canals", "drafts"])
    said = replies_personal.imported(found).text
    assert "1 watch added, 1 list followed" in said
    assert "no such lists for you now: <code>canals</code>, <code>drafts</code>" in said
    assert await desk.watches() == ["fire"]
    found = await desk.storage.run(lambda store: bring(store, lambda _list_id: True))
    assert found.left_out == ["canals"]
    assert len(found.file.follows) == 2


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('list = "ports"\nonly = ["ferry \\"strike"]', "quot"),
        ('list = "ports"\nlevel = "loud"', "normal, urgent, silent"),
        ('list = "ports"\nmute = []', "did you mean 'muted'"),
        ('list = "ports"\nwithout = "golf"', "Write a minus"),
    ],
)
async def test_a_file_with_a_follow_that_cannot_be_is_not_taken(desk, table, words):
    """The line says why, and nothing of the file is taken over."""
    await desk.say("/start")

    def bring(store):
        return Service(store).import_file(desk.box.chat.id, f'[[watches]]\nquery = "fire"\n[[follows]]\n{table}\n')

    (line,) = (await desk.storage.run(bring)).file.wrong
    assert words in line.wrong
    assert await desk.watches() == []
    assert await heard(desk) == []
