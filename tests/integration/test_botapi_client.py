"""Every method of the sandbox Bot API server, driven by python-telegram-bot and held to aiogram's models."""

import pytest
from telegram import BotCommand, BotCommandScopeChat, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken

from bot.sandbox.events import Answered, Called, Deleted, Edited, Said, Sent, Typing
from tests.botapi import client, running

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x03\x00\x00\x00\x04"
UNDO = InlineKeyboardMarkup([[InlineKeyboardButton("Undo", callback_data="undo:1")]])


@pytest.fixture
async def box():
    async with running() as sandbox:
        yield sandbox


async def test_the_bot_learns_who_it_is(box):
    """getMe tells id and name; the id is the first part of the token."""
    me = await box.bot.get_me()
    assert (me.is_bot, me.username, box.telegram.token.split(":")[0]) == (True, "wirewatch_sandbox_bot", str(me.id))


async def test_a_message_goes_from_a_person_to_the_bot_and_back(box):
    """What Ann says is an update; what the bot answers stands in the chat as she sees it."""
    said = box.telegram.say(box.ann, box.chat, "/watch Mar-a-Lago meeting")
    (update,) = await box.bot.get_updates()
    assert update.message.text == said.text
    assert update.message.parse_entities(["bot_command"]) == {update.message.entities[0]: "/watch"}
    sent = await box.bot.send_message(
        box.chat.id,
        'Saved <b>watch</b> 1 &amp; <a href="https://a.example">more</a>',
        parse_mode="HTML",
        reply_markup=UNDO,
        disable_notification=True,
        protect_content=True,
        reply_to_message_id=said.message_id,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    (message,) = box.telegram.messages(box.chat.id)
    assert message.text == sent.text == "Saved watch 1 & more"
    assert message.html.startswith("Saved <b>")
    assert [part.type for part in message.entities] == ["bold", "text_link"]
    assert (message.silent, message.protected, message.reply_to, message.button("Undo").data) == (
        True,
        True,
        said,
        "undo:1",
    )
    assert sent.reply_to_message.text == said.text
    with pytest.raises(LookupError):
        message.button("Redo")


async def test_a_press_is_answered_once_and_soon(box):
    """The query is good for one answer within a minute, and the notice is seen by those who watch."""
    events = []
    stop = box.telegram.subscribe(events.append)
    sent = await box.bot.send_message(box.chat.id, "Saved", reply_markup=UNDO)
    box.telegram.press(box.ann, box.chat, sent.message_id, "undo:1")
    (update,) = await box.bot.get_updates()
    assert (update.callback_query.data, update.callback_query.from_user.first_name) == ("undo:1", "Ann")
    assert await update.callback_query.answer("Undone", show_alert=True)
    (answered,) = [event for event in events if isinstance(event, Answered)]
    assert (answered.text, answered.alert, answered.user) == ("Undone", True, box.ann)
    stop()
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
        await update.callback_query.answer()
    late = box.telegram.press(box.ann, box.chat, sent.message_id, "undo:1")
    box.clock.advance(61)
    with pytest.raises(BadRequest, match="Query is too old"):
        await box.bot.answer_callback_query(late)
    assert answered is events[-2]
    with pytest.raises(LookupError):
        box.telegram.press(box.ann, box.chat, sent.message_id, "undo:2")
    with pytest.raises(LookupError):
        box.telegram.press(box.ann, box.chat, 999, "undo:1")
    forged = box.telegram.press(box.ann, box.chat, sent.message_id, "undo:2", forged=True)
    for options in ({"text": "x" * 201}, {"url": "nowhere"}):
        with pytest.raises(BadRequest):
            await box.bot.answer_callback_query(forged, **options)


async def test_an_edit_changes_the_message_and_keeps_what_it_was(box):
    """Text and keyboard are replaced; an edit without a keyboard removes it; nothing new is an error."""
    sent = await box.bot.send_message(box.chat.id, "<b>one</b>", parse_mode="HTML", reply_markup=UNDO)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await box.bot.edit_message_text(
            "<strong>one</strong>", box.chat.id, sent.message_id, parse_mode="HTML", reply_markup=UNDO
        )
    box.clock.advance(5)
    edited = await box.bot.edit_message_text("two", box.chat.id, sent.message_id)
    (message,) = box.telegram.messages(box.chat.id)
    assert (message.text, message.keyboard, edited.reply_markup) == ("two", (), None)
    assert [(version.text, len(version.keyboard)) for version in message.edits] == [("one", 1)]
    assert (edited.edit_date - edited.date).total_seconds() == 5
    await box.bot.edit_message_reply_markup(box.chat.id, sent.message_id, reply_markup=UNDO)
    assert message.buttons[0].text == "Undo"
    with pytest.raises(BadRequest, match="Message is not modified"):
        await box.bot.edit_message_reply_markup(box.chat.id, sent.message_id, reply_markup=UNDO)
    await box.bot.edit_message_reply_markup(box.chat.id, sent.message_id)
    assert message.buttons == []


async def test_only_its_own_standing_messages_can_be_edited(box):
    """A message that never was, was deleted, or is somebody else's is refused in three ways."""
    said = box.telegram.say(box.ann, box.chat, "hello")
    sent = await box.bot.send_message(box.chat.id, "one")
    photo = await box.bot.send_photo(box.chat.id, PNG)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await box.bot.edit_message_text("two", box.chat.id, said.message_id)
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await box.bot.edit_message_text("two", box.chat.id, photo.message_id)
    assert await box.bot.delete_message(box.chat.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await box.bot.edit_message_text("two", box.chat.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await box.bot.delete_message(box.chat.id, sent.message_id)
    assert (
        await box.call("deleteMessage", {"chat_id": box.chat.id}) == "Bad Request: message identifier is not specified"
    )
    assert await box.bot.delete_message(box.chat.id, said.message_id)
    assert len(box.telegram.sent()) == 2


@pytest.mark.parametrize(
    ("text", "mode", "reason"),
    [
        ("", None, "Message text is empty"),
        ("x" * 4097, None, "Message is too long"),
        ("<p>x</p>", "HTML", 'Can\'t parse entities: unsupported start tag "p" at byte offset 0'),
        ("x", "MarkdownV2", "The sandbox reads no"),
    ],
)
async def test_a_text_that_telegram_refuses_is_not_sent(box, text, mode, reason):
    """A refused call leaves no trace, not even a message id."""
    with pytest.raises(BadRequest, match=reason):
        await box.bot.send_message(box.chat.id, text, parse_mode=mode)
    assert box.telegram.history(box.chat.id) == []
    assert (await box.bot.send_message(box.chat.id, "x")).message_id == 1


async def test_unknown_chats_and_replies_are_refused(box):
    """No chat, no quoted message: 400, unless the reply may go without."""
    with pytest.raises(BadRequest, match="Chat not found"):
        await box.bot.send_message(42, "x")
    with pytest.raises(BadRequest, match="Chat not found"):
        await box.bot.send_message("@nobody", "x")
    assert await box.call("sendMessage", {"text": "x"}) == "Bad Request: chat_id is empty"
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await box.bot.send_message(box.chat.id, "x", reply_to_message_id=99)
    sent = await box.bot.send_message(box.chat.id, "x", reply_to_message_id=99, allow_sending_without_reply=True)
    assert sent.reply_to_message is None
    to_ann = {"chat_id": box.chat.id, "text": "x"}
    assert "reply parameters" in await box.call("sendMessage", {**to_ann, "reply_parameters": {}})
    assert "unknown field 'typo'" in await box.call("sendMessage", {**to_ann, "link_preview_options": {"typo": 1}})


async def test_files_go_there_and_back(box):
    """Pictures and documents are stored, sent again by id, and downloaded."""
    photo = await box.bot.send_photo(box.chat.id, PNG, caption="<b>x</b>", parse_mode="HTML")
    assert (photo.photo[0].width, photo.photo[0].height, photo.caption) == (3, 4, "x")
    again = await box.bot.send_photo(box.chat.id, photo.photo[0].file_id)
    assert again.photo == photo.photo
    document = (await box.bot.send_document(box.chat.id, b"a,b", filename="list.csv")).document
    assert (document.file_name, document.mime_type) == ("list.csv", "text/csv")
    file = await box.bot.get_file(document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"a,b"
    for wrong, reason in [
        (b"text", "Image_process_failed"),
        (b"", "File must be non-empty"),
        (document.file_id, "Can't use file of type"),
        ("https://a.example/x.png", "Wrong file"),
    ]:
        with pytest.raises(BadRequest, match=reason):
            await box.bot.send_photo(box.chat.id, wrong)
    assert await box.call("sendPhoto", {"chat_id": box.chat.id}) == "Bad Request: there is no photo in the request"
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await box.bot.get_file("unknown")
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await box.bot.send_document(box.chat.id, b"x", caption="x" * 1025)


async def test_a_person_can_send_a_file(box):
    """The update names the document, and getFile fetches it."""
    box.telegram.send_file(box.ann, box.chat, "watches.toml", b"[x]", "my list")
    (update,) = await box.bot.get_updates()
    file = await box.bot.get_file(update.message.document.file_id)
    assert (update.message.caption, bytes(await file.download_as_bytearray())) == ("my list", b"[x]")


async def test_a_file_too_large_cannot_be_fetched(box):
    """Bots download 20 MB at most."""
    large = box.telegram.send_file(box.ann, box.chat, "large.bin", bytes(20 * 1024 * 1024 + 1))
    with pytest.raises(BadRequest, match="File is too big"):
        await box.bot.get_file(large.file.id)


async def test_commands_are_kept_by_scope_and_language(box):
    """setMyCommands, getMyCommands, deleteMyCommands."""
    here = BotCommandScopeChat(box.chat.id)
    await box.bot.set_my_commands([BotCommand("watch", "save a watch")])
    await box.bot.set_my_commands([BotCommand("ver", "ver")], scope=here, language_code="es")
    assert [command.command for command in await box.bot.get_my_commands()] == ["watch"]
    assert [command.command for command in await box.bot.get_my_commands(here, "es")] == ["ver"]
    await box.bot.delete_my_commands()
    assert await box.bot.get_my_commands() == ()


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"commands": [{"command": "Watch", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "watch", "description": " "}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "watch"}]}, "can't parse BotCommand: it has the fields command and description"),
        ({"commands": ["watch"]}, "can't parse BotCommand: expected an Object"),
        ({"commands": [{"command": "watch", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [], "language_code": "english"}, "BOT_COMMAND_LANGUAGE_INVALID"),
        ({"commands": [], "scope": {"type": "chat"}}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"commands": [], "scope": {"type": "chat", "chat_id": 42}}, "chat not found"),
        ({"commands": [], "scope": {"type": "chat", "chat_id": "@x"}}, "chat not found"),
        ({}, "expected an Array of BotCommand"),
    ],
)
async def test_bad_commands_are_refused(box, parameters, reason):
    """Names, descriptions, number, scope and language have their rules."""
    assert await box.call("setMyCommands", parameters) == f"Bad Request: {reason}"


async def test_a_webhook_excludes_polling(box):
    """While one is set, getUpdates is a conflict; deleting it brings polling back, with the updates or without."""
    with pytest.raises(BadRequest, match="an https url must be provided"):
        await box.bot.set_webhook("http://a.example")
    await box.bot.set_webhook("https://a.example/hook", allowed_updates=["message"])
    info = await box.bot.get_webhook_info()
    assert (info.url, info.allowed_updates) == ("https://a.example/hook", ("message",))
    with pytest.raises(Conflict, match="webhook is active"):
        await box.bot.get_updates()
    box.telegram.say(box.ann, box.chat, "hello")
    assert (await box.bot.get_webhook_info()).pending_update_count == 1
    await box.bot.delete_webhook(drop_pending_updates=True)
    assert await box.bot.get_updates() == ()


async def test_the_bot_shows_that_it_types(box):
    """sendChatAction is seen; a made-up action is refused."""
    events = []
    box.telegram.subscribe(events.append)
    await box.bot.send_chat_action(box.chat.id, "typing")
    assert [event.action for event in events if isinstance(event, Typing)] == ["typing"]
    with pytest.raises(BadRequest, match="Wrong parameter action"):
        await box.bot.send_chat_action(box.chat.id, "dancing")


async def test_who_watches_hears_of_everything_in_order(box):
    """Said, sent, edited, deleted, and every call with its answer."""
    events = []
    box.telegram.subscribe(events.append)
    box.telegram.say(box.ann, box.chat, "hello")
    sent = await box.bot.send_message(box.chat.id, "one")
    await box.bot.edit_message_text("two", box.chat.id, sent.message_id)
    await box.bot.delete_message(box.chat.id, sent.message_id)
    assert [type(event) for event in events] == [Said, Sent, Called, Edited, Called, Deleted, Called]
    assert [call.method for call in box.server.calls][-3:] == ["sendMessage", "editMessageText", "deleteMessage"]
    assert box.server.calls[-1].status == 200


async def test_a_wrong_token_is_unauthorized(box):
    """401 for every method, and for files."""
    stranger = client(box.server, "1:wrong")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()
    assert (await box.http.get("/file/bot1:wrong/documents/x")).status_code == 401
    assert (await box.http.get(f"/file/bot{box.telegram.token}/documents/x")).status_code == 404


async def test_a_blocked_bot_is_told_so(box):
    """Blocking and coming back are updates; between them every send is 403."""
    box.telegram.block(box.ann)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await box.bot.send_message(box.chat.id, "x")
    box.telegram.unblock(box.ann)
    await box.bot.send_message(box.chat.id, "x")
    changes = [update.my_chat_member for update in await box.bot.get_updates()]
    assert [(c.old_chat_member.status, c.new_chat_member.status) for c in changes] == [
        ("member", "kicked"),
        ("kicked", "member"),
    ]


async def test_a_deleted_account_is_forbidden_for_good(box):
    """403 without any update before."""
    box.telegram.close_chat(box.chat)
    with pytest.raises(Forbidden, match="user is deactivated"):
        await box.bot.send_message(box.chat.id, "x")
    assert await box.bot.get_updates() == ()
