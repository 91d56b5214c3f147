"""The methods that tell about chats, their members and their files."""

from bot.sandbox.call import Call
from bot.sandbox.files import DOWNLOAD_LIMIT
from bot.sandbox.refusals import bad_request


def get_chat(call: Call) -> object:
    """getChat."""
    return call.readable_chat().full_json()


def get_chat_member(call: Call) -> object:
    """getChatMember."""
    chat = call.readable_chat()
    if "user_id" not in call.parameters:
        raise bad_request("invalid user_id specified")
    member = call.telegram.member(chat, call.get("user_id", 0))
    if member is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return member.to_json(chat.type)


def get_chat_administrators(call: Call) -> object:
    """getChatAdministrators: the creator and all administrators but other bots."""
    chat = call.readable_chat()
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    own = call.telegram.bot.user
    admins = [member for member in chat.members.values() if member.admin]
    return [member.to_json(chat.type) for member in admins if member.user == own or not member.user.is_bot]


def get_file(call: Call) -> object:
    """getFile."""
    file = call.telegram.files.get(call.get("file_id", ""))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.data) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return file.to_json()
