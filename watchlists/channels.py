"""Channels, as people choose them."""

from dataclasses import dataclass

# The data of a button that opens Telegram's list of channels, alone in its message; of what takes that button away.
CHOOSE_CHANNEL, CHOSEN_CHANNEL = "choose_channel", "chosen_channel"


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
