"""The desk of the sandbox's page: items of one's own, time, troubles."""

import httpx
import pytest

from tests.browserless import Box


@pytest.fixture
async def box():
    async with Box() as made:
        yield made


async def _titles(box, feed="harbour-wire"):
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(box.feeds.url_of(feed))
    return answer.status_code, [entry.title for entry in box.feeds.entries(feed)]


async def test_an_item_is_published_and_corrected(box):
    """It stands in its feed at once; under its guid it is corrected, not added."""
    item = {"feed": "harbour-wire", "title": " Ferry <aground> ", "summary": "No one hurt.", "guid": ""}
    status, desk = await box.post("/desk/publish", **item)
    [shown] = desk["items"]
    assert (status, shown["title"], shown["summary"], shown["own"]) == (200, "Ferry <aground>", "No one hurt.", True)
    assert shown["href"].startswith(f"http://{box.feeds.address}/article/harbour-wire.example/")
    await box.post("/desk/publish", **item | {"title": "Ferry afloat", "guid": shown["guid"]})
    assert await _titles(box) == (200, ["Ferry afloat"])


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"title": " "}, 400),
        ({"title": "x" * 301}, 400),
        ({"summary": "x" * 2001}, 400),
        ({"feed": "nowhere"}, 400),
        ({"guid": "somebody-else's"}, 409),
    ],
)
async def test_what_cannot_be_published_is_refused(box, wrong, status):
    """No headline, too long, no such feed, not one's own; nothing is published."""
    item = {"feed": "harbour-wire", "title": "x", "summary": "", "guid": ""}
    assert (await box.post("/desk/publish", **item | wrong))[0] == status
    assert await _titles(box) == (200, [])


async def test_a_feed_is_out_of_order_until_it_is_not(box):
    """503 from that feed alone."""
    await box.post("/desk/feed", feed="harbour-wire", down=True)
    assert [(await _titles(box, feed))[0] for feed in ("harbour-wire", "touchline")] == [503, 200]
    _, desk = await box.post("/desk/feed", feed="harbour-wire", down=False)
    assert not any(feed["down"] for feed in desk["feeds"])
    assert (await _titles(box))[0] == 200


async def test_skipped_time_is_later_for_all_but_the_story(box):
    """The clock of bot and Telegram goes forward; the news go on from where they were, dated by the new time."""
    await box.post("/desk/speed", speed=8)
    moment = box.feeds.time.moment()
    _, desk = await box.post("/desk/skip", seconds=3600)
    assert (desk["skipped"], desk["now"]) == (3600, box.telegram.now())
    assert box.feeds.time.moment() == moment
    assert box.feeds.publish("touchline", "x").at == moment
    assert box.feeds.latest(1)[0][1] == box.clock()


async def test_news_can_be_made_to_stand_still(box):
    """Speed 0 is told as 0."""
    assert (await box.post("/desk/speed", speed=0))[1]["speed"] == 0
    assert box.feeds.time.speed < 0.01


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/desk/speed", {"speed": 101}),
        ("/desk/speed", {"speed": -1}),
        ("/desk/speed", {"speed": float("nan")}),
        ("/desk/speed", {"speed": "8"}),
        ("/desk/skip", {"seconds": 0}),
        ("/desk/skip", {"seconds": 86_401}),
        ("/desk/trouble", {"name": "plague", "on": True}),
        ("/desk/trouble", {"name": "slow", "on": 1}),
        ("/desk/feed", {"feed": "nowhere", "down": True}),
    ],
)
async def test_what_makes_no_sense_is_refused(box, path, body):
    """400, and nothing has changed."""
    before = (await box.http.get("/desk")).json()
    assert (await box.post(path, **body))[0] == 400
    assert (await box.http.get("/desk")).json() == before


@pytest.mark.parametrize(("name", "status"), [("flood", 429), ("gateway", 502)])
async def test_a_trouble_lasts_until_it_is_switched_off(box, name, status):
    """Every call meets it; off, all goes well; switched on twice it is one."""
    for _ in range(2):
        _, desk = await box.post("/desk/trouble", name=name, on=True)
    assert [it["name"] for it in desk["troubles"] if it["on"]] == [name]
    call = {"chat_id": box.chat.id, "text": "x"}
    answers = [await box.http.post(f"/bot{box.telegram.token}/sendMessage", json=call) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [status] * 3
    await box.post("/desk/trouble", name=name, on=False)
    assert await box.send("well") == 1
    assert box.faults.waiting == []


async def test_a_lost_answer_is_lost_once(box):
    """The message is there, its sender does not know it; the next call is answered, and the switch is off."""
    await box.post("/desk/trouble", name="lost", on=True)
    with pytest.raises(httpx.RemoteProtocolError):
        await box.send("delivered")
    assert await box.send("known") == 2
    desk = (await box.http.get("/desk")).json()
    assert not any(it["on"] for it in desk["troubles"])


async def test_dropped_connections_and_slow_answers_are_faults_too(box):
    """Each switch puts one fault into the server, for all calls."""
    for name, kind in (("drop", "drop"), ("slow", "delay")):
        await box.post("/desk/trouble", name=name, on=True)
        assert [(fault.kind, fault.times) for fault in box.faults.waiting] == [(kind, None)]
        await box.post("/desk/trouble", name=name, on=False)
