"""Who is there when the sandbox opens."""

from datetime import UTC, datetime

from bot.sandbox.cast import cast
from bot.sandbox.telegram_state import Telegram


def test_the_bot_hears_nothing_until_it_is_added():
    """Group and channel live without it: their talk from before is no update; only two people have a chat with it."""
    telegram = Telegram(clock=lambda: datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
    people = cast(telegram)
    assert len(telegram.updates) == 0
    kinds = [(view.chat.type, telegram.bot_member(view.chat).present) for view in people.views]
    assert kinds == [("private", True), ("supergroup", False), ("channel", False), ("private", True)]
    assert people.views[0].chat is people.chat
    assert people.views[3].speakers[0].user == people.operator != people.ada


def test_one_can_write_in_the_group_as_each_kind_of_member():
    """Its owner, an administrator, the same anonymously, and a plain member; in some topic somebody quotes another."""
    telegram = Telegram(clock=lambda: datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
    group = cast(telegram).views[1]
    statuses = [(group.chat.members[it.user.id].status, it.anonymous) for it in group.speakers]
    assert statuses == [("creator", False), ("administrator", False), ("administrator", True), ("member", False)]
    assert any(message.reply_to and not message.reply_to.service for message in telegram.history(group.chat.id))
