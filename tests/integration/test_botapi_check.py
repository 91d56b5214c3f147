"""The check against aiogram's models bites, and every kind of message passes it."""

import pytest

from tests.aiogram_check import AiogramCheck
from tests.botapi import running

USER = {"id": 1, "is_bot": True, "first_name": "Wirewatch"}
CHAT = {"id": 1, "type": "private"}


@pytest.mark.parametrize(
    ("method", "parameters", "response", "problem"),
    [
        ("sendPigeon", {}, {"ok": True}, "no such method"),
        ("getMe", {}, {"ok": True, "result": {"id": 1}}, "getMe result"),
        ("getMe", {}, {"ok": True, "result": {**USER, "wings": 2}}, "unknown field .wings"),
        ("getMe", {"typo": 1}, {"ok": True, "result": USER}, "unknown field .typo"),
        ("sendMessage", {"chat_id": 1}, {"ok": True, "result": {}}, "sendMessage request"),
        (
            "getUpdates",
            {},
            {
                "ok": True,
                "result": [{"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {**CHAT, "x": 1}}}],
            },
            "unknown field [0].message.chat.x",
        ),
        ("getMe", {}, {"ok": False, "error_code": 429, "description": "x", "parameters": {"retry": 1}}, ".retry"),
        ("getMe", {}, {"ok": False, "error_code": 400, "reason": "x"}, "reason"),
    ],
)
def test_what_the_models_do_not_know_is_a_problem(method, parameters, response, problem):
    """A missing field, an unknown one at any depth, a method or an error of no known form."""
    check = AiogramCheck()
    check(method, parameters, response)
    with pytest.raises(AssertionError, match="(?s)" + problem.replace("[", r"\[").replace(".", r"\.")):
        check.assert_clean()


def test_updates_that_are_broken_on_purpose_are_left_out():
    """Their ids are told to the check."""
    check = AiogramCheck(raw_updates={7})
    check("getUpdates", {}, {"ok": True, "result": [{"update_id": 7, "message": "nonsense"}]})
    check.assert_clean()
    assert check.checked == 1


async def test_every_mark_and_button_passes_the_models():
    """All entities, all kinds of buttons and options in one message."""
    source = (
        "<b>b</b> <i>i</i> <u>u</u> <s>s</s> <tg-spoiler>h</tg-spoiler> <code>c</code> "
        '<pre><code class="language-python">p</code></pre> <blockquote expandable>q</blockquote> '
        '<a href="tg://user?id=5">m</a> <a href="https://a.example">l</a> @someone #tag $USD /go a@b.example b.com'
    )
    row = [
        {"text": "data", "callback_data": "1", "style": "danger"},
        {"text": "link", "url": "tg://resolve?domain=x"},
        {"text": "copy", "copy_text": {"text": "x"}},
        {"text": "share", "switch_inline_query": "x"},
    ]
    async with running() as box:
        parameters = {
            "chat_id": box.chat.id,
            "text": source,
            "parse_mode": "HTML",
            "reply_markup": {"inline_keyboard": [row]},
            "link_preview_options": {"url": "https://a.example", "show_above_text": True},
        }
        assert await box.call("sendMessage", parameters) == ""
        (message,) = box.telegram.messages(box.chat.id)
        assert len({part.type for part in message.entities}) == 16
