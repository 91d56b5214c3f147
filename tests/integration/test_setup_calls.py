"""The calls before the loops begin: asked until Telegram is there, and none of them ends the program."""

import pytest

from bot import app
from bot.sandbox.refusals import ApiError
from tests.world import world

NONSENSE = [b'{"ok": false}', b"[]", b'{"ok": true}', b"5", b"<html>"]


async def test_a_start_without_telegram_is_patient(tmp_path, token):
    """It tries again, later each time and at most a minute later, then introduces itself."""
    async with world(tmp_path, token) as made, app.telegram_bot(made.settings) as bot:
        made.api.faults.bad_gateway(method="getMe", times=8)
        made.telegram.bot.webhook = "https://old.example"
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        await app._connect(bot, sleep)
        assert slept == [1, 2, 4, 8, 16, 32, 60, 60]
        assert made.telegram.bot.webhook == ""
        assert made.telegram.bot.commands


@pytest.mark.parametrize("body", [*NONSENSE, b'{"ok": true, "result": {}}', b'{"ok": true, "result": true}'])
async def test_a_start_without_a_readable_answer_is_patient(tmp_path, token, body):
    """Something answers in Telegram's place, such as a captive portal: asked again like one that is not there."""
    async with world(tmp_path, token) as made, app.telegram_bot(made.settings) as bot:
        made.bodies["getMe"] = body
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)
            if len(slept) == 2:
                made.bodies.clear()

        await app._connect(bot, sleep)
        assert slept == [1, 2]


@pytest.mark.parametrize("body", NONSENSE)
async def test_a_webhook_that_cannot_be_removed_keeps_no_menu_away(tmp_path, token, body, caplog):
    """Each call of the set-up is on its own, and its failure is a line."""
    async with world(tmp_path, token) as made, app.telegram_bot(made.settings) as bot:
        made.bodies["deleteWebhook"] = body
        await app._connect(bot)
        assert made.telegram.bot.commands
        assert caplog.text.count("whether a webhook is set is not known") == 1


@pytest.mark.parametrize("body", NONSENSE)
async def test_a_menu_that_cannot_be_set_is_no_reason_to_stop(tmp_path, token, body, caplog):
    """The commands work without it."""
    async with world(tmp_path, token) as made, app.telegram_bot(made.settings) as bot:
        made.bodies["setMyCommands"] = body
        await app._connect(bot)
        assert caplog.text.count("menu of commands") == 1


async def test_a_server_without_the_calls_of_the_set_up_is_used(tmp_path, token, caplog):
    """404 means there that the method is not known, not that the token is wrong."""
    async with world(tmp_path, token) as made:
        for method in ("deleteWebhook", "setMyCommands"):
            made.api.faults.refuse(ApiError(404, "Not Found: method not found"), method=method, times=None)
        made.start()
        assert "Wirewatch" in await made.say("/start")
        assert caplog.text.count("method not found") == 2


@pytest.mark.parametrize("body", NONSENSE)
async def test_a_press_that_cannot_be_answered_has_its_effect(tmp_path, token, body):
    """The spinner stays; the watch does not, and the next command is answered."""
    async with world(tmp_path, token) as made:
        made.bodies["answerCallbackQuery"] = body
        made.start()
        await made.say("/watch fire")
        (message,) = made.telegram.messages(made.chat.id)
        made.telegram.press(made.ann, made.chat, message.message_id, message.button("Undo").data)
        await made.until(lambda: "No longer" in made.texts()[0])
        assert "You watch nothing" in await made.say("/watches")
