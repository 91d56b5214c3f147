"""Service messages in words: who came, who went, what became of a topic or a group."""

from bot.sandbox.messages import Message


def in_words(message: Message) -> str:
    """What a chat client shows in place of a text; empty for a message that people wrote."""
    return next((_words(message, kind, value) for kind, value in message.service.items()), "")


def _words(message: Message, kind: str, value: object) -> str:
    who = message.speaker
    if kind == "new_chat_members" and isinstance(value, list):
        return f"{who} added {', '.join(str(user['first_name']) for user in value)}"
    if kind == "left_chat_member" and isinstance(value, dict):
        return f"{who} removed {value['first_name']}"
    if kind == "forum_topic_created" and isinstance(value, dict):
        return f"{who} opened the topic “{value['name']}”"
    return _PLAIN.get(kind, kind).format(who=who)


_PLAIN = {
    "chat_shared": "{who} chose a chat for the bot",
    "forum_topic_closed": "{who} closed the topic",
    "forum_topic_reopened": "{who} opened the topic again",
    "migrate_to_chat_id": "{who} made the group a supergroup",
    "migrate_from_chat_id": "This supergroup was a group before",
}
