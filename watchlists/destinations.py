"""Setting up a channel from a private chat. Whether somebody may is asked of Telegram, before a use-case is called."""

from collections.abc import Sequence

from watchlists.channels import Channel
from watchlists.ports import Store


class Destinations:
    """The use-cases on one open transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def link(self, user_id: int, channel: Channel, language: str) -> None:
        """From now on the person's private chat edits this channel."""
        self._store.links.adopt(user_id, channel, language)
        self._store.links.edit(user_id, channel.id)

    def done(self, user_id: int) -> bool:
        """The person's private chat is about themselves again; False where it was."""
        return self._store.links.edit(user_id, None)

    def told(self, user_id: int) -> bool:
        """The person knows that they do not edit a channel any more; False where there was nothing to know."""
        return self._store.links.heard(user_id)

    def linked(self, user_id: int) -> Sequence[Channel]:
        """The channels that the person has linked."""
        return self._store.links.of_user(user_id)
