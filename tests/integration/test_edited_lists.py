"""The commands with which editors change lists, from their words to the rows, and what followers then get."""

import re
from dataclasses import replace

import pytest

from tests.desk import open_desk
from tests.fakes import item
from tests.fakes_lists import add_list, watchlist
from tests.looking import opened
from watchlists.editing import Editing
from watchlists.list_files import parse_watchlist, write_watchlist
from watchlists.lists import texts

FERRIES = watchlist("ferries", "ferry strike", "ferry sank")


@pytest.fixture
async def desk(tmp_path):
    async with open_desk(tmp_path) as desk:
        desk.settings = desk.settings.model_copy(update={"admins": frozenset({desk.box.ann.id})})
        await desk.storage.run(lambda store: add_list(store, FERRIES, 77))
        yield desk


async def stored(desk, name: str = "ferries"):
    return await desk.storage.run(lambda store: store.lists.find(name))


async def content(desk, name: str = "ferries"):
    return (await stored(desk, name)).content


async def queries(desk, name: str = "ferries") -> list[str]:
    """The watches of the index, which are those of the file."""
    one = await stored(desk, name)
    rows = await desk.storage.run(lambda store: store.lists.watches(one.id))
    assert [watch.text for watch in rows] == [watch.query.text for watch in one.content.watches]
    assert [watch.number for watch in rows] == [*range(1, len(rows) + 1)]
    return [watch.text for watch in rows]


async def press(desk, said: int = -1) -> str:
    """Press the button under an answer, counted from the end; what stands there then."""
    (data,) = re.findall(r'", "([^"]*)"\]', (await desk.outbox())[said]["buttons"])
    while await desk.storage.run(lambda store: store.outbox.heads([], 1)):
        desk.box.clock.advance(2)
        message = await desk.shown()
    desk.box.telegram.press(desk.box.ann, desk.box.chat, message, data, forged=True)
    await desk.handle()
    return (await desk.outbox())[-1]["text"]


async def test_a_watch_is_added_and_taken_back(desk):
    """At once, with what it means and an undo; the log says who, when, what and why."""
    said = await desk.say("/listadd ferries harbour fire // the quay burns")
    assert "version 2" in said
    assert "➕ harbour fire · 0.0 a day" in said
    assert "1 chat follows it." in said
    assert await queries(desk) == ["ferry strike", "ferry sank", "harbour fire"]
    log = await desk.say("/listlog ferries")
    assert (
        f"<b>2</b> · 1 Mar 12:00 UTC · {desk.box.ann.id} · watch added: <i>the quay burns</i>\n    ➕ harbour fire"
        in log
    )
    assert "<b>1</b> · 1 Mar 12:00 UTC · at the command line · made" in log
    assert "/undo ferries 1" in log
    assert "➖ harbour fire" in await press(desk, -2)
    assert await queries(desk) == ["ferry strike", "ferry sank"]


async def test_an_undo_does_not_undo_what_came_after(desk):
    """The button of an edit is for that edit alone; by command any version comes back."""
    await desk.say("/listadd ferries harbour fire")
    await desk.say("/listdel ferries 1")
    assert await press(desk, -2) == ""
    assert await queries(desk) == ["ferry sank", "harbour fire"]
    assert "version 4" in await desk.say("/undo ferries 1")
    assert await queries(desk) == ["ferry strike", "ferry sank"]
    assert "version 5" in await desk.say("/undo ferries")
    assert await queries(desk) == ["ferry sank", "harbour fire"]
    assert "no such version" in await desk.say("/undo ferries 5")
    assert "no such version" in await desk.say("/undo ferries 9")
    assert "back to version 3" in await desk.say("/listlog ferries")


async def test_the_effect_is_counted_over_the_last_days(desk):
    """In stories a day, before and after; two watches that hit one story are one alert."""

    def fill(store):
        store.feeds.add("https://a.example/rss")
        for number, title in enumerate(("Ferry crews on strike", "Ferry strike over harbour fire", "Harbour fire")):
            store.items.add(1, item(title, id=str(number)), store.items.open_story())

    await desk.storage.run(fill)
    desk.box.clock.advance(2 * 86400)
    said = await desk.say("/listadd ferries harbour fire")
    assert "➕ harbour fire · 1.0 a day" in said
    assert "Alerts a day, by the news of 2 days: 1.0 → 1.5" in said
    assert "1.5 → 0.5" not in said
    assert "1.5 → 1.0" in await desk.say("/listdel ferries 1")
    assert "Alerts a day" not in await desk.say("/listset ferries title Boats")


async def test_what_an_editor_mistypes_is_said_of_the_list(desk):
    """A watch that the list has, and words where a number belongs: which command shows the numbers."""
    assert "has that watch: it is number 2, ferry sank" in await desk.say("/listadd ferries Ferry sank")
    for said in ("/listdel ferries sank", "/follow ferries 1a"):
        assert "is no number. Write it in digits, such as 2; /lists ferries shows" in await desk.say(said)
    assert "/listlog ferries shows the numbers" in await desk.say("/undo ferries first")
    assert await queries(desk) == ["ferry strike", "ferry sank"]


async def test_a_new_list_is_private_until_it_is_made_public(desk):
    """Its undo takes it away, as long as nothing else was done with it."""
    said = await desk.say("/newlist locks Locks and weirs")
    assert "<b>Locks and weirs</b> – <code>locks</code>" in said
    assert "/listset locks visibility public" in said
    assert "There is no list <code>locks</code> any more." in await press(desk)
    assert await stored(desk, "locks") is None
    await desk.say("/newlist locks")
    await desk.say("/listset locks public")
    assert "another list with the name locks" in await desk.say("/newlist locks")
    assert (await content(desk, "locks")).visibility == "public"


async def test_each_field_is_set(desk):
    """Of the list and of its watches; what cannot be is said, and changes nothing."""
    for what in ("title Boats", "title uk Пороми", "description What moves", "tags sea, #crews", "aliases boats"):
        assert "version" in await desk.say(f"/listset ferries {what}")
    of_watch = ("note Crews.", "level urgent", "digest hourly", "words ferry (strike | walkout)", "number 2")
    for what in (f"1 {each}" for each in of_watch):
        assert "version" in await desk.say(f"/listset boats {what}")
    await desk.say("/listset boats slug ships")
    found = await content(desk, "ships")
    assert found.title == texts({"en": "Boats", "uk": "Пороми"})
    assert found.description == texts({"en": "What moves"})
    assert (found.tags, found.aliases) == (("sea", "crews"), ("boats",))
    assert [watch.written for watch in found.watches] == [
        ("ferry sank", "", "normal", ""),
        ("ferry (strike | walkout)", "Crews.", "urgent", "hourly"),
    ]
    before = await stored(desk, "ships")
    for what in (
        "visibility secret",
        "slug No Spaces",
        "colour red",
        "1 colour red",
        "9 note x",
        "1 words (",
        "visibility",
    ):
        await desk.say(f"/listset ships {what}")
    assert "level should be one of" in await desk.say("/listset ships 1 level loud")
    assert await stored(desk, "ships") == before
    assert "nothing was changed" in await desk.say("/listset ships tags sea, crews")


async def test_the_names_of_lists_are_theirs_alone(desk):
    """Neither slug nor alias may be that of another list."""
    await desk.storage.run(lambda store: add_list(store, watchlist("locks", "lock gate", aliases=("weirs",))))
    for what in ("slug locks", "slug weirs", "aliases weirs"):
        assert "another list with the name" in await desk.say(f"/listset ferries {what}")
    assert "another list with the name weirs" in await desk.say("/newlist weirs")


async def test_a_list_goes_out_as_a_file_and_comes_back(desk):
    """What was exported and changed takes the place of the list, whole, with an undo; a fault changes nothing."""
    await desk.say("/listset ferries 1 note Crews.")
    await desk.say("/listexport ferries")
    (row,) = await desk.rows("SELECT file, file_name FROM outbox WHERE file_name != ''")
    found = await content(desk)
    assert (row["file_name"], parse_watchlist(row["file"], "")) == ("ferries.toml", found)
    assert "TOML" in await desk.say("/listimport")

    def take(file):
        return desk.storage.run(lambda store: editing(store).take(file, "That file"))

    changed = replace(found, watches=found.watches[:1], tags=("sea",))
    edited = await take(write_watchlist(changed))
    assert [watch.query.text for watch in edited.diff.removed] == ["ferry sank"]
    assert await content(desk) == changed
    await desk.say("/undo ferries")
    assert await content(desk) == found


def editing(store):
    return Editing(store, 1, lambda _list: True)


async def test_who_is_no_editor_edits_nothing(desk):
    """The commands do not exist for others; a forged button does nothing."""
    await desk.say("/listadd ferries harbour fire")
    desk.settings = desk.settings.model_copy(update={"admins": frozenset()})
    before = await stored(desk)
    for text in ("/newlist x", "/listadd ferries x", "/listdel ferries 1", "/listset ferries tags x", "/undo ferries"):
        assert "I do not know" in await desk.say(text)
    desk.box.telegram.press(desk.box.ann, desk.box.chat, await desk.shown(), "list_undo:ferries:1:2", forged=True)
    await desk.handle()
    assert await stored(desk) == before


async def test_a_file_from_an_admin_may_be_a_list(tmp_path):
    """It is taken whole, with a diff and an undo, or not at all; from others it is a file of watches with faults."""
    file = write_watchlist(watchlist("locks", "lock gate", "weir")).encode()
    async with opened(tmp_path) as world:
        assert "lines cannot be taken" in await world.send_list(file, "locks.toml")
        admins = frozenset({world.desk.box.ann.id})
        world.desk.settings = world.desk.settings.model_copy(update={"admins": admins})
        world.lookups._owners = admins
        said = await world.send_list(file, "locks.toml")
        assert said.startswith("✅ <b>Locks</b> – <code>locks</code>, version 1")
        assert await queries(world.desk, "locks") == ["lock gate", "weir"]
        said = await world.send_list(file.replace(b"weir", b"sluice"), "locks.toml")
        assert "✏️ weir → sluice" in said
        assert "means the same as watch 1" in await world.send_list(file.replace(b"weir", b"lock gate"), "locks.toml")
        assert await queries(world.desk, "locks") == ["lock gate", "sluice"]
