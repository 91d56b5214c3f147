"""A message as it stands in a chat, with everything it has been."""

from dataclasses import dataclass, field

from bot.sandbox.chats import Chat, User
from bot.sandbox.entities import Entity
from bot.sandbox.files import File
from bot.sandbox.keyboard import Button, Keyboard, keyboard_json
from bot.sandbox.reply_keyboard import ReplyKeyboard


@dataclass(frozen=True, slots=True)
class Version:
    """What a message was before an edit, and when it was replaced (seconds since 1970)."""

    replaced: float
    text: str
    entities: tuple[Entity, ...]
    keyboard: Keyboard
    html: str


@dataclass(slots=True)
class Message:
    """A message. `text` is what people see (the caption, where there is a file), `html` what the bot sent.

    `sender` is None for a channel's own posts. `below` is what it puts below the field where its reader writes.
    `service` holds the fields of a service message. `edits` lists former versions, oldest first.
    """

    chat: Chat
    message_id: int
    date: float
    sender: User | None
    text: str = ""
    entities: tuple[Entity, ...] = ()
    html: str = ""
    parse_mode: str = ""
    keyboard: Keyboard = ()
    below: ReplyKeyboard | None = None
    silent: bool = False
    protected: bool = False
    thread: int | None = None
    reply_to: "Message | None" = None
    sender_chat: Chat | None = None
    file: File | None = None
    preview: dict[str, object] | None = None
    by_bot: bool = False
    automatic_forward: bool = False
    service: dict[str, object] = field(default_factory=dict)
    edits: list[Version] = field(default_factory=list)
    edited: float | None = None
    deleted: bool = False

    @property
    def chat_id(self) -> int:
        """The chat that it stands in."""
        return self.chat.id

    @property
    def speaker(self) -> str:
        """Whose name stands over it: the chat's own where somebody speaks as the chat."""
        return self.chat.name if self.sender is None or self.sender_chat is not None else self.sender.first_name

    @property
    def buttons(self) -> list[Button]:
        """All buttons in reading order."""
        return [button for row in self.keyboard for button in row]

    def button(self, words: str) -> Button:
        """The button whose text contains these words. Raises LookupError."""
        for button in self.buttons:
            if words in button.text:
                return button
        raise LookupError(f"no button {words!r} among {[button.text for button in self.buttons]}")

    def keep_version(self, now: float) -> None:
        """Remembers what it is now, before an edit."""
        self.edits.append(Version(now, self.text, self.entities, self.keyboard, self.html))
        self.edited = now

    def to_json(self, replies: bool = True) -> dict[str, object]:
        """As `Message`. A quoted message carries no quote of its own, as in the Bot API."""
        body: dict[str, object] = {
            "message_id": self.message_id,
            "date": int(self.date),
            "chat": self.chat.to_json(),
            **self.service,
        }
        if self.sender is not None:
            body["from"] = self.sender.to_json()
        if self.sender_chat is not None:
            body["sender_chat"] = self.sender_chat.to_json()
        if self.edited is not None:
            body["edit_date"] = int(self.edited)
        if self.thread is not None:
            body.update(message_thread_id=self.thread, is_topic_message=True)
        body.update(self._content())
        if self.keyboard:
            body["reply_markup"] = keyboard_json(self.keyboard)
        if self.reply_to is not None and replies:
            body["reply_to_message"] = self.reply_to.to_json(replies=False)
        if self.protected:
            body["has_protected_content"] = True
        if self.automatic_forward:
            body["is_automatic_forward"] = True
        return body

    def _content(self) -> dict[str, object]:
        words, marks = ("text", "entities") if self.file is None else ("caption", "caption_entities")
        body: dict[str, object] = {} if self.file is None else self.file.message_json()
        if self.text:
            body[words] = self.text
        if self.entities:
            body[marks] = [part.to_json() for part in self.entities]
        if self.preview:
            body["link_preview_options"] = self.preview
        return body
