"""The methods that put messages into chats, change them and take them away."""

from bot.sandbox.call import Call
from bot.sandbox.chats import Chat
from bot.sandbox.events import Answered, Deleted, Edited, Sent, Typing
from bot.sandbox.files import File, FileKind, Upload
from bot.sandbox.formatting import Formatted, caption, message_text
from bot.sandbox.keyboard import Keyboard, inline_keyboard
from bot.sandbox.markup import checked_link
from bot.sandbox.messages import Message
from bot.sandbox.refusals import ApiError, bad_request
from bot.sandbox.reply_keyboard import reply_keyboard
from bot.sandbox.world import CALLBACK_LIFETIME

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"
_PREVIEW = {"is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"}
_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def send_message(call: Call) -> object:
    """sendMessage."""
    text = message_text(call.get("text", ""), call.get("parse_mode", ""))
    return _send(call, call.writable_chat(), text).to_json()


def send_photo(call: Call) -> object:
    """sendPhoto."""
    return _send_file(call, "photo", "photos")


def send_document(call: Call) -> object:
    """sendDocument."""
    return _send_file(call, "document", "documents")


def _send_file(call: Call, kind: FileKind, what: str) -> object:
    text = caption(call.get("caption", ""), call.get("parse_mode", ""))
    chat = call.writable_chat(what)
    return _send(call, chat, text, _file(call, kind)).to_json()


def _file(call: Call, kind: FileKind) -> File:
    given = call.parameters.get(kind)
    if isinstance(given, Upload):
        if not given.data:
            raise bad_request("file must be non-empty")
        file = call.telegram.add_file(kind, given)
        if file is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        return file
    if not given:
        raise bad_request(f"there is no {kind} in the request")
    known = call.telegram.files.get(str(given))
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if known.kind != kind:
        raise bad_request(f"can't use file of type {known.kind.title()} as {kind.title()}")
    return known


def _send(call: Call, chat: Chat, text: Formatted, file: File | None = None) -> Message:
    """Everything is checked before anything changes: a refused call leaves no trace."""
    markup = call.optional_object("reply_markup")
    keyboard, below = inline_keyboard(markup), reply_keyboard(markup, chat)
    thread = call.thread(chat)
    reply_to = _replied(call, chat)
    preview = _preview(call)
    call.spend(chat)
    message = Message(
        chat,
        chat.last_message_id + 1,
        call.telegram.now(),
        None if chat.type == "channel" else call.telegram.bot.user,
        text.text,
        text.entities,
        text.source,
        text.parse_mode,
        keyboard,
        below,
        silent=call.get("disable_notification", False),
        protected=call.get("protect_content", False),
        thread=thread,
        reply_to=reply_to,
        sender_chat=chat if chat.type == "channel" else None,
        file=file,
        preview=preview,
        by_bot=True,
    )
    chat.next_message_id()
    call.telegram.add_message(message)
    call.telegram.emit(Sent(message))
    return message


def _replied(call: Call, chat: Chat) -> Message | None:
    reply = call.optional_object("reply_parameters")
    if reply is None:
        return None
    message_id = reply.get("message_id")
    if not isinstance(message_id, int) or isinstance(message_id, bool):
        raise bad_request("can't parse reply parameters: Can't find field \"message_id\"")
    message = call.telegram.message(chat.id, message_id)
    if message is None and reply.get("allow_sending_without_reply") is not True:
        raise bad_request("message to be replied not found")
    return message


def _preview(call: Call) -> dict[str, object] | None:
    options = call.optional_object("link_preview_options")
    if options and (unknown := set(options) - _PREVIEW):
        raise bad_request(f"can't parse link preview options: unknown field {min(unknown)!r}")
    return options or None


def edit_message_text(call: Call) -> object:
    """editMessageText. An edit without a keyboard removes the keyboard."""
    text = message_text(call.get("text", ""), call.get("parse_mode", ""))
    message = _own_message(call)
    if message.file is not None:
        raise bad_request("there is no text in the message to edit")
    keyboard = _inline(call)
    preview = _preview(call)
    old = (message.text, message.entities, message.keyboard, message.preview)
    if old == (text.text, text.entities, keyboard, preview):
        raise bad_request(_NOT_MODIFIED)
    call.spend(message.chat)
    message.keep_version(call.telegram.now())
    message.text, message.entities, message.html = text.text, text.entities, text.source
    message.parse_mode, message.keyboard, message.preview = text.parse_mode, keyboard, preview
    call.telegram.emit(Edited(message))
    return message.to_json()


def edit_message_reply_markup(call: Call) -> object:
    """editMessageReplyMarkup. Without a markup the keyboard goes."""
    message = _own_message(call)
    keyboard = _inline(call)
    if keyboard == message.keyboard:
        raise bad_request(_NOT_MODIFIED)
    call.spend(message.chat)
    message.keep_version(call.telegram.now())
    message.keyboard = keyboard
    call.telegram.emit(Edited(message))
    return message.to_json()


def _inline(call: Call) -> Keyboard:
    """An edit takes no other keyboard."""
    markup = call.optional_object("reply_markup")
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return inline_keyboard(markup)


def _own_message(call: Call) -> Message:
    chat = call.writable_chat()
    message = _find(call, chat, "message to edit not found")
    if not message.by_bot:
        raise bad_request("message can't be edited")
    return message


def _find(call: Call, chat: Chat, missing: str) -> Message:
    if "message_id" not in call.parameters:
        raise bad_request("message identifier is not specified")
    message = call.telegram.message(chat.id, call.get("message_id", 0))
    if message is None:
        raise bad_request(missing)
    return message


def delete_message(call: Call) -> object:
    """deleteMessage: its own anywhere; others' in private chats, or as an administrator who may."""
    chat = call.readable_chat()
    message = _find(call, chat, "message to delete not found")
    may = call.telegram.bot_member(chat).may("can_delete_messages")
    if not (message.by_bot or chat.type == "private" or may):
        raise bad_request("message can't be deleted")
    message.deleted = True
    call.telegram.emit(Deleted(message))
    return True


def answer_callback_query(call: Call) -> object:
    """answerCallbackQuery: once for each press, and soon."""
    press = call.telegram.presses.get(call.get("callback_query_id", ""))
    if press is None or call.telegram.now() - press.pressed > CALLBACK_LIFETIME:
        raise bad_request(_OLD_QUERY)
    text = call.get("text", "")
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    if call.get("url", "") and not checked_link(call.get("url", "")):
        raise _invalid_url()
    del call.telegram.presses[press.id]
    call.telegram.emit(Answered(press.user, press.message, text, call.get("show_alert", False)))
    return True


def _invalid_url() -> ApiError:
    return bad_request("URL_INVALID")


def send_chat_action(call: Call) -> object:
    """sendChatAction. Unlike sendMessage, it takes the General topic as thread 1."""
    action = call.get("action", "").lower()
    chat = call.writable_chat()
    thread = None if call.parameters.get("message_thread_id") == 1 else call.thread(chat)
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.telegram.emit(Typing(chat, action, thread))
    return True
