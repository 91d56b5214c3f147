"""What a handler gets, and what it gives back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handlers.rights import Place
from watchlists.channels import Channel
from watchlists.service import Service

Button = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person reads: `text` is HTML; `buttons` are rows of (label, data of at most 64 bytes).

    `edits` names the message that this one replaces (without text: whose buttons it replaces); `notice` is the short
    word shown where a button was pressed; `awaits` is the lookup whose result will take this message's place; `file`
    is (name, content) of a file to send; `more` are further messages, which follow this one. A `refusal` is said to a
    group at most once a minute, and to whoever presses a button there by the notice alone. Of a `secret` reply the text
    is not kept. A `personal` one is about the person, also while they edit a channel.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    edits: int | None = None
    notice: str = ""
    awaits: int | None = None
    file: tuple[str, str] | None = None
    more: tuple["Reply", ...] = ()
    refusal: bool = False
    secret: bool = False
    personal: bool = False


Render = Callable[[Service], Reply]


async def _always() -> bool:
    return True


async def _nothing() -> None:
    return None


async def _unseen(_asked: str) -> Channel | None:
    return None


@dataclass(frozen=True, slots=True)
class Context:
    """One command or button press: who, where, what, and the one way to answer.

    `answer` runs the function on the database thread in one transaction: the use-case, the reply in the outbox
    and the update's end are stored together or not at all. What the function raises, `answer` raises.
    `chat_id` is the destination that the command reads or changes; `administrates` asks whether the person is an
    administrator there. Where somebody writes in private about a channel, `here` is their own chat and `editing` the
    channel's name. `look_up` finds a channel, by @name or id, that the person and the bot may both post to;
    `look_at_own` drops those of the person's channels that they do not administrate any more.
    `reply_to` is the message of ours that the person answered to; `language` is that of the person's client, an ISO
    639 code, or empty. `about` is the author of the forwarded message to which a command replies, where that is known;
    `left`: they may mean a channel that they have had to stop editing, and have not been told so;
    `bot_name` is the name under which people find the bot, or empty.
    """

    chat_id: int
    user_id: int
    arguments: str
    answer: Callable[[Render], Awaitable[None]]
    message_id: int | None = None
    reply_to: int | None = None
    language: str = ""
    is_admin: bool = False
    is_editor: bool = False
    place: Place = Place.PRIVATE
    here: int = 0
    editing: str = ""
    look_at_own: Callable[[], Awaitable[None]] = _nothing
    look_up: Callable[[str], Awaitable[Channel | None]] = _unseen
    administrates: Callable[[], Awaitable[bool]] = _always
    about: int = 0
    left: bool = False
    bot_name: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was sent: Telegram's id of it, its name, and its size in bytes where Telegram says."""

    id: str
    name: str
    size: int | None


Handler = Callable[[Context], Awaitable[None]]
