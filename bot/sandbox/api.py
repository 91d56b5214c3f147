"""The Bot API without its transport: a method, its parameters, its result. getUpdates is in `polling.py`."""

from collections.abc import Callable, Mapping

from bot.sandbox import api_bot, api_chats, api_messages
from bot.sandbox.call import Call
from bot.sandbox.limits import RateLimits
from bot.sandbox.telegram_state import Telegram

_HANDLERS: dict[str, Callable[[Call], object]] = {
    "getMe": api_bot.get_me,
    "sendMessage": api_messages.send_message,
    "sendPhoto": api_messages.send_photo,
    "sendDocument": api_messages.send_document,
    "editMessageText": api_messages.edit_message_text,
    "editMessageReplyMarkup": api_messages.edit_message_reply_markup,
    "deleteMessage": api_messages.delete_message,
    "answerCallbackQuery": api_messages.answer_callback_query,
    "sendChatAction": api_messages.send_chat_action,
    "getChat": api_chats.get_chat,
    "getChatMember": api_chats.get_chat_member,
    "getChatAdministrators": api_chats.get_chat_administrators,
    "getFile": api_chats.get_file,
    "setMyCommands": api_bot.set_my_commands,
    "getMyCommands": api_bot.get_my_commands,
    "deleteMyCommands": api_bot.delete_my_commands,
    "setWebhook": api_bot.set_webhook,
    "deleteWebhook": api_bot.delete_webhook,
    "getWebhookInfo": api_bot.get_webhook_info,
}
DELIVERIES = frozenset(
    {"sendMessage", "sendPhoto", "sendDocument", "editMessageText", "editMessageReplyMarkup"},
)


def perform(
    telegram: Telegram, method: str, parameters: Mapping[str, object], limits: RateLimits | None = None
) -> object:
    """The result of one call with typed parameters. Raises ApiError; a refused call has changed nothing.

    Deliveries that are in order count against the limits, edits as much as sends.
    """
    return _HANDLERS[method](Call(telegram, method, parameters, limits))
