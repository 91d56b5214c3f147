"""What the use-cases need to know of who looks after which shared chat."""

from collections.abc import Sequence
from typing import Protocol

from watchlists.channels import Channel


class Links(Protocol):
    """Between people and channels."""

    def adopt(self, user_id: int, channel: Channel, language: str) -> None:
        """Know the channel, which the person looks after from now on. `language`: a tag, for what is told there."""

    def edit(self, user_id: int, channel_id: int | None) -> bool:
        """What the person writes in private is about this channel from now on, or about themselves; False: it was."""

    def heard(self, user_id: int) -> bool:
        """They know that they have stopped editing a channel; False where they knew, or have not."""

    def of_user(self, user_id: int) -> Sequence[Channel]:
        """The channels that the person looks after, by name."""
