"""The methods about the bot itself: who it is, its commands, its webhook."""

import json
import re

from bot.sandbox.call import Call
from bot.sandbox.refusals import ApiError, bad_request

COMMAND_LIMIT = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES: dict[str, set[str]] = {
    "default": set(),
    "all_private_chats": set(),
    "all_group_chats": set(),
    "all_chat_administrators": set(),
    "chat": {"chat_id"},
    "chat_administrators": {"chat_id"},
    "chat_member": {"chat_id", "user_id"},
}


def get_me(call: Call) -> object:
    """getMe."""
    flags = (
        "can_read_all_group_messages",
        "supports_inline_queries",
        "can_connect_to_business",
        "has_main_web_app",
        "has_topics_enabled",
        "allows_users_to_create_topics",
        "can_manage_bots",
    )
    body = {**call.telegram.bot.user.to_json(), "can_join_groups": True, **dict.fromkeys(flags, False)}
    return {**body, "can_read_all_group_messages": call.telegram.bot.reads_all_group_messages}


def set_my_commands(call: Call) -> object:
    """setMyCommands, by scope and language."""
    given = call.parameters.get("commands")
    if not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    commands = [_command(entry) for entry in given]
    if len(commands) > COMMAND_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    place = _place(call)
    call.telegram.bot.commands[place] = commands
    return True


def get_my_commands(call: Call) -> object:
    """getMyCommands."""
    return call.telegram.bot.commands.get(_place(call), [])


def delete_my_commands(call: Call) -> object:
    """deleteMyCommands."""
    call.telegram.bot.commands.pop(_place(call), None)
    return True


def _command(entry: object) -> dict[str, object]:
    if not isinstance(entry, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = entry.get("command"), entry.get("description")
    if set(entry) - {"command", "description"} or not isinstance(name, str) or not isinstance(description, str):
        raise bad_request("can't parse BotCommand: it has the fields command and description")
    name = name.removeprefix("/")
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description.strip()) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def _place(call: Call) -> tuple[str, str]:
    language = call.get("language_code", "")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad_request("BOT_COMMAND_LANGUAGE_INVALID")
    scope = call.optional_object("scope") or {"type": "default"}
    kind = str(scope.get("type"))
    if kind not in _SCOPES or set(scope) - {"type"} != _SCOPES[kind]:
        raise _bad_scope()
    if "chat_id" in scope and call.telegram.chat(_chat_id(scope["chat_id"])) is None:
        raise bad_request("chat not found")
    return json.dumps(scope, sort_keys=True), language


def _bad_scope() -> ApiError:
    return bad_request("can't parse BotCommandScope: Unsupported type specified")


def _chat_id(value: object) -> int | str:
    text = str(value)
    return int(text) if re.fullmatch(r"-?\d+", text) else text


def set_webhook(call: Call) -> object:
    """setWebhook. On this machine also without TLS, as a local Bot API server has it."""
    url, secret = call.get("url", ""), call.get("secret_token", "")
    if url and not re.match(r"https://[^/]*\.|http://127\.0\.0\.1:", url):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch("[A-Za-z0-9_-]{0,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    return _webhook(call, url, secret)


def delete_webhook(call: Call) -> object:
    """deleteWebhook."""
    return _webhook(call, "")


def _webhook(call: Call, url: str, secret: str = "") -> bool:
    bot = call.telegram.bot
    bot.webhook, bot.webhook_secret, bot.webhook_error = url, secret, None
    kinds = call.parameters.get("allowed_updates")
    if isinstance(kinds, list):
        call.telegram.updates.allow(str(kind) for kind in kinds)
    if call.get("drop_pending_updates", False):
        call.telegram.updates.clear()
    return True


def get_webhook_info(call: Call) -> object:
    """getWebhookInfo."""
    telegram = call.telegram
    body: dict[str, object] = {
        "url": telegram.bot.webhook,
        "has_custom_certificate": False,
        "pending_update_count": len(telegram.updates),
    }
    if telegram.bot.webhook_error:
        body["last_error_date"], body["last_error_message"] = telegram.bot.webhook_error
    if telegram.updates.allowed:
        body["allowed_updates"] = telegram.updates.allowed
    return body
