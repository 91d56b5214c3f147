"""Telling those who look after a group or channel, once, that nothing can be sent there."""

from collections.abc import Callable, Collection

from bot.clock import to_epoch
from bot.store import Store
from bot.store.outbox import Outgoing
from handlers import replies_places
from watchlists.i18n import _, speaking

RIGHTS, LOST = "rights", "lost"


def of_rights(store: Store, telegram_id: int) -> bool:
    """The bot may not write there for now; whether that is news."""
    is_news = store.links.trouble(telegram_id, RIGHTS)
    if is_news:
        _tell_keepers(store, telegram_id, RIGHTS, replies_places.rights_lost)
    return is_news


def of_loss(store: Store, telegram_id: int, but: int = 0) -> None:
    """The chat cannot be reached any more; `but` has seen to that and need not be told."""
    if store.links.trouble(telegram_id, LOST):
        _tell_keepers(store, telegram_id, LOST, replies_places.chat_lost, but)


def of_return(store: Store, telegram_id: int) -> None:
    """The trouble is over, if there was any."""
    if store.links.trouble(telegram_id, ""):
        _tell_keepers(store, telegram_id, "back", replies_places.rights_back)


def of_closed_topic(store: Store, telegram_id: int) -> None:
    """A topic of the group is closed: in private, or where nobody can be told so, in General."""
    if store.chats.kind(telegram_id) == "private":  # which has no topics of ours
        return
    if not _tell_keepers(store, telegram_id, "closed", replies_places.topic_closed):
        _say(store, [telegram_id], f"closed:{telegram_id}", lambda: _(replies_places.TOPIC_CLOSED))


def of_lost_topic(store: Store, telegram_id: int) -> None:
    """A topic of the group was deleted: said in General, below the message that goes there instead."""
    _say(store, [telegram_id], f"topic:{telegram_id}", lambda: _(replies_places.TOPIC_GONE))


def _tell_keepers(store: Store, telegram_id: int, what: str, sentence: Callable[[str], str], but: int = 0) -> int:
    title = store.links.title(telegram_id)
    keepers = [keeper for keeper in store.links.reachable(telegram_id) if keeper != but]
    return _say(store, keepers, f"{what}:{telegram_id}", lambda: sentence(title))


def _say(store: Store, chat_ids: Collection[int], key: str, say: Callable[[], str]) -> int:
    languages = store.chats.languages(chat_ids)
    for chat_id in chat_ids:
        with speaking(languages[chat_id]):
            text = say()
        store.outbox.add(Outgoing(f"{key}:{to_epoch(store.now):.3f}:{chat_id}", chat_id, "digest", text))
    return len(chat_ids)
