"""Channels, as people choose them."""

from dataclasses import dataclass

CHOOSE_CHANNEL = "choose_channel"  # the data of a button that opens Telegram's list of channels; alone in its message


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as Telegram tells of it; `username` is without the @, and empty for a private one."""

    id: int
    title: str
    username: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return f"@{self.username}" if self.username else self.title
