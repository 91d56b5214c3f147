"""What the use-cases of the operator's messages need from the world."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

State = Literal["draft", "running", "stopped", "done"]


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A message of the operator to all chats. `chats`: how many there were when it was shown to its author."""

    id: int
    text: str
    chats: int
    state: State
    by: int


class Broadcasts(Protocol):
    """The operator's messages, and who wants none."""

    def audience(self) -> int:
        """How many chats would get one now."""

    def draft(self, by: int, text: str, chats: int) -> Broadcast:
        """Keep one that is not sent yet."""

    def get(self, broadcast_id: int) -> Broadcast | None:
        """One of them."""

    def start(self, broadcast_id: int) -> bool:
        """A draft goes out from now on; False where it is none."""

    def stop(self, broadcast_id: int) -> bool:
        """What has not gone out is dropped; False where it does not go out."""

    def under_way(self, by: int) -> Sequence[int]:
        """Those of this author that go out now, or are about to."""

    def progress(self, broadcast_id: int) -> Mapping[str, int]:
        """How many messages there are in which state of the outbox."""

    def wanted(self, chat_id: int) -> bool:
        """Whether the chat gets them."""

    def set_wanted(self, chat_id: int, *, wanted: bool) -> None:
        """Whether it gets them from now on."""
