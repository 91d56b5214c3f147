"""What happens in the sandbox, for those who watch: the terminal, a page, tests."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.chats import Chat, User
from bot.sandbox.messages import Message


@dataclass(frozen=True, slots=True)
class Sent:
    """The bot sent a message."""

    message: Message


@dataclass(frozen=True, slots=True)
class Edited:
    """The bot changed a message; the last of its `edits` is what it was."""

    message: Message


@dataclass(frozen=True, slots=True)
class Deleted:
    """The bot deleted a message."""

    message: Message


@dataclass(frozen=True, slots=True)
class Said:
    """A person (or a channel) said something, or a service message appeared."""

    message: Message


@dataclass(frozen=True, slots=True)
class Pressed:
    """A person pressed a button."""

    user: User
    message: Message
    data: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The bot answered a press: a short notice, with `alert` a box to be closed, nothing when empty."""

    user: User
    message: Message
    text: str
    alert: bool


@dataclass(frozen=True, slots=True)
class Typing:
    """The bot shows that it is busy."""

    chat: Chat
    action: str
    thread: int | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """One call of the Bot API as it was answered. `status` is 0 where the client got no answer in time."""

    time: float
    method: str
    parameters: dict[str, object]
    status: int
    response: dict[str, object]


@dataclass(frozen=True, slots=True)
class Changed:
    """Who is in a chat, or its topics, changed."""

    chat: Chat


Event = Sent | Edited | Deleted | Said | Pressed | Answered | Typing | Called | Changed
Listener = Callable[[Event], None]
