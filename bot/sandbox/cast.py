"""Who is there when the sandbox opens: Ada and the bot, a group with topics, a channel, and the bot's operator.

The bot is in neither group nor channel yet: adding it, as a member or as an administrator, is a part of trying it.
"""

from dataclasses import dataclass

from bot.sandbox.chats import Chat, User
from bot.sandbox.page_chats import Speaker, View
from bot.sandbox.telegram_state import Telegram


@dataclass(frozen=True, slots=True)
class Cast:
    """Ada, who is you; her chat with the bot; Iris, who runs the bot; and everything that the page shows."""

    ada: User
    chat: Chat
    operator: User
    views: tuple[View, ...]


def cast(telegram: Telegram) -> Cast:
    """Fills an empty world."""
    ada, ben, cem = (telegram.add_user(name) for name in ("Ada", "Ben", "Cem"))
    iris = telegram.add_user("Iris")
    chat = telegram.private_chat(ada)
    group = telegram.add_group("Quay Newsroom", ada, ben, cem, forum=True, bot_status="left")
    telegram.set_member(group, ben, "administrator", frozenset({"can_manage_topics", "can_delete_messages"}), by=ada)
    _talk(telegram, group, ada, ben, cem)
    channel = telegram.add_channel("Harbour Bulletin", ada, ben, username="harbour_bulletin", bot_status="left")
    telegram.post(channel, "Welcome to the Harbour Bulletin: short notes from the quay, every day.")
    speakers = (Speaker(ada), Speaker(ben), Speaker(ben, anonymous=True), Speaker(cem))
    return Cast(
        ada,
        chat,
        iris,
        (
            View(chat, (Speaker(ada),), "You and the bot"),
            View(group, speakers, "Group with topics"),
            View(channel, (Speaker(ada),), "Channel"),
            View(telegram.private_chat(iris), (Speaker(iris),), "Iris, the bot’s administrator"),
        ),
    )


def _talk(telegram: Telegram, group: Chat, ada: User, ben: User, cem: User) -> None:
    """A few lines from before, so that the group looks like one."""
    diplomacy = telegram.add_topic(group, "Diplomacy")
    markets = telegram.add_topic(group, "Markets")
    telegram.say(ben, group, "Morning. Topics are open: Diplomacy and Markets. Everything else stays in General.")
    first = telegram.say(cem, group, "Who follows the Florida talks today?", diplomacy.id)
    telegram.say(ada, group, "I do. Wirewatch could post the alerts here.", diplomacy.id, reply_to=first)
    telegram.say(cem, group, "Quayside opens in an hour, quiet so far.", markets.id)
