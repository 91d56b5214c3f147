"""What came too late to be sent one by one: a list for each chat, which grows while it waits."""

import pytest

from tests.mail import mail


@pytest.fixture
async def post(tmp_path):
    async with mail(tmp_path) as made:
        yield made


async def test_stale_alerts_become_one_message(post):
    """After an outage not a flood but a list: headlines with their links, in order, one message a chat."""
    for number in range(3):
        text = f'<a href="https://a.example/{number}">Fire <b>{number}</b></a>\nsource\n🔔 fire'
        await post.write(f"old {number}", text=text, expires=post.now + 60)
    await post.write("reply", kind="reply")
    post.box.clock.advance(61)
    await post.deliver()
    assert post.texts() == ["reply", "3 alerts came too late to send one by one\n• Fire 0\n• Fire 1\n• Fire 2"]
    assert (await post.counts())["expired"] == 3
    assert [entity.url for entity in post.box.telegram.messages(post.box.chat.id)[1].entities if entity.url] == [
        f"https://a.example/{number}" for number in range(3)
    ]


async def test_a_single_stale_alert_is_one_alert(post):
    """In words for people."""
    await post.write("old", text="Fire\nsource", expires=post.now)
    await post.deliver()
    assert post.texts() == ["1 alert came too late to send one by one\n• Fire"]


@pytest.mark.parametrize("headline", ['<a href="https://a.example/1">F</a>', "<b>x</b> " * 30, "🔔" * 290])
async def test_any_number_of_stale_alerts_fits_one_message(post, headline):
    """Within 4096 units and 100 marks; how many are left out is said."""
    for number in range(150):
        await post.write(f"old {number}", text=f"{headline}\nsource", expires=post.now)
    await post.deliver()
    (text,) = post.texts()
    listed = text.count("•")
    assert text.endswith(f"… and {150 - listed} more")
    assert listed >= 6


async def test_a_list_grows_while_it_waits(post):
    """Alerts whose time ends one after another during an outage come as one message, however often one looks."""
    bob, cy = post.people(2)
    for number in range(50):
        await post.write(f"bob {number}", bob, text=f"Fire {number}\nsource", expires=post.now + 60 + 7 * number)
    await post.write("cy", cy, text="Flood\nsource", expires=post.now + 100)
    end = post.now + 600
    post.box.cable.cut = lambda: post.now < end
    await post.deliver()
    (text,) = post.texts(bob)
    assert text.splitlines() == [
        "50 alerts came too late to send one by one",
        *(f"• Fire {number}" for number in range(50)),
    ]
    assert post.texts(cy) == ["1 alert came too late to send one by one\n• Flood"]
    assert (await post.counts())["expired"] == 51


async def test_a_list_that_may_have_arrived_stays_as_it_is(post):
    """Its repeat says the same; what expires meanwhile goes onto a new list."""
    await post.write("old", text="Fire\nsource", expires=post.now)
    post.box.server.faults.deliver_then_drop(method="sendMessage")
    await post.deliver(1)
    await post.write("older", text="Flood\nsource", expires=post.now)
    await post.deliver()
    fire, flood = (f"1 alert came too late to send one by one\n• {what}" for what in ("Fire", "Flood"))
    assert post.texts() == [fire, fire, flood]


async def test_every_late_alert_names_its_list(post):
    """So that it can be told of each what became of it."""
    for number in range(3):
        await post.write(f"old {number}", text=f"Fire {number}\nsource", expires=post.now + number)
    end = post.now + 5
    post.box.cable.cut = lambda: post.now < end
    await post.deliver()
    rows = await post.run(lambda store: store.outbox._rows("SELECT state, listed_in FROM outbox ORDER BY id"))
    (message,) = [number for number, row in enumerate(rows, 1) if row["state"] == "sent"]
    assert [row["listed_in"] for row in rows] == [message if row["state"] == "expired" else None for row in rows]
    assert len(rows) == 4
