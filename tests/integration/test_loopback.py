"""The sandbox's server refuses what a browser brings from another site: DNS rebinding, foreign pages."""

import pytest

from tests.botapi import running


@pytest.fixture
async def box():
    async with running() as sandbox:
        yield sandbox


def port(box):
    return box.server.url.rpartition(":")[2]


@pytest.mark.parametrize("path", ["/bot{token}/getMe", "/file/bot{token}/x", "/", "/nowhere"])
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil:{port}", ""]
)
async def test_a_foreign_host_is_refused(box, path, host):
    """A name that was pointed to loopback gets nothing, whatever it asks for."""
    answer = await box.http.get(path.format(token=box.telegram.token), headers={"Host": host.format(port=port(box))})
    assert answer.status_code == 403
    assert "sandbox answers only" in answer.text


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1", "https://127.0.0.1:{port}", ""])
async def test_a_foreign_origin_is_refused(box, origin):
    """Another site's page can neither read nor use the Bot API."""
    headers = {"Origin": origin.format(port=port(box))}
    words = {"chat_id": box.chat.id, "text": "x"}
    answer = await box.http.post(f"/bot{box.telegram.token}/sendMessage", json=words, headers=headers)
    assert answer.status_code == 403
    assert box.telegram.messages(box.chat.id) == []


async def test_its_own_origin_is_served_under_both_names(box):
    """127.0.0.1 and localhost are the same machine, and each is its own origin."""
    get_me = f"/bot{box.telegram.token}/getMe"
    for name in ("127.0.0.1", "LOCALHOST"):
        own = {"Host": f"{name}:{port(box)}", "Origin": f"http://{name}:{port(box)}"}
        assert (await box.http.get(get_me, headers=own)).status_code == 200
    mixed = {"Host": f"127.0.0.1:{port(box)}", "Origin": f"http://localhost:{port(box)}"}
    assert (await box.http.get(get_me, headers=mixed)).status_code == 403


async def test_a_server_without_a_page_has_none(box):
    """It answers as the Bot API does."""
    assert (await box.http.get("/")).json()["error_code"] == 404
